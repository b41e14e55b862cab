import * as z from 'zod/mini'
import { errorName } from '../../base/error-name.ts'
import { lazily } from '../../base/lazily.ts'
import type { ConsoleDeps } from '../deps.ts'
import { daysUntil, DAY_SECONDS, type Series } from './days.ts'

const TIMEOUT_MS = 2000

/** Which series a data point belongs to, by its event and outcome (writeLine in base/log.ts). */
const COUNTED: Record<string, Series['name']> = {
  'link_redeemed ok': 'signedIn',
  'code_redeemed ok': 'signedIn',
  'link_redeemed refused': 'refused',
  'code_redeemed refused': 'refused',
  'link_not_sent refused': 'refused',
  'link_sent ok': 'sent',
}
const EVENTS = [...new Set(Object.keys(COUNTED).map((key) => key.split(' ')[0]!))]

/** Analytics Engine returns 64-bit numbers as strings. */
const wholeNumber = () =>
  z.pipe(
    z.union([z.number(), z.string().check(z.regex(/^\d{1,15}$/))]),
    z.pipe(z.transform(Number), z.int().check(z.minimum(0))),
  )

const Answer = lazily(() =>
  z.object({
    data: z.array(
      z.object({
        day: wholeNumber(),
        event: z.string(),
        outcome: z.string(),
        count: wholeNumber(),
      }),
    ),
  }),
)

/** Whether the console can ask Analytics Engine. */
export const countsAreBound = ({ config }: ConsoleDeps): boolean =>
  config.ANALYTICS_ACCOUNT_ID !== undefined

/**
 * Sign-ins, refusals and messages of the last days, from the dataset that the public Worker writes to: one request to
 * the SQL API of Analytics Engine. It samples frequent events, so a row stands for `_sample_interval` events.
 * @returns null when it cannot be read. The page is then shown without these numbers.
 */
export async function readCounts(deps: ConsoleDeps): Promise<Series[] | null> {
  const { config, world, log } = deps
  const days = daysUntil(world.now())
  try {
    const { ANALYTICS_ACCOUNT_ID, ANALYTICS_API_TOKEN, ANALYTICS_DATASET } = config
    const answer = await world.fetch(
      `https://api.cloudflare.com/client/v4/accounts/${ANALYTICS_ACCOUNT_ID}/analytics_engine/sql`,
      {
        method: 'POST',
        headers: { Authorization: `Bearer ${ANALYTICS_API_TOKEN}`, 'Content-Type': 'text/plain' },
        body:
          `SELECT intDiv(toUInt32(timestamp), ${DAY_SECONDS}) AS day, index1 AS event, blob2 AS outcome, ` +
          `SUM(_sample_interval) AS count FROM ${ANALYTICS_DATASET} ` +
          `WHERE timestamp >= toDateTime(${days[0]}) AND index1 IN ('${EVENTS.join("', '")}') ` +
          'GROUP BY day, event, outcome FORMAT JSON',
        signal: world.timeout(TIMEOUT_MS),
      },
    )
    if (!answer.ok) {
      log.line('analytics_not_read', { outcome: 'failed', error: `status_${answer.status}` })
      return null
    }
    const { data } = Answer().parse(await answer.json())
    return (['signedIn', 'refused', 'sent'] as const).map((name) => ({
      name,
      counts: days.map((start) =>
        data
          .filter((row) => row.day * DAY_SECONDS === start)
          .filter(({ event, outcome }) => COUNTED[`${event} ${outcome}`] === name)
          .reduce((sum, { count }) => sum + count, 0),
      ),
    }))
  } catch (error) {
    log.line('analytics_not_read', { outcome: 'failed', error: errorName(error) })
    return null
  }
}
