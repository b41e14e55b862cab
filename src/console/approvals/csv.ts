/** One record of a CSV file (RFC 4180). `line` is where it begins, counted from 1. */
export type CsvRecord = { line: number; cells: string[] }
export type CsvFile =
  | { ok: true; records: CsvRecord[] }
  | { ok: false; error: { code: 'open_quote' | 'text_after_quote'; at: number } }

/**
 * Reads CSV (RFC 4180) as spreadsheets write it: with or without a byte order mark, with CRLF, LF or CR, and with
 * commas, semicolons or tabs, whichever the first line uses. Empty lines are skipped. An unclosed quote, or text
 * after a closing quote, makes the whole file invalid, because it is then unclear where the next record begins.
 */
export function parseCsv(text: string): CsvFile {
  const body = text.replace(/^\uFEFF/, '')
  const separator = separatorOf(body)
  const records: CsvRecord[] = []
  let line = 1
  let at = 0
  while (at < body.length) {
    const record: CsvRecord = { line, cells: [] }
    for (;;) {
      if (body[at] === '"') {
        const quoted = readQuoted(body, at)
        if (quoted === null) return { ok: false, error: { code: 'open_quote', at: line } }
        record.cells.push(quoted.value)
        line += countLines(quoted.value)
        at = quoted.end
        if (at < body.length && !isEnd(body[at]!, separator)) {
          return { ok: false, error: { code: 'text_after_quote', at: line } }
        }
      } else {
        const start = at
        while (at < body.length && !isEnd(body[at]!, separator)) at++
        record.cells.push(body.slice(start, at))
      }
      if (body[at] !== separator) break
      at++
    }
    at += body.startsWith('\r\n', at) ? 2 : 1
    line++
    if (record.cells.length > 1 || record.cells[0] !== '') records.push(record)
  }
  return { ok: true, records }
}

function separatorOf(text: string): string {
  const head = /^[^\r\n]*/.exec(text)![0]
  return [',', ';', '\t'].find((separator) => head.includes(separator)) ?? ','
}

const isEnd = (character: string, separator: string) =>
  character === separator || character === '\n' || character === '\r'

const countLines = (text: string) => text.match(/\r\n|\n|\r/g)?.length ?? 0

/** A quoted cell, in which `""` stands for a quote. @param start the position of the opening quote. */
function readQuoted(text: string, start: number): { value: string; end: number } | null {
  for (let at = start + 1; ; at += 2) {
    at = text.indexOf('"', at)
    if (at === -1) return null
    if (text[at + 1] === '"') continue
    return { value: text.slice(start + 1, at).replaceAll('""', '"'), end: at + 1 }
  }
}

/**
 * A spreadsheet treats a cell that begins with one of these characters as a formula (OWASP, CSV injection), unless a
 * quote precedes it. The quote itself is in the list, so that fromCell restores text that begins with one.
 */
const FORMULA = "=+\\-@'＝＋－＠"

/**
 * Where a cell may begin: at the start of the value, and after what separates cells and lines. Where the list
 * separator is a semicolon or a tab, a spreadsheet does not see the quotes around a value, and splits the value.
 */
const [UNSAFE, SAFE] = ['', "'"].map(
  (quote) =>
    new RegExp(
      `^${quote}(?=[${FORMULA}\\t\\r\\n])|(?<=[;|\\t\\r\\n])${quote}(?=[${FORMULA}])`,
      'g',
    ),
) as [RegExp, RegExp]

/** Makes a cell safe for spreadsheets by adding a quote before text that looks like a formula. fromCell removes it. */
export const toCell = (value: string): string => value.replace(UNSAFE, "'")

/** Restores the value that was passed to toCell. A quote before any other text stays: a person typed it. */
export const fromCell = (cell: string): string => cell.replace(SAFE, '')

/** One record, including its CRLF. */
export const csvLine = (cells: readonly string[]): string =>
  `${cells.map((cell) => (/[",;\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\r\n`
