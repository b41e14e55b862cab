import { mailboxOf } from '../base/email-address.ts'
import type { Deps } from '../http/deps.ts'
import { budgetRetryAfter, SENDS, takeBudget, tookBudget, userIdOf } from '../model/address.ts'

/** @property nextAfterSeconds until one more message is possible, whether this one was taken or not. */
export type SendTaken = { ok: boolean; nextAfterSeconds: number }

/** Takes one message from the person's budget, whether or not the address may sign in. */
export async function takeSend(
  deps: Deps,
  email: string,
  takeId: string,
  nowMs: number,
): Promise<SendTaken> {
  const rowId = await userIdOf(mailboxOf(email))
  const verdict = await deps.db.update(takeBudget(deps.config, rowId, SENDS, takeId, nowMs))
  return {
    ok: tookBudget(verdict, SENDS, takeId),
    nextAfterSeconds: budgetRetryAfter(verdict.item, SENDS, nowMs),
  }
}
