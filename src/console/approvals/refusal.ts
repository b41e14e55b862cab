import { Problem } from '../../http/problem.ts'
import { unauthorized } from '../../http/session-guard.ts'
import type { ChangeRefusal } from '../../model/approval-rules.ts'
import { staleSession } from '../../http/session-guard.ts'
import { RECENT_SECONDS } from '../actor.ts'
import { consoleDepsOf, type ConsoleContext } from '../deps.ts'
import { consoleProblem } from '../problem.ts'
import type { Changed } from './change.ts'
import { etagOf } from './describe.ts'

/** The text of a refusal, for people, in a report or on a page. */
export const refusalText = (
  reason: ChangeRefusal | 'changed' | 'unconditional',
  maxDays: number,
): string =>
  ({
    absent: 'This address has no approval.',
    already_approved: 'The address is already approved.',
    withdrawn: 'The approval is withdrawn. Restore it first.',
    not_withdrawn: 'The approval is not withdrawn.',
    own_address: 'You cannot change your own approval.',
    not_yours: 'Approvers can only change approvals that they gave.',
    company_address: 'Everyone at this company may sign in already. No approval is needed.',
    too_long: `Approvers can approve for at most ${maxDays} days.`,
    past_end: 'The end must be in the future.',
    phone_number:
      'Approvers can set a phone number only when they first approve an address. Ask an administrator.',
    not_recent: 'Ending access sooner and setting another phone number require a recent sign-in.',
    changed: 'The approval has changed since you read it.',
    unconditional: 'Send If-Match with the ETag of the approval that you read.',
  })[reason]

/** The API's problem for a refused change. */
export async function refusalOf(
  c: ConsoleContext,
  { reason, row }: Changed & { ok: false },
): Promise<Problem> {
  const { config } = consoleDepsOf(c)
  if (reason === 'actor') return unauthorized(c, 'invalid_token', 'revoked')
  const detail = refusalText(reason, config.APPROVER_MAX_DAYS)
  const headers: Record<string, string> = row === undefined ? {} : { ETag: await etagOf(row) }
  switch (reason) {
    case 'absent':
      return new Problem('not_found', { detail })
    case 'already_approved':
    case 'withdrawn':
    case 'not_withdrawn':
      return consoleProblem(reason, { detail, headers })
    case 'own_address':
    case 'not_yours':
    case 'company_address':
      return consoleProblem('forbidden', { detail })
    case 'too_long':
      return consoleProblem('forbidden', { detail, errors: [{ pointer: '#/expiresAt', detail }] })
    case 'past_end':
      return new Problem('invalid_request', { errors: [{ pointer: '#/expiresAt', detail }] })
    case 'phone_number':
      return consoleProblem('forbidden', { detail, errors: [{ pointer: '#/phoneNumber', detail }] })
    case 'not_recent':
      return staleSession(RECENT_SECONDS)
    case 'unconditional':
      return consoleProblem('precondition_required', { headers })
  }
  reason satisfies 'changed'
  return consoleProblem('changed_meanwhile', { headers })
}
