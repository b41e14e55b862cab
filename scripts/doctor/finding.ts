/** `ok`: correct. `warning`: it works, but a person should look at it. `error`: something does not work. */
export type Level = 'ok' | 'warning' | 'error'
/** How a finding is printed. */
export const MARKS = { ok: 'ok  ', warning: 'warn', error: 'FAIL' } as const
export type Finding = { level: Level; about: string; text: string }

/** Creates the findings about one subject. */
export const about = (subject: string) => {
  const make = (level: Level) => (text: string) => ({ level, about: subject, text })
  return { ok: make('ok'), warning: make('warning'), error: make('error') }
}

/** Runs one group of checks. An error that it throws becomes a finding, so that the other groups still run. */
export async function examine(
  subject: string,
  check: () => Promise<Finding[]>,
): Promise<Finding[]> {
  try {
    return await check()
  } catch (error) {
    return [about(subject).error(`could not be checked: ${textOf(error)}`)]
  }
}

/** fetch only says `fetch failed`, and has the reason in `cause`. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message
}
