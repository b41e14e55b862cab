import { errorName } from '../../base/error-name.ts'
import { addressIdOf } from '../../model/address.ts'
import { newAuditId, putAudit } from '../../model/audit.ts'
import { markMailRefused } from '../../model/mail-refusal.ts'
import type { ConsoleDeps } from '../deps.ts'
import { readMailEvent, type MailEvent } from './read-event.ts'
import { deleteMessage, receiveMessages } from './sqs.ts'

/** The cron trigger in wrangler.toml that reads the queue. All other triggers send the digest. */
export const MAIL_EVENTS_CRON = '*/5 * * * *'

/** The next run reads the rest. */
const MAX_BATCHES = 20

/**
 * Reads the queue of SES's events, and marks the addresses whose mailbox refused an email. A message is deleted only
 * after its row is written. So if this stops in the middle, SQS delivers the message again, and the second write
 * changes nothing. A message that cannot be read stays: SQS moves it to the dead-letter queue after some deliveries.
 */
export async function readMailEvents(deps: ConsoleDeps, queueUrl: string): Promise<void> {
  const { log, post } = deps
  let count = 0
  try {
    for (let batch = 0; batch < MAX_BATCHES; batch++) {
      const messages = await receiveMessages(post, queueUrl)
      if (messages.length === 0) break
      for (const message of messages) {
        const event = readMailEvent(message.body)
        if (event.kind === 'unreadable') {
          log.line('mail_event_unreadable', { outcome: 'failed' })
          continue
        }
        if (event.kind === 'refused') await record(deps, event)
        await deleteMessage(post, queueUrl, message)
        count += 1
      }
    }
    log.line('mail_events_read', { outcome: count === 0 ? 'nothing' : 'ok', count })
  } catch (error) {
    log.line('mail_events_read', { outcome: 'failed', count, error: errorName(error) })
  }
}

/** Marks the address, in one transaction with its audit row. */
async function record(
  { config, db, log, world }: ConsoleDeps,
  { email, why, sentAtMs, detail }: MailEvent & { kind: 'refused' },
): Promise<void> {
  const nowMs = world.now()
  const addressId = await addressIdOf(email)
  const auditId = newAuditId(world)
  const { refused } = await db.transact({
    address: markMailRefused(config, addressId, why, sentAtMs, nowMs),
    audit: putAudit(
      config,
      auditId,
      { email, action: 'mail_refused', by: 'system', reason: detail || why, after: { why } },
      nowMs,
    ),
  })
  if (refused === undefined) {
    log.line('mail_refused', { outcome: 'ok', reason: why, auditId })
    return
  }
  const isAgain = refused.address?.row?.mailRefusedAt !== undefined
  log.line('mail_refused', { outcome: isAgain ? 'again' : 'nothing', reason: why })
}
