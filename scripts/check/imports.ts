import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path/posix'
import { Plain, run } from '../fail.ts'

/**
 * Who may import whom in src/, from top to bottom: a file imports its own level and those below. The first
 * line that fits a path counts, so a file may stand apart from its folder.
 */
const LEVELS: [level: number, paths: string[]][] = [
  // The schema is constants that everything may name.
  [0, ['dynamo/tables.ts']],
  [5, ['index.ts']],
  [4, ['app.ts', 'isolate.ts']],
  [3, ['admin/', 'approvals/', 'links/', 'sessions/', 'token/', 'users/', 'wellknown/']],
  // What a request carries, and how it is read and answered.
  [2, ['deps.ts', 'http.ts']],
  [1, ['crypto/', 'dynamo/', 'send/', 'ui/']],
  [
    0,
    ['address.ts', 'config.ts', 'variables.ts', 'headers.ts', 'log.ts', 'problem.ts', 'world.ts'],
  ],
]
const FEATURES = 3

/** A feature may use of another: its item builders, its schemas, and these by name. */
const DOORS = [
  /\/(store|schema)\.ts$/,
  // The shape of a grant, which features fulfil.
  /^token\/grant\.ts$/,
  // Whether a session lives, the guard of a route, and how a session ends.
  /^sessions\/(judge|check|revoke)\.ts$/,
]

const IMPORT =
  /\b(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]|\bimport\s*\(?\s*['"]([^'"]+)['"]/g

type Import = { from: string; line: number; to: string; typeOnly: boolean }

/** @param sources path below src/ → text. @returns `src/<path>:<line> <what is wrong>`, in order. */
export function checkImports(sources: Map<string, string>): string[] {
  const imports = [...sources].flatMap(([from, text]) => importsOf(from, text))
  const homeless = [...sources.keys()]
    .filter((path) => levelOf(path) === undefined)
    .map((path) => `src/${path}:1 has no level in scripts/check/imports.ts`)
  const wrong = imports.flatMap((one) => {
    const why = whyNot(one.from, one.to)
    return why ? [`src/${one.from}:${one.line} ${why}`] : []
  })
  return [...homeless, ...wrong, ...circles(imports.filter((one) => !one.typeOnly))]
}

function importsOf(from: string, text: string): Import[] {
  return [...text.matchAll(IMPORT)].flatMap((match) => {
    const target = match[1] ?? match[2] ?? ''
    if (!target.startsWith('.')) return []
    const line = text.slice(0, match.index + match[0].length).split('\n').length
    const typeOnly = /^(import|export)\s+type\b/.test(match[0])
    return [{ from, line, to: join(dirname(from), target), typeOnly }]
  })
}

function levelOf(path: string): number | undefined {
  const fits = (one: string): boolean => (one.endsWith('/') ? path.startsWith(one) : path === one)
  return LEVELS.find(([, paths]) => paths.some(fits))?.[0]
}

function whyNot(from: string, to: string): string | null {
  if (to.startsWith('..')) return `imports ${to}, which is outside src`
  const [fromLevel, toLevel] = [levelOf(from), levelOf(to)]
  if (fromLevel === undefined || toLevel === undefined) return null
  if (toLevel > fromLevel) return `imports ${to}, which is above it`
  const otherFeature =
    fromLevel === FEATURES && toLevel === FEATURES && feature(from) !== feature(to)
  if (otherFeature && !DOORS.some((door) => door.test(to))) {
    return `imports ${to}: another feature is used through its store.ts or schema.ts`
  }
  return null
}

const feature = (path: string): string => path.split('/')[0] ?? ''

/** @returns one line for each import that closes a circle; types leave none behind when the code runs. */
function circles(imports: Import[]): string[] {
  const targets = Map.groupBy(imports, (one) => one.from)
  const done = new Set<string>()
  const lines: string[] = []
  const walk = (path: string, trail: string[]): void => {
    if (done.has(path)) return
    for (const { line, to } of targets.get(path) ?? []) {
      const start = [...trail, path].indexOf(to)
      if (start === -1) walk(to, [...trail, path])
      else
        lines.push(
          `src/${path}:${line} closes a circle: ${[...trail, path, to].slice(start).join(' → ')}`,
        )
    }
    done.add(path)
  }
  for (const path of targets.keys()) walk(path, [])
  return lines
}

if (import.meta.main) {
  await run(() => {
    const paths = globSync('**/*.{ts,tsx}', { cwd: 'src' }).map((path) =>
      path.replaceAll('\\', '/'),
    )
    const found = checkImports(
      new Map(paths.toSorted().map((path) => [path, readFileSync(`src/${path}`, 'utf8')])),
    )
    if (found.length > 0) throw new Plain(found.join('\n'))
    console.log(`${paths.length} files import downwards, in no circle`)
  })
}
