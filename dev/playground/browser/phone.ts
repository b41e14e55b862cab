import {
  createLatchkeyClient,
  LatchkeyError,
  webCryptoKeys,
  type LatchkeyClient,
} from '../../../packages/client/index.ts'
import type { Stage } from './stage.ts'

/** What a phone shows. */
export type Screen =
  | { shows: 'sign-in' }
  | { shows: 'waiting'; email: string }
  | { shows: 'signed-in'; email: string; sessionId: string; bound: boolean }

type Pending = { codeVerifier: string; deviceId: string; handle: string; email: string }
type Stored = {
  access_token: string
  refresh_token: string
  token_type: string
  obtainedAt: number
  expires_in: number
}
/** Longer than the Worker's deadline. */
const TIMEOUT_MS = 60_000

/** A request of the phone, as somebody on the way could have copied it. */
export type Copied = { url: string; init: RequestInit }

/** A phone with the real @latchkey/client. Only its storage can be looked into. */
export class Phone {
  readonly who: string
  client: LatchkeyClient
  lastSent: Copied | undefined
  readonly #items = new Map<string, string>()
  readonly #issuer: string
  readonly #stage: Stage
  readonly #changed: () => void

  constructor(who: string, issuer: string, stage: Stage, changed: () => void) {
    this.who = who
    this.#issuer = issuer
    this.#stage = stage
    this.#changed = changed
    this.client = this.#newClient(true)
  }

  /** A new phone. @param bound whether its session is bound to a key (DPoP). */
  reset(bound = true): void {
    this.#items.clear()
    this.client = this.#newClient(bound)
    this.#changed()
  }

  #newClient(bound: boolean): LatchkeyClient {
    const items = this.#items
    const send = this.#stage.fetchAs(this.who)
    const client = createLatchkeyClient({
      issuer: this.#issuer,
      deviceName: this.who,
      timeoutMs: TIMEOUT_MS,
      dpop: bound ? webCryptoKeys() : false,
      storage: {
        get: async (key) => items.get(key),
        set: async (key, value) => items.set(key, value),
        delete: async (key) => items.delete(key),
      },
      fetch: (url, init = {}) => {
        this.lastSent = { url: String(url), init }
        return send(url, init)
      },
    })
    client.onChange(() => this.#changed())
    return client
  }

  async ask(email: string): Promise<void> {
    await this.client.ask({ email })
    this.#changed()
  }

  /** Refreshes, as if the access token had expired. @returns false if the phone is signed out then. */
  async refresh(): Promise<boolean> {
    const stored = this.stored()
    if (stored === null) return false
    const aged = { ...stored, obtainedAt: stored.obtainedAt - stored.expires_in * 1000 }
    this.#items.set('latchkey.session', JSON.stringify(aged))
    const token = await this.client.accessToken()
    this.#changed()
    return token !== null
  }

  stored(): Stored | null {
    return JSON.parse(this.#items.get('latchkey.session') ?? 'null') as Stored | null
  }

  pending(): Pending | null {
    return JSON.parse(this.#items.get('latchkey.pending') ?? 'null') as Pending | null
  }

  /** Everything in the storage of a phone, but not its key: no script can read a key. */
  copyFrom(other: Phone): void {
    for (const [name, value] of other.#items) this.#items.set(name, value)
    this.#changed()
  }

  /** Takes tokens from an answer, as a thief would. */
  adopt(answer: object): void {
    const session = { ...answer, obtainedAt: Date.now() }
    this.#items.set('latchkey.session', JSON.stringify(session))
    this.#changed()
  }

  async screen(): Promise<Screen> {
    const session = await this.client.session()
    if (session !== null) {
      const bound = this.stored()?.token_type === 'DPoP'
      return { shows: 'signed-in', email: session.user.email, sessionId: session.id, bound }
    }
    const pending = await this.client.pending()
    return pending === null ? { shows: 'sign-in' } : { shows: 'waiting', email: pending.email }
  }
}

/** What an action of a phone came to, in the words of the client: `done` or the code of its error. */
export async function outcomeOf(action: Promise<unknown>): Promise<string> {
  try {
    await action
    return 'done'
  } catch (error) {
    if (!(error instanceof LatchkeyError)) throw error
    return error.reason === undefined ? error.code : `${error.code}, ${error.reason}`
  }
}
