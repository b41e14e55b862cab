import { mkdirSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { Plain, run } from '../fail.ts'
import { cover } from './cover.ts'
import { FOLDER_NAMES, folderOf } from './folders.ts'
import { instrument, type Mutant } from './instrument.ts'
import { planFor, shuffled, type Covered } from './plan.ts'
import { knownSurvivors, writeReport, type Result } from './report.ts'
import { isDetected } from './score.ts'
import { createSessions, type Sessions } from './session.ts'

const USAGE = `npm run test:mutation -- [folder…] [--sample N] [--seed S] [--minutes M] [--again] [--only TEXT]
  folder     ${FOLDER_NAMES.join(', ')} (without one: all)
  --sample   mutants of each folder, chosen at random (without it: all of them)
  --seed     chooses the sample (latchkey)
  --minutes  starts no mutant after that time
  --again    tests survivors without a verdict again, for example after a new test
  --only     mutants whose file has this text in its path
  --report   tests nothing, and writes the figures`

const local = resolve('.local/mutation')
const resultsPath = join(local, 'results.json')

/** The time that a plan's tests may take with a mutant that makes them slow. */
const SLACK_MS = 45_000

/** A survivor that is tested again may cost this many times more: most mutants do not get that far. */
const AGAIN_PATIENCE = 4

await run(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      sample: { type: 'string' },
      seed: { type: 'string', default: 'latchkey' },
      minutes: { type: 'string', default: 'Infinity' },
      only: { type: 'string', default: '' },
      again: { type: 'boolean', default: false },
      report: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return console.log(USAGE)
  const unknown = positionals.find((name) => !FOLDER_NAMES.includes(name))
  if (unknown) throw new Plain(`${unknown} is not a folder of mutants.\n${USAGE}`)
  mkdirSync(local, { recursive: true })
  const tree = join(local, 'tree')
  const mutants = await instrument(tree)
  console.log(`${mutants.length} mutants`)
  const results = readResults()
  const sessions = createSessions(tree)
  process.once('SIGINT', () => void sessions.stop().then(() => process.exit(130)))
  try {
    if (!values.report) {
      const { covered, failed } = await cover(tree, mutants, sessions, join(local, 'coverage.json'))
      for (const line of failed) console.log(`fails without a mutant, and is left out: ${line}`)
      const chosen = choose(mutants, positionals, values.seed, Number(values.sample ?? Infinity))
      const judged = new Set(
        knownSurvivors().flatMap(({ key, verdict }) => (verdict === '' ? [] : key)),
      )
      const due = chosen.filter((mutant) => {
        const known = results[mutant.key]
        if (!mutant.file.includes(values.only)) return false
        if (known?.fileHash !== mutant.fileHash) return true
        return values.again && !isDetected(known.status) && !judged.has(mutant.key)
      })
      await testAll(due, mutants, covered, results, sessions, Number(values.minutes))
    }
  } finally {
    await sessions.stop()
  }
  writeReport(mutants, results, values.seed)
})

function readResults(): Record<string, Result> {
  if (!existsSync(resultsPath)) return {}
  return JSON.parse(readFileSync(resultsPath, 'utf8')) as Record<string, Result>
}

/** The sample of each folder, one of each folder in turn: a run that is stopped early has seen them all. */
function choose(mutants: Mutant[], folders: string[], seed: string, sample: number): Mutant[] {
  const names = folders.length > 0 ? folders : FOLDER_NAMES
  const chosen = names.map((name) =>
    shuffled(
      mutants.filter(({ file }) => folderOf(file) === name),
      seed,
    ).slice(0, sample),
  )
  const longest = Math.max(...chosen.map(({ length }) => length))
  return Array.from({ length: longest }, (_, at) => chosen.flatMap((of) => of[at] ?? [])).flat()
}

async function testAll(
  due: Mutant[],
  mutants: Mutant[],
  covered: Covered[],
  results: Record<string, Result>,
  sessions: Sessions,
  minutes: number,
): Promise<void> {
  const kills: Record<string, Record<string, number>> = {}
  for (const { file, killedBy } of Object.values(results)) if (killedBy) count(file, killedBy)
  function count(file: string, by: string): void {
    const of = (kills[file] ??= {})
    of[by] = (of[by] ?? 0) + 1
  }
  const endsAt = Date.now() + minutes * 60_000
  for (const [at, mutant] of due.entries()) {
    if (Date.now() > endsAt) break
    const startedAt = Date.now()
    const neighbours = mutants.filter(({ file }) => file === mutant.file).map(({ key }) => key)
    const patience = results[mutant.key] === undefined ? 1 : AGAIN_PATIENCE
    const plan = planFor(mutant, neighbours, covered, kills[mutant.file], patience)
    const result = await test(mutant, plan, sessions)
    results[mutant.key] = result
    if (result.killedBy) count(mutant.file, result.killedBy)
    writeFileSync(resultsPath, JSON.stringify(results))
    const seconds = ((Date.now() - startedAt) / 1000).toFixed(1)
    console.log(
      `${at + 1}/${due.length} ${result.status} ${mutant.file}:${mutant.line} ${mutant.mutator} (${seconds} s)` +
        (isDetected(result.status)
          ? ''
          : `\n    - ${mutant.original}\n    + ${mutant.replacement}`),
    )
  }
}

async function test(
  mutant: Mutant,
  plan: ReturnType<typeof planFor>,
  sessions: Sessions,
): Promise<Result> {
  const { key, file, fileHash } = mutant
  const result = { key, file, fileHash, measuredAt: new Date().toISOString().slice(0, 10) }
  if (plan.length === 0) return { ...result, status: 'noCoverage' }
  for (const { path, ...step } of plan) {
    const work = {
      ...step,
      path: join(local, 'tree', path),
      mutant: mutant.id,
      bail: true,
      cover: false,
    }
    let answer = await sessions.run(work, step.timeoutMs! + SLACK_MS)
    // A busy machine may make a test late once. A mutant makes it fail twice.
    if (answer?.failure && /50[023]|[Tt]imed? ?out/.test(answer.failure)) {
      answer = await sessions.run(work, step.timeoutMs! + SLACK_MS)
    }
    if (!answer) return { ...result, status: 'timeout', killedBy: path }
    if (answer.failure) return { ...result, status: 'killed', killedBy: path }
  }
  return { ...result, status: 'survived' }
}
