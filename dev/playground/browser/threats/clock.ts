import { outcomeOf } from '../phone.ts'
import { check, same, signIn, type Play, type Threat } from '../threat.ts'

const HOUR_MS = 3_600_000
/** Long enough for a slow machine to send its request before the end, and short enough to show the second. */
const BEFORE_SECONDS = 5

/** Sets the Worker's clock to a moment, in Unix seconds. */
const setClock = async ({ stage }: Play, seconds: number): Promise<unknown> =>
  stage.set({ aheadMs: seconds * 1000 - Date.now() })

/** A Worker whose clock is wrong, or time that passes. */
export const CLOCK: Threat[] = [
  {
    id: 'clock-back',
    button: 'Set the Worker’s clock back',
    what: 'A machine of the edge is an hour behind. Ended sessions must not come back, and AWS refuses signatures of another hour.',
    promises: ['T47', 'T21'],
    async run(play) {
      const { phone, second, stage } = play
      const email = await play.newGuest()
      await play.step('Both phones sign in')
      await signIn(play, phone, email)
      await stage.minuteLater(email)
      await signIn(play, second, email)
      await play.step('The first phone signs out all others')
      await phone.client.signOutEverywhere({ keepCurrent: true })
      await play.step('The Worker’s clock goes back an hour. Both phones refresh')
      const before = (await play.entries()).length
      await stage.set({ aheadMs: -HOUR_MS })
      const ended = await second.refresh()
      const kept = await phone.refresh()
      const rows = await play.rows()
      const late = (await play.entries()).slice(before)
      const failed = late.filter(({ statuses }) =>
        Object.keys(statuses).some((status) => Number(status) >= 500),
      )
      const most = Math.max(...late.map(({ calls }) => calls.length))
      await stage.set({ aheadMs: 0 })
      return [
        check('The session that was ended stays ended', !ended, ended ? 'It is back' : 'Refused'),
        check('The session that was kept still works', kept, kept ? 'Refreshed' : 'Refused'),
        check(
          'The Worker signs again with the time of AWS, and answers no 503',
          failed.length === 0 && most > 2,
          `${failed.length} requests failed, ${most} calls instead of 2 for the first refresh`,
        ),
        check(
          'No row was moved back',
          Number(rows.address?.['sessionsNotBefore']) > Date.now() - HOUR_MS / 2,
          `sessionsNotBefore ${new Date(Number(rows.address?.['sessionsNotBefore'])).toLocaleTimeString('en-GB')}`,
        ),
      ]
    },
  },
  {
    id: 'late-link',
    button: 'Let the link get old',
    what: 'A message lies in the mailbox until its link has expired. The phone’s clock is a quarter of an hour off, too.',
    promises: ['T2', 'T41'],
    async run(play) {
      const { phone } = play
      const email = await play.newGuest()
      await play.step('The phone asks, and the message arrives')
      await phone.ask(email)
      const { link } = await play.message()
      const expiresAt = Number((await play.rows()).links[0]?.['expiresAt'])
      await play.step('The Worker’s clock reaches the second at which the link expires')
      await setClock(play, expiresAt)
      const late = await outcomeOf(phone.client.redeemLink(link))
      const used = (await play.rows()).links[0]?.['used']
      await play.step(`The Worker’s clock is ${BEFORE_SECONDS} seconds before that`)
      await setClock(play, expiresAt - BEFORE_SECONDS)
      const inTime = await outcomeOf(phone.client.redeemLink(link))
      const entries = await play.entries()
      await play.stage.set({ aheadMs: 0 })
      const challenges = entries.filter(({ reason }) => reason === 'use_dpop_nonce')
      return [
        same('At that second the link is refused', 'invalid_grant, expired', late),
        same('Nothing was spent', 'false', String(used)),
        same(`${BEFORE_SECONDS} seconds earlier it signs in`, 'done', inTime),
        check(
          'The phone’s wrong clock costs one challenge, not the sign-in',
          challenges.length === 1 || challenges.length === 2,
          `${challenges.length} challenge${challenges.length === 1 ? '' : 's'}`,
        ),
      ]
    },
  },
  {
    id: 'old-session',
    button: 'Let a month pass',
    what: 'A phone lies in a drawer. DynamoDB deletes expired rows days late, so the row of its session is still there.',
    promises: ['T22'],
    async run(play) {
      const { phone } = play
      const email = await play.newGuest({ bound: false })
      await play.step('The phone signs in and refreshes')
      await signIn(play, phone, email)
      const before = await phone.refresh()
      const row = (await play.rows()).sessions[0]
      await play.step('The Worker’s clock reaches the second at which the session expires')
      await setClock(play, Number(row?.['expiresAt']))
      const after = await phone.refresh()
      const rows = await play.rows()
      await play.stage.set({ aheadMs: 0 })
      return [
        check('Before that, the phone refreshes', before, before ? 'Refreshed' : 'Refused'),
        check('At that second, the session has ended', !after, after ? 'Refreshed' : 'Refused'),
        same('Its row is still in the table', 1, rows.sessions.length),
        same(
          'The refresh changed nothing',
          Number(row?.['generation']),
          Number(rows.sessions[0]?.['generation']),
        ),
      ]
    },
  },
]
