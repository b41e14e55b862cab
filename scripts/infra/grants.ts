import { APPROVALS_TABLE, EMAIL_INDEX, TOKENS_TABLE, USER_INDEX } from '../../src/base/tables.ts'

export type WorkerName = 'public' | 'console'

/** What a Worker may do with a table, as IAM actions. A transaction needs the actions of its parts. */
export type Grant = { table: string; actions: readonly string[]; indexes?: readonly string[] }

const READ = ['GetItem', 'BatchGetItem', 'ConditionCheckItem'] as const

/**
 * What each Worker may do in DynamoDB. The policies in infra/iam are generated from this list, and the fault proxy
 * checks every call of every test against it. The public Worker may read approvals but not write them, so that a
 * mistake in it cannot approve anyone.
 */
export const GRANTS: Record<WorkerName, readonly Grant[]> = {
  public: [
    // Both Workers delete rows only to erase a person.
    { table: TOKENS_TABLE, actions: [...READ, 'PutItem', 'UpdateItem', 'DeleteItem'] },
    { table: TOKENS_TABLE, actions: ['Query'], indexes: [EMAIL_INDEX, USER_INDEX] },
    { table: APPROVALS_TABLE, actions: READ },
  ],
  console: [
    { table: TOKENS_TABLE, actions: [...READ, 'PutItem', 'UpdateItem', 'DeleteItem'] },
    { table: TOKENS_TABLE, actions: ['Query'], indexes: [EMAIL_INDEX, USER_INDEX] },
    { table: APPROVALS_TABLE, actions: [...READ, 'Scan', 'UpdateItem', 'DeleteItem'] },
  ],
}
