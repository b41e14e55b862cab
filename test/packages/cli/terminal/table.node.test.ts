import { describe, expect, it } from 'vitest'
import { createPaint } from '../../../../packages/cli/terminal/paint.ts'
import { fields, table, type Column } from '../../../../packages/cli/terminal/table.ts'
import { fit, widthOf, wrap } from '../../../../packages/cli/terminal/width.ts'

const paint = createPaint(false, {})
type Row = { email: string; company: string; by: string }
const COLUMNS: Column<Row>[] = [
  { title: 'ADDRESS', of: ({ email }) => email, least: 10 },
  { title: 'COMPANY', of: ({ company }) => company, least: 8 },
  { title: 'BY', of: ({ by }) => by, least: 8 },
]
const ROWS: Row[] = [
  { email: 'jane.smith@startup.example', company: '株式会社日本語の会社', by: 'sales@example.com' },
  { email: 'a@b.example', company: 'Two\nlines', by: 'x' },
]

describe('works', () => {
  it.each([
    ['Jane', 4],
    ['日本語', 6],
    ['ｆｕｌｌ', 8],
    ['한국어', 6],
    ['Zoe\u0308', 3],
    ['👩‍👩‍👧', 2],
    ['❤️', 2],
    ['', 0],
  ])('knows how wide %s is', (text, width) => {
    expect(widthOf(text)).toBe(width)
  })

  it('cuts between letters as people see them', () => {
    expect(fit('日本語の会社', 7)).toBe('日本語…')
    expect(fit('日本語の会社', 6)).toBe('日本…')
    expect(fit('Zoe\u0308 B', 4)).toBe('Zoe\u0308…')
    expect(fit('as it is', 8)).toBe('as it is')
  })

  it('aligns wide and narrow writing', () => {
    const [titles, first, second] = table(COLUMNS, ROWS, { width: Infinity, paint })
    const at = widthOf('jane.smith@startup.example  ')
    expect(titles).toBe('ADDRESS                     COMPANY               BY')
    expect(first).toContain('jane.smith@startup.example  株式会社日本語の会社  sales@')
    expect(widthOf(second!.slice(0, second!.indexOf('Two lines')))).toBe(at)
  })

  it.each([80, 60, 40, 30, 20, 12])('fits into %s columns', (width) => {
    const lines = table(COLUMNS, ROWS, { width, paint })
    expect(lines).toHaveLength(3)
    for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(width)
    expect(lines[0]).toMatch(/^ADDRESS/)
  })

  it('cuts the last column first, and leaves one out before the address becomes too short', () => {
    expect(table(COLUMNS, ROWS, { width: 60, paint })[1]).toContain('jane.smith@startup.example')
    expect(table(COLUMNS, ROWS, { width: 22, paint })[0]).toMatch(/^ADDRESS +COMPANY$/)
  })

  it('shows names and values, and no value that there is not', () => {
    const lines = fields(
      [
        ['address', 'a@b.example'],
        ['notes', 'one\ntwo'],
        ['phone', null],
      ],
      paint,
    )
    expect(lines).toEqual(['address  a@b.example', 'notes    one', '         two'])
  })

  it('breaks sentences between words', () => {
    expect(wrap('one two three', 9, '  ', '- ')).toEqual(['  - one', '    two', '    three'])
    expect(wrap('one two three', Infinity)).toEqual(['one two three'])
  })

  it('has colours on a terminal alone, and not with NO_COLOR', () => {
    expect(createPaint(true, {})('red', 'x')).toBe('\u001b[31mx\u001b[0m')
    expect(createPaint(false, {})('red', 'x')).toBe('x')
    expect(createPaint(true, { NO_COLOR: '1' })('red', 'x')).toBe('x')
    expect(createPaint(true, { NO_COLOR: '' })('red', 'x')).not.toBe('x')
    expect(createPaint(true, { TERM: 'dumb' })('red', 'x')).toBe('x')
  })
})
