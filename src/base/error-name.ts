/**
 * The name and code of an error and of its causes. The message is left out, because it may contain a person's input.
 */
export function errorName(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  const cause = error.cause instanceof Error ? ` < ${errorName(error.cause)}` : ''
  const code = 'code' in error && typeof error.code === 'string' ? ` ${error.code}` : ''
  return error.name + code + cause
}
