/**
 * Characters that a terminal acts upon, and does not show: control characters (C0, DEL, C1) but line break and tab, line
 * separators, and those that turn the direction of writing around. Text of other people must not hold them: with an
 * escape sequence, a device name could clear the screen or change what was shown above it.
 */
const ACTIVE = /(?![\n\t])[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu

/** Shows each such character as its number: `\u{1b}`. */
export const plain = (text: string): string =>
  text.replace(ACTIVE, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`)

/** JSON in which each such character is escaped. A parser reads the same value. */
export const safeJson = (value: unknown): string =>
  JSON.stringify(value, null, 2).replace(
    ACTIVE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/** A value of JSON with plain text everywhere. Names of members too: a terminal may be shown them. */
export function plainValue(value: unknown): unknown {
  if (typeof value === 'string') return plain(value)
  if (Array.isArray(value)) return value.map(plainValue)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [plain(name), plainValue(member)]),
  )
}
