import type { Caller } from '../base/caller.ts'
import { toSeconds } from '../base/time.ts'
import type { Deps } from '../http/deps.ts'
import { clientNetwork } from '../http/client-network.ts'
import {
  isWaiting,
  mayReplaceRequest,
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
 * Creates an access request for an address that may not sign in, after the response and after the link row is
 * written. If the address already waits, this counts the ask, and the newest device is the one that waits. New
 * requests are taken from two budgets: of the network, and of all addresses together. A flood of unknown addresses
 * therefore costs two small writes each from one network, or three from many, in addition to those of the ask, and
 * adds at most fifty rows an hour. A caller over a budget does not learn it: the response has already left, and is
 * the same for everyone.
 * Timing: this starts one turn of the event loop after the response, so it does not delay the response. The work
 * after a response always differed, because an email is sent or not. For unknown addresses, this adds two to four
 * waits for DynamoDB, and almost no computing.
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
  // Latchkey's own retry after a lost response finds the row as its first try left it.
  if (ok || (isWaiting(row, now) && row?.lastLinkId === linkId)) return say('again')
  if (!mayReplaceRequest(row, now)) return say('refused', 'declined')
  if (!(await takeRequest(deps, linkId, asked.caller))) return say('refused', 'over_budget')
  // Refused when the address asked twice at once: the other ask's request waits.
  const { refused } = await db.transact({ request: putRequest(config, requestId, ask, nowMs) })
  return say(refused === undefined ? 'ok' : 'again')
}

/** Takes from the network's budget first, so that a flood from one place does not use the budget of all. */
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
