import type { Caller } from '../base/caller.ts'
import { toSeconds } from '../base/time.ts'
import type { Deps } from '../http/deps.ts'
import { clientNetwork } from '../http/client-network.ts'
import {
  isWaiting,
  mayRequestAnew,
  putRequest,
  repeatRequest,
  requestIdOf,
} from '../model/access-request.ts'
import {
  NETWORK_REQUESTS,
  networkIdOf,
  REQUESTS,
  REQUESTS_ID,
  takeFromRow,
  tookBudget,
} from '../model/budget.ts'
import type { Link } from '../model/link.ts'

/**
 * Puts an address that may not sign in into the queue of those who ask to be let in, after the answer and after the
 * link's row. An address that waits already is counted, and its newest device waits. New ones are taken from two
 * budgets, of the network and of all together: a flood of addresses costs two small writes each from one network, three from
 * many, beside those of the ask, and adds at most fifty rows an hour. Who is over a budget is not told: the answer has
 * left, and is the same for all.
 *
 * What somebody else could feel of it: nothing before the answer, since this starts a turn of the event loop after it. Work
 * after the answer has always differed, by a mail that is sent or not; this adds two to four waits for DynamoDB to the
 * unknown addresses' side, and no computing to speak of.
 */
export async function requestAccess(
  deps: Deps,
  link: Link,
  asked: { sealedLink: string; deviceName: string | undefined; caller: Caller },
): Promise<void> {
  const { config, db, world, log } = deps
  const { email, linkId, flow, userId } = link
  const nowMs = world.now()
  const now = toSeconds(nowMs)
  const requestId = await requestIdOf(email)
  const ask = { email, linkId, flow, ...asked }
  const say = (outcome: 'ok' | 'again' | 'refused', reason?: string) =>
    log.line('access_requested', { outcome, userId, reason })

  const { ok, row } = await db.update(repeatRequest(config, requestId, ask, nowMs))
  // Our own retry after a lost answer finds the row as its first try left it.
  if (ok || (isWaiting(row, now) && row?.lastLinkId === linkId)) return say('again')
  if (!mayRequestAnew(row, now)) return say('refused', 'declined')
  if (!(await takeRequest(deps, linkId, asked.caller))) return say('refused', 'over_budget')
  // Refused when the address has asked twice at once: the other one waits.
  const { refused } = await db.transact({ request: putRequest(config, requestId, ask, nowMs) })
  return say(refused === undefined ? 'ok' : 'again')
}

/** The network's budget first: a flood from one place must not touch the budget of all. */
async function takeRequest(
  { config, db, seals, world }: Deps,
  takeId: string,
  { ipAddress }: Caller,
): Promise<boolean> {
  const networkId = await networkIdOf(seals, clientNetwork(ipAddress))
  for (const [id, budget] of [
    [networkId, NETWORK_REQUESTS],
    [REQUESTS_ID, REQUESTS],
  ] as const) {
    const verdict = await db.update(takeFromRow(config, id, 'budget', budget, takeId, world.now()))
    if (!tookBudget(verdict, budget, takeId)) return false
  }
  return true
}
