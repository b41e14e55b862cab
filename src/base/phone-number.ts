/**
 * @returns the number in E.164 (`+14155551234`), without spaces, dots, dashes and brackets; null when it is
 * malformed.
 */
export function normalisePhone(input: string): string | null {
  if (input.length > 40) return null
  const digits = input.replace(/[ .()-]/g, '')
  return /^\+[1-9]\d{6,14}$/.test(digits) ? digits : null
}
