import type { Config } from '../base/config.ts'
import { toSeconds, type UnixMs, type UnixSeconds } from '../base/time.ts'
import type { Update } from '../dynamo/db.ts'
import { addressKey, type AddressRow, type MailRefusal } from './address.ts'

// What the console writes to an address row about emails that did not arrive.

/**
 * Marks an address whose mailbox refused an email, so that no other email is sent to it. The first refusal stays: a
 * second report changes nothing. Refused if nobody has the address, so that a report about an erased person stores
 * nothing of them, or if an administrator allowed emails again after this one was sent.
 * @param sentAtMs when the refused email was sent.
 */
export const markMailRefused = (
  config: Config,
  addressId: string,
  why: MailRefusal,
  sentAtMs: UnixMs,
  nowMs: UnixMs,
): Update<AddressRow> => ({
  Update: {
    ...addressKey(config, addressId),
    UpdateExpression: 'SET mailRefusedAt = :now, mailRefusedFor = :why',
    ConditionExpression:
      'attribute_exists(userId) AND attribute_not_exists(mailRefusedAt) AND ' +
      '(attribute_not_exists(mailAllowedAt) OR mailAllowedAt < :sentAt)',
    ExpressionAttributeValues: { ':now': toSeconds(nowMs), ':why': why, ':sentAt': sentAtMs },
  },
})

/** When and why the mailbox refused an email; null if no mark says so. */
export const refusalOf = ({
  mailRefusedAt: at,
  mailRefusedFor: why,
}: AddressRow): { at: UnixSeconds; why: MailRefusal } | null =>
  at === undefined || why === undefined ? null : { at, why }

/**
 * Removes the mark. Refused if there is none, or if the address now has another user id. Reports of emails that were
 * sent before now change nothing later.
 */
export const allowMail = (
  config: Config,
  addressId: string,
  userId: string,
  nowMs: UnixMs,
): Update<AddressRow> => ({
  Update: {
    ...addressKey(config, addressId),
    UpdateExpression: 'SET mailAllowedAt = :now REMOVE mailRefusedAt, mailRefusedFor',
    ConditionExpression: 'attribute_exists(mailRefusedAt) AND userId = :userId',
    ExpressionAttributeValues: { ':now': nowMs, ':userId': userId },
  },
})
