import { GRANTS, type WorkerName } from './grants.ts'

/** One action of a call on one resource, in the form that IAM evaluates. */
export type Access = { action: string; table: string; index?: string | undefined }

type Input = { TableName?: string; IndexName?: string }
type Batch = { RequestItems?: Record<string, unknown> }
type Transaction = { TransactItems?: Record<string, Input>[] }

const PARTS: Record<string, string> = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
  Get: 'GetItem',
}

/** All actions of a call: one for each table in a batch, and one for each part of a transaction. */
export function accessesOf(operation: string, input: unknown): Access[] {
  const { RequestItems } = input as Batch
  if (RequestItems !== undefined) {
    return Object.keys(RequestItems).map((table) => ({ action: operation, table }))
  }
  const { TransactItems } = input as Transaction
  if (TransactItems !== undefined) {
    return TransactItems.flatMap((item) =>
      Object.entries(item).map(([part, { TableName = '' }]) => ({
        action: PARTS[part] ?? part,
        table: TableName,
      })),
    )
  }
  const { TableName = '', IndexName } = (input ?? {}) as Input
  return [{ action: operation, table: TableName, index: IndexName }]
}

/** Whether a Worker's policy allows the action. A table and each of its indexes are separate resources. */
export const isAllowed = (worker: WorkerName, { action, table, index }: Access): boolean =>
  GRANTS[worker].some(
    (grant) =>
      grant.table === table &&
      grant.actions.includes(action) &&
      (index === undefined ? grant.indexes === undefined : grant.indexes?.includes(index)),
  )
