import { EMAIL_INDEX } from '../base/tables.ts'
import type { Deps } from '../http/deps.ts'
import { queryPage, type ListPage } from '../http/list-page.ts'
import type { ApprovalRow } from '../model/approval.ts'
import type { IndexedRow } from '../model/indexed.ts'
import type { AskingSession, SessionRows } from '../model/live-session.ts'

const PAGE_SIZE = 200

const SENT = 'sentAt1 sentAt2 sentAt3 sentAt4 sentAt5'
const TRIED = Array.from({ length: 10 }, (_, i) => `codeTriedAt${i + 1}`).join(' ')

/**
 * The attributes of each row that the export has, named as in docs/data.md. What is added to a row is not exported
 * before it is added here: nothing that is secret, that is derived from a secret, or that names another person.
 */
export const EXPORTED = {
  approval: 'approvedAt expiresAt phoneNumber revokedAt revokedReason',
  /** Of an approval's `metadata`. An operator may have added members that name somebody else. */
  texts: 'company reason notes',
  address: `createdAt expiresAt linksNotBefore sessionsNotBefore devices mailRefusedAt mailRefusedFor ${SENT} ${TRIED}`,
  link: 'createdAt expiresAt used usedAt deviceId phoneNumber attempts delivery metadata',
  session:
    'createdAt expiresAt usedAt deviceId deviceKey deviceName generation dpopJkt revokedAt revokedReason metadata',
  request: 'createdAt askedAt expiresAt asks deviceName decided decidedAt metadata',
  change: 'createdAt action reason',
  /** Of `before` and `after`: what an approval said, or the session that was ended. */
  content: 'company reason notes expiresAt phoneNumber withdrawn deviceName',
}

/** One page of the rows of an address. Rows of a previous owner are left out. */
export const queryExport = (
  deps: Deps,
  { userId, email }: AskingSession,
  cursor: string | undefined,
): Promise<ListPage<IndexedRow>> =>
  queryPage<IndexedRow>(
    deps,
    { list: 'export', userId },
    {
      IndexName: EMAIL_INDEX,
      KeyConditionExpression: 'email = :email',
      ExpressionAttributeValues: { ':email': email },
      ScanIndexForward: false,
      Limit: PAGE_SIZE,
    },
    cursor,
  )

/** @param rows of one page of queryExport. */
export function describeAccount(
  { userId, email }: AskingSession,
  { approval, address }: SessionRows,
  rows: readonly IndexedRow[],
) {
  const own = rows.filter(
    (row) => !('userId' in row) || row.tokenType === 'access_request' || row.userId === userId,
  )
  const ofType = (type: IndexedRow['tokenType'], names: string) =>
    own.filter(({ tokenType }) => tokenType === type).map((row) => pick(row, names))
  return {
    user: { id: userId, email },
    approval: approval
      ? { ...pick(approval, EXPORTED.approval), metadata: pick(textsOf(approval), EXPORTED.texts) }
      : null,
    address: pick(address, EXPORTED.address),
    sessions: ofType('session', EXPORTED.session),
    links: ofType('magic_link', EXPORTED.link),
    requests: ofType('access_request', EXPORTED.request),
    changes: own.flatMap((row) =>
      row.tokenType === 'audit'
        ? {
            ...pick(row, EXPORTED.change),
            before: pick(row.before, EXPORTED.content),
            after: pick(row.after, EXPORTED.content),
          }
        : [],
    ),
  }
}

/** An operator may have typed anything as `metadata`. */
const textsOf = ({ metadata }: ApprovalRow) => (typeof metadata === 'object' ? metadata : null)

/** Null without a row. JSON leaves out what the row does not have. */
const pick = (row: object | null | undefined, names: string): Record<string, unknown> | null =>
  row
    ? Object.fromEntries(
        names.split(' ').map((name) => [name, (row as Record<string, unknown>)[name]]),
      )
    : null
