import type { Storage } from './client-types.ts'

/** What became of the last link: `idle` also after it signed in, which `onChange` of the client tells. */
export type LinkState =
  { state: 'idle' } | { state: 'opening' } | { state: 'failed'; error: unknown }

/** The part of expo-linking that is used. React Native's own Linking has it too. */
export type LinkingModule = {
  getInitialURL: () => Promise<string | null>
  addEventListener: (
    type: 'url',
    listener: (event: { url: string }) => void,
  ) => { remove: () => void }
}

export type Links = {
  /**
   * Signs in with a URL that opened the app. It never throws: what became of it is in `state`.
   * @returns whether the URL is a link of Latchkey.
   */
  open: (url: string | null | undefined) => boolean
  /** Opens the URL that started the app, and those that come while it runs. @returns stops listening. */
  listen: (Linking: LinkingModule) => () => void
  /** For `useSyncExternalStore`, with `subscribe`. */
  state: () => LinkState
  subscribe: (listener: () => void) => () => void
  /** The person has read the error. */
  dismiss: () => void
}

type Client = {
  redeemLink: (url: string) => Promise<unknown>
  session: () => Promise<unknown>
}

/** The last link that signed in on this device. */
const OPENED = 'latchkey.opened'

const IDLE: LinkState = { state: 'idle' }

/**
 * Opens links. iOS and Android deliver the same URL more than once: as the initial URL and as an event, again after the
 * JavaScript was reloaded, and again when Android restores the app from its list of recent ones. Only a link that never
 * signed in here can end as `failed`.
 */
export function createLinks(client: Client, storage: Storage): Links {
  const listeners = new Set<() => void>()
  let state = IDLE
  let opening: string | undefined
  let initialTaken = false

  function become(next: LinkState): void {
    state = next
    for (const listener of listeners) listener()
  }

  async function redeem(url: string, id: string): Promise<void> {
    opening = id
    become({ state: 'opening' })
    let next = IDLE
    try {
      await client.redeemLink(url)
      // When this fails, a second delivery after a sign-out shows an error. The sign-in itself has succeeded.
      await storage.set(OPENED, id).catch(() => {})
    } catch (error) {
      if (!(await isOver(id, error))) next = { state: 'failed', error }
    }
    // Only the link that was opened last is shown.
    if (opening !== id) return
    opening = undefined
    become(next)
  }

  /** Whether there is nothing to tell: the link signed in before, or another one has in the meantime. */
  async function isOver(id: string, error: unknown): Promise<boolean> {
    const code = (error as { code?: unknown } | null)?.code
    if (code !== 'not_asked' && code !== 'invalid_grant') return false
    try {
      if ((await storage.get(OPENED)) === id) return true
      return code === 'not_asked' && (await client.session()) !== null
    } catch {
      return false
    }
  }

  const open: Links['open'] = (url) => {
    const id = linkId(url)
    if (id === null) return false
    if (opening !== id) void redeem(url!, id)
    return true
  }

  return {
    open,
    listen(Linking) {
      const subscription = Linking.addEventListener('url', ({ url }) => void open(url))
      if (!initialTaken) {
        initialTaken = true
        Linking.getInitialURL().then(open, () => {})
      }
      return () => subscription.remove()
    },
    state: () => state,
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    dismiss() {
      if (state.state === 'failed') become(IDLE)
    },
  }
}

/**
 * The last 24 characters of the link's token, which identify it. They are useless to anybody who has nothing else.
 * @returns null when the URL has no link in it.
 */
function linkId(url: string | null | undefined): string | null {
  const token = /(?:^|\/)link\/(tok(?:_|%5f)ml(?:_|%5f)[\w%-]+)/i.exec(url ?? '')?.[1]
  return token?.slice(-24) ?? null
}
