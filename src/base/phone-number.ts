/** E.164 (`+14155551234`) with spaces, dots, dashes and brackets forgiven; null when it is no number. */
export function normalisePhone(input: string): string | null {
  if (input.length > 40) return null
  const digits = input.replace(/[ .()-]/g, '')
  return /^\+[1-9]\d{6,14}$/.test(digits) ? digits : null
}
