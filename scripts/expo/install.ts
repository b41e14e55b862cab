import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
// @ts-expect-error it is JavaScript, because it runs before anything is installed
import { whyInstall } from '../bootstrap.mjs'
import { Plain } from '../fail.ts'

/** What the check installs, and where it works. The repository's own `npm ci` brings nothing of Expo. */
export const MANIFEST = 'scripts/expo/types'
export const WORK = '.local/expo'

/**
 * Installs the packages of Expo and React Native whose types and config plugins are needed, when they are not there
 * yet. `package.json` replaces what only an app needs to run, such as its bundler, by an empty package.
 */
export function installTypes(): void {
  cpSync(MANIFEST, WORK, { recursive: true })
  const why = whyInstall(
    packagesOf(join(WORK, 'package-lock.json')),
    packagesOf(join(WORK, 'node_modules/.package-lock.json')),
  ) as string | null
  if (why === null) return
  console.log(`npm ci: ${why}`)
  const startedAt = performance.now()
  const { status, stderr } = spawnSync('npm', ['ci'], { cwd: WORK, encoding: 'utf8' })
  if (status !== 0) throw new Plain(`npm ci in ${WORK}: ${stderr.trim()}`)
  console.log(`installed in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
}

/** `packages` of package-lock.json. */
type Packages = Record<string, object>

function packagesOf(file: string): Packages | null {
  if (!existsSync(file)) return null
  return (JSON.parse(readFileSync(file, 'utf8')) as { packages: Packages }).packages
}
