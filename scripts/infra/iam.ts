import { GRANTS, type Grant, type WorkerName } from './grants.ts'

export const WORKERS = Object.keys(GRANTS) as WorkerName[]

export type Statement = { Effect: 'Allow'; Action: string[]; Resource: unknown[] }
export type PolicyDocument = { Version: '2012-10-17'; Statement: Statement[] }

/** How a file format (plain IAM, CloudFormation, Terraform) refers to a resource. */
export type Arns = {
  table: (table: string) => unknown
  index: (table: string, index: string) => unknown
  /** The sender's identity and the configuration set: SES checks SendEmail against both. */
  mail: unknown[]
  /** The queue of SES's events. */
  mailEvents: unknown[]
  /** The phone number or pool that sends SMS. */
  sms: unknown[]
}

/**
 * The DynamoDB, SES and SQS part of a Worker's policy. Both Workers send links: the console for a sign-in to itself.
 * Only the console reads the queue.
 */
export const statementsOf = (worker: WorkerName, arns: Arns): Statement[] => [
  ...GRANTS[worker].map((grant) => ({
    Effect: 'Allow' as const,
    Action: grant.actions.map((action) => `dynamodb:${action}`),
    Resource: resourcesOf(grant, arns),
  })),
  { Effect: 'Allow', Action: ['ses:SendEmail'], Resource: arns.mail },
  ...(worker === 'console'
    ? [
        {
          Effect: 'Allow' as const,
          Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage'],
          Resource: arns.mailEvents,
        },
      ]
    : []),
]

/** Only the public Worker sends codes by SMS. The console signs its people in by email. */
export const smsStatementsOf = (worker: WorkerName, arns: Arns): Statement[] =>
  worker === 'public'
    ? [{ Effect: 'Allow', Action: ['sms-voice:SendTextMessage'], Resource: arns.sms }]
    : []

const resourcesOf = ({ table, indexes }: Grant, arns: Arns): unknown[] =>
  indexes === undefined ? [arns.table(table)] : indexes.map((index) => arns.index(table, index))

/** ARNs for a policy that is attached by hand. The operator replaces `*` with a region and an account. */
const PLAIN: Arns = {
  table: (table) => `arn:aws:dynamodb:*:*:table/${table}`,
  index: (table, index) => `arn:aws:dynamodb:*:*:table/${table}/index/${index}`,
  mail: ['arn:aws:ses:*:*:*'],
  mailEvents: ['arn:aws:sqs:*:*:latchkey-mail-events'],
  sms: ['arn:aws:sms-voice:*:*:*'],
}

/** The IAM policy document for the user or role of one Worker. */
export const policyOf = (worker: WorkerName): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: [...statementsOf(worker, PLAIN), ...smsStatementsOf(worker, PLAIN)],
})

/** Whether a Worker's policy allows an action of SQS. */
export const isAllowedInQueue = (worker: WorkerName, action: string): boolean =>
  policyOf(worker).Statement.some(({ Action }) => Action.includes(`sqs:${action}`))
