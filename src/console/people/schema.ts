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

/** Why somebody's sessions are ended: it stands in the audit row, beside their address. */
export const EndBody = lazily(() => z.strictObject({ reason: reason() }))

/**
 * Why a person is erased. The reason outlives the person in the audit row, so it should not name them.
 * `approval`: whether their approval goes too, and what the audit rows say of it.
 */
export const EraseBody = lazily(() =>
  z.strictObject({ reason: reason(), approval: z._default(z.boolean(), false) }),
)
