import type { Config } from '../base/config.ts'
import { EMAIL_INDEX } from '../base/tables.ts'
import type { Db } from '../dynamo/db.ts'
import type { AccessRequestRow } from './access-request.ts'
import type { AuditRow } from './audit.ts'
import type { LinkRow } from './link.ts'
import type { SessionRow } from './session.ts'

/** A row that `email-index` lists. */
export type IndexedRow = LinkRow | SessionRow | AuditRow | AccessRequestRow

/** All rows of an address in `email-index` (access pattern 4), newest first. */
export const readIndexed = (
  { config, db }: { config: Config; db: Db },
  email: string,
): Promise<IndexedRow[]> =>
  db.queryAll<IndexedRow>({
    TableName: config.TOKENS_TABLE,
    IndexName: EMAIL_INDEX,
    KeyConditionExpression: 'email = :email',
    ExpressionAttributeValues: { ':email': email },
    ScanIndexForward: false,
  })
