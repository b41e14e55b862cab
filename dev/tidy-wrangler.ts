import { stripVTControlCharacters } from 'node:util'

const NOISE = [
  /^Using secrets defined in /,
  /^⎔ Starting local server/,
  /^\[wrangler:info\] Ready on /,
  // Wrangler logs the path of a request, which may contain a sealed link. The Worker logs each request without its
  // path.
  /^\[wrangler:info\] [A-Z]+ \//,
]

/** Wrangler's warning that no cron trigger fires, of some lines: docs/operations.md says how to call it. */
const CRON_WARNING = /Scheduled Workers are not automatically triggered/

/**
 * @returns a function that receives wrangler's output line by line, and returns whether to show the line. It shows
 *   the Worker's own lines, warnings and build errors. It hides the table of bindings and wrangler's request log.
 */
export function tidy(): (line: string) => boolean {
  let inTable = false
  let inWarning = false
  return (line) => {
    const text = stripVTControlCharacters(line).trim()
    if (text === 'Your Worker has access to the following bindings:') inTable = true
    if (inTable) {
      if (text === '') inTable = false
      return false
    }
    if (CRON_WARNING.test(text)) inWarning = true
    if (inWarning) {
      if (text.includes('cron-triggers')) inWarning = false
      return false
    }
    return text !== '' && !NOISE.some((noise) => noise.test(text))
  }
}
