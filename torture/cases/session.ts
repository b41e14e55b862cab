import type { Case } from '../case.ts'
import { page } from '../faults.ts'
import { DAY, refreshes, signedInForLong, givesGoodToken, isSignedOut } from '../moves.ts'
import { NO_ANSWER } from '../run.ts'

export const SESSION: Case[] = [
  {
    name: 'session-revoked',
    what: 'The person ends this session on another device.',
    must: 'The next refresh is refused: it is signed out, by one request.',
    state: 'signed_out',
    requests: refreshes(1, 1),
    failedBy: ['keeps a session that has ended', 'repeats what was refused'],
    async play(run) {
      await signedInForLong(run)
      await run.revoke()
      await isSignedOut(run)
    },
  },
  {
    name: 'session-revoked-and-checked',
    what: 'The session was ended on another device, the token is still fresh, and the app asks the server.',
    must: 'It learns that the session has ended, and is signed out.',
    state: 'signed_out',
    requests: { ...refreshes(1, 1), 'GET /v1/session': [1, 2] },
    failedBy: ['keeps a session that has ended', 'checks its storage alone'],
    async play(run) {
      await run.signIn()
      await run.revoke()
      const session = await run.works({ do: 'session', check: true }, 'signed_out')
      if (session !== null) run.wrong('session: it must answer null')
    },
  },
  {
    name: 'session-checked-in-a-captive-portal',
    what: 'The app asks the server whether the session lives. A captive portal answers 200 with a page, then 401, then 502.',
    must: 'It stays signed in, whatever it says of the check.',
    state: 'signed_in',
    requests: { ...refreshes(0, 8), 'GET /v1/session': [3, 16] },
    failedBy: ['forgets the session when refused by anyone'],
    async play(run) {
      await run.signIn()
      for (const fault of [page(200), page(401), page(502)]) {
        run.wire.strikeAll('GET /v1/session', fault)
        await run.mayFail({ do: 'session', check: true }, NO_ANSWER, 'signed_in')
      }
    },
  },
  {
    name: 'session-in-a-drawer',
    what: 'The phone lies in a drawer for thirteen days.',
    must: 'It is still signed in: an access token that has expired is not a session that has.',
    state: 'signed_in',
    requests: refreshes(1, 4),
    failedBy: ['takes an expired token for an ended session'],
    async play(run) {
      await run.signIn()
      await run.later(13 * DAY)
      await run.works({ do: 'kill' }, 'signed_in')
      await givesGoodToken(run)
    },
  },
  {
    name: 'session-idle',
    what: 'The phone lies in a drawer for fifteen days: the server ends the session.',
    must: 'The refresh is refused, and it is signed out.',
    state: 'signed_out',
    requests: refreshes(1, 1),
    failedBy: ['keeps a session that has ended'],
    async play(run) {
      await run.signIn()
      await run.later(15 * DAY)
      await isSignedOut(run)
    },
  },
  {
    name: 'session-approval-withdrawn',
    what: 'The company withdraws the approval of this address.',
    must: 'The refresh is refused, and it is signed out.',
    state: 'signed_out',
    requests: refreshes(1, 1),
    failedBy: ['keeps a session that has ended'],
    async play(run) {
      await signedInForLong(run)
      await run.withdrawApproval()
      await isSignedOut(run)
    },
  },
  {
    name: 'keys-rotated',
    what: "The server's signing and sealing keys are rotated; the old ones still verify.",
    must: 'It does not notice: the next token is signed with another key.',
    state: 'signed_in',
    requests: refreshes(2, 8),
    failedBy: ['pins the key of the server'],
    async play(run) {
      await signedInForLong(run)
      run.wire.settings.ring = 'rotated'
      await givesGoodToken(run)
      await run.later(601)
      await givesGoodToken(run)
    },
  },
  {
    name: 'keys-rotated-while-asking',
    what: "The server's keys are rotated between the ask and the tap.",
    must: 'The link that was sealed with the old key signs in, also in the place of an older session.',
    state: 'signed_in',
    requests: refreshes(0, 3, 2),
    failedBy: ['pins the key of the server'],
    async play(run) {
      await run.signIn()
      await run.later(61)
      await run.works({ do: 'ask', email: run.email })
      const { link } = await run.mail()
      run.wire.settings.ring = 'rotated'
      await run.works({ do: 'redeemLink', url: link }, 'signed_in')
    },
  },
  {
    name: 'keys-replaced',
    what: "The server's keys were stolen, and the operator replaces them: no old session verifies.",
    must: 'The refresh is refused, and it is signed out.',
    state: 'signed_out',
    requests: refreshes(1, 1),
    failedBy: ['keeps a session that has ended'],
    async play(run) {
      await signedInForLong(run)
      run.wire.settings.ring = 'replaced'
      await isSignedOut(run)
    },
  },
]
