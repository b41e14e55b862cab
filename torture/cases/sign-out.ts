import type { Case } from '../case.ts'
import { lost, page, reset } from '../faults.ts'
import { TOKEN, signedInForLong, isSignedOut, refreshes, ACCESS_TOKEN } from '../moves.ts'
import { NO_ANSWER } from '../run.ts'

export const SIGN_OUT: Case[] = [
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
    what: 'The person signs out while a refresh is on its way. Its response comes after that.',
    must: 'The response brings nothing back.',
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
    what: 'The person signs out everywhere, and the response is lost.',
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
