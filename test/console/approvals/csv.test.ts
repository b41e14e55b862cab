import { describe, expect, it } from 'vitest'
import { csvLine, fromCell, parseCsv, toCell } from '../../../src/console/approvals/csv.ts'
import { secondsOf } from '../../../src/console/approvals/columns.ts'

const cellsOf = (text: string): string[][] => {
  const file = parseCsv(text)
  if (!file.ok) throw new Error(JSON.stringify(file.error))
  return file.records.map(({ cells }) => cells)
}

describe('works', () => {
  it.each([
    [
      'a,b\r\n1,2\r\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'a,b\n1,2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'a,b\r1,2\r',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      '\uFEFFa,b\r\n1,2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    // Elsewhere it is a character like any other.
    [
      'a,b\r\n1,x\uFEFFy',
      [
        ['a', 'b'],
        ['1', 'x\uFEFFy'],
      ],
    ],
    [
      'a;b\n1,5;2',
      [
        ['a', 'b'],
        ['1,5', '2'],
      ],
    ],
    [
      'a\tb\n1\t2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'a,b\n"1,2","say ""hi"""\n',
      [
        ['a', 'b'],
        ['1,2', 'say "hi"'],
      ],
    ],
    [
      'a,b\n"two\r\nlines",""\n',
      [
        ['a', 'b'],
        ['two\r\nlines', ''],
      ],
    ],
    [
      'a,b\n,\n',
      [
        ['a', 'b'],
        ['', ''],
      ],
    ],
    ['a\n\n\nx\n\n', [['a'], ['x']]],
    [
      'a,b\nit"s,2',
      [
        ['a', 'b'],
        ['it"s', '2'],
      ],
    ],
    ['', []],
    ['\r\n', []],
  ])('reads %j', (text, cells) => {
    expect(cellsOf(text)).toEqual(cells)
  })

  it('numbers lines as an editor does', () => {
    const file = parseCsv('a\r\n"x\r\ny"\r\n\r\nb\r\n')
    expect(file).toMatchObject({ ok: true, records: [{ line: 1 }, { line: 2 }, { line: 5 }] })
  })

  it('T76: restores every value that it wrote, and writes none that a spreadsheet runs as a formula', () => {
    const values = [
      '=1+1',
      '+4915112345678',
      '-2',
      '@SUM(A1)',
      '\tx',
      '\rx',
      '\nx',
      "'",
      "''",
      "'=1",
      "'plain",
      '＝1',
      'a,b',
      'a;b',
      'say "x"',
      'two\nlines',
      'x;=1+1;y',
      'x\n=1+1',
      "x;'=1;''+1",
      'x\t@a|-b',
      'x;\t=1',
      "rock;n;'n'roll",
      '=1;=2',
      'x\n\ny',
      ' spaced ',
      '',
    ]
    const [line] = cellsOf(csvLine(values.map(toCell)))
    expect(line!.map(fromCell)).toEqual(values)
    for (const cell of line!) {
      expect(cell).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/)
      // Where a semicolon or a tab separates cells, quotes in the middle of a line mean nothing.
      for (const part of cell.split(/[;|\t\r\n]/)) expect(part).not.toMatch(/^[=+\-@＝＋－＠]/)
    }
  })

  it.each([
    ['2027-03-31', '2027-03-31T23:59:59Z'],
    ['2027-03-31T12:00Z', '2027-03-31T12:00:00Z'],
    ['2027-03-31T12:00:00+02:00', '2027-03-31T10:00:00Z'],
  ])('reads the time %s', (cell, iso) => {
    expect(secondsOf(cell)).toBe(Date.parse(iso) / 1000)
  })
})

describe('refuses', () => {
  it.each([
    ['a,b\n"open,2\n3,4', 2, 'open_quote'],
    ['a,b\n"x"y,2', 2, 'text_after_quote'],
    ['"', 1, 'open_quote'],
  ])('%j', (text, line, code) => {
    expect(parseCsv(text)).toEqual({ ok: false, error: { code, at: line } })
  })

  it.each([
    '31.03.2027',
    '2027-02-30',
    '2027-13-01',
    '2027-03-31T12:00:00',
    '1798675199',
    'soon',
    '=1',
  ])('the time %s', (cell) => {
    expect(secondsOf(cell)).toBeNull()
  })
})
