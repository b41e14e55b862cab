import * as z from 'zod/mini'

// Parts of schemas that several journeys use. They are functions, because a schema is built at its first use (see
// lazily).

/** Letters, digits and a few signs: no spaces, and nothing that needs escaping anywhere. */
export const NAME_CHARACTERS = 'letters, digits, or . _ : -'

export const matching = (pattern: RegExp, error: string) =>
  z.string().check(z.regex(pattern, { error }))

/** Text that is normalised. @param normalise returns null for a text that is refused. */
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
 * Text from a person or an app that others see in lists and emails: printable characters of any script, at most
 * `maxLength` UTF-16 units, and at most two combining marks per letter, so that it stays in its line.
 */
export const printableText = (maxLength: number) =>
  z
    .string()
    .check(
      z.minLength(1),
      z.maxLength(maxLength),
      z.refine(isPrintable, { error: 'must be printable text, without control characters' }),
    )

/** Allows the invisible joiners in Persian words and family emoji, because they occur in names. */
export const isPrintable = (value: string): boolean =>
  !/[\p{C}\p{Zl}\p{Zp}]|\p{M}{3}/u.test(value.replace(/[\u200c\u200d]/g, ''))

export const linkHandle = () => z.string().check(z.minLength(1), z.maxLength(2048))
