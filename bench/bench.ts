import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { Plain, run } from '../scripts/fail.ts'
import { npmCi } from '../scripts/npm-ci.ts'
import { makeBuilds, type Build } from './builds.ts'
import type { Figure } from './figures.ts'
import { measureCpu } from './parts/cpu.ts'
import { measureLatency } from './parts/latency.ts'
import { measureLoad } from './parts/load.ts'
import { measureMemory } from './parts/memory.ts'
import { measureSigning } from './parts/signing.ts'
import { measureStartup } from './parts/startup.ts'
import { report } from './report.ts'
import { readResults, RESULTS, writeReadme, writeResults, type PartResult } from './results.ts'

type Size = { rounds: number; requests: number }
type Part = {
  measure: (builds: readonly Build[], size: Size) => Promise<Figure[]>
  size: Partial<Size>
  quick: Partial<Size>
  /** Measured when no part is named. */
  usual: boolean
}

const PARTS: Record<string, Part> = {
  startup: { measure: measureStartup, size: { rounds: 15 }, quick: { rounds: 3 }, usual: true },
  cpu: {
    measure: measureCpu,
    size: { rounds: 15, requests: 100 },
    quick: { rounds: 3, requests: 20 },
    usual: true,
  },
  load: {
    measure: measureLoad,
    size: { rounds: 5, requests: 192 },
    quick: { rounds: 1, requests: 64 },
    usual: true,
  },
  latency: { measure: measureLatency, size: { rounds: 20 }, quick: { rounds: 3 }, usual: true },
  memory: {
    measure: measureMemory,
    size: { requests: 100_000 },
    quick: { requests: 2000 },
    usual: false,
  },
  signing: {
    measure: measureSigning,
    size: { rounds: 15, requests: 500 },
    quick: { rounds: 3, requests: 100 },
    usual: false,
  },
}
const QUICK_RESULTS = '.local/bench'

/** `npm run bench -- [part…] [--quick] [--against <index.js>]`. */
await run(async () => {
  const { positionals, values } = parseArgs({
    options: { quick: { type: 'boolean', default: false }, against: { type: 'string' } },
    allowPositionals: true,
  })
  const { quick, against } = values
  const unknown = positionals.find((name) => !(name in PARTS))
  if (unknown !== undefined)
    throw new Plain(`There is no part ${unknown}. The parts are ${Object.keys(PARTS).join(', ')}.`)
  if (against !== undefined && !existsSync(against))
    throw new Plain(`The file ${against} does not exist.`)
  const names =
    positionals.length > 0 ? positionals : Object.keys(PARTS).filter((name) => PARTS[name]!.usual)

  npmCi('bench/peers')
  const builds = await makeBuilds(against)
  const command = ['npm run bench', ...(process.argv.length > 2 ? ['--'] : [])]
  command.push(...process.argv.slice(2))
  const folder = quick || against !== undefined ? QUICK_RESULTS : RESULTS
  for (const name of names) {
    const { measure, ...sizes } = PARTS[name]!
    const size = quick ? sizes.quick : sizes.size
    const [startedAt, before] = [performance.now(), loadavg()[0]!]
    const figures = await measure(builds, size as Size)
    const result: PartResult = {
      date: new Date().toISOString().slice(0, 10),
      command: command.join(' '),
      size,
      machine: {
        cores: availableParallelism(),
        node: process.versions.node,
        workerd: versionOf('workerd/package.json'),
      },
      load: { before: rounded(before), after: rounded(loadavg()[0]!) },
      peers: {
        openauth: versionOf('./peers/node_modules/@openauthjs/openauth/package.json'),
        betterAuth: versionOf('./peers/node_modules/better-auth/package.json'),
      },
      figures,
    }
    // After each part, so that a later one that fails loses nothing.
    writeResults(folder, { [name]: result })
    console.log(`${name}: ${((performance.now() - startedAt) / 1000).toFixed(0)} s`)
  }
  if (folder === RESULTS) writeReadme(readResults(folder))
  console.log(report(readResults(folder)))
  console.log(`Written to ${folder}.`)
})

function versionOf(manifest: string): string {
  const path = createRequire(import.meta.url).resolve(manifest)
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10
}
