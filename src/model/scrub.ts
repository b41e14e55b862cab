import type { Config } from '../base/config.ts'
import type { World } from '../base/world.ts'
import type { Db, Delete, Update } from '../dynamo/db.ts'
import { addressIdOf, addressKey } from './address.ts'
import type { AuditRow } from './audit.ts'
import { anonymiseAudit } from './erasure.ts'
import { readIndexed, type IndexedRow } from './indexed.ts'

type ScrubDeps = { config: Config; db: Db; world: World }

/** What is left of a person whose identity is gone. */
export type Left = {
  email: string
  /** The user id, if the address has become somebody else's: only rows with this id go. */
  only?: string | undefined
  /** Whether the approval was erased too. */
  approval: boolean
}

/** A transaction takes 100 parts. */
const PARTS = 50
const PAUSE_MS = 1000

/** Deletes what is left of a person. @returns how many rows it deleted or made anonymous. */
export async function scrub(deps: ScrubDeps, left: Left): Promise<number> {
  const { config, db } = deps
  const { email, only } = left
  const rows = await readIndexed(deps, email)
  // Read after the rows: the links of a person who asked with the address in between are then not taken for old ones.
  const address = await db.get(addressKey(config, await addressIdOf(email)))
  const gone = ({ userId }: { userId: string }) =>
    only === undefined ? userId !== address?.userId : userId === only
  const parts = rows.flatMap((row) => scrubPart(config, row, gone, left) ?? [])
  let count = 0
  for (let from = 0; from < parts.length; from += PARTS) {
    count += await transactThoseLeft(deps, parts.slice(from, from + PARTS))
  }
  return count
}

/** The index is behind the table for a moment: this pass finds the rows that were written just before the first one. */
export async function scrubLater(deps: ScrubDeps, left: Left): Promise<number> {
  await deps.world.sleep(PAUSE_MS)
  return scrub(deps, left)
}

/** Runs the parts, without those that are refused: TTL has deleted their rows since they were listed. @returns how many ran. */
async function transactThoseLeft(
  { db }: Pick<ScrubDeps, 'db'>,
  parts: (Delete | Update<AuditRow>)[],
): Promise<number> {
  if (parts.length === 0) return 0
  const { refused } = await db.transact(
    Object.fromEntries(parts.map((part, i) => [String(i), part])),
  )
  if (refused === undefined) return parts.length
  return transactThoseLeft(
    { db },
    parts.filter((_, i) => refused[i] === undefined),
  )
}

/** @param gone whether a link or session is an erased person's. */
function scrubPart(
  config: Config,
  row: IndexedRow,
  gone: (row: { userId: string }) => boolean,
  { only, approval }: Left,
): Delete | Update<AuditRow> | null {
  if (row.tokenType === 'access_request') return null
  if (row.tokenType === 'audit') {
    // What was decided about an approval stays answerable for as long as the approval is there.
    const aboutApproval = row.action.startsWith('approval_') || row.action === 'request_approved'
    return only === undefined && (approval || !aboutApproval) ? anonymiseAudit(config, row) : null
  }
  return gone(row)
    ? { Delete: { TableName: config.TOKENS_TABLE, Key: { tokenId: row.tokenId } } }
    : null
}
