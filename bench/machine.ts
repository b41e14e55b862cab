import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism, cpus } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'

/** What decides the figures, and nothing that identifies the machine. */
export type Machine = { cores: number; node: string; workerd: string }

export const machine = (): Machine => ({
  cores: availableParallelism(),
  node: process.versions.node,
  workerd: versionOf('workerd/package.json'),
})

export const peerVersions = (): { openauth: string; betterAuth: string } => ({
  openauth: versionOf('./peers/node_modules/@openauthjs/openauth/package.json'),
  betterAuth: versionOf('./peers/node_modules/better-auth/package.json'),
})

const LOOK_MS = 1000

/** How many cores other programs use now. Nothing of the benchmark may run meanwhile. */
export async function busyCores(): Promise<number> {
  const before = busyMs()
  const startedAt = performance.now()
  await sleep(LOOK_MS)
  const busy = (busyMs() - before) / (performance.now() - startedAt)
  return Math.round(busy * 10) / 10
}

const busyMs = (): number =>
  cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0)

function versionOf(manifest: string): string {
  const path = createRequire(import.meta.url).resolve(manifest)
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version
}
