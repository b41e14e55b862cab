import type { LatchkeyClient } from '../packages/client/client.ts'
import { newLock, webRandomness, type ClientContext, type ClientOptions } from '../packages/client/context.ts'
import { base64url, utf8 } from '../packages/client/encoding.ts'
import { LatchkeyError } from '../packages/client/error.ts'
import { webCryptoKeys, type KeyStore } from '../packages/client/keys.ts'
import { prove } from '../packages/client/proof.ts'
import type { Mistake } from './mistakes.ts'
import {
  exchange,
  isOk,
  parsed,
  refusalOf,
  retry,
  TRANSIENT,
  type Members,
  type Received,
} from './wrong-wire.ts'

type Pending = {
  email: string
  codeVerifier: string
  deviceId: string
  handle?: string
  expiresAt?: number
}
type Session = Members & {
  access_token: string
  token_type: string
  expires_in: number
  refresh_token: string
  session_id: string
  user: { id: string; email: string }
  server_time: number
  obtainedAt: number
  offsetMs: number
  redeemed: string
}

const MEMBERS = ['access_token', 'token_type', 'expires_in', 'refresh_token', 'session_id', 'user', 'server_time']
const KNOWN = [...MEMBERS, 'refresh_token_expires_in', 'dashboard_id']
const KNOWN_OF_ASK = ['handle', 'expiresIn', 'resendAfter', 'requestExpiresIn']
const GRANT = 'urn:latchkey:grant-type:'
const random = (): string => base64url(webRandomness.randomBytes(32))

/**
 * A small client that passes every case, until it is told to make mistakes. It is there to show that the kit notices them
 * (test/torture/wrong-client.node.test.ts), and shares only the proofs with the real one.
 */
export function createWrongClient(options: ClientOptions, mistakes: readonly Mistake[]): LatchkeyClient {
  const has = (mistake: Mistake): boolean => mistakes.includes(mistake)
  const { issuer, storage, now = Date.now } = options
  const nonces = new Map<string, string>()
  const signingIn = newLock()
  let refreshing: Promise<Session | null> | undefined

  async function read<T>(name: string): Promise<T | null> {
    try {
      return JSON.parse((await storage.get(name)) ?? 'null') as T | null
    } catch (cause) {
      if (has('takes a locked storage for an empty one')) return null
      throw new LatchkeyError('storage', { cause })
    }
  }
  async function write(name: string, value: unknown): Promise<void> {
    try {
      await (value === null ? storage.delete(name) : storage.set(name, JSON.stringify(value)))
    } catch (cause) {
      if (!has('ignores writes that fail')) throw new LatchkeyError('storage', { cause })
    }
  }
  const forget = (): Promise<void> => write('session', null)

  const spare = webCryptoKeys()
  const keys: KeyStore | null = options.dpop
    ? {
        async getKey() {
          try {
            return await (options.dpop as KeyStore).getKey()
          } catch (error) {
            if (!has('takes a locked key for a lost one')) throw error
            await forget()
            return spare.getKey()
          }
        },
      }
    : null

  /** One request, and a second one when the server wants a nonce. @param offsetMs with it, a proof is sent. */
  async function send(
    path: string,
    init: RequestInit & { method: string },
    offsetMs?: number,
    accessToken?: string,
  ): Promise<Received> {
    const url = path.startsWith('/') ? issuer + path : path
    const { method } = init
    for (let challenged = false; ; challenged = true) {
      const headers = new Headers(init.headers)
      if (offsetMs !== undefined) {
        const ctx = { keys, nonces, now, crypto: webRandomness } as unknown as ClientContext
        headers.set('DPoP', await prove(ctx, { method, url, accessToken, clockOffsetMs: offsetMs }))
      }
      const { body, ...rest } = init
      const kept = body != null && !(challenged && has('loses the body'))
      const sent = { ...rest, headers, ...(kept && { body }) }
      const received = await exchange(has, options, url, sent)
      const nonce = received.headers.get('DPoP-Nonce')
      if (nonce) nonces.set(new URL(url).origin, nonce)
      const wanted = `${received.text} ${received.headers.get('WWW-Authenticate')}`
      const again = !challenged && !has('ignores nonces') && wanted.includes('use_dpop_nonce')
      if (!again) return received
    }
  }

  /** @returns the members of an answer that has all of these. @throws LatchkeyError for any other. */
  async function post(path: string, body: Members, needed: string[], known: string[], offsetMs?: number) {
    const headers = { 'Content-Type': 'application/json' }
    const received = await send(path, { method: 'POST', headers, body: JSON.stringify(body) }, offsetMs)
    const members = parsed(received.text)
    if (!isOk(received)) {
      if (received.status >= 500 && has('forgets the session when the server fails')) await forget()
      const refused = received.status >= 400 && received.status < 500
      if (refused && has('forgets the session when refused by anyone')) await forget()
      throw refusalOf(has, received)
    }
    if (has('believes every 200')) return members ?? {}
    if (members === null && has('forgets the session when an answer is not JSON')) await forget()
    const strange = Object.keys(members ?? {}).some((name) => !known.includes(name))
    const refuses = strange && known.length > 0 && has('refuses unknown members')
    // The issuer answers a revocation with an empty body.
    const complete = needed.length === 0 ? received.text === '' || members : members
    if (complete && !refuses && needed.every((name) => members?.[name])) return members ?? {}
    throw new LatchkeyError('unavailable')
  }

  async function deviceId(): Promise<string> {
    const known = await read<string>('device')
    if (known !== null) return known
    const made = `dev_${random()}`
    if (!has('stores the verifier after the answer')) await write('device', made)
    return made
  }

  async function ask(email: string) {
    const before = has('makes a verifier for each ask') ? null : await read<Pending>('pending')
    const keeps = before?.email === email || has('keeps the first address')
    const record: Pending =
      keeps && before !== null ? before : { email, codeVerifier: random(), deviceId: await deviceId() }
    if (!has('stores the verifier after the answer')) await write('pending', record)
    const digest = await webRandomness.sha256(utf8(record.codeVerifier))
    return sent('/v1/links', { email: record.email, codeChallenge: base64url(digest) }, record)
  }

  async function sent(path: string, body: Members, record: Pending) {
    const work = () => post(path, body, ['expiresIn', 'resendAfter'], KNOWN_OF_ASK)
    const answer = await (has('repeats ask') ? retry(has, options, work) : retry(has, options, work, []))
    const handle = (answer['handle'] ?? record.handle) as string
    const expiresAt = now() + Number(answer['expiresIn']) * 1000
    await write('pending', { ...record, handle, expiresAt })
    return { state: 'asked' as const, email: record.email }
  }

  async function redeem(redeemed: string, by: Members, isCode: boolean): Promise<Session> {
    const open = await read<Session>('session')
    if (open?.redeemed === redeemed && !has('forgets which link it used')) return open
    const asked = await read<Pending>('pending')
    const ready = isCode ? asked?.handle || has('sends codes without a handle') : asked
    if (!ready && !has('sends a link without having asked')) throw new LatchkeyError('not_asked')
    const pending = asked ?? { email: '', codeVerifier: random(), deviceId: await deviceId() }
    if (has('judges links by its own clock') && pending.expiresAt! < now()) {
      throw new LatchkeyError('invalid_grant', { reason: 'expired' })
    }
    if (has('deletes the ask first')) await write('pending', null)
    const grant = () => ({
      ...by,
      handle: pending.handle,
      code_verifier: pending.codeVerifier,
      device_id: has('makes a device id each time') ? `dev_${random()}` : pending.deviceId,
    })
    const repeated = isCode && !has('repeats codes') ? [] : TRANSIENT
    const session = await retry(has, options, () => tokens(grant(), null, redeemed), repeated)
    await write('session', session)
    await write('pending', null)
    return session
  }

  /** @param held the session that is refreshed. */
  async function tokens(grant: Members, held: Session | null, redeemed: string): Promise<Session> {
    const bound = held === null ? keys !== null : held.token_type === 'DPoP'
    const offsetMs = bound && !(held && has('refreshes without a proof')) ? (held?.offsetMs ?? 0) : undefined
    const obtainedAt = now()
    const answer = (await post('/v1/token', grant, MEMBERS, KNOWN, offsetMs)) as Session
    const before = held ?? (await read<Session>('session'))
    const another = held !== null && held.session_id !== answer.session_id
    if (another && !has('takes the session of another') && !has('believes every 200')) {
      throw new LatchkeyError('unavailable')
    }
    const kidOf = (session: Session) => atob(session.access_token.split('.')[0]!)
    if (has('pins the key of the server') && before && kidOf(before) !== kidOf(answer)) {
      throw new LatchkeyError('unavailable')
    }
    const kept = has('stores the whole answer') ? Object.keys(answer) : KNOWN
    const members = Object.fromEntries(kept.map((name) => [name, answer[name]]))
    const local = { obtainedAt, offsetMs: answer.server_time * 1000 - now(), redeemed }
    return { ...members, ...local } as Session
  }

  function isFresh({ obtainedAt, expires_in: seconds }: Session, aheadSeconds: number): boolean {
    const age = (now() - obtainedAt) / 1000
    return (age >= 0 || has('trusts a token of the future')) && age < seconds - aheadSeconds
  }

  async function fresh(refused?: string): Promise<Session | null> {
    const held = await read<Session>('session')
    if (held === null) return null
    if (held.access_token !== refused && isFresh(held, 60)) return held
    if (has('takes an expired token for an ended session')) return forget().then(() => null)
    const work = () => retry(has, options, () => refresh(held))
    if (has('refreshes for each caller')) return work()
    refreshing ??= work().finally(() => (refreshing = undefined))
    try {
      return await refreshing
    } catch (error) {
      const usable = held.access_token !== refused && isFresh(held, 0)
      if (usable && !has('gives no token when a refresh fails')) return held
      throw error
    }
  }

  async function refresh(held: Session): Promise<Session | null> {
    if (has('deletes before it stores')) await forget()
    const isStill = async () => {
      const current = await read<Session>('session')
      const same = current?.refresh_token === held.refresh_token
      return same || has('a late refresh overwrites') || has('deletes before it stores')
    }
    try {
      const grant = { grant_type: 'refresh_token', refresh_token: held.refresh_token }
      const session = await tokens(grant, held, held.redeemed)
      if (!(await isStill())) return await read('session')
      await write('session', session)
      return session
    } catch (error) {
      const code = error instanceof LatchkeyError ? error.code : ''
      if (code === 'offline' && has('forgets the session without an answer')) await forget()
      if (code !== 'invalid_grant' || has('repeats what was refused')) throw error
      if (has('keeps a session that has ended')) throw new LatchkeyError('unavailable')
      if (!(await isStill())) return await read('session')
      await forget()
      return null
    }
  }

  async function authorised(path: string, init: RequestInit & { method: string }): Promise<Received> {
    let session = await fresh()
    for (let tried = 1; ; tried++) {
      if (session === null) throw new LatchkeyError('signed_out')
      const { access_token: token, token_type: type, offsetMs } = session
      const headers = { Authorization: `${type} ${token}` }
      const { body, ...rest } = init
      const kept = body != null && !(tried > 1 && has('loses the body'))
      const sent = { ...rest, headers, ...(kept && { body }) }
      const received = await send(path, sent, type === 'DPoP' ? offsetMs : undefined, token)
      if (received.status !== 401 || tried > 1 || has('gives up after a 401')) {
        if (received.status === 401 && has('forgets the session when refused by anyone')) await forget()
        return received
      }
      session = await fresh(token)
    }
  }

  const describe = ({ session_id: id, user }: Session) => ({ id, user })

  /** Whatever refuses a link. */
  async function redeeming(redeemed: string, by: Members, isCode = false) {
    try {
      return describe(await signingIn(() => redeem(redeemed, by, isCode)))
    } catch (error) {
      const { code } = error as LatchkeyError
      if (code === 'invalid_grant' && has('forgets the ask when refused')) await write('pending', null)
      const refused = code === 'invalid_grant' || code === 'not_asked'
      if (refused && has('signs out when a link is refused')) await forget()
      throw error
    }
  }

  return {
    ask: ({ email }) => ask(email),
    async resend() {
      const record = await read<Pending>('pending')
      if (!record?.handle) throw new LatchkeyError('not_asked')
      return sent('/v1/links/resend', { handle: record.handle }, record)
    },
    async pending() {
      const record = await read<Pending>('pending')
      const over = (record?.expiresAt ?? Infinity) <= now()
      return record && !over ? { state: 'asked', email: record.email } : null
    },
    async redeemLink(url) {
      const exact = /^https?:\/\/[^/]+\/link\/(tok_ml_[\w-]+)$/.exec(url)?.[1]
      const found = /tok(?:_|%5f)ml(?:_|%5f)[\w%-]+/i.exec(url)?.[0]
      const token = has('takes the link only as it was sent') ? exact : found
      if (!token && !has('sends every URL as a link')) throw new LatchkeyError('invalid_request')
      const link = token ?? url
      return redeeming(link.slice(-24), { grant_type: `${GRANT}link`, link_token: link })
    },
    async redeemCode(typed) {
      const code = has('sends codes as typed') ? typed : typed.replace(/\D/g, '')
      return redeeming(code, { grant_type: `${GRANT}code`, code }, true)
    },
    async session({ check = false } = {}) {
      if (check && !has('checks its storage alone') && (await read('session'))) {
        const received = await authorised('/v1/session', { method: 'GET' }).catch((error: unknown) => {
          if ((error as LatchkeyError).code !== 'signed_out') throw error
        })
        const good = received === undefined || received.status === 401 || parsed(received.text)
        if (!good) throw new LatchkeyError('unavailable')
      }
      const session = await read<Session>('session')
      return session && describe(session)
    },
    accessToken: async () => (await fresh())?.access_token ?? null,
    async fetch(url, init = {}) {
      const { method = 'GET' } = init
      const { status, text, headers } = await authorised(url as string, { ...init, method })
      return new Response(text || null, { status, headers })
    },
    async signOut() {
      const held = await read<Session>('session')
      if (held === null) return true
      if (!has('signs out at the server alone')) await forget()
      try {
        await retry(has, options, () => post('/v1/revoke', { token: held.refresh_token }, [], []))
        await forget()
        return true
      } catch {
        return false
      }
    },
    async signOutEverywhere({ keepCurrent = false } = {}) {
      const query = keepCurrent ? '?keep=current' : ''
      const asked = authorised(`/v1/sessions${query}`, { method: 'DELETE' })
      if (has('signs out before the server knows')) await forget()
      const received = await asked
      if (received.status !== 204) throw refusalOf(has, received)
      if (!keepCurrent) await forget()
    },
    onChange: () => () => {},
  }
}
