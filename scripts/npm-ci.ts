import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
// @ts-expect-error it is JavaScript, because it runs before anything is installed
import { whyInstall } from './bootstrap.mjs'
import { Plain } from './fail.ts'

/** Installs the packages of a folder that is no workspace, if those that are there do not match its lock file. */
export function npmCi(folder: string): void {
  const why = whyInstall(
    packagesOf(join(folder, 'package-lock.json')),
    packagesOf(join(folder, 'node_modules/.package-lock.json')),
  ) as string | null
  if (why === null) return
  console.log(`npm ci in ${folder}: ${why}`)
  const startedAt = performance.now()
  const { status, stderr } = spawnSync('npm', ['ci'], { cwd: folder, encoding: 'utf8' })
  if (status !== 0) throw new Plain(`npm ci in ${folder}: ${stderr.trim()}`)
  console.log(`installed in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
}

/** `packages` of package-lock.json. */
type Packages = Record<string, object>

function packagesOf(file: string): Packages | null {
  if (!existsSync(file)) return null
  return (JSON.parse(readFileSync(file, 'utf8')) as { packages: Packages }).packages
}
