import * as z from 'zod/mini'
import { lazily } from '../../base/lazily.ts'
import { printableText } from '../../http/schema-parts.ts'

export const PersonQuery = lazily(() =>
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

const reason = () => printableText(500)

/** Why the sessions are ended. The audit row contains it, beside the person's address. */
export const EndBody = lazily(() => z.strictObject({ reason: reason() }))

/**
 * Why a person is erased. The audit row keeps the reason after the erasure, so it should not name the person.
 * `approval`: whether to delete their approval too, with what the audit rows contain of it.
 */
export const EraseBody = lazily(() =>
  z.strictObject({ reason: reason(), approval: z._default(z.boolean(), false) }),
)
