import {
  approvalsTable,
  tokensTable,
  TTL_ATTRIBUTE,
  type CreateTable,
} from '../../src/base/tables.ts'

/** What CloudFormation and Terraform both create, under the same names. */
export const STACK = 'latchkey'
/** The value of `SES_CONFIGURATION_SET`. */
export const CONFIGURATION_SET = STACK
/** The queue receives one message for each of these events of an email. */
export const MAIL_EVENTS = ['BOUNCE', 'COMPLAINT', 'REJECT'] as const
/** 14 days, the maximum retention time of SQS. */
export const QUEUE_RETENTION_SECONDS = 1_209_600

/** After so many deliveries, a message that the console cannot read goes to the dead-letter queue. */
export const MAX_DELIVERIES = 10

export type StackTable = {
  /** The name of the table in the files. */
  id: 'Tokens' | 'Approvals'
  schema: CreateTable
  ttlAttribute: string | null
}

/** Only tokens have a TTL. Approvals are kept, to show later who was approved until when. */
export const STACK_TABLES: readonly StackTable[] = [
  { id: 'Tokens', schema: tokensTable(), ttlAttribute: TTL_ATTRIBUTE },
  { id: 'Approvals', schema: approvalsTable(), ttlAttribute: null },
]

export const stackTable = (name: string): StackTable => {
  const table = STACK_TABLES.find(({ schema }) => schema.TableName === name)
  if (table === undefined) throw new Error(`${name} is not a table of the stack`)
  return table
}
