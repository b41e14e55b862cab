import type { Config } from '../base/config.ts'
import { shortHash } from '../base/encoding.ts'
import { addSeconds, type UnixSeconds } from '../base/time.ts'
import type { Update } from '../dynamo/db.ts'
import type { Item, Value } from '../dynamo/items.ts'
import { approvalKey, type ApprovalRow } from './approval.ts'

/** The part of an approval that people edit. */
export type ApprovalContent = {
  company: string | null
  reason: string | null
  notes: string | null
  expiresAt: UnixSeconds | null
  phoneNumber: string | null
}

/** The content of a row. An operator may have written the row by hand, with any kind of metadata. */
export function contentOf(row: ApprovalRow | undefined): ApprovalContent {
  const { company, reason, notes } = metadataOf(row)
  return {
    company: textOf(company),
    reason: textOf(reason),
    notes: textOf(notes),
    expiresAt: row?.expiresAt ?? null,
    phoneNumber: row?.phoneNumber ?? null,
  }
}

const textOf = (value: Value | undefined) => (typeof value === 'string' ? value : null)

function metadataOf(row: ApprovalRow | undefined): Item {
  const metadata = row?.metadata
  return typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata)
    ? metadata
    : {}
}

const ENDING_SECONDS = 7 * 86_400

/** `ending`: the approval is active and expires within seven days. */
export type ApprovalState = 'active' | 'ending' | 'ended' | 'withdrawn'

export function stateOf(row: ApprovalRow, now: UnixSeconds): ApprovalState {
  if (row.revokedAt != null) return 'withdrawn'
  if (row.expiresAt == null) return 'active'
  if (row.expiresAt <= now) return 'ended'
  return row.expiresAt <= addSeconds(now, ENDING_SECONDS) ? 'ending' : 'active'
}

export type ApprovalChange =
  | { action: 'approve'; content: ApprovalContent }
  | { action: 'change'; content: Partial<ApprovalContent> }
  | { action: 'withdraw'; reason: string | null }
  /** @property expiresAt a new end. Without it, the old end stays. */
  | { action: 'restore'; expiresAt?: UnixSeconds | null | undefined }

/** When the approval ends after the change. */
export function endAfter(row: ApprovalRow | undefined, change: ApprovalChange): UnixSeconds | null {
  const before = row?.expiresAt ?? null
  if (change.action === 'withdraw') return before
  const given = change.action === 'restore' ? change.expiresAt : change.content.expiresAt
  return given === undefined ? before : given
}

/**
 * Whether the change is already done. Then an editor who repeats a request after a lost response gets the same
 * response.
 * @param hasChanged whether the row is no longer as the editor read it.
 */
export function isDone(
  row: ApprovalRow | undefined,
  change: ApprovalChange,
  by: string,
  hasChanged = false,
): boolean {
  if (row === undefined) return false
  if (change.action === 'withdraw') return row.revokedAt != null && row.revokedBy === by
  if (row.revokedAt != null) return false
  // No attribute says who restored a row. But who restores one that is not withdrawn has read it when it was.
  if (change.action === 'restore') {
    return hasChanged && endAfter(row, change) === (row.expiresAt ?? null)
  }
  if (change.action === 'approve' && row.approvedBy !== by) return false
  const is: Record<string, unknown> = contentOf(row)
  return Object.entries(change.content).every(([name, value]) => is[name] === value)
}

/** The row after the change. */
export function rowAfter(
  email: string,
  row: ApprovalRow | undefined,
  change: ApprovalChange,
  by: string,
  now: UnixSeconds,
): ApprovalRow {
  const version = (row?.version ?? 0) + 1
  const { revokedAt: _1, revokedBy: _2, revokedReason: _3, ...rest } = row ?? { email }
  switch (change.action) {
    case 'approve':
      return {
        ...withContent(rest, change.content),
        email,
        approvedBy: by,
        approvedAt: now,
        version,
      }
    case 'change':
      return { ...withContent(row ?? { email }, change.content), version }
    case 'withdraw': {
      const { reason } = change
      const revokedReason = reason === null ? {} : { revokedReason: reason }
      return { ...rest, revokedAt: now, revokedBy: by, ...revokedReason, version }
    }
  }
  change satisfies { action: 'restore' }
  // A company address that was shut out may have had no approval. Then restoring creates one.
  const approved = { approvedBy: by, approvedAt: now }
  return { ...approved, ...rest, expiresAt: endAfter(row, change), version }
}

function withContent(row: ApprovalRow, content: Partial<ApprovalContent>): ApprovalRow {
  const { expiresAt, phoneNumber, company, reason, notes } = { ...contentOf(row), ...content }
  const { phoneNumber: _, ...rest } = row
  const given = { company, reason, notes }
  const texts = Object.entries(given).filter(([, text]) => text !== null)
  const { company: _1, reason: _2, notes: _3, ...typedByHand } = metadataOf(row)
  return {
    ...rest,
    expiresAt,
    ...(phoneNumber === null ? {} : { phoneNumber }),
    metadata: { ...typedByHand, ...Object.fromEntries(texts) },
  }
}

/** The attributes that a change may write. Its condition compares each of them with the value that was read. */
const ATTRIBUTES = [
  'approvedBy',
  'approvedAt',
  'expiresAt',
  'phoneNumber',
  'revokedAt',
  'revokedBy',
  'revokedReason',
  'metadata',
  'version',
] as const satisfies (keyof ApprovalRow)[]

/** The tag of a row's content. Two rows have the same tag exactly if all ATTRIBUTES are equal. */
export const tagOf = (row: ApprovalRow): Promise<string> =>
  shortHash(JSON.stringify(ATTRIBUTES.map((name) => [name, sorted(row[name])])), 22)

/** Sorts the members of maps, because DynamoDB returns them in no particular order. */
function sorted(value: Value | undefined): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(sorted)
  return Object.entries(value)
    .map(([name, member]) => [name, sorted(member)])
    .toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1))
}

/**
 * Writes the row after a change. Condition: all ATTRIBUTES are as they were read (tagOf is the same rule as a
 * predicate). So two editors cannot overwrite each other's change, and a manual change in the table is not
 * overwritten either.
 */
export function replaceApproval(
  config: Config,
  before: ApprovalRow | undefined,
  after: ApprovalRow,
): Update<ApprovalRow> {
  const was = ATTRIBUTES.map((name, i) =>
    before?.[name] === undefined ? `attribute_not_exists(#a${i})` : `#a${i} = :old${i}`,
  )
  const exists = before === undefined ? 'attribute_not_exists(email)' : 'attribute_exists(email)'
  const set = ATTRIBUTES.flatMap((name, i) =>
    after[name] === undefined ? [] : `#a${i} = :new${i}`,
  )
  const gone = ATTRIBUTES.flatMap((name, i) => (after[name] === undefined ? `#a${i}` : []))
  const values = ATTRIBUTES.flatMap((name, i): [string, Value | undefined][] => [
    [`:old${i}`, before?.[name]],
    [`:new${i}`, after[name]],
  ])
  return {
    Update: {
      ...approvalKey(config, after.email),
      UpdateExpression:
        `SET ${set.join(', ')}` + (gone.length === 0 ? '' : ` REMOVE ${gone.join(', ')}`),
      ConditionExpression: [exists, ...was].join(' AND '),
      ExpressionAttributeNames: Object.fromEntries(ATTRIBUTES.map((name, i) => [`#a${i}`, name])),
      ExpressionAttributeValues: Object.fromEntries(values),
    },
  }
}
