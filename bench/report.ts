import { table } from '../scripts/markdown-table.ts'
import { columns, times } from './cells.ts'
import type { Figure } from './figures.ts'
import { ran } from './provenance.ts'
import type { PartResult, Results } from './results.ts'
import { CHARTS, NOTES, PART_TEXTS, RERUN } from './texts.ts'
import { amount, BUILD_NAMES, flowName } from './words.ts'

/** The page with all figures. */
export function report(results: Results): string {
  const { openauth = '', betterAuth = '' } = Object.values(results)[0]?.peers ?? {}
  const sections = Object.entries(PART_TEXTS).flatMap(([name, about]) => {
    const result = results[name]
    if (!result) return []
    const charts = CHARTS.filter(({ part }) => part === name).map(
      ({ title, file }) => `![${title}](${file})`,
    )
    return [`## ${about.title}`, about.text, ran(result), ...charts, ...tables(result, about.at)]
  })
  return `${[
    '# Results of the benchmark',
    '`npm run bench` writes this page. Do not edit it.',
    RERUN,
    NOTES.replace('{openauth}', openauth).replace('{betterAuth}', betterAuth),
    ...sections,
  ].join('\n\n')}\n`
}

/** One table for each measure: a row for each flow, a column for each build. */
function tables({ figures }: PartResult, at = ''): string[] {
  const measures = [...new Set(figures.map(({ measure }) => measure))]
  const plain = figures.every(({ flow, at }) => flow === undefined && at === undefined)
  if (plain) return [rows('measure', figures, ({ measure }) => measure)]
  return measures.map((measure) =>
    rows(
      measure,
      figures.filter((one) => one.measure === measure),
      (one) =>
        [
          one.flow === undefined ? '' : flowName(one.flow),
          one.at === undefined ? '' : `${amount(one.at, '')} ${at}`,
        ]
          .filter((part) => part !== '')
          .join(', '),
    ),
  )
}

function rows(head: string, figures: Figure[], label: (figure: Figure) => string): string {
  const builds = columns(figures)
  const labels = [...new Set(figures.map(label))]
  return table(
    [head, ...builds.map((build) => BUILD_NAMES[build])],
    labels.map((text) => [
      text,
      ...builds.map((build) =>
        cell(figures.find((one) => one.build === build && label(one) === text)),
      ),
    ]),
  )
}

function cell(figure: Figure | undefined): string {
  if (!figure) return '–'
  const { median, low, high, p95, unit, rounds, measure } = figure
  const quartiles = rounds > 1 ? ` (${amount(low, '')}–${amount(high, '')})` : ''
  const tail = measure === 'latency' ? `, p95 ${amount(p95, '')}` : ''
  return `${amount(median, unit)}${quartiles}${tail}${times(figure)}`
}
