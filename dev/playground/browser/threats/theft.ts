import { check, has, isToken, same, signIn, type Threat } from '../threat.ts'

const signedIn = (is: boolean): string => (is ? 'signed in' : 'signed out')

/** Tokens that somebody has copied. */
export const THEFT: Threat[] = [
  {
    id: 'stolen-session',
    button: 'Steal a session and refresh with both',
    what: 'Malware copies everything that the app stored to another phone. This app has no key: the copy is as good as the original.',
    promises: ['T23'],
    async run(play) {
      const { phone, second } = play
      const email = await play.newGuest({ bound: false })
      await play.step('The phone signs in, without a key')
      await signIn(play, phone, email)
      await play.step('The thief copies the session and refreshes twice')
      second.copyFrom(phone)
      const stole = [await second.refresh(), await second.refresh()]
      await play.step('The owner’s phone refreshes with its old session JWT')
      const owner = await phone.refresh()
      await play.step('The thief refreshes again')
      const thief = await second.refresh()
      const row = (await play.rows()).sessions[0]
      return [
        check(
          'A copy works at first: nobody can tell the phones apart',
          stole.every(Boolean),
          `${stole.filter(Boolean).length} refreshes`,
        ),
        same('The owner’s old session JWT gives the copy away', 'signed out', signedIn(owner)),
        same('The thief is signed out too', 'signed out', signedIn(thief)),
        same(
          'The session’s row has ended because of reuse',
          'reuse by system',
          `${String(row?.['revokedReason'])} by ${String(row?.['revokedBy'])}`,
        ),
      ]
    },
  },
  {
    id: 'stolen-bound-session',
    button: 'Steal a session that is bound to a key',
    what: 'The same theft, but the app has a key that cannot be copied (DPoP). The thief has every token, and no key.',
    promises: ['T40'],
    async run(play) {
      const { phone, second } = play
      const email = await play.newGuest()
      await play.step('The phone signs in, with a key')
      await signIn(play, phone, email)
      const bound = phone.stored()?.token_type
      await play.step('The thief copies the session and refreshes')
      second.copyFrom(phone)
      const thief = await second.refresh()
      await play.step('The owner’s phone refreshes')
      const owner = await phone.refresh()
      const row = (await play.rows()).sessions[0]
      return [
        same('The tokens are bound to the phone’s key', 'DPoP', String(bound)),
        same('The thief gets nothing', 'signed out', signedIn(thief)),
        same('The owner notices nothing', 'signed in', signedIn(owner)),
        same(
          'The session has not ended',
          'live',
          row?.['revokedAt'] === undefined ? 'live' : 'ended',
        ),
      ]
    },
  },
  {
    id: 'replayed-proof',
    button: 'Replay a request with its proof',
    what: 'Somebody on the way copied a whole refresh, with its DPoP proof, and sends it again a moment later.',
    promises: ['T39', 'T38'],
    async run(play) {
      const { phone, second, stage } = play
      const email = await play.newGuest()
      await play.step('The phone signs in and refreshes')
      await signIn(play, phone, email)
      await phone.refresh()
      const { url, init } = phone.lastSent!
      await play.step('The thief sends exactly the same request')
      const replayed = await stage.send('thief', new URL(url).pathname, strip(init))
      const boundTo = keyOf(replayed.body['access_token'])
      await play.step('The thief uses the tokens of that answer, with the copied proof')
      const proof = (init.headers as Record<string, string>)['DPoP'] ?? ''
      const authorization = `DPoP ${String(replayed.body['access_token'])}`
      const used = await stage.send('thief', '/v1/session', {
        headers: { Authorization: authorization, DPoP: proof },
      })
      await play.step('The thief uses them with a key of its own')
      second.adopt(replayed.body)
      await second.client.session({ check: true })
      const thief = (await second.client.session()) !== null
      await play.step('The owner’s phone refreshes')
      const owner = await phone.refresh()
      const tokens = (await play.entries()).filter(isToken)
      return [
        check(
          'The answer to the copy is bound to the phone’s key',
          boundTo !== 'none' && boundTo === keyOf(phone.stored()?.access_token),
          `HTTP ${replayed.status}, key ${boundTo.slice(0, 8)}…`,
        ),
        same('The copied proof fits no other request', 401, used.status),
        same('The thief’s own key fits no token', 'signed out', signedIn(thief)),
        check(
          'The owner notices nothing',
          owner && has(tokens.at(-1), 200),
          `The phone is ${signedIn(owner)}`,
        ),
      ]
    },
  },
]

/** The signal of a request that has ended would end the copy too. */
const strip = ({ method, headers, body }: RequestInit): RequestInit => ({
  method: method ?? 'POST',
  headers: headers ?? {},
  body: body ?? null,
})

/** `cnf.jkt` of an access token (RFC 9449 section 6.1). */
function keyOf(token: unknown): string {
  const payload = String(token).split('.')[1]?.replace(/-/g, '+').replace(/_/g, '/')
  if (!payload) return 'none'
  const claims = JSON.parse(atob(payload)) as { cnf?: { jkt?: string } }
  return claims.cnf?.jkt ?? 'none'
}
