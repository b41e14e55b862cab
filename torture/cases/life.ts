import type { Case } from '../case.ts'
import { json, page, reset, wantsNonce, lost } from '../faults.ts'
import { whyBad } from '../proof.ts'
import { NO_ANSWER, type Run } from '../run.ts'
import { THINGS } from '../things.ts'
import { refreshes, signedInForLong } from './refresh.ts'

const TOKEN = 'POST /v1/token'
const DAY = 86_400
const ACCESS_TOKEN = { do: 'accessToken' as const }

const things = (run: Run) => ({
  do: 'fetch' as const,
  url: run.wire.baseUrl + THINGS,
  method: 'POST',
  body: '{"name":"a thing"}',
})

/** A call of the app's own back end that must arrive whole. */
async function callsBackEnd(run: Run): Promise<void> {
  const answer = (await run.works(things(run), 'signed_in')) as { status?: number; body?: string }
  if (answer?.status !== 200) run.wrong(`the back end must answer 200, and answers ${answer?.status}`)
  else if (answer.body !== things(run).body) run.wrong('the back end did not get the body')
}

async function givesGoodToken(run: Run): Promise<void> {
  const token = await run.insists(ACCESS_TOKEN, 'signed_in')
  const why = typeof token === 'string' ? await whyBad(run, token) : 'there is none'
  if (why !== null) run.wrong(`the access token is not good (${why})`)
}

async function isSignedOut(run: Run): Promise<void> {
  const token = await run.works(ACCESS_TOKEN, 'signed_out')
  if (token !== null) run.wrong('the session has ended, and there is still an access token')
}

export const LIFE: Case[] = [
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
  {
    name: 'clock-a-day-back',
    what: "The phone's clock jumps a day back after the sign-in. Then the access token expires.",
    must: 'It does not take a token of the future for fresh: it refreshes.',
    state: 'signed_in',
    requests: { ...refreshes(1, 8), [`POST ${THINGS}`]: [1, 2] },
    failedBy: ['trusts a token of the future'],
    async play(run) {
      await run.signIn()
      await run.works({ do: 'advanceClock', seconds: -DAY })
      await run.later(601)
      await givesGoodToken(run)
      await callsBackEnd(run)
    },
  },
  {
    name: 'clock-a-day-ahead',
    what: "The phone's clock is a day ahead during the sign-in, and is set right afterwards.",
    must: 'Its tokens are good all the time.',
    state: 'signed_in',
    requests: { ...refreshes(1, 9) },
    failedBy: ['trusts a token of the future'],
    async play(run) {
      await run.works({ do: 'advanceClock', seconds: DAY })
      await run.signIn()
      await givesGoodToken(run)
      await run.works({ do: 'advanceClock', seconds: -DAY })
      await run.later(601)
      await givesGoodToken(run)
    },
  },
  {
    name: 'clock-that-stood-still',
    what: "The phone's clock stood still for eleven minutes: a token looks fresh and has expired.",
    must: 'After a 401 of the back end it refreshes once and calls again, with the body.',
    state: 'signed_in',
    requests: { ...refreshes(1, 4), [`POST ${THINGS}`]: [2, 2] },
    failedBy: ['gives up after a 401', 'loses the body'],
    async play(run) {
      await run.signIn()
      await run.later(660)
      await run.works({ do: 'advanceClock', seconds: -660 })
      await callsBackEnd(run)
    },
  },
  {
    name: 'back-end-refuses',
    what: 'The back end answers 401 to every token, also to a fresh one.',
    must: 'It refreshes once, gives the app the 401, and stays signed in.',
    state: 'signed_in',
    requests: { ...refreshes(1, 4), [`POST ${THINGS}`]: [2, 2] },
    failedBy: ['forgets the session when refused by anyone', 'gives up after a 401'],
    async play(run) {
      await run.signIn()
      run.wire.strikeAll(`POST ${THINGS}`, json(401, { error: 'no' }))
      const answer = (await run.works(things(run), 'signed_in')) as { status?: number }
      if (answer?.status !== 401) run.wrong('the app must see the 401')
    },
  },
  {
    name: 'bound-clock-wrong',
    what: "The phone's clock is a day ahead, then a day behind, and the session is bound to a key: the server asks for its nonce.",
    must: 'It signs in, refreshes and calls a back end: once more with the nonce, or by the time of the server.',
    state: 'signed_in',
    keys: 'bound',
    requests: { ...refreshes(2, 8), [`POST ${THINGS}`]: [2, 4] },
    failedBy: ['ignores nonces'],
    async play(run) {
      await run.works({ do: 'advanceClock', seconds: DAY })
      await run.signIn()
      await callsBackEnd(run)
      await run.works({ do: 'advanceClock', seconds: -2 * DAY })
      await run.later(601)
      await givesGoodToken(run)
      await callsBackEnd(run)
    },
  },
  {
    name: 'bound-nonce-of-a-back-end',
    what: 'A back end wants a nonce of its own in the proof, and then another one.',
    must: 'It calls again with the nonce and the body, without a refresh.',
    state: 'signed_in',
    keys: 'bound',
    requests: { ...refreshes(0, 0), [`POST ${THINGS}`]: [4, 4] },
    failedBy: ['ignores nonces', 'loses the body'],
    async play(run) {
      await run.signIn()
      for (const nonce of ['nonce-1', 'nonce-2']) {
        run.wire.strike(`POST ${THINGS}`, wantsNonce(nonce))
        await callsBackEnd(run)
      }
    },
  },
  {
    name: 'bound-key-locked',
    what: 'The key cannot be used until the phone is unlocked.',
    must: 'It fails with `key`, keeps the session, and makes no new key.',
    state: 'signed_in',
    keys: 'bound',
    requests: refreshes(1, 4),
    failedBy: ['takes a locked key for a lost one'],
    async play(run) {
      await signedInForLong(run)
      await run.works({ do: 'lockKey' })
      await run.fails(ACCESS_TOKEN, ['key'], { state: 'signed_in' })
      await run.works({ do: 'unlockKey' })
      await givesGoodToken(run)
    },
  },
  {
    name: 'bound-key-locked-at-sign-in',
    what: 'The link is tapped while the key cannot be used.',
    must: 'It fails with `key`, keeps what it asked for, and the next tap signs in.',
    state: 'signed_in',
    keys: 'bound',
    requests: refreshes(0, 0),
    failedBy: ['takes a locked key for a lost one'],
    async play(run) {
      await run.works({ do: 'ask', email: run.email }, 'asked')
      const { link } = await run.mail()
      await run.works({ do: 'lockKey' })
      await run.fails({ do: 'redeemLink', url: link }, ['key'], { state: 'asked' })
      await run.works({ do: 'unlockKey' })
      await run.works({ do: 'redeemLink', url: link }, 'signed_in')
    },
  },
  {
    name: 'bound-key-lost',
    what: 'The key is gone, as after a change of the lock screen: the key store has another one.',
    must: 'The session cannot go on: it is signed out, and signs in anew.',
    state: 'signed_in',
    keys: 'bound',
    requests: refreshes(1, 2, 2),
    failedBy: ['keeps a session that has ended'],
    async play(run) {
      await signedInForLong(run)
      await run.works({ do: 'loseKey' })
      await isSignedOut(run)
      await run.signIn()
    },
  },
  {
    name: 'backup-restored',
    what: 'The storage is restored from a backup that is two refreshes old. The session is not bound to a key.',
    must: 'The server takes it for a copy and ends the session: it is signed out, by one request.',
    state: 'signed_out',
    keys: 'unbound',
    requests: refreshes(3, 3),
    failedBy: ['keeps a session that has ended'],
    async play(run) {
      await twoRefreshesAfterBackup(run)
      await isSignedOut(run)
    },
  },
  {
    name: 'bound-backup-restored',
    what: 'The storage is restored from a backup that is two refreshes old. The session is bound, and the key is still there.',
    must: 'The key shows that it is the same phone: it stays signed in.',
    state: 'signed_in',
    keys: 'bound',
    requests: refreshes(3, 12),
    failedBy: ['refreshes without a proof'],
    async play(run) {
      await twoRefreshesAfterBackup(run)
      await givesGoodToken(run)
      run.oneSession()
    },
  },
  {
    name: 'bound-backup-on-another-phone',
    what: 'The backup is restored on another phone, and the key is not in it.',
    must: 'That phone is signed out. The session of the first phone goes on.',
    state: 'signed_out',
    keys: 'bound',
    requests: refreshes(1, 2),
    failedBy: ['keeps a session that has ended'],
    async play(run) {
      await run.signIn()
      await run.works({ do: 'backup' })
      await run.later(601)
      const token = run.lastToken()
      await run.works({ do: 'loseKey' })
      await run.works({ do: 'restoreBackup' }, 'signed_in')
      await isSignedOut(run)
      const ended = await run.hasEnded(token)
      if (ended) run.wrong('the session of the first phone has ended')
    },
  },
  {
    name: 'backup-of-an-ask',
    what: 'After the sign-in, the storage is restored from a backup that was made while the person waited for the message.',
    must: 'Nothing breaks: a new ask signs in.',
    state: 'signed_in',
    requests: refreshes(0, 4, 2),
    failedBy: ['makes a device id each time'],
    async play(run) {
      await run.works({ do: 'ask', email: run.email }, 'asked')
      await run.works({ do: 'backup' })
      const { link } = await run.mail()
      await run.works({ do: 'redeemLink', url: link }, 'signed_in')
      await run.works({ do: 'restoreBackup' }, 'asked')
      // The server gives the same device the same session for the same link.
      await run.works({ do: 'redeemLink', url: link }, 'signed_in')
      run.oneSession()
      await run.later(61)
      await run.signIn()
    },
  },
  {
    name: 'sign-out-offline',
    what: 'The person signs out where there is no connection.',
    must: 'It is signed out on this device at once, and says that the server did not confirm it.',
    state: 'signed_out',
    requests: { ...refreshes(0, 0), 'POST /v1/revoke': [1, 8] },
    failedBy: ['signs out at the server alone'],
    async play(run) {
      await run.signIn()
      run.wire.strikeAll('POST /v1/revoke', reset)
      const confirmed = await run.works({ do: 'signOut' }, 'signed_out')
      if (confirmed !== false) run.wrong('signOut: it must say that the server did not confirm it')
    },
  },
  {
    name: 'sign-out-in-a-captive-portal',
    what: 'The person signs out behind a captive portal, which answers 200 with its page.',
    must: 'It is signed out on this device, and says that the server did not confirm it.',
    state: 'signed_out',
    requests: { ...refreshes(0, 0), 'POST /v1/revoke': [1, 8] },
    failedBy: ['believes every 200'],
    async play(run) {
      await run.signIn()
      run.wire.strikeAll('POST /v1/revoke', page(200))
      const confirmed = await run.works({ do: 'signOut' }, 'signed_out')
      if (confirmed !== false) run.wrong('signOut: it must say that the server did not confirm it')
    },
  },
  {
    name: 'sign-out-during-refresh',
    what: 'The person signs out while a refresh is on its way. Its answer comes after that.',
    must: 'The answer brings nothing back.',
    state: 'signed_out',
    requests: { ...refreshes(1, 4), 'POST /v1/revoke': [1, 4] },
    failedBy: ['a late refresh overwrites'],
    async play(run) {
      await signedInForLong(run)
      const held = run.hold(TOKEN)
      await run.step({ ...ACCESS_TOKEN, background: 'refresh' })
      await run.until(held.arrived, 'the refresh')
      await run.works({ do: 'signOut' }, 'signed_out')
      held.release()
      await run.mayFail({ do: 'join', name: 'refresh' }, ['signed_out'], 'signed_out')
    },
  },
  {
    name: 'sign-out-storage-full',
    what: 'The person signs out, and the storage does not let the session be deleted.',
    must: 'It fails with `storage`: the app must know that the session is still there. The next time it signs out.',
    state: 'signed_out',
    requests: { ...refreshes(0, 0), 'POST /v1/revoke': [1, 8] },
    failedBy: ['ignores writes that fail'],
    async play(run) {
      await run.signIn()
      await run.works({ do: 'breakStorage', what: 'writes' })
      await run.fails({ do: 'signOut' }, ['storage'], { state: 'signed_in' })
      await run.works({ do: 'mendStorage' })
      await run.works({ do: 'signOut' }, 'signed_out')
    },
  },
  {
    name: 'sign-out-everywhere-offline',
    what: 'The person signs out everywhere where there is no connection.',
    must: 'It fails, and stays signed in: the other devices are still signed in too.',
    state: 'signed_in',
    requests: { ...refreshes(0, 0), 'DELETE /v1/sessions': [1, 8] },
    failedBy: ['signs out before the server knows'],
    async play(run) {
      await run.signIn()
      run.wire.strikeAll('DELETE /v1/sessions', reset)
      await run.fails({ do: 'signOutEverywhere' }, NO_ANSWER, { state: 'signed_in' })
    },
  },
  {
    name: 'sign-out-everywhere-answer-lost',
    what: 'The person signs out everywhere, and the answer is lost.',
    must: 'In the end it is signed out: now, or when the next call finds that the session has ended.',
    state: 'signed_out',
    requests: { ...refreshes(0, 6), 'DELETE /v1/sessions': [1, 8] },
    failedBy: ['keeps a session that has ended'],
    async play(run) {
      await run.signIn()
      run.wire.strike('DELETE /v1/sessions', lost)
      await run.mayFail({ do: 'signOutEverywhere' }, [...NO_ANSWER, 'signed_out'])
      await run.later(601)
      await isSignedOut(run)
    },
  },
]

async function twoRefreshesAfterBackup(run: Run): Promise<void> {
  await run.signIn()
  await run.works({ do: 'backup' })
  for (const _ of [1, 2]) {
    await run.later(601)
    await run.works(ACCESS_TOKEN, 'signed_in')
  }
  await run.later(601)
  await run.works({ do: 'restoreBackup' }, 'signed_in')
}
