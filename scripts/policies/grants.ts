import { APPROVALS_TABLE, EMAIL_INDEX, TOKENS_TABLE, USER_INDEX } from '../../src/base/tables.ts'

export type WorkerName = 'public' | 'console'

/** What a Worker may do with a table. Actions as IAM names them: those of a transaction's parts, not of the whole. */
export type Grant = { table: string; actions: readonly string[]; indexes?: readonly string[] }

const READ = ['GetItem', 'BatchGetItem', 'ConditionCheckItem'] as const

/**
 * What each Worker may do in DynamoDB: the one list, from which the policies in infra/iam are made, and against which
 * every call of every test is checked. The public Worker reads approvals and never writes them: whatever goes wrong in what
 * the internet reaches, it can approve nobody.
 */
export const GRANTS: Record<WorkerName, readonly Grant[]> = {
  public: [
    { table: TOKENS_TABLE, actions: [...READ, 'PutItem', 'UpdateItem'] },
    { table: TOKENS_TABLE, actions: ['Query'], indexes: [EMAIL_INDEX, USER_INDEX] },
    { table: APPROVALS_TABLE, actions: READ },
  ],
  console: [
    // It deletes to erase a person.
    { table: TOKENS_TABLE, actions: [...READ, 'PutItem', 'UpdateItem', 'DeleteItem'] },
    { table: TOKENS_TABLE, actions: ['Query'], indexes: [EMAIL_INDEX, USER_INDEX] },
    { table: APPROVALS_TABLE, actions: [...READ, 'Scan', 'UpdateItem', 'DeleteItem'] },
  ],
}
