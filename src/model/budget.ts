import type { Config } from '../base/config.ts'
import { addSeconds, toSeconds, unixSeconds, type UnixMs, type UnixSeconds } from '../base/time.ts'
import type { Seals } from '../crypto/seal.ts'
import { encodeBase64url } from '../base/encoding.ts'
import type { World } from '../base/world.ts'
import type { Update, Verdict } from '../dynamo/db.ts'
import type { Item } from '../dynamo/items.ts'

/**
 * At most `size` takes in any window of time, and none within the cooldown after the last one. The window slides and
 * is exact. The row holds the times of the last `size` takes in numbered attributes, newest first: `sentAt1` …
 * `sentAt5` are the times of the last five messages.
 */
export type Budget = { slot: string; size: number; windowMs: number; cooldownMs: number }

const HOUR_MS = 3_600_000

/** Messages to one person per hour, over both channels. */
export const SENDS: Budget = { slot: 'sentAt', size: 5, windowMs: HOUR_MS, cooldownMs: 60_000 }
/** Messages to one phone number per hour, for all people whose approvals have it. */
export const PHONE_SENDS: Budget = { slot: 'sentAt', size: 10, windowMs: HOUR_MS, cooldownMs: 0 }
/** Code tries for one person per day. A sign-in by code resets them, so only failures add up. */
export const CODE_TRIES: Budget = {
  slot: 'codeTriedAt',
  size: 10,
  windowMs: 24 * HOUR_MS,
  cooldownMs: 0,
}

/** The id of one take or one code try. */
export const newTakeId = (world: World): string => encodeBase64url(world.randomBytes(16))

/**
 * Many Workers take from these budgets in parallel, and their clocks differ. So a take may be a little earlier than
 * the last one.
 */
const OUT_OF_ORDER_MS = 60_000

/** New access requests of all addresses together. It limits the queue to what people can read. */
export const REQUESTS: Budget = {
  slot: 'takenAt',
  size: 50,
  windowMs: HOUR_MS,
  cooldownMs: -OUT_OF_ORDER_MS,
}
/** New access requests from one network, so that a flood from one place does not use the budget of all. */
export const NETWORK_REQUESTS: Budget = {
  slot: 'takenAt',
  size: 10,
  windowMs: 24 * HOUR_MS,
  cooldownMs: -OUT_OF_ORDER_MS,
}

/**
 * The parts of an update that makes a take, or fails. SET reads the row as it was before the update, so one write
 * moves every time to the next attribute, while the condition checks the oldest.
 * @param takeId identifies this take, so that Latchkey's own retry after a lost response takes only once.
 */
export function takeExpression(budget: Budget, takeId: string, nowMs: UnixMs) {
  const { slot, size } = budget
  const moves = Array.from({ length: size - 1 }, (_, i) => size - i).map(
    (n) => `${slot}${n} = if_not_exists(${slot}${n - 1}, :never)`,
  )
  return {
    set: [...moves, `${slot}1 = :now, ${slot}Id = :takeId`].join(', '),
    condition:
      `(attribute_not_exists(${slot}1) OR ${slot}1 <= :cooledDown) AND ` +
      `(attribute_not_exists(${slot}${size}) OR ${slot}${size} <= :windowStart) AND ` +
      `(attribute_not_exists(${slot}Id) OR ${slot}Id <> :takeId)`,
    values: {
      ':never': 0,
      ':now': nowMs,
      ':cooledDown': nowMs - budget.cooldownMs,
      ':windowStart': nowMs - budget.windowMs,
      ':takeId': takeId,
    },
  }
}

/** Whether the take succeeded: its condition held, or the row shows that Latchkey's own lost try made the take. */
export const tookBudget = (verdict: Verdict<Item>, budget: Budget, takeId: string): boolean =>
  verdict.ok || verdict.row?.[`${budget.slot}Id`] === takeId

/**
 * Whole seconds until the next take is possible. @param row as the take's condition saw it, or as the take left it.
 */
export function budgetRetryAfter(row: Item | undefined, budget: Budget, nowMs: UnixMs): number {
  const at = (n: number) => Number(row?.[`${budget.slot}${n}`] ?? 0)
  const freeMs = Math.max(at(1) + budget.cooldownMs, at(budget.size) + budget.windowMs)
  return Math.max(1, Math.ceil((freeMs - nowMs) / 1000))
}

/**
 * What is left of a budget, and when the next take is possible: null means now. The same rule as takeExpression's
 * condition.
 */
export function budgetLeft(
  row: Item | undefined,
  budget: Budget,
  nowMs: UnixMs,
): { left: number; size: number; nextAt: UnixSeconds | null } {
  const { slot, size, windowMs, cooldownMs } = budget
  const at = (n: number) => Number(row?.[`${slot}${n}`] ?? 0)
  const taken = Array.from({ length: size }, (_, i) => at(i + 1)).filter(
    (time) => time > nowMs - windowMs,
  ).length
  const freeMs = Math.max(at(1) + cooldownMs, at(size) + windowMs)
  return {
    left: size - taken,
    size,
    nextAt: freeMs <= nowMs ? null : unixSeconds(Math.ceil(freeMs / 1000)),
  }
}

/** REMOVEs all times of a budget. */
export const clearExpression = ({ slot, size }: Budget): string =>
  Array.from({ length: size }, (_, i) => `${slot}${i + 1}`).join(', ')

/** A row that is only a budget: it has times, but no person. */
export type BudgetRow = {
  tokenId: string
  tokenType: 'phone' | 'budget'
  [attribute: string]: string | number
}

const BUDGET_ROW_TTL_SECONDS = 2 * 86_400

/**
 * An HMAC, because there are few enough phone numbers to try them all against a plain hash. Rotating the sealing keys
 * resets these budgets.
 */
export const phoneIdOf = (seals: Seals, phoneNumber: string): Promise<string> =>
  keyedId(seals, 'phn_', 'phone-id', phoneNumber)

/** @param network see clientNetwork. An HMAC, as for a phone number. */
export const networkIdOf = (seals: Seals, network: string): Promise<string> =>
  keyedId(seals, 'bud_', 'network-id', network)

/** The one row of REQUESTS. */
export const REQUESTS_ID = 'bud_access_requests'

async function keyedId(
  seals: Seals,
  prefix: string,
  purpose: 'phone-id' | 'network-id',
  text: string,
): Promise<string> {
  const bytes = await seals.derive(seals.currentKeyId, purpose, text)
  return prefix + encodeBase64url(bytes.subarray(0, 16))
}

/** Takes one message from a phone number's budget. */
export const takePhoneSend = (
  config: Config,
  phoneId: string,
  takeId: string,
  nowMs: UnixMs,
): Update<BudgetRow> => takeFromRow(config, phoneId, 'phone', PHONE_SENDS, takeId, nowMs)

/** Makes a take from a budget that has its own row. */
export function takeFromRow(
  config: Config,
  tokenId: string,
  tokenType: BudgetRow['tokenType'],
  budget: Budget,
  takeId: string,
  nowMs: UnixMs,
): Update<BudgetRow> {
  const take = takeExpression(budget, takeId, nowMs)
  const now = toSeconds(nowMs)
  return {
    Update: {
      TableName: config.TOKENS_TABLE,
      Key: { tokenId },
      UpdateExpression:
        `SET ${take.set}, tokenType = :type, expiresAt = :expiresAt, ` +
        'createdAt = if_not_exists(createdAt, :createdAt)',
      ConditionExpression: take.condition,
      ExpressionAttributeValues: {
        ...take.values,
        ':type': tokenType,
        ':createdAt': now,
        ':expiresAt': addSeconds(now, BUDGET_ROW_TTL_SECONDS),
      },
    },
  }
}
