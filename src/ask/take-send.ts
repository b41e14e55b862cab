import { mailboxOf } from '../base/email-address.ts'
import type { UnixMs } from '../base/time.ts'
import type { Deps } from '../http/deps.ts'
import { addressIdOf, identify, takeSend, type AddressRow } from '../model/address.ts'
import { budgetRetryAfter, SENDS, tookBudget } from '../model/budget.ts'
import { newUserId } from '../model/sealed-link.ts'

/** @property nextAfterSeconds until one more message is possible, whether or not this one was taken. */
export type SendTaken =
  | { ok: true; nextAfterSeconds: number; address: AddressRow & { userId: string } }
  | { ok: false; nextAfterSeconds: number }

/**
 * Takes one message from the budget of the address's mailbox, and makes sure that the address has a user id, whether
 * or not it may sign in. One write does both. An address with a `+tag` shares the budget of its mailbox but is a
 * separate person, so it needs two parallel writes.
 */
export async function takeSendFor(
  { config, db, world }: Deps,
  email: string,
  takeId: string,
  nowMs: UnixMs,
): Promise<SendTaken> {
  const mailbox = mailboxOf(email)
  const own = mailbox === email
  const userId = newUserId(world)
  const [addressId, mailboxId] = await Promise.all([addressIdOf(email), addressIdOf(mailbox)])
  const [taken, identified] = await Promise.all([
    db.update(takeSend(config, mailboxId, takeId, nowMs, own ? userId : undefined)),
    own ? undefined : db.update(identify(config, addressId, userId, nowMs)),
  ])
  const nextAfterSeconds = budgetRetryAfter(taken.row, SENDS, nowMs)
  const address = (identified ?? taken).row
  if (!tookBudget(taken, SENDS, takeId) || address?.userId === undefined) {
    return { ok: false, nextAfterSeconds }
  }
  return { ok: true, nextAfterSeconds, address: { ...address, userId: address.userId } }
}
