import { stripVTControlCharacters } from 'node:util'

const NOISE = [
  /^Using secrets defined in /,
  /^⎔ Starting local server/,
  /^\[wrangler:info\] Ready on /,
  // The Worker logs each request itself, without the path of a link, which holds a token.
  /^\[wrangler:info\] [A-Z]+ \//,
]

/**
 * Decides, line by line, what of wrangler's output is worth showing: the Worker's own lines, warnings and
 * build errors are; the table of bindings and the request log are not.
 */
export function tidy(): (line: string) => boolean {
  let inTable = false
  return (line) => {
    const text = stripVTControlCharacters(line).trim()
    if (text === 'Your Worker has access to the following bindings:') inTable = true
    if (inTable) {
      if (text === '') inTable = false
      return false
    }
    return text !== '' && !NOISE.some((noise) => noise.test(text))
  }
}
