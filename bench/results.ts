import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chart } from './chart.ts'
import type { Figure } from './figures.ts'
import type { Machine, peerVersions } from './machine.ts'
import type { Size } from './parts.ts'
import { report } from './report.ts'
import { summary } from './summary.ts'
import { CHARTS } from './texts.ts'

/** One run of one part. */
export type PartResult = {
  date: string
  command: string
  size: Partial<Size>
  seconds: number
  machine: Machine
  /** Cores that other programs used just before and after: the more, the less the absolute times say. */
  busyCores: { before: number; after: number }
  peers: ReturnType<typeof peerVersions>
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
  writeFileSync(join(folder, 'results.json'), json(results))
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

/** One figure a line. */
function json(results: Results): string {
  const parts = Object.entries(results).map(([name, { figures, ...about }]) => {
    const lines = figures.map((figure) => `    ${JSON.stringify(figure)}`).join(',\n')
    const start = JSON.stringify(about).slice(0, -1)
    return `  ${JSON.stringify(name)}: ${start}, "figures": [\n${lines}\n  ]}`
  })
  return `{\n${parts.join(',\n')}\n}\n`
}
