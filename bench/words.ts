import type { BuildName } from './builds.ts'
import type { Flow } from './visitors/visitor.ts'

/** In the order of the columns. */
export const BUILD_NAMES: Record<BuildName, string> = {
  latchkey: 'Latchkey',
  against: 'the other build',
  floor: 'bare floor',
  openauth: 'OpenAuth',
  'better-auth': 'Better Auth',
}

const FLOW_NAMES: Record<Flow, string> = {
  ask: 'ask',
  'sign-in': 'sign in',
  check: 'check',
  refresh: 'refresh',
}
export const flowName = (flow: Flow): string => FLOW_NAMES[flow]

/** Three digits, and thousands separated: `1,240 µs`. */
export function amount(value: number, unit: string): string {
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value) || 1)))
  const text = value.toLocaleString('en-US', { maximumFractionDigits: digits })
  return unit.startsWith('/') || unit === '' ? `${text}${unit}` : `${text} ${unit}`
}
