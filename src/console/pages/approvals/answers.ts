import { toSeconds } from '../../../base/time.ts'
import { unauthorized } from '../../../http/session-guard.ts'
import { editorOf, type ApprovalEvent, type Changed } from '../../approvals/change.ts'
import { consoleDepsOf, type ConsoleContext } from '../../deps.ts'
import type { Errors } from '../form.ts'
import { localeOf, redirect } from '../frame.ts'
import { approvalPath } from './list-markup.ts'
import { approvalWords } from './words.ts'

export const sayFor = (c: ConsoleContext) => approvalWords[localeOf(c)]

/** The latest end that this actor may choose. */
export function limitsOf(c: ConsoleContext) {
  const { config, world } = consoleDepsOf(c)
  const nowMs = world.now()
  const { maxSeconds } = editorOf(config, c.get('actor'), nowMs)
  return { now: toSeconds(nowMs), maxSeconds }
}

export const isConflict = ({ reason }: Changed & { ok: false }) =>
  reason === 'changed' || reason === 'unconditional'

export function refusalText(c: ConsoleContext, { reason }: Changed & { ok: false }): string {
  const { refusals, conflict } = sayFor(c)
  if (reason === 'actor') throw unauthorized(c, 'invalid_token', 'revoked')
  return Object.hasOwn(refusals, reason) ? refusals[reason as keyof typeof refusals] : conflict[0]
}

export function endError(c: ConsoleContext, reason: 'past_end' | 'too_long'): Errors {
  const say = sayFor(c)
  const { APPROVER_MAX_DAYS } = consoleDepsOf(c).config
  return { end: reason === 'too_long' ? say.tooLong(APPROVER_MAX_DAYS) : say.refusals.past_end }
}

export const toApproval = (c: ConsoleContext, email: string, done: ApprovalEvent): Response =>
  redirect(c, approvalPath(email, `?done=${done}`))
