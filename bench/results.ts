import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chart } from './chart.ts'
import type { Figure } from './figures.ts'
import { CHARTS, report, summary } from './report.ts'

/** One run of one part. The machine is named by what decides the figures, and by nothing that identifies it. */
export type PartResult = {
  date: string
  command: string
  /** Rounds, and requests of each flow in a round. */
  size: { rounds?: number; requests?: number }
  machine: { cores: number; node: string; workerd: string }
  /** Processes that wanted a core, before and after: the more, the less the absolute times say. */
  load: { before: number; after: number }
  peers: { openauth: string; betterAuth: string }
  figures: Figure[]
}
export type Results = Record<string, PartResult>

export const RESULTS = 'bench/results'
const README = 'README.md'
const MARK =
  /(<!-- written by npm run bench -->\n)[^]*?(\n<!-- end of what npm run bench writes -->)/

export function readResults(folder: string): Results {
  const file = join(folder, 'results.json')
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Results) : {}
}

/** Replaces the parts that were measured, and writes the pages of all parts again. */
export function writeResults(folder: string, measured: Results): void {
  const results = { ...readResults(folder), ...measured }
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'results.json'), `${JSON.stringify(results, null, 2)}\n`)
  writeFileSync(join(folder, 'README.md'), report(results))
  for (const { file, ...about } of CHARTS) {
    const figures = results[about.part]?.figures
    if (figures) writeFileSync(join(folder, file), chart({ ...about, figures }))
  }
}

/** Writes the short table into the README. */
export function writeReadme(results: Results): void {
  const text = readFileSync(README, 'utf8')
  if (!MARK.test(text)) throw new Error(`${README} has no place for the table of the benchmark`)
  writeFileSync(
    README,
    text.replace(MARK, (_, start, end) => `${start}\n${summary(results)}\n${end}`),
  )
}
