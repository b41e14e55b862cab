import type { Build } from './builds.ts'
import type { Figure } from './figures.ts'
import { measureCpu } from './parts/cpu.ts'
import { measureLatency } from './parts/latency.ts'
import { measureLoad } from './parts/load.ts'
import { measureMemory } from './parts/memory.ts'
import { measureSigning } from './parts/signing.ts'
import { measureStartup } from './parts/startup.ts'

/** Rounds, and requests of each flow in a round. A part has one of them or both. */
export type Size = { rounds: number; requests: number }

type Part = {
  measure: (builds: readonly Build[], size: Size) => Promise<Figure[]>
  size: Partial<Size>
  /** For a trial. */
  quick: Partial<Size>
  /** It takes long, or is rarely of interest: measured only by name. */
  onDemand?: true
}

export const PARTS: Record<string, Part> = {
  startup: { measure: measureStartup, size: { rounds: 15 }, quick: { rounds: 3 } },
  cpu: {
    measure: measureCpu,
    size: { rounds: 15, requests: 100 },
    quick: { rounds: 3, requests: 20 },
  },
  load: {
    measure: measureLoad,
    size: { rounds: 5, requests: 192 },
    quick: { rounds: 1, requests: 64 },
  },
  latency: { measure: measureLatency, size: { rounds: 20 }, quick: { rounds: 3 } },
  memory: {
    measure: measureMemory,
    size: { requests: 100_000 },
    quick: { requests: 2000 },
    onDemand: true,
  },
  signing: {
    measure: measureSigning,
    size: { rounds: 15, requests: 500 },
    quick: { rounds: 3, requests: 100 },
    onDemand: true,
  },
}
