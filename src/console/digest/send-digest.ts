import { encodeBase64url } from '../../base/encoding.ts'
import { errorName } from '../../base/error-name.ts'
import { toSeconds } from '../../base/time.ts'
import type { Key } from '../../dynamo/db.ts'
import { addressIdOf, addressKey } from '../../model/address.ts'
import { approvalKey, isApproved } from '../../model/approval.ts'
import { claimDigest } from '../../model/digest.ts'
import type { ConsoleDeps } from '../deps.ts'
import { approvedAmong, readQueue } from '../requests/queue.ts'
import { digestMessage } from './message.ts'

/** The most rows that DynamoDB reads in one batch. */
const BATCH = 100

/**
 * Sends approvers and administrators the number of access requests that wait, at most once a day: a row claims the day
 * before the first email is sent. If the run stops in the middle, some people get no email on that day, but nobody gets
 * two. When no request waits for a decision, the day is not claimed and nothing is sent.
 */
export async function sendDigest(deps: ConsoleDeps): Promise<void> {
  const { config, db, log, send, world } = deps
  const [queue, recipients] = await Promise.all([readQueue(deps), recipientsOf(deps)])
  const waiting = queue.map(({ email }) => email)
  const approvals = await readAll(deps, waiting, (email) => approvalKey(config, email))
  const approved = approvedAmong(deps, queue, approvals)
  const undecided = queue.filter(({ email }) => !approved.has(email))
  const [oldest] = undecided
  if (oldest === undefined || recipients.length === 0) {
    return log.line('digest_sent', { outcome: 'nothing' })
  }
  const { refused } = await db.transact({ claim: claimDigest(config, world.now()) })
  if (refused !== undefined) return log.line('digest_sent', { outcome: 'again' })
  const message = digestMessage({
    appName: config.APP_NAME,
    brandColor: config.BRAND_COLOR,
    locale: config.DIGEST_LOCALE,
    link: `${config.CONSOLE_ORIGIN}/requests`,
    waiting: undecided.length,
    since: oldest.createdAt,
  })
  let count = 0
  for (const to of recipients) {
    try {
      const reference = encodeBase64url(world.randomBytes(12))
      await send({ channel: 'email', to, ...message, reference })
      count += 1
    } catch (error) {
      log.line('digest_sent', { outcome: 'failed', error: errorName(error) })
    }
  }
  log.line('digest_sent', { outcome: 'ok', count })
}

/**
 * Approvers and administrators who may sign in: a person whose approval was withdrawn gets no email, and neither does
 * an address whose mailbox refused one.
 */
async function recipientsOf(deps: ConsoleDeps): Promise<string[]> {
  const { config, world } = deps
  const everyone = [...new Set([...config.APPROVER_EMAILS, ...config.ADMIN_EMAILS])]
  const addressIds = new Map<string, string>()
  for (const email of everyone) addressIds.set(email, await addressIdOf(email))
  const [approvals, addresses] = await Promise.all([
    readAll(deps, everyone, (email) => approvalKey(config, email)),
    readAll(deps, [...addressIds.values()], (addressId) => addressKey(config, addressId)),
  ])
  const now = toSeconds(world.now())
  return everyone.filter((email) => {
    const approval = approvals.find((row) => row.email === email)
    const address = addresses.find(({ tokenId }) => tokenId === addressIds.get(email))
    return isApproved(config, email, approval, now) && address?.mailRefusedAt === undefined
  })
}

/** The rows with these names. @param names each once: a batch must not contain a key twice. */
async function readAll<Row>(
  { db }: ConsoleDeps,
  names: readonly string[],
  keyOf: (name: string) => Key<Row>,
): Promise<Row[]> {
  const rows: Row[] = []
  // One after the other: Cloudflare opens at most six connections, and nobody waits for a digest.
  for (let from = 0; from < names.length; from += BATCH) {
    const batch = names.slice(from, from + BATCH)
    const keys = Object.fromEntries(batch.map((name) => [name, keyOf(name)]))
    rows.push(...Object.values(await db.batchGet(keys)).filter((row) => row !== undefined))
  }
  return rows
}
