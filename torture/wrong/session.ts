import { LatchkeyError } from '../../packages/client/error.ts'
import type { Parts } from './parts.ts'
import { retry, type Members, type Received } from './wire.ts'

export type Session = Members & {
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

const MEMBERS = [
  'access_token',
  'token_type',
  'expires_in',
  'refresh_token',
  'session_id',
  'user',
  'server_time',
]
const KNOWN = [...MEMBERS, 'refresh_token_expires_in', 'dashboard_id']

/** The session of the wrong client: how it is got, refreshed and used. */
export function createSession({ has, options, now, keys, read, write, forget, send, post }: Parts) {
  let refreshing: Promise<Session | null> | undefined

  /** @param held the session that is refreshed. */
  async function tokens(grant: Members, held: Session | null, redeemed: string): Promise<Session> {
    const bound = held === null ? keys !== null : held.token_type === 'DPoP'
    const offsetMs =
      bound && !(held && has('refreshes without a proof')) ? (held?.offsetMs ?? 0) : undefined
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
    const kept = has('stores the whole response') ? Object.keys(answer) : KNOWN
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
      if (code === 'offline' && has('forgets the session without a response')) await forget()
      if (code !== 'invalid_grant' || has('repeats what was refused')) throw error
      if (has('keeps a session that has ended')) throw new LatchkeyError('unavailable')
      if (!(await isStill())) return await read('session')
      await forget()
      return null
    }
  }

  async function authorised(
    path: string,
    init: RequestInit & { method: string },
  ): Promise<Received> {
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
        if (received.status === 401 && has('forgets the session when refused by anyone'))
          await forget()
        return received
      }
      session = await fresh(token)
    }
  }

  return { tokens, fresh, authorised }
}
