/** An error's name and code, and those of its cause. Its message is left out: it may repeat what a person sent. */
export function errorName(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  const cause = error.cause instanceof Error ? ` < ${errorName(error.cause)}` : ''
  const code = 'code' in error && typeof error.code === 'string' ? ` ${error.code}` : ''
  return error.name + code + cause
}
