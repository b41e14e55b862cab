import type { Paint, Style } from './paint.ts'
import { fit, pad, widthOf } from './width.ts'

export type Column<Row> = {
  title: string
  of: (row: Row) => string
  style?: (row: Row) => Style | undefined
  /** In a narrow terminal the column is cut down to this, and no further. By default it is never cut. */
  least?: number
}

const GAP = 2

/**
 * A table that fits into so many columns: the last texts are cut first, and when that is not enough, the last columns are
 * left out. Texts are made one line each.
 */
export function table<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  { width, paint }: { width: number; paint: Paint },
): string[] {
  const cells = rows.map((row) => columns.map(({ of }) => of(row).replace(/\s+/g, ' ').trim()))
  const natural = columns.map(({ title }, n) =>
    Math.max(widthOf(title), ...cells.map((row) => widthOf(row[n]!))),
  )
  const widths = shrink(natural, columns, width)
  const line = (texts: readonly string[], styles: readonly (Style | undefined)[]): string =>
    widths
      .map((columns, n) => {
        const text = fit(texts[n]!, columns)
        const last = n === widths.length - 1
        return paint(styles[n], text) + (last ? '' : pad('', columns - widthOf(text)))
      })
      .join(' '.repeat(GAP))
      .trimEnd()
  const titles = columns.map(({ title }) => title)
  return [
    line(
      titles,
      titles.map(() => 'bold'),
    ),
    ...rows.map((row, n) =>
      line(
        cells[n]!,
        columns.map(({ style }) => style?.(row)),
      ),
    ),
  ]
}

/** The width of each column that is shown. */
function shrink<Row>(
  natural: readonly number[],
  columns: readonly Column<Row>[],
  width: number,
): number[] {
  const widths = [...natural]
  let over = widths.reduce((sum, one) => sum + one, 0) + GAP * (widths.length - 1) - width
  for (let n = widths.length - 1; n >= 0 && over > 0; n--) {
    const least = Math.min(columns[n]!.least ?? Infinity, widths[n]!)
    const less = Math.min(over, widths[n]! - least)
    widths[n] = widths[n]! - less
    over -= less
  }
  return over > 0 && widths.length > 1 ? shrink(natural.slice(0, -1), columns, width) : widths
}

/** Names and values, one a line. A value of several lines goes on under its beginning. Values of null are left out. */
export function fields(all: readonly (readonly [string, string | null])[], paint: Paint): string[] {
  const shown = all.filter((one): one is readonly [string, string] => one[1] !== null)
  const width = Math.max(...shown.map(([name]) => widthOf(name))) + GAP
  return shown.flatMap(([name, value]) => {
    const [first = '', ...more] = value.split('\n')
    return [
      paint('dim', name) + pad('', width - widthOf(name)) + first,
      ...more.map((line) => pad('', width) + line),
    ]
  })
}
