/**
 * Prepares a release: `npm run release -- 0.2.0`. Writes the version into every file that names it, moves the
 * changelog's unreleased changes under it, and writes what is generated from it. It commits and publishes nothing:
 * RELEASING.md has the next steps. With `--notes VERSION`, it prints the changes of a version.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { Plain, run } from '../fail.ts'
import { changesOf, releaseChangelog } from './changelog.ts'
import { lockWithVersion, PACKAGES, PLACES, withVersion } from './versions.ts'

const CHANGELOG = 'CHANGELOG.md'
const VERSION = /^\d+\.\d+\.\d+(?:-[\w.]+)?$/

const read = (file: string): string => readFileSync(file, 'utf8')
const manifest = (folder: string) =>
  JSON.parse(read(`${folder}package.json`)) as { version: string; repository?: { url?: string } }

/** Provenance names the repository, and npm refuses a package whose manifest names another one, or none. */
function withoutRepository(): string[] {
  return PACKAGES.filter((name) => !manifest(`packages/${name}/`).repository?.url)
}

function requireClean(): void {
  const changed = execFileSync('git', ['status', '--porcelain'], { encoding: 'utf8' }).trim()
  if (changed !== '') throw new Plain('Commit or remove your changes first.')
}

function prepare(version: string): void {
  if (!VERSION.test(version)) throw new Plain(`${version} is not a version such as 0.2.0`)
  requireClean()
  const { version: from } = manifest('')
  const date = new Date().toISOString().slice(0, 10)
  // All files are made before the first is written.
  const files: Record<string, string> = {
    [CHANGELOG]: releaseChangelog(read(CHANGELOG), version, date),
    'package-lock.json': lockWithVersion(read('package-lock.json'), from, version),
  }
  for (const file of Object.keys(PLACES)) files[file] = withVersion(file, read(file), from, version)
  for (const [file, text] of Object.entries(files)) writeFileSync(file, text)
  const { status } = spawnSync(process.execPath, ['scripts/openapi/openapi.ts'], {
    stdio: 'inherit',
  })
  if (status !== 0) throw new Plain('npm run openapi failed')
  console.log(
    `${from} → ${version} in ${Object.keys(files).length} files. Next: RELEASING.md, step 3`,
  )
  const missing = withoutRepository()
  if (missing.length > 0) {
    console.log(
      `Before you publish, set "repository" in the package.json of: ${missing.join(', ')}`,
    )
  }
}

await run(() => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { notes: { type: 'string' } },
  })
  if (values.notes !== undefined) {
    const notes = changesOf(read(CHANGELOG), values.notes)
    if (notes === '') throw new Plain(`CHANGELOG.md has no ${values.notes}`)
    return console.log(notes)
  }
  const [version] = positionals
  if (version === undefined) throw new Plain('Name the version: npm run release -- 0.2.0')
  try {
    prepare(version)
  } catch (error) {
    throw error instanceof Plain ? error : new Plain((error as Error).message)
  }
})
