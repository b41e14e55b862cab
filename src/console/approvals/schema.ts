import * as z from 'zod/mini'
import { normaliseEmail } from '../../base/email-address.ts'
import { lazily } from '../../base/lazily.ts'
import { normalisePhone } from '../../base/phone-number.ts'
import { unixSeconds } from '../../base/time.ts'
import { isPrintable, normalised, printableText } from '../../http/schema-parts.ts'
import { SORTS } from './list.ts'

/** The end of the year 9999. A later time is probably in milliseconds by mistake. */
const LAST_SECOND = 253_402_300_799

const MAX_NOTES = 2000

export const email = () => normalised(normaliseEmail, 'must be an email address')
const company = () => z.nullable(printableText(200))
const reason = () => printableText(500)
/** Notes may have line breaks. */
const notes = () =>
  z.nullable(
    z.pipe(
      z.string().check(
        z.minLength(1),
        z.maxLength(MAX_NOTES),
        z.refine((text) => isPrintable(text.replace(/\r?\n/g, '')), {
          error: 'must be printable text',
        }),
      ),
      z.transform((text) => text.replace(/\r\n/g, '\n')),
    ),
  )
const expiresAt = () =>
  z.nullable(
    z.pipe(
      z.int().check(z.positive(), z.maximum(LAST_SECOND)),
      z.transform((value) => unixSeconds(value)),
    ),
  )
const phoneNumber = () =>
  z.nullable(normalised(normalisePhone, 'must be a phone number such as +14155551234'))

/** `POST /v1/approvals`. `expiresAt` is required, so that nobody forgets it. Null means never. */
export const ApproveBody = lazily(() =>
  z.strictObject({
    email: email(),
    company: z._default(company(), null),
    reason: reason(),
    notes: z._default(notes(), null),
    expiresAt: expiresAt(),
    phoneNumber: z._default(phoneNumber(), null),
  }),
)

/** `PATCH /v1/approvals/{email}`: an absent member is not changed, and null removes it. */
export const ChangeBody = lazily(() =>
  z.strictObject({
    company: z.optional(company()),
    reason: z.optional(reason()),
    notes: z.optional(notes()),
    expiresAt: z.optional(expiresAt()),
    phoneNumber: z.optional(phoneNumber()),
  }),
)

export const WithdrawBody = lazily(() =>
  z.strictObject({ reason: z._default(z.nullable(printableText(500)), null) }),
)

export const RestoreBody = lazily(() => z.strictObject({ expiresAt: z.optional(expiresAt()) }))

const filter = () => ({
  state: z.optional(z.enum(['active', 'ending', 'ended', 'withdrawn'])),
  q: z.optional(z.string().check(z.maxLength(200))),
})

export const ListQuery = lazily(() =>
  z.strictObject({
    ...filter(),
    sort: z._default(z.enum(SORTS), 'email'),
    order: z._default(z.enum(['asc', 'desc']), 'asc'),
    cursor: z.optional(z.string().check(z.maxLength(4096))),
    limit: z._default(
      z.pipe(
        z.string().check(z.regex(/^(?:[1-9]\d?|1\d\d|200)$/, { error: 'must be from 1 to 200' })),
        z.transform(Number),
      ),
      50,
    ),
  }),
)

export const ExportQuery = lazily(() => z.strictObject(filter()))
export const NoQuery = lazily(() => z.strictObject({}))

/** The columns of a line in an import. A column that the file does not have is absent. */
export const ImportedContent = lazily(() =>
  z.object({
    company: z.optional(company()),
    reason: z.optional(z.nullable(reason())),
    notes: z.optional(notes()),
    expiresAt: z.optional(expiresAt()),
    phoneNumber: z.optional(phoneNumber()),
  }),
)
