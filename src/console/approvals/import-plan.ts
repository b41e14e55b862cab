import { normaliseEmail } from '../../base/email-address.ts'
import { normalisePhone } from '../../base/phone-number.ts'
import { toSeconds } from '../../base/time.ts'
import { badMembers } from '../../http/read.ts'
import type { ApprovalRow } from '../../model/approval.ts'
import {
  contentOf,
  stateOf,
  type ApprovalChange,
  type ApprovalContent,
} from '../../model/approval-change.ts'
import { whyNotChange } from '../../model/approval-rules.ts'
import type { Actor } from '../actor.ts'
import type { ConsoleDeps } from '../deps.ts'
import { editorOf } from './change.ts'
import {
  cellsOf,
  COLUMNS,
  CONTENT_COLUMNS,
  secondsOf,
  type Column,
  type ContentColumn,
} from './columns.ts'
import { fromCell, type CsvRecord } from './csv.ts'
import { ruleError, type FileError, type ImportedLine, type LineError } from './import-line.ts'
import { ImportedContent } from './schema.ts'

type Head = Partial<Record<Column, number>>
/** How much of a wrong cell the report shows. */
const MAX_VALUE = 60
const NO_TIME = 'must be a day such as 2027-03-31, or a time such as 2027-03-31T12:00:00Z'

/** What a line would do. `change` is absent if it does nothing. */
export type PlannedLine = ImportedLine & { change?: ApprovalChange; row?: ApprovalRow | undefined }

/** The position of each column, or what is wrong with the first line. */
export function headOf(
  first: CsvRecord | undefined,
): { ok: true; head: Head } | { ok: false; error: FileError } {
  const head: Head = {}
  const names = first?.cells.map((cell) => cell.trim().toLowerCase()) ?? []
  for (const [i, name] of names.entries()) {
    const column = COLUMNS.find((one) => one.toLowerCase() === name)
    if (column === undefined) {
      return {
        ok: false,
        error: { code: 'unknown_column', at: first!.cells[i]!.trim().slice(0, 60) || i + 1 },
      }
    }
    if (head[column] !== undefined) {
      return { ok: false, error: { code: 'repeated_column', at: column } }
    }
    head[column] = i
  }
  return head.email === undefined
    ? { ok: false, error: { code: 'no_email_column', at: 1 } }
    : { ok: true, head }
}

/** Plans for each line what it would do to the rows as they were read. */
export function planLines(
  deps: ConsoleDeps,
  actor: Actor,
  head: Head,
  records: readonly CsvRecord[],
  rows: ReadonlyMap<string, ApprovalRow>,
  fromLine: number,
): PlannedLine[] {
  const lineOf = new Map<string, number>()
  const width = Object.keys(head).length
  return records.flatMap(({ line, cells }): PlannedLine | [] => {
    const refused = (error: LineError, email: string | null = null): PlannedLine => ({
      line,
      email,
      outcome: 'refused',
      errors: [error],
    })
    if (cells.length !== width) {
      const detail = `has ${cells.length} cells, but the first line has ${width}`
      return line < fromLine ? [] : refused({ column: '', code: 'cells', detail })
    }
    const cell = (column: Column): string | undefined => {
      const at = head[column]
      return at === undefined ? undefined : plain(fromCell(cells[at]!))
    }
    const email = normaliseEmail(cell('email')!)
    if (email === null) {
      const [detail, value] = ['must be an email address', cell('email')!.slice(0, MAX_VALUE)]
      return line < fromLine ? [] : refused({ column: 'email', code: 'invalid', detail, value })
    }
    const before = lineOf.get(email)
    if (before === undefined) lineOf.set(email, line)
    // Lines before fromLine are only read for their addresses, to find an address that is in the file twice.
    if (line < fromLine) return []
    if (before !== undefined) {
      const detail = `is already in line ${before}`
      return refused({ column: 'email', code: 'repeated', detail }, email)
    }
    return { line, email, ...planLine(deps, actor, email, cell, rows.get(email)) }
  })
}

function planLine(
  { config, world }: ConsoleDeps,
  actor: Actor,
  email: string,
  cell: (column: Column) => string | undefined,
  row: ApprovalRow | undefined,
): Omit<PlannedLine, 'line' | 'email'> {
  const nowMs = world.now()
  const now = toSeconds(nowMs)
  const refused = (...errors: LineError[]) => ({ outcome: 'refused', errors }) as const
  const is = row && cellsOf(row, now)
  const same =
    is !== undefined &&
    CONTENT_COLUMNS.every(
      (name) => valueOf(name, cell(name) ?? is[name]) === valueOf(name, is[name]),
    )
  const saysWithdrawn = cell('state') === 'withdrawn' || (cell('withdrawnAt') ?? '') !== ''
  if (same && saysWithdrawn === (is.state === 'withdrawn')) {
    return { outcome: 'unchanged' }
  }
  if (saysWithdrawn) {
    const detail = 'is withdrawn: an import cannot withdraw an approval'
    return refused({ column: 'state', code: 'withdrawal', detail })
  }
  const parsed = ImportedContent().safeParse(givenBy(cell))
  if (!parsed.success) {
    return refused(
      ...badMembers(parsed.error).map(({ pointer, detail }): LineError => {
        const column = pointer.slice(2) as ContentColumn
        const value = cell(column)?.slice(0, MAX_VALUE)
        return {
          column,
          code: 'invalid',
          detail: column === 'expiresAt' ? NO_TIME : detail,
          ...(value === undefined ? {} : { value }),
        }
      }),
    )
  }
  const content = Object.fromEntries(
    Object.entries(parsed.data).filter(([, value]) => value !== undefined),
  ) as Partial<ApprovalContent>
  const state = row && stateOf(row, now)
  if (state === 'withdrawn') {
    return refused(ruleError('withdrawn', config.APPROVER_MAX_DAYS))
  }
  const change: ApprovalChange =
    state === undefined || state === 'ended'
      ? { action: 'approve', content: { ...contentOf(row), ...content } }
      : { action: 'change', content }
  if (change.action === 'approve' && change.content.reason === null) {
    return refused({ column: 'reason', code: 'missing', detail: 'is missing' })
  }
  const why = whyNotChange(config, email, row, change, editorOf(config, actor, nowMs), now)
  if (why !== null) return refused(ruleError(why, config.APPROVER_MAX_DAYS))
  return { outcome: state === undefined ? 'created' : 'changed', change, row }
}

/** Makes two spellings of one value equal: a day and its last second, or a number with and without spaces. */
function valueOf(name: ContentColumn, text: string): string {
  if (name === 'expiresAt') return String(secondsOf(text) ?? text)
  return name === 'phoneNumber' ? (normalisePhone(text) ?? text) : plain(text)
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
