import { mkdirSync, writeFileSync } from 'node:fs'
import type { Machine } from '../machine.ts'
import { ALPHA, type Pair, type Power } from './conclude.ts'

export type Report = {
  date: string
  command: string
  machine: Machine
  /** Cores that other programs used. */
  busyCores: [before: number, after: number]
  seconds: number
  database: 'stand-in' | 'DynamoDB Local'
  blocks: number
  conclusion: string[]
  pairs: Pair[]
  power: Power[]
  /** By whether ACCESS_REQUESTS is on. */
  neighbour: Record<'off' | 'on', Neighbour> | null
}

export type Neighbour = {
  blocks: number
  pairs: Pair[]
  /** Microseconds of the Worker's CPU time for one request and the work after it, by kind. */
  cpuMicros: Record<'ask' | 'resend', Record<string, number>>
}

/** What an idle machine still does. */
const QUIET_CORES = 0.2

/** Writes the report as JSON and as Markdown. @param name of the files, without their ending. */
export function writeReport(name: string, report: Report): string {
  mkdirSync('bench/results', { recursive: true })
  const markdown = markdownOf(report)
  writeFileSync(`bench/results/${name}.json`, `${JSON.stringify(report, rounded, 2)}\n`)
  writeFileSync(`bench/results/${name}.md`, `${markdown}\n`)
  return markdown
}

const rounded = (_name: string, value: unknown): unknown =>
  typeof value === 'number' ? Number(value.toPrecision(4)) : value

function markdownOf(report: Report): string {
  const { machine, busyCores, pairs, power, neighbour } = report
  const busy = Math.max(...busyCores) > QUIET_CORES
  return [
    `# Timing, with ${report.database === 'stand-in' ? 'a stand-in for DynamoDB' : 'DynamoDB Local'}`,
    `\`${report.command}\` wrote this file. [Timing](../../docs/threats.md#timing) says what it measures.`,
    `${report.date}, ${report.seconds} s, ${machine.cores} cores, Node ${machine.node}, workerd ${machine.workerd}. Other programs used ${busyCores.join(' cores before and ')} after.`,
    ...(busy
      ? [
          '**The machine was busy with other work.** Such a run only finds large differences: see the smallest difference below.',
        ]
      : []),
    '## Conclusion',
    report.conclusion.map((line) => `- ${line}`).join('\n'),
    '## What this run can find',
    table(
      [
        'request',
        'usual time, µs',
        'smallest difference, µs',
        'unknown again: difference, µs',
        'p, corrected',
        'answered late on purpose: difference, µs',
      ],
      power.map(({ flow, medianMicros, smallestMicros, control, late }) => [
        flow,
        medianMicros.toFixed(0),
        Number.isFinite(smallestMicros) ? smallestMicros.toFixed(1) : 'too few samples',
        interval(control),
        probability(control.corrected),
        late
          .map(
            ({ micros, compared, found }) =>
              `${micros}: ${interval(compared)}, ${found ? 'found' : 'not found'}`,
          )
          .join('<br>'),
      ]),
    ),
    '## Pairs of kinds',
    table(PAIR_COLUMNS, pairs.map(pairRow)),
    ...Object.entries(neighbour ?? {}).flatMap(([requests, { pairs, cpuMicros, blocks }]) => [
      `## A neighbour, with ACCESS_REQUESTS ${requests}`,
      `${blocks} samples of each.`,
      table(PAIR_COLUMNS, pairs.map(pairRow)),
      'CPU time of one request and of the work after it:',
      table(
        ['kind', 'ask, µs', 'resend, µs'],
        Object.entries(cpuMicros.ask).map(([kind, micros]) => [
          kind,
          micros.toFixed(0),
          cpuMicros.resend[kind]!.toFixed(0),
        ]),
      ),
    ]),
  ].join('\n\n')
}

const PAIR_COLUMNS = ['request', 'kinds', 'difference, µs', 'AUC', 'p, corrected']

const pairRow = (pair: Pair): string[] => [
  pair.flow,
  `${pair.left}, ${pair.right}`,
  interval(pair),
  pair.auc.toFixed(3),
  `${probability(pair.corrected)}${pair.corrected < ALPHA ? ' **differ**' : ''}`,
]

const interval = ({ shift, low, high }: { shift: number; low: number; high: number }): string =>
  `${shift.toFixed(1)} (${low.toFixed(1)} to ${high.toFixed(1)})`

const probability = (p: number): string => (p < 0.001 ? '< 0.001' : p.toFixed(3))

const table = (columns: string[], rows: string[][]): string =>
  [columns, columns.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')
