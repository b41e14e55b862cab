import { newLock, webRandomness, type ClientOptions } from '../../packages/client/context.ts'
import { base64url, utf8 } from '../../packages/client/encoding.ts'
import { LatchkeyError } from '../../packages/client/error.ts'
import type { TestedClient } from '../runner.ts'
import type { Mistake } from './mistakes.ts'
import { createParts, random } from './parts.ts'
import { createSession, type Session } from './session.ts'
import { parsed, refusalOf, retry, TRANSIENT, type Members } from './wire.ts'

type Pending = {
  email: string
  codeVerifier: string
  deviceId: string
  handle?: string
  expiresAt?: number
}

const KNOWN_OF_ASK = ['handle', 'expiresIn', 'resendAfter', 'requestExpiresIn']
const GRANT = 'urn:latchkey:grant-type:'

/**
 * A small client that passes every case, until it is told to make mistakes. It is there to show that the kit notices them
 * (test/torture/wrong-client.node.test.ts), and shares only the proofs with the real one.
 */
export function createWrongClient(
  options: ClientOptions,
  mistakes: readonly Mistake[],
): TestedClient {
  const parts = createParts(options, mistakes)
  const { has, now, read, write, forget, post } = parts
  const { tokens, fresh, authorised } = createSession(parts)
  const signingIn = newLock()

  async function deviceId(): Promise<string> {
    const known = await read<string>('device')
    if (known !== null) return known
    const made = `dev_${random()}`
    if (!has('stores the verifier after the response')) await write('device', made)
    return made
  }

  async function ask(email: string) {
    const before = has('makes a verifier for each ask') ? null : await read<Pending>('pending')
    const keeps = before?.email === email || has('keeps the first address')
    const record: Pending =
      keeps && before !== null
        ? before
        : { email, codeVerifier: random(), deviceId: await deviceId() }
    if (!has('stores the verifier after the response')) await write('pending', record)
    const digest = await webRandomness.sha256(utf8(record.codeVerifier))
    return sent('/v1/links', { email: record.email, codeChallenge: base64url(digest) }, record)
  }

  async function sent(path: string, body: Members, record: Pending) {
    const work = () => post(path, body, ['expiresIn', 'resendAfter'], KNOWN_OF_ASK)
    const answer = await (has('repeats ask')
      ? retry(has, options, work)
      : retry(has, options, work, []))
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

  const describe = ({ session_id: id, user }: Session) => ({ id, user })

  /** Whatever refuses a link. */
  async function redeeming(redeemed: string, by: Members, isCode = false) {
    try {
      return describe(await signingIn(() => redeem(redeemed, by, isCode)))
    } catch (error) {
      const { code } = error as LatchkeyError
      if (code === 'invalid_grant' && has('forgets the ask when refused'))
        await write('pending', null)
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
        const received = await authorised('/v1/session', { method: 'GET' }).catch(
          (error: unknown) => {
            if ((error as LatchkeyError).code !== 'signed_out') throw error
          },
        )
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
