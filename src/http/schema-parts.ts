import * as z from 'zod/mini'

// Parts of schemas that several journeys use. They are functions, because a schema is built at its first use (see
// lazily).

/** Letters, digits and a few signs: no spaces, and nothing that needs escaping anywhere. */
export const NAME_CHARACTERS = 'letters, digits, or . _ : -'

const custom = (message: string) => ({ code: 'custom', input: '', message }) as const

/** What a check tells the JSON Schema of the OpenAPI document: for a text, lengths and patterns. */
type Bag = { minimum?: number; maximum?: number; patterns?: Set<RegExp> }

/** A check of our own is much smaller in the bundle than zod's `refine`, `regex` and lengths. */
const must = <T>(holds: (value: T) => boolean, error: string, bag: Bag = {}) =>
  ({
    _zod: {
      def: { check: 'custom' },
      onattach: [(schema) => void Object.assign(schema._zod.bag, bag)],
      check: ({ value, issues }) => {
        if (!holds(value)) issues.push(custom(error))
      },
    },
  }) as z.core.$ZodCheck<T>

export const matching = (pattern: RegExp, error: string) =>
  z.string().check(must((text) => pattern.test(text), error, { patterns: new Set([pattern]) }))

/** Text of so many characters: Unicode code points, like `maxLength` in JSON Schema. */
export const textOf = (min: number, max: number) =>
  z.string().check(
    must((text) => text.length >= min, `is too short: at least ${min}`, { minimum: min }),
    must((text) => text.length <= max || [...text].length <= max, `is too long: at most ${max}`, {
      maximum: max,
    }),
  )

/** Text that is normalised. @param normalise returns null for a text that is refused. */
export const normalised = (normalise: (input: string) => string | null, error: string) =>
  z.string().check((text) => {
    const result = normalise(text.value)
    if (result === null) text.issues.push(custom(error))
    else text.value = result
  })

/**
 * Text from a person or an app that others see in lists and emails: printable characters of any script, at most
 * `maxLength` code points, and at most two combining marks per letter, so that it stays in its line.
 */
export const printableText = (maxLength: number) =>
  textOf(1, maxLength).check(
    must(isPrintable, 'must be printable text, without control characters'),
  )

/** Allows the invisible joiners in Persian words and family emoji, because they occur in names. */
export const isPrintable = (value: string): boolean =>
  !/[\p{C}\p{Zl}\p{Zp}]|\p{M}{3}/u.test(value.replace(/[\u200c\u200d]/g, ''))

export const linkHandle = () => textOf(1, 2048)
