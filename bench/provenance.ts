import type { PartResult, Results } from './results.ts'
import { amount } from './words.ts'

/** Cores in use by other programs, above which times say little. */
const BUSY = 0.3

/** How one part was measured. */
export function ran(result: PartResult): string {
  const { date, command, size, seconds } = result
  const sizes = Object.entries(size).map(([name, count]) => `${amount(count, '')} ${name}`)
  return `\`${command}\` on ${date}: ${sizes.join(', each with ')}, in ${seconds} s. ${on(result)}`
}

/** Where all parts were measured, in short. */
export function measuredOn(results: Results): string {
  const parts = Object.values(results)
  const busiest = parts.toSorted((a, b) => busy(b) - busy(a))[0]
  const dates = [...new Set(parts.map(({ date }) => date))].toSorted()
  return busiest ? `Measured on ${dates.join(' and ')}: ${on(busiest)}` : 'Not measured yet.'
}

function on(result: PartResult): string {
  const { cores, node, workerd } = result.machine
  const { before, after } = result.busyCores
  const remark = ` **Other programs used the machine, too** (${before} cores before, ${after} after): compare ratios, not times.`
  return `${cores} cores, Node ${node}, workerd ${workerd}.${busy(result) > BUSY ? remark : ''}`
}

const busy = ({ busyCores }: PartResult): number => Math.max(busyCores.before, busyCores.after)
