import { DeclineBody, ApproveRequestBody } from '../../requests/schema.ts'
import type { ApprovalContent } from '../../../model/approval-change.ts'
import { parseEnd, wordsFor, type EndLimits } from '../approvals/parse.ts'
import type { ApprovalWords } from '../approvals/approval-words.ts'
import type { Parsed, Typed } from '../form.ts'

/** Parses the forms beside a request with the API's schemas. Errors are in the reader's language. */

export function parseApprove(
  typed: Typed,
  say: ApprovalWords,
  limits: EndLimits,
): Parsed<ApprovalContent> {
  const end = parseEnd(typed, say, limits)
  const expiresAt = end.ok ? (end.value ?? null) : null
  const company = (typed['company'] ?? '').trim() || null
  const body = ApproveRequestBody().safeParse({ company, reason: reasonOf(typed), expiresAt })
  if (body.success && end.ok) {
    const { days: _, ...content } = body.data
    return { ok: true, value: { ...content, expiresAt } }
  }
  const errors = {
    ...(end.ok ? {} : end.errors),
    ...(body.success ? {} : wordsFor(body.error, say)),
  }
  return { ok: false, errors }
}

export function parseDecline(typed: Typed, say: ApprovalWords): Parsed<string> {
  const body = DeclineBody().safeParse({ reason: reasonOf(typed) })
  return body.success
    ? { ok: true, value: body.data.reason }
    : { ok: false, errors: { reason: say.errors.reason } }
}

const reasonOf = (typed: Typed): string => (typed['reason'] ?? '').trim()
