import { actorFields, type Actor } from '../actor.ts'
import type { ConsoleDeps } from '../deps.ts'
import { changeApproval } from './change.ts'
import { parseCsv } from './csv.ts'
import { ruleError, type FileError, type ImportedLine } from './import-line.ts'
import { headOf, planLines, type PlannedLine } from './import-plan.ts'
import { readApprovals } from './list.ts'

/**
 * The maximum number of changes in one call. Cloudflare limits how many calls to other services a request may make.
 */
export const LINES_PER_CALL = 250
/** A report has an entry for each line, and a Worker has 128 MB of memory. */
export const MAX_LINES = 20_000
/** The number of parallel changes. Cloudflare opens at most six connections for a request. */
const LANES = 5

export type ImportReport = {
  dryRun: boolean
  lines: ImportedLine[]
  counts: Record<ImportedLine['outcome'], number>
  /** `fromLine` for the next call with the same file. Absent when the whole file is done. */
  nextLine?: number | undefined
}

export type Imported = { ok: true; report: ImportReport } | { ok: false; error: FileError }

/**
 * Imports approvals, one per line. Each line is one transaction, and a line that equals the stored approval changes
 * nothing, so a file can be imported again if an import stopped halfway. A withdrawn approval stays withdrawn. The
 * caller has already checked the actor's session.
 * @param options.fromLine the first line to import: `nextLine` of the previous report.
 */
export async function importApprovals(
  deps: ConsoleDeps,
  actor: Actor,
  text: string,
  options: { dryRun: boolean; fromLine: number },
): Promise<Imported> {
  const file = parseCsv(text)
  if (!file.ok) return file
  if (file.records.length > MAX_LINES) {
    return { ok: false, error: { code: 'too_many_lines', at: MAX_LINES } }
  }
  const [first, ...records] = file.records
  const parsed = headOf(first)
  if (!parsed.ok) return parsed
  const { head } = parsed

  const rows = new Map((await readApprovals(deps)).map((row) => [row.email, row]))
  const from = planLines(deps, actor, head, records, rows, options.fromLine)
  // The limit only counts changes, not lines that change nothing.
  let changes = 0
  const cut = options.dryRun
    ? -1
    : from.findIndex(({ change }) => change !== undefined && ++changes > LINES_PER_CALL)
  const now = cut === -1 ? from : from.slice(0, cut)
  const lines = options.dryRun ? now.map(reported) : await runLines(deps, actor, now)
  const counts = { created: 0, changed: 0, unchanged: 0, refused: 0 }
  for (const { outcome } of lines) counts[outcome]++
  deps.log.event('approvals_imported', {
    outcome: 'ok',
    dryRun: options.dryRun,
    ...counts,
    ...actorFields(actor),
  })
  const nextLine = cut === -1 ? undefined : from[cut]!.line
  return { ok: true, report: { dryRun: options.dryRun, lines, counts, nextLine } }
}

/** Makes the changes, several in parallel. @throws DynamoUnavailable: the caller may then repeat the same call. */
async function runLines(
  deps: ConsoleDeps,
  actor: Actor,
  plan: readonly PlannedLine[],
): Promise<ImportedLine[]> {
  const done: ImportedLine[] = []
  const queue = plan.entries()
  const lane = async () => {
    for (const [i, planned] of queue) done[i] = await runLine(deps, actor, planned)
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  return done
}

async function runLine(
  deps: ConsoleDeps,
  actor: Actor,
  planned: PlannedLine,
): Promise<ImportedLine> {
  const { change, row, email } = planned
  if (change === undefined || email === null) return reported(planned)
  const options = { judged: true, say: deps.log.line }
  const changed = await changeApproval(deps, actor, email, row, change, options)
  if (changed.ok) {
    return changed.event === null
      ? { ...reported(planned), outcome: 'unchanged' }
      : reported(planned)
  }
  const { reason } = changed
  const code = reason === 'unconditional' || reason === 'actor' ? 'changed' : reason
  const error = ruleError(code, deps.config.APPROVER_MAX_DAYS)
  return { line: planned.line, email, outcome: 'refused', errors: [error] }
}

const reported = ({ line, email, outcome, errors }: PlannedLine): ImportedLine => ({
  line,
  email,
  outcome,
  ...(errors === undefined ? {} : { errors }),
})
