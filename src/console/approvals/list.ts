import { fromUtf8, utf8 } from '../../base/encoding.ts'
import { toSeconds } from '../../base/time.ts'
import type { ApprovalRow } from '../../model/approval.ts'
import { contentOf, stateOf, type ApprovalState } from '../../model/approval-change.ts'
import type { Actor } from '../actor.ts'
import type { ConsoleDeps } from '../deps.ts'

/** `active` also includes approvals in the state `ending`. */
export type ApprovalFilter = { state?: ApprovalState | undefined; q?: string | undefined }
export const SORTS = ['email', 'approvedAt', 'expiresAt', 'company'] as const
export type ApprovalOrder = { sort: (typeof SORTS)[number]; order: 'asc' | 'desc' }

export type ApprovalPage = {
  rows: ApprovalRow[]
  /** The number on all pages. */
  total: number
  /** The number in each state, of all approvals, including those that the filter leaves out. */
  counts: Record<ApprovalState, number>
  nextCursor: string | undefined
}

/** Reads all approvals. The schema expects less than 1 MB of them, which is one page of a Scan. */
export const readApprovals = ({ config, db }: ConsoleDeps): Promise<ApprovalRow[]> =>
  db.queryAll<ApprovalRow>({ TableName: config.APPROVALS_TABLE, ConsistentRead: true })

export function filterApprovals(
  { world }: ConsoleDeps,
  rows: readonly ApprovalRow[],
  { state, q = '' }: ApprovalFilter,
): ApprovalRow[] {
  const now = toSeconds(world.now())
  const wanted = q.trim().toLowerCase()
  return rows.filter((row) => {
    const is = stateOf(row, now)
    const inState = state === undefined || is === state || (state === 'active' && is === 'ending')
    return inState && (wanted === '' || searchedIn(row).includes(wanted))
  })
}

function searchedIn(row: ApprovalRow): string {
  const { company, reason } = contentOf(row)
  return [row.email, company, reason, row.approvedBy].join('\n').toLowerCase()
}

export function countStates(
  { world }: ConsoleDeps,
  rows: readonly ApprovalRow[],
): ApprovalPage['counts'] {
  const now = toSeconds(world.now())
  const counts = { active: 0, ending: 0, ended: 0, withdrawn: 0 }
  for (const row of rows) counts[stateOf(row, now)]++
  return counts
}

/**
 * One page. A cursor contains the approval after which the page begins, not a number of approvals. So if an approval
 * is added or removed between two pages, no other approval appears twice or is left out.
 * @returns null if the cursor does not belong to this list and actor.
 */
export async function listApprovals(
  deps: ConsoleDeps,
  actor: Actor,
  all: readonly ApprovalRow[],
  query: ApprovalFilter & ApprovalOrder & { limit: number; cursor?: string | undefined },
): Promise<ApprovalPage | null> {
  const { sort, order, limit } = query
  const found = filterApprovals(deps, all, query)
  const list = [actor.name, query.state ?? '', query.q ?? '', sort, order]
  const after = query.cursor === undefined ? undefined : await openCursor(deps, list, query.cursor)
  if (after === null) return null
  const sign = order === 'asc' ? 1 : -1
  const sorted = found
    .map((row): [Position, ApprovalRow] => [positionOf(row, sort), row])
    .filter(([position]) => after === undefined || sign * compare(position, after) > 0)
    .toSorted(([a], [b]) => sign * compare(a, b))
  const page = sorted.slice(0, limit)
  const last = page.at(-1)
  return {
    rows: page.map(([, row]) => row),
    total: found.length,
    counts: countStates(deps, all),
    nextCursor:
      last === undefined || sorted.length <= limit
        ? undefined
        : await sealCursor(deps, list, last[0]),
  }
}

/** The sort key of an approval. It ends with the address, so that no two keys are equal. */
type Position = [key: string | number, email: string]

function positionOf(row: ApprovalRow, sort: ApprovalOrder['sort']): Position {
  const { company, expiresAt } = contentOf(row)
  const key = {
    email: row.email,
    company: (company ?? '').toLowerCase(),
    approvedAt: row.approvedAt ?? 0,
    // An approval that never expires comes after all others.
    expiresAt: expiresAt ?? Number.MAX_SAFE_INTEGER,
  }[sort]
  return [key, row.email]
}

const compare = ([a, emailA]: Position, [b, emailB]: Position): number =>
  order(a, b) || order(emailA, emailB)

const order = (a: string | number, b: string | number): number => (a < b ? -1 : a > b ? 1 : 0)

type Cursor = [kind: 'approvals', list: string[], position: Position]

const sealCursor = ({ seals }: ConsoleDeps, list: string[], position: Position) =>
  seals.seal('cursor', utf8(JSON.stringify(['approvals', list, position] satisfies Cursor)))

async function openCursor(
  { seals }: ConsoleDeps,
  list: string[],
  cursor: string,
): Promise<Position | null> {
  const opened = await seals.open('cursor', cursor)
  if (opened === null) return null
  // The public Worker seals cursors of its lists with the same keys and purpose. They have another `kind`.
  const [kind, of, position] = JSON.parse(fromUtf8(opened.bytes)) as Cursor
  return kind === 'approvals' && JSON.stringify(of) === JSON.stringify(list) ? position : null
}
