import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { Plain, run } from '../scripts/fail.ts'
import { npmCi } from '../scripts/npm-ci.ts'
import { makeBuilds, type Build } from './builds.ts'
import { busyCores, machine, peerVersions } from './machine.ts'
import { readOptions } from './options.ts'
import { PARTS, type Size } from './parts.ts'
import { report } from './report.ts'
import {
  readResults,
  RESULTS,
  writeReadme,
  writeResults,
  type PartResult,
  type Results,
} from './results.ts'

/** For runs that are trials, or that compare another build. */
const TRIAL_RESULTS = '.local/bench'

const PEERS = 'bench/peers'

/** `npm run bench`: measures parts, one after the other, and writes their results. */
await run(async () => {
  const options = readOptions(process.argv.slice(2))
  if (options.pages) return write(RESULTS, {})
  const folder = options.trial ? TRIAL_RESULTS : RESULTS
  if (options.trial) rmSync(folder, { recursive: true, force: true })
  installPeers()
  const builds = await makeBuilds(options.against)
  const failed: string[] = []
  for (const name of options.parts) {
    try {
      const result = await measure(name, builds, options.sizeOf(name))
      write(folder, { [name]: result })
      console.log(`${name}: ${result.seconds} s`)
    } catch (error) {
      // On a busy machine a request may take too long. The other parts are still measured.
      console.error(`${name}:`, error)
      failed.push(name)
    }
  }
  console.log(report(readResults(folder)))
  console.log(`Written to ${folder}.`)
  if (failed.length > 0) throw new Plain(`failed, and not written: ${failed.join(', ')}`)
})

function write(folder: string, measured: Results): void {
  writeResults(folder, measured)
  if (folder === RESULTS) writeReadme(readResults(folder))
}

async function measure(
  name: string,
  builds: readonly Build[],
  size: Partial<Size>,
): Promise<PartResult> {
  const before = await busyCores()
  const startedAt = performance.now()
  const figures = await PARTS[name]!.measure(builds, size as Size)
  const seconds = Math.round((performance.now() - startedAt) / 1000)
  return {
    date: new Date().toISOString().slice(0, 10),
    command: ['npm run bench --', ...process.argv.slice(2)].join(' ').replace(/ --$/, ''),
    size,
    seconds,
    machine: machine(),
    busyCores: { before, after: await busyCores() },
    peers: peerVersions(),
    figures,
  }
}

/** The root's installation and checks do not know the peers' packages. */
function installPeers(): void {
  npmCi(PEERS)
  try {
    execFileSync('tsc', ['--noEmit', '-p', PEERS], { encoding: 'utf8' })
  } catch (error) {
    throw new Plain((error as { stdout: string }).stdout.trim())
  }
}
