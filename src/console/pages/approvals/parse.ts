import { addSeconds, unixSeconds, type UnixSeconds } from '../../../base/time.ts'
import { badMembers } from '../../../http/read.ts'
import type { ApprovalContent } from '../../../model/approval-change.ts'
import { ApproveBody, ChangeBody, WithdrawBody } from '../../approvals/schema.ts'
import type { Errors, Parsed, Typed } from '../form.ts'
import type { ApprovalWords } from './approval-words.ts'

/** Parses the forms of approvals with the API's schemas. Errors are in the reader's language. */

export function parseApprove(
  typed: Typed,
  say: ApprovalWords,
  limits: EndLimits,
): Parsed<{ email: string; content: ApprovalContent }> {
  const end = parseEnd(typed, say, limits)
  const body = ApproveBody().safeParse({
    email: typed['email'] ?? '',
    ...textsOf(typed),
    expiresAt: end.ok ? (end.value ?? null) : null,
  })
  const errors = {
    ...(body.success ? {} : wordsFor(body.error, say)),
    ...(end.ok ? {} : end.errors),
  }
  if (!body.success || !end.ok) return { ok: false, errors }
  const { email, ...content } = body.data
  return { ok: true, value: { email, content } }
}

export function parseChange(typed: Typed, say: ApprovalWords): Parsed<Partial<ApprovalContent>> {
  const body = ChangeBody().safeParse(textsOf(typed))
  return body.success
    ? { ok: true, value: body.data as Partial<ApprovalContent> }
    : { ok: false, errors: wordsFor(body.error, say) }
}

export function parseWithdraw(typed: Typed, say: ApprovalWords): Parsed<string | null> {
  const body = WithdrawBody().safeParse({ reason: textOf(typed['reason']) })
  return body.success
    ? { ok: true, value: body.data.reason }
    : { ok: false, errors: { reason: say.errors.withdrawReason } }
}

/** An empty field is null. A reason is required, so its schema refuses an empty one. */
const textsOf = (typed: Typed) => ({
  company: textOf(typed['company']),
  reason: (typed['reason'] ?? '').trim(),
  notes: textOf(typed['notes']),
  phoneNumber: textOf(typed['phoneNumber']),
})

const textOf = (value = ''): string | null => value.trim() || null

export function wordsFor(error: Parameters<typeof badMembers>[0], say: ApprovalWords): Errors {
  const names = badMembers(error).map(({ pointer }) => pointer.slice(2))
  return Object.fromEntries(
    names.map((name) => [name, say.errors[name as keyof ApprovalWords['errors']]]),
  )
}

export type EndLimits = { now: UnixSeconds; maxSeconds: number | null }

const DAY = 86_400

/** The lengths that a form offers, in days. */
export function lengthsFor({ maxSeconds }: Pick<EndLimits, 'maxSeconds'>): number[] {
  const max = maxSeconds === null ? 90 : maxSeconds / DAY
  return [...new Set([...[7, 30, 90].filter((days) => days < max), max])]
}

/**
 * `undefined` if the end does not change. Without the script, a person can choose a length and type a day. This is
 * refused, because it is unclear which one they mean.
 */
export function parseEnd(
  { end, until = '' }: Typed,
  say: ApprovalWords,
  { now, maxSeconds }: EndLimits,
): Parsed<UnixSeconds | null | undefined> {
  const refuse = (error: string): Parsed<never> => ({ ok: false, errors: { end: error } })
  if (until !== '' && end !== undefined && end !== 'until') return refuse(say.errors.two)
  if (end === 'keep') return { ok: true, value: undefined }
  if (end === 'none') return { ok: true, value: null }
  if (end !== undefined && /^[1-9]\d{0,3}$/.test(end)) {
    return { ok: true, value: addSeconds(now, Number(end) * DAY) }
  }
  if (end !== 'until' && until === '') return refuse(say.errors.end)
  const at = endOfDay(until.trim())
  if (at === null) return refuse(say.errors.until)
  // The last day that an approver may choose ends after the approver's limit.
  const limit = maxSeconds === null ? at : addSeconds(now, maxSeconds)
  const value = at > limit && at - limit < DAY ? limit : at
  return { ok: true, value }
}

function endOfDay(day: string): UnixSeconds | null {
  if (!/^\d{4}-\d\d-\d\d$/.test(day)) return null
  const ms = Date.parse(`${day}T23:59:59Z`)
  // Date.parse reads 31 February as a day in March.
  if (Number.isNaN(ms) || !new Date(ms).toISOString().startsWith(day)) return null
  return unixSeconds(Math.floor(ms / 1000))
}
