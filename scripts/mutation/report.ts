import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { FOLDER_NAMES, folderOf } from './folders.ts'
import type { Mutant } from './instrument.ts'
import { shuffled } from './plan.ts'
import { isDetected, stratified, wilson, type Counts, type Status } from './score.ts'

export type Result = {
  key: string
  file: string
  fileHash: string
  measuredAt: string
  status: Status
  /** The test file that noticed it. */
  killedBy?: string
}

/** A mutant that no test notices. `reason` is written by hand, and kept by the next run. */
export type Survivor = {
  key: string
  at: string
  mutator: string
  original: string
  replacement: string
  status: Status
  /**
   * `equivalent`: no test can notice it. `harmless`: a test could, and would hold nothing that matters. `tested since`:
   * a test was written after the last measurement.
   */
  verdict: '' | 'equivalent' | 'harmless' | 'tested since'
  reason: string
}

export type Figures = {
  measuredAt: string
  seed: string
  folders: Record<string, Counts & { mutants: number; equivalent: number }>
  survivors: Survivor[]
}

const FIGURES = 'scripts/mutation/results.json'
const PAGE = 'docs/mutation.md'

/** The survivors of the last report. */
export const knownSurvivors = (): Survivor[] =>
  existsSync(FIGURES) ? (JSON.parse(readFileSync(FIGURES, 'utf8')) as Figures).survivors : []

/** Writes the figures and the page about them. Only the sample counts: the first mutants in the seed's order. */
export function writeReport(
  mutants: Mutant[],
  results: Record<string, Result>,
  seed: string,
): void {
  const reasons = new Map(
    knownSurvivors().map(({ key, verdict, reason }) => [key, { verdict, reason }]),
  )
  const figures: Figures = { measuredAt: '', seed, folders: {}, survivors: [] }
  for (const name of FOLDER_NAMES) {
    const all = mutants.filter(({ file }) => folderOf(file) === name)
    const sample = sampled(shuffled(all, seed), results)
    const counts = { killed: 0, timeout: 0, survived: 0, noCoverage: 0 }
    let equivalent = 0
    for (const mutant of sample) {
      const { status, measuredAt } = results[mutant.key]!
      counts[status]++
      if (measuredAt > figures.measuredAt) figures.measuredAt = measuredAt
      if (isDetected(status)) continue
      const { verdict = '', reason = '' } = reasons.get(mutant.key) ?? {}
      if (verdict === 'equivalent') equivalent++
      const { key, file, line, mutator, original, replacement } = mutant
      figures.survivors.push({
        key,
        at: `${file}:${line}`,
        mutator,
        original,
        replacement,
        status,
        verdict,
        reason,
      })
    }
    figures.folders[name] = { mutants: all.length, ...counts, equivalent }
  }
  figures.survivors.sort((a, b) => a.at.localeCompare(b.at, 'en', { numeric: true }))
  writeFileSync(FIGURES, `${JSON.stringify(figures, null, 2)}\n`)
  const page = readFileSync(PAGE, 'utf8')
  const [before, rest = ''] = page.split('<!-- figures -->\n')
  const after = rest.split('<!-- end of figures -->')[1] ?? '\n'
  writeFileSync(
    PAGE,
    `${before}<!-- figures -->\n\n${render(figures)}\n<!-- end of figures -->${after}`,
  )
  console.log(table(figures).join('\n'))
}

/**
 * @returns the mutants with a result up to the first without one: results of a later `--only` would not be a random
 * sample.
 */
function sampled(ordered: Mutant[], results: Record<string, Result>): Mutant[] {
  const isMeasured = ({ key, fileHash }: Mutant): boolean => results[key]?.fileHash === fileHash
  const end = ordered.findIndex((mutant) => !isMeasured(mutant))
  return end < 0 ? ordered : ordered.slice(0, end)
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`

function table({ folders }: Figures): string[] {
  const rows = Object.entries(folders).map(([name, counts]) => {
    const detected = counts.killed + counts.timeout
    const tested = detected + counts.survived + counts.noCoverage
    const [low, high] = wilson(detected, tested)
    const possible = wilson(detected, tested - counts.equivalent)
    const stratum = {
      mutants: counts.mutants,
      sampled: tested,
      detected,
      equivalent: counts.equivalent,
    }
    const cells = [
      name,
      counts.mutants,
      tested,
      counts.killed,
      counts.timeout,
      counts.survived,
      counts.noCoverage,
      tested ? percent(detected / tested) : '–',
      `${percent(low)} – ${percent(high)}`,
      tested ? percent(detected / (tested - counts.equivalent)) : '–',
      `${percent(possible[0])} – ${percent(possible[1])}`,
    ]
    return { stratum, row: `| ${cells.join(' | ')} |` }
  })
  const strata = rows.map(({ stratum }) => stratum)
  const all = stratified(strata)
  const possible = stratified(
    strata.map((stratum) => ({ ...stratum, sampled: stratum.sampled - stratum.equivalent })),
  )
  const sum = (of: (stratum: (typeof strata)[0]) => number): number =>
    strata.reduce((total, stratum) => total + of(stratum), 0)
  return [
    '| folder | mutants | tested | killed | timed out | survived | not reached | score | 95% interval | without the equivalent | 95% interval |',
    '| --- | --: | --: | --: | --: | --: | --: | --: | --- | --: | --- |',
    ...rows.map(({ row }) => row),
    `| **all** | ${sum(({ mutants }) => mutants)} | ${sum(({ sampled: tested }) => tested)} | | | | | **${percent(all.share)}** | ${percent(all.low)} – ${percent(all.high)} | **${percent(possible.share)}** | ${percent(possible.low)} – ${percent(possible.high)} |`,
  ]
}

/** Code in a cell of a table, in one line. */
const cell = (code: string): string => {
  const line = code.replace(/\s+/g, ' ').trim()
  const short = line.length > 90 ? `${line.slice(0, 60)} … ${line.slice(-25)}` : line
  return `\`\` ${short.replaceAll('|', '\\|')} \`\``
}

function render(figures: Figures): string {
  const { measuredAt, seed, survivors } = figures
  return [
    `Measured on ${measuredAt}, with the seed \`${seed}\`.`,
    '',
    '<!-- prettier-ignore-start -->',
    '',
    ...table(figures),
    '',
    '## Survivors',
    '',
    '| where | code | mutant | verdict | why |',
    '| --- | --- | --- | --- | --- |',
    ...survivors.map(
      ({ at, original, replacement, status, verdict, reason }) =>
        `| ${at} | ${cell(original)} | ${cell(replacement)} | ${verdict || (status === 'noCoverage' ? 'not reached' : '')} | ${reason} |`,
    ),
    '',
    '<!-- prettier-ignore-end -->',
    '',
  ].join('\n')
}
