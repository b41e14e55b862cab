import { table } from '../scripts/markdown-table.ts'
import { columns, times } from './cells.ts'
import { measuredOn } from './provenance.ts'
import type { Results } from './results.ts'
import { FLOWS, type Flow } from './visitors/visitor.ts'
import { amount, BUILD_NAMES, flowName } from './words.ts'

type Line = { label: string; part: string; measure: string; flow?: Flow; at?: number }

/** The lines of the README's table. They are chosen for their subject, not for their winner. */
const SUMMARY: Line[] = [
  ...FLOWS.map((flow) => ({
    label: `Round trips to DynamoDB: ${flowName(flow)}`,
    part: 'latency',
    measure: 'round trips',
    flow,
  })),
  ...FLOWS.map((flow) => ({
    label: `Latency, DynamoDB 80 ms away: ${flowName(flow)}`,
    part: 'latency',
    measure: 'latency',
    flow,
    at: 80,
  })),
  ...FLOWS.map((flow) => ({
    label: `CPU time: ${flowName(flow)}`,
    part: 'cpu',
    measure: 'cpu',
    flow,
  })),
  {
    label: 'Sign-ins a second, 64 at a time (more is better)',
    part: 'load',
    measure: 'throughput',
    flow: 'sign-in',
    at: 64,
  },
  { label: 'Bundle, gzip', part: 'startup', measure: 'bundle, gzip' },
  { label: 'Start-up of an isolate, CPU', part: 'startup', measure: 'start-up' },
  { label: 'First ask of an isolate, CPU', part: 'startup', measure: 'first flow' },
]

/** The short table of the README: medians, how many times Latchkey's each is, and where they were measured. */
export function summary(results: Results): string {
  const requests = results['memory']?.size.requests
  const memory = { part: 'memory', measure: 'memory', at: requests ?? 0 }
  const label = `Memory after ${amount(requests ?? 0, '')} requests`
  const all = Object.values(results).flatMap(({ figures }) => figures)
  const builds = columns(all).filter((build) => build !== 'against')
  const lines = [...SUMMARY, { label, ...memory }].flatMap(({ label, part, ...about }) => {
    const figures = (results[part]?.figures ?? []).filter(
      (one) => one.measure === about.measure && one.flow === about.flow && one.at === about.at,
    )
    if (figures.length === 0) return []
    const cells = builds.map((build) => {
      const figure = figures.find((one) => one.build === build)
      if (!figure) return '–'
      return `${amount(figure.median, figure.unit)}${times(figure)}`
    })
    return [[label, ...cells]]
  })
  const shown = table(['', ...builds.map((build) => BUILD_NAMES[build])], lines)
  return `${shown}\n\n${measuredOn(results)}`
}
