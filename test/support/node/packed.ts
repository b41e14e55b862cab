import { execFile, execFileSync } from 'node:child_process'
import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'

export type PackageName = 'cli' | 'client' | 'expo' | 'testing' | 'verify'

export type Packed = {
  /** Where the package is unpacked. */
  root: string
  /** The paths in the tarball, sorted. */
  files: string[]
  tarballBytes: number
  dependencies: string[]
  /** Installs another package beside it, as a dependency of the program's own. */
  add: (dependency: string, installed?: string) => void
  /** Runs a program in plain Node that prints JSON. */
  run: (source: string, env?: Record<string, string>) => Promise<unknown>
  /**
   * What `tsc --strict` says of a program, in each way of resolving modules; empty when all is well.
   * @param more further flags, such as those that types of others need.
   */
  typeErrors: (source: string, more?: string[]) => string
  remove: () => void
}

/** Packs one workspace as `npm publish` would, and installs the tarball and its dependencies into an empty folder. */
export function packed(name: PackageName): Packed {
  const temp = mkdtempSync(join(tmpdir(), 'latchkey-packed-'))
  const tarball = pack(name, temp)
  const app = join(temp, 'app')
  const root = join(app, 'node_modules/@latchkey', name)
  mkdirSync(root, { recursive: true })
  execFileSync('tar', ['-xzf', tarball, '--strip-components=1', '-C', root])
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    dependencies?: Record<string, string>
  }
  const dependencies = Object.keys(manifest.dependencies ?? {})
  const add: Packed['add'] = (dependency, installed) => {
    const link = join(app, 'node_modules', dependency)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(installed ?? join(process.cwd(), 'node_modules', dependency), link)
  }
  for (const dependency of dependencies) add(dependency)
  return {
    root,
    files: filesIn(tarball),
    tarballBytes: statSync(tarball).size,
    dependencies,
    add,
    async run(source, env = {}) {
      const file = join(app, 'program.mjs')
      writeFileSync(file, source)
      const options = { env: { ...process.env, ...env } }
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ['--no-warnings', file],
        options,
      )
      return JSON.parse(stdout)
    },
    typeErrors: (source, more = []) => typeErrors(app, source, more),
    remove: () => rmSync(temp, { recursive: true }),
  }
}

/** What the tarball of a library must hold: no source, no test, and nothing of an older build. */
export function filesToPublish(name: PackageName): string[] {
  const modules = globSync(`packages/${name}/*.ts`).map((path) => basename(path, '.ts'))
  const built = modules.flatMap((module) => [`dist/${module}.d.ts`, `dist/${module}.js`])
  const scripts = globSync(`packages/${name}/*.js`).map((path) => basename(path))
  return ['LICENSE', 'README.md', 'package.json', ...scripts, ...built].toSorted()
}

/** Builds in a copy: tests that run at the same time would build into one `dist`. */
function pack(name: PackageName, temp: string): string {
  const sources = join(temp, 'sources')
  const isSource = (path: string): boolean => basename(path) !== 'dist'
  for (const path of ['package.json', 'tsconfig.json', 'packages']) {
    cpSync(path, join(sources, path), { recursive: true, filter: isSource })
  }
  symlinkSync(join(process.cwd(), 'node_modules'), join(sources, 'node_modules'))
  const flags = ['pack', '-w', `@latchkey/${name}`, '--pack-destination', temp]
  execFileSync('npm', flags, { cwd: sources, stdio: 'pipe' })
  return globSync(join(temp, '*.tgz'))[0]!
}

const filesIn = (tarball: string): string[] =>
  execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((path) => path.replace(/^package\//, ''))
    .toSorted()

function typeErrors(app: string, source: string, more: string[]): string {
  writeFileSync(join(app, 'program.ts'), source)
  const tsc = join(process.cwd(), 'node_modules/typescript/bin/tsc')
  const strict = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--target', 'es2024']
  const resolutions = [
    ['--module', 'nodenext', '--moduleResolution', 'nodenext'],
    ['--module', 'esnext', '--moduleResolution', 'bundler'],
  ]
  return resolutions
    .map((resolution) => {
      const flags = [tsc, 'program.ts', ...strict, ...resolution, '--types', '', ...more]
      try {
        return execFileSync(process.execPath, flags, { cwd: app, encoding: 'utf8' })
      } catch (error) {
        return (error as { stdout: string }).stdout
      }
    })
    .join('')
}
