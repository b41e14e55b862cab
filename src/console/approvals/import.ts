import { normaliseEmail } from '../../base/email-address.ts'
import { toSeconds } from '../../base/time.ts'
import { badMembers } from '../../http/read.ts'
import type { ApprovalRow } from '../../model/approval.ts'
import {
  contentOf,
  stateOf,
  type ApprovalChange,
  type ApprovalContent,
} from '../../model/approval-change.ts'
import { whyNotChange, type ChangeRefusal } from '../../model/approval-rules.ts'
import { actorFields, type Actor } from '../actor.ts'
import type { ConsoleDeps } from '../deps.ts'
import { changeApproval, editorOf } from './change.ts'
import { cellsOf, COLUMNS, CONTENT_COLUMNS, secondsOf, type Column } from './columns.ts'
import { fromCell, parseCsv, type CsvRecord } from './csv.ts'
import { readApprovals } from './list.ts'
import { ImportedContent } from './schema.ts'

/**
 * The maximum number of changes in one call. Cloudflare limits how many calls to other services a request may make.
 */
export const LINES_PER_CALL = 250
/** The number of parallel changes. Cloudflare opens at most six connections for a request. */
const LANES = 5

/** What a line of the file did, or would do in a dry run. `detail` is for the person who wrote the file. */
export type ImportedLine = {
  line: number
  email: string | null
  outcome: 'created' | 'changed' | 'unchanged' | 'refused'
  errors?: { column: string; detail: string }[]
}

export type ImportReport = {
  dryRun: boolean
  lines: ImportedLine[]
  counts: Record<ImportedLine['outcome'], number>
  /** `fromLine` for the next call with the same file. Absent when the whole file is done. */
  nextLine?: number | undefined
}

export type Imported = { ok: true; report: ImportReport } | { ok: false; detail: string }

type Head = Partial<Record<Column, number>>
type Planned = ImportedLine & { change?: ApprovalChange; row?: ApprovalRow | undefined }

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
  if (!file.ok) return { ok: false, detail: `Line ${file.line}: ${file.why}.` }
  const [first, ...records] = file.records
  const head = headOf(first)
  if (typeof head === 'string') return { ok: false, detail: head }

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

/** The position of each column, or what is wrong with the first line. */
function headOf(first: CsvRecord | undefined): Head | string {
  const head: Head = {}
  const names = first?.cells.map((cell) => cell.trim().toLowerCase()) ?? []
  for (const [i, name] of names.entries()) {
    const column = COLUMNS.find((one) => one.toLowerCase() === name)
    if (column === undefined)
      return `Column ${i + 1} of the first line is not one of ${COLUMNS.join(', ')}.`
    if (head[column] !== undefined) return `The first line names ${column} twice.`
    head[column] = i
  }
  return head.email === undefined ? 'The first line must name the columns and include email.' : head
}

/** Plans for each line what it would do to the rows as they were read. */
function planLines(
  deps: ConsoleDeps,
  actor: Actor,
  head: Head,
  records: readonly CsvRecord[],
  rows: ReadonlyMap<string, ApprovalRow>,
  fromLine: number,
): Planned[] {
  const lineOf = new Map<string, number>()
  const width = Object.keys(head).length
  return records.flatMap(({ line, cells }): Planned | [] => {
    const refused = (column: string, detail: string, email: string | null = null): Planned => ({
      line,
      email,
      outcome: 'refused',
      errors: [{ column, detail }],
    })
    if (cells.length !== width) {
      return line < fromLine
        ? []
        : refused('', `has ${cells.length} cells, but the first line has ${width}`)
    }
    const cell = (column: Column): string | undefined => {
      const at = head[column]
      return at === undefined ? undefined : plain(fromCell(cells[at]!))
    }
    const email = normaliseEmail(cell('email')!)
    if (email === null) {
      return line < fromLine ? [] : refused('email', 'must be an email address')
    }
    const before = lineOf.get(email)
    if (before === undefined) lineOf.set(email, line)
    // Lines before fromLine are only read for their addresses, to find an address that is in the file twice.
    if (line < fromLine) return []
    if (before !== undefined) return refused('email', `is already in line ${before}`, email)
    return { line, email, ...planLine(deps, actor, email, cell, rows.get(email)) }
  })
}

function planLine(
  { config, world }: ConsoleDeps,
  actor: Actor,
  email: string,
  cell: (column: Column) => string | undefined,
  row: ApprovalRow | undefined,
): Omit<Planned, 'line' | 'email'> {
  const nowMs = world.now()
  const now = toSeconds(nowMs)
  const refused = (errors: { column: string; detail: string }[]) =>
    ({ outcome: 'refused', errors }) as const
  const is = row && cellsOf(row, now)
  const same =
    is !== undefined &&
    CONTENT_COLUMNS.every((name) => (cell(name) ?? plain(is[name])) === plain(is[name]))
  const saysWithdrawn = cell('state') === 'withdrawn' || (cell('withdrawnAt') ?? '') !== ''
  if (same && saysWithdrawn === (is.state === 'withdrawn')) {
    return { outcome: 'unchanged' }
  }
  if (saysWithdrawn) {
    return refused([
      { column: 'state', detail: 'is withdrawn: an import cannot withdraw an approval' },
    ])
  }
  const parsed = ImportedContent().safeParse(givenBy(cell))
  if (!parsed.success) {
    return refused(
      badMembers(parsed.error).map(({ pointer, detail }) => ({ column: pointer.slice(2), detail })),
    )
  }
  const content = Object.fromEntries(
    Object.entries(parsed.data).filter(([, value]) => value !== undefined),
  ) as Partial<ApprovalContent>
  const state = row && stateOf(row, now)
  if (state === 'withdrawn') {
    return refused([{ column: 'email', detail: LINE_REFUSALS.withdrawn }])
  }
  const change: ApprovalChange =
    state === undefined || state === 'ended'
      ? { action: 'approve', content: { ...contentOf(row), ...content } }
      : { action: 'change', content }
  if (change.action === 'approve' && change.content.reason === null) {
    return refused([{ column: 'reason', detail: 'is missing' }])
  }
  const why = whyNotChange(config, email, row, change, editorOf(config, actor, nowMs), now)
  if (why !== null) return refused([lineError(why, config.APPROVER_MAX_DAYS)])
  return { outcome: state === undefined ? 'created' : 'changed', change, row }
}

/** Makes texts comparable: spreadsheets change line ends, and people leave spaces at the end of a cell. */
const plain = (text: string): string => text.replace(/\r\n?/g, '\n').trim()

/** The members that a line sets, in the form of the schema. An empty cell is null. */
function givenBy(cell: (column: Column) => string | undefined): Record<string, unknown> {
  return Object.fromEntries(
    CONTENT_COLUMNS.flatMap((name): [string, unknown][] => {
      const text = cell(name)
      if (text === undefined) return []
      if (text === '') return [[name, null]]
      // A time that cannot be parsed stays text, which the schema refuses.
      return [[name, name === 'expiresAt' ? (secondsOf(text) ?? text) : text]]
    }),
  )
}

const LINE_REFUSALS: Record<Exclude<ChangeRefusal, 'too_long'>, string> = {
  absent: 'has no approval',
  already_approved: 'is already approved',
  withdrawn: 'is withdrawn: restore it first',
  not_withdrawn: 'is not withdrawn',
  own_address: 'is your own address',
  not_yours: 'was approved by someone else',
  past_end: 'must be in the future',
  not_recent: 'would be earlier: sign in again first',
}

function lineError(why: ChangeRefusal, maxDays: number): { column: string; detail: string } {
  const column = ['too_long', 'past_end', 'not_recent'].includes(why) ? 'expiresAt' : 'email'
  return why === 'too_long'
    ? { column, detail: `must be within ${maxDays} days` }
    : { column, detail: LINE_REFUSALS[why] }
}

/** Makes the changes, several in parallel. @throws DynamoUnavailable: the caller may then repeat the same call. */
async function runLines(
  deps: ConsoleDeps,
  actor: Actor,
  plan: readonly Planned[],
): Promise<ImportedLine[]> {
  const done: ImportedLine[] = []
  const queue = plan.entries()
  const lane = async () => {
    for (const [i, planned] of queue) done[i] = await runLine(deps, actor, planned)
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  return done
}

async function runLine(deps: ConsoleDeps, actor: Actor, planned: Planned): Promise<ImportedLine> {
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
  const error =
    reason === 'changed' || reason === 'unconditional' || reason === 'actor'
      ? { column: 'email', detail: 'has changed in the meantime: import the file again' }
      : lineError(reason, deps.config.APPROVER_MAX_DAYS)
  return { line: planned.line, email, outcome: 'refused', errors: [error] }
}

const reported = ({ line, email, outcome, errors }: Planned): ImportedLine => ({
  line,
  email,
  outcome,
  ...(errors === undefined ? {} : { errors }),
})
