import { PATIENCE } from '../../wire.ts'
import { outcomeOf } from '../phone.ts'
import { check, has, isToken, same, signIn, type Play, type Threat } from '../threat.ts'

const REFRESHES = 6
/** With so many, some call is throttled. */
const MOST_REFRESHES = 12
/** The Worker's deadline for DynamoDB is three seconds. A busy machine needs a moment more. */
const DEADLINE_MS = 4500

/** DynamoDB refuses, or is away. */
export const DATABASE: Threat[] = [
  {
    id: 'throttle',
    button: 'Throttle 30 % of the calls',
    what: 'A hot partition, or a table at its limit: DynamoDB refuses three of ten calls.',
    promises: ['T42'],
    async run(play) {
      const { phone, stage } = play
      const email = await play.newGuest({ bound: false })
      await stage.set({ rules: [{ fault: 'throttle', probability: 0.3 }] })
      await play.step('DynamoDB throttles 30 % of the calls. The phone signs in')
      await signIn(play, phone, email)
      await play.step('The phone refreshes again and again')
      let refreshed = 0
      for (let n = 0; n < REFRESHES || (n < MOST_REFRESHES && (await throttled(play)) === 0); n++) {
        if (!(await phone.refresh())) break
        refreshed++
      }
      await stage.set({ rules: [] })
      const [rows, count] = [await play.rows(), await throttled(play)]
      return [
        check('Some calls are throttled', count > 0, `${count} calls`),
        check(
          'The phone notices nothing',
          refreshed >= REFRESHES,
          `Signed in, and refreshed ${refreshed} times`,
        ),
        same('Each refresh counted once', refreshed, Number(rows.sessions[0]?.['generation'])),
        same('The tables have one session', 1, rows.sessions.length),
      ]
    },
  },
  {
    id: 'database-down',
    button: 'Take DynamoDB down',
    what: 'DynamoDB answers every call with an error for some seconds, while a phone needs new tokens.',
    promises: ['T49', 'T44'],
    async run(play) {
      const { phone, stage } = play
      const email = await play.newGuest({ bound: false })
      await play.step('The phone signs in')
      await signIn(play, phone, email)
      const before = Number((await play.rows()).sessions[0]?.['generation'])
      await play.step('DynamoDB is down. The phone refreshes')
      await stage.set({ rules: [{ fault: 'error500' }], patience: 1 })
      const refreshing = outcomeOf(phone.refresh())
      const refused = await first503(play)
      const during = Number((await play.rows()).sessions[0]?.['generation'])
      const signedIn = (await phone.client.session()) !== null
      await play.step('DynamoDB is back. The phone tries again by itself')
      await stage.set({ rules: [], patience: PATIENCE })
      const outcome = await refreshing
      const row = (await play.rows()).sessions[0]
      return [
        check(
          'The Worker answers 503 with Retry-After, within its deadline',
          refused?.retryAfter !== undefined && refused.workerMs < DEADLINE_MS,
          refused
            ? `HTTP 503 after ${refused.workerMs} ms, Retry-After: ${refused.retryAfter ?? 'none'}`
            : 'No 503',
        ),
        check(
          'The phone keeps its session',
          signedIn,
          signedIn ? 'It is still signed in' : 'It was signed out',
        ),
        same('Nothing was written meanwhile', before, during),
        same('Afterwards the same refresh succeeds', 'done', outcome),
        same('The row moved one generation', before + 1, Number(row?.['generation'])),
      ]
    },
  },
]

const throttled = async (play: Play): Promise<number> =>
  (await play.entries())
    .flatMap(({ calls, callsAfter }) => [...calls, ...callsAfter])
    .filter(({ fault }) => fault === 'throttle').length

async function first503(play: Play) {
  for (let tries = 0; tries < 100; tries++) {
    const found = (await play.entries()).find((one) => isToken(one) && has(one, 503))
    if (found) return found
    await new Promise((done) => setTimeout(done, 100))
  }
  return undefined
}
