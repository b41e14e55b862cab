import { GRANTS } from './grants.ts'
import { STACK_TABLES, stackTable, type StackTable } from './stack.ts'
import { TOKENS_TABLE } from '../../src/base/tables.ts'

/** A queue of the stack, by its name in CloudFormation. */
export type QueueId = 'MailEvents' | 'UnreadMailEvents'

/** The value of a metric's dimension: text, or the name of a table or queue that the stack creates. */
export type Dimension = string | { table: StackTable['id'] } | { queue: QueueId }

export type Metric = { namespace: string; name: string; dimensions: Record<string, Dimension> }

/** An alarm of CloudWatch: it rings when the sum of its metrics is at least the threshold. */
export type Alarm = {
  /** Its name in the files, in PascalCase. */
  id: string
  /** What it means, and what to do: the text of the notification. */
  description: string
  metrics: [Metric, ...Metric[]]
  /** A statistic, or a percentile such as p99. */
  statistic: 'Sum' | 'Average' | 'Maximum' | 'p99'
  periodSeconds: number
  /** It rings when so many periods in a row reach the threshold. */
  periods: number
  threshold: number | 'SmsSpendAlarmUsd'
  /** Without data, nothing is wrong; `ignore` keeps the last state. */
  missing: 'notBreaching' | 'ignore'
  /** Only if the stack sends SMS. */
  sms?: true
}

const FIVE_MINUTES = 300
const HOUR = 3600
/** A try has one second (src/dynamo/client.ts). At a fifth of it, people notice, and retries are near. */
const SLOW_MS = 200
/** AWS reviews an account from 5% bounces or 0.1% complaints on, and may pause it at 10% or 0.5%. */
const BOUNCE_RATE = 0.05
const COMPLAINT_RATE = 0.001

const dynamo = (name: string, dimensions: Record<string, Dimension>): Metric => ({
  namespace: 'AWS/DynamoDB',
  name,
  dimensions,
})

/** The calls of both Workers to a table, as CloudWatch names them. Parts of a transaction are not calls. */
function operationsOn(table: string): string[] {
  const granted = Object.values(GRANTS)
    .flat()
    .filter((grant) => grant.table === table)
    .flatMap(({ actions }) => actions)
  const calls = granted.filter((action) => action !== 'ConditionCheckItem')
  return [...new Set([...calls, 'TransactWriteItems'])].toSorted()
}

/** A throttled index refuses the writes of its table. */
const throttles = ({ id, schema }: StackTable): [Metric, ...Metric[]] => [
  dynamo('ReadThrottleEvents', { TableName: { table: id } }),
  dynamo('WriteThrottleEvents', { TableName: { table: id } }),
  ...(schema.GlobalSecondaryIndexes ?? []).flatMap(({ IndexName }) =>
    ['ReadThrottleEvents', 'WriteThrottleEvents'].map((name) =>
      dynamo(name, { TableName: { table: id }, GlobalSecondaryIndexName: IndexName }),
    ),
  ),
]

const ofTable = (table: StackTable): Alarm[] => [
  {
    id: `${table.id}Throttled`,
    description: `DynamoDB throttles ${table.schema.TableName}. Single throttles are retried; if they continue, requests get 503`,
    metrics: throttles(table),
    statistic: 'Sum',
    periodSeconds: FIVE_MINUTES,
    periods: 1,
    threshold: 20,
    missing: 'notBreaching',
  },
  {
    id: `${table.id}SystemErrors`,
    description: `DynamoDB fails for ${table.schema.TableName}. See docs/runbook.md, DynamoDB is down`,
    metrics: operationsOn(table.schema.TableName).map((operation) =>
      dynamo('SystemErrors', { TableName: { table: table.id }, Operation: operation }),
    ) as [Metric, ...Metric[]],
    statistic: 'Sum',
    periodSeconds: FIVE_MINUTES,
    periods: 1,
    threshold: 5,
    missing: 'notBreaching',
  },
]

/** The calls that a sign-in, a refresh and a check of a session wait for. */
const SLOW = ['TransactWriteItems', 'UpdateItem', 'BatchGetItem'].map(
  (operation): Alarm => ({
    id: `${stackTable(TOKENS_TABLE).id}Slow${operation}`,
    description: `One in a hundred ${operation} takes ${SLOW_MS} ms or more inside DynamoDB. People wait`,
    metrics: [
      dynamo('SuccessfulRequestLatency', {
        TableName: { table: stackTable(TOKENS_TABLE).id },
        Operation: operation,
      }),
    ],
    statistic: 'p99',
    periodSeconds: FIVE_MINUTES,
    periods: 3,
    threshold: SLOW_MS,
    missing: 'notBreaching',
  }),
)

const reputation = (name: string, threshold: number, what: string): Alarm => ({
  id: `Mail${name}`,
  description: `${what} of the SES account. AWS may stop your mail. See docs/runbook.md, Mail is down`,
  // The account's own rate has no dimensions. AWS decides by this one.
  metrics: [{ namespace: 'AWS/SES', name: `Reputation.${name}`, dimensions: {} }],
  statistic: 'Average',
  periodSeconds: HOUR,
  periods: 1,
  threshold,
  missing: 'ignore',
})

const queue = (
  name: string,
  id: QueueId,
  alarm: Pick<Alarm, 'id' | 'description' | 'threshold'>,
): Alarm => ({
  metrics: [{ namespace: 'AWS/SQS', name, dimensions: { QueueName: { queue: id } } }],
  statistic: 'Maximum',
  periodSeconds: FIVE_MINUTES,
  periods: 1,
  missing: 'notBreaching',
  ...alarm,
})

/**
 * Alarms on what only AWS can see. What Latchkey itself sees is in its log (docs/operations.md). There is no alarm on
 * ConditionalCheckFailedRequests: a failed condition is an answer, such as for a used link, and the log has its reason.
 */
export const ALARMS: readonly Alarm[] = [
  ...STACK_TABLES.flatMap(ofTable),
  ...SLOW,
  reputation('BounceRate', BOUNCE_RATE, '5% bounces'),
  reputation('ComplaintRate', COMPLAINT_RATE, '0.1% complaints'),
  queue('ApproximateAgeOfOldestMessage', 'MailEvents', {
    id: 'MailEventsUnread',
    description:
      'For an hour, the console has not read a bounce or complaint. It reads every five minutes, if MAIL_EVENTS_QUEUE_URL is set',
    threshold: HOUR,
  }),
  queue('ApproximateNumberOfMessagesVisible', 'UnreadMailEvents', {
    id: 'MailEventsUnreadable',
    description:
      'The console could not read a mail event. It is in the queue of unread events for 14 days',
    threshold: 1,
  }),
  queue('ApproximateNumberOfMessagesVisible', 'MailEvents', {
    id: 'MailEventsMany',
    description: 'Many bounces or complaints wait. Somebody may be asking for links with made-up addresses',
    threshold: 100,
  }),
  {
    id: 'SmsSpend',
    description: 'SMS of this month cost more than you set. Look for a flood of one phone number range',
    metrics: [{ namespace: 'AWS/SMSVoice', name: 'TextMessageMonthlySpend', dimensions: {} }],
    statistic: 'Maximum',
    periodSeconds: HOUR,
    periods: 1,
    threshold: 'SmsSpendAlarmUsd',
    missing: 'notBreaching',
    sms: true,
  },
]
