import { mailboxOf } from '../base/email-address.ts'
import { USER_INDEX } from '../base/tables.ts'
import { requestIdOf, requestKey, type AccessRequestRow } from '../model/access-request.ts'
import { addressIdOf, addressKey, type AddressRow } from '../model/address.ts'
import { approvalKey, type ApprovalRow } from '../model/approval.ts'
import type { AuditRow } from '../model/audit.ts'
import { readIndexed } from '../model/indexed.ts'
import type { LinkRow } from '../model/link.ts'
import type { SessionRow } from '../model/session.ts'
import type { ConsoleDeps } from './deps.ts'

/** Everything that the tables contain about an address. */
export type PersonRows = {
  email: string
  address: AddressRow | undefined
  /** The row that counts the messages: that of the mailbox without its `+tag`, or the address row itself. */
  mailbox: AddressRow | undefined
  approval: ApprovalRow | undefined
  request: AccessRequestRow | undefined
  links: LinkRow[]
  sessions: SessionRow[]
  audit: AuditRow[]
}

/**
 * Reads a person in one round trip: the keys in one batch, in parallel with a Query of `email-index`. A Query returns
 * at most 1 MB, so a person with more rows than that (about 500 sessions) costs one more round trip for each further
 * MB.
 * @param email normalised.
 */
export async function readPerson(deps: ConsoleDeps, email: string): Promise<PersonRows> {
  const { config, db } = deps
  const mailboxEmail = mailboxOf(email)
  const [request, address, mailbox] = await Promise.all([
    requestIdOf(email).then((id) => requestKey(config, id)),
    addressIdOf(email).then((id) => addressKey(config, id)),
    addressIdOf(mailboxEmail).then((id) => addressKey(config, id)),
  ])
  const tagged = mailboxEmail !== email
  const [rows, indexed] = await Promise.all([
    db.batchGet({
      address,
      approval: approvalKey(config, email),
      request,
      // A batch must not contain a key twice.
      ...(tagged ? { mailbox } : {}),
    }),
    readIndexed(deps, email),
  ])
  return {
    email,
    address: rows.address,
    mailbox: tagged ? rows.mailbox : rows.address,
    approval: rows.approval,
    request: rows.request,
    links: indexed.filter((row) => row.tokenType === 'magic_link'),
    sessions: indexed.filter((row) => row.tokenType === 'session'),
    audit: indexed.filter((row) => row.tokenType === 'audit'),
  }
}

/**
 * The address of a user id, found through a link or a session of that person; null if there is none any more. The
 * address row itself does not contain the address. One round trip.
 */
export async function emailOfUser({ config, db }: ConsoleDeps, userId: string) {
  const { rows } = await db.query<{ email?: string }>({
    TableName: config.TOKENS_TABLE,
    IndexName: USER_INDEX,
    KeyConditionExpression: 'userId = :userId',
    ExpressionAttributeValues: { ':userId': userId },
    // Every row of the person except the address row contains the address.
    Limit: 2,
  })
  return rows.find(({ email }) => email !== undefined)?.email ?? null
}
