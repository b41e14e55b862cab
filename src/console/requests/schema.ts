import * as z from 'zod/mini'
import { lazily } from '../../base/lazily.ts'
import { addSeconds, type UnixSeconds } from '../../base/time.ts'
import { printableText } from '../../http/schema-parts.ts'
import { ApproveBody } from '../approvals/schema.ts'

const DAY_SECONDS = 86_400
const MAX_DAYS = 9999

/** `POST /v1/requests/{email}/approve`: the approval lasts `days`, or until `expiresAt`. Null: it never expires. */
export const ApproveRequestBody = lazily(() => {
  const { email: _, expiresAt, ...content } = ApproveBody().shape
  return z
    .strictObject({
      ...content,
      expiresAt: z.optional(expiresAt),
      days: z.optional(z.int().check(z.minimum(1), z.maximum(MAX_DAYS))),
    })
    .check(
      z.refine(({ days, expiresAt }) => (days === undefined) !== (expiresAt === undefined), {
        error: 'name either days or expiresAt',
        path: ['days'],
      }),
    )
})
export type ApproveRequestBody = z.output<ReturnType<typeof ApproveRequestBody>>

export const endOf = (
  { days, expiresAt = null }: Pick<ApproveRequestBody, 'days' | 'expiresAt'>,
  now: UnixSeconds,
): UnixSeconds | null => (days === undefined ? expiresAt : addSeconds(now, days * DAY_SECONDS))

export const DeclineBody = lazily(() => z.strictObject({ reason: printableText(500) }))

export const QueueQuery = lazily(() =>
  z.strictObject({
    cursor: z.optional(z.string().check(z.maxLength(2048))),
    limit: z._default(
      z.pipe(
        z.string().check(z.regex(/^(?:[1-9]\d?|1\d\d|200)$/, { error: 'must be from 1 to 200' })),
        z.transform(Number),
      ),
      50,
    ),
  }),
)

export const NoQuery = lazily(() => z.strictObject({}))
