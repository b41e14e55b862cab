import * as z from 'zod/mini'

// Parts of schemas that several journeys use. They are functions, since a schema is built at its first use
// (see lazily).

/** Letters, digits and a few signs: no spaces, nothing that needs escaping anywhere. */
export const NAME_CHARACTERS = 'letters, digits, or . _ : -'

export const matching = (pattern: RegExp, error: string) =>
  z.string().check(z.regex(pattern, { error }))

/** A text that is normalised. @param normalise returns null for a text that is refused. */
export const normalised = (normalise: (input: string) => string | null, error: string) =>
  z.pipe(
    z.string(),
    z.transform((value, ctx): string => {
      const result = normalise(value)
      if (result === null) ctx.issues.push({ code: 'custom', input: '', message: error })
      return result ?? ''
    }),
  )

/**
 * Text from a person or an app that others see in lists and mails: printable characters of any script, at
 * most `maxLength` UTF-16 units, and at most two marks on a letter, so that it stays in its line.
 */
export const printableText = (maxLength: number) =>
  z
    .string()
    .check(
      z.minLength(1),
      z.maxLength(maxLength),
      z.refine(isPrintable, { error: 'must be printable text, without control characters' }),
    )

export const isPrintable = (value: string): boolean =>
  value.isWellFormed() && !/[\p{C}\p{Zl}\p{Zp}]|\p{M}{3}/u.test(value)

export const linkHandle = () => z.string().check(z.minLength(1), z.maxLength(2048))
