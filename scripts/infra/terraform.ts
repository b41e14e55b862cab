import { STS_AUDIENCE } from '../../src/base/assume-role.ts'
import { ALARM_VARIABLES, alarmResources } from './alarms-terraform.ts'
import type { WorkerName } from './grants.ts'
import { smsStatementsOf, statementsOf, WORKERS, type Arns, type Statement } from './iam.ts'
import {
  CONFIGURATION_SET,
  MAIL_EVENTS,
  MAX_DELIVERIES,
  QUEUE_RETENTION_SECONDS,
  STACK,
  STACK_TABLES,
  stackTable,
  type StackTable,
} from './stack.ts'
import { roleNameOf, trustPolicyOf } from './trust.ts'

const nameOf = ({ id }: StackTable): string => id.toLowerCase()
const tableNamed = (name: string): string => `aws_dynamodb_table.${nameOf(stackTable(name))}.arn`
const SES =
  'arn:${data.aws_partition.current.partition}:ses:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}'

const ARNS: Arns = {
  table: (table) => `\${${tableNamed(table)}}`,
  index: (table, index) => `\${${tableNamed(table)}}/index/${index}`,
  mail: [`${SES}:identity/\${var.mail_domain}`, `${SES}:configuration-set/${CONFIGURATION_SET}`],
  mailEvents: ['${aws_sqs_queue.mail_events.arn}'],
  sms: ['${var.sms_sender_arn}'],
}

/** The Terraform module, as an object of Terraform's JSON syntax. */
export const terraform = () => ({
  '//': 'Written by npm run infra. Do not edit it.',
  terraform: {
    required_version: '>= 1.5',
    required_providers: { aws: { source: 'hashicorp/aws', version: '>= 5.40, < 7' } },
  },
  variable: {
    ...Object.fromEntries(
      STACK_TABLES.map((table) => [
        `${nameOf(table)}_table_name`,
        {
          type: 'string',
          default: table.schema.TableName,
          description: `The value of ${table.id.toUpperCase()}_TABLE`,
        },
      ]),
    ),
    mail_domain: {
      type: 'string',
      description: 'The domain of MAIL_FROM, an identity that SES has verified',
    },
    sms_sender_arn: {
      type: 'string',
      default: '',
      description: 'ARN of the phone number or pool that sends SMS. Leave it empty without SMS',
    },
    issuer_host: {
      type: 'string',
      default: '',
      description:
        'Host of ISSUER, such as auth.example.com: creates a role for each Worker, which needs no access key',
    },
    access_key_users: {
      type: 'bool',
      default: true,
      description: 'Whether to create an IAM user for each Worker. With issuer_host, choose false',
    },
    ...ALARM_VARIABLES,
  },
  data: {
    aws_caller_identity: { current: {} },
    aws_partition: { current: {} },
    aws_region: { current: {} },
    aws_iam_policy_document: {
      ...Object.fromEntries(WORKERS.map((worker) => [worker, policy(worker)])),
      topic: {
        statement: {
          actions: ['sns:Publish'],
          resources: ['${aws_sns_topic.mail_events.arn}'],
          principals: { type: 'Service', identifiers: ['ses.amazonaws.com'] },
          condition: {
            test: 'StringEquals',
            variable: 'AWS:SourceAccount',
            values: ['${data.aws_caller_identity.current.account_id}'],
          },
        },
      },
      queue: {
        statement: {
          actions: ['sqs:SendMessage'],
          resources: ['${aws_sqs_queue.mail_events.arn}'],
          principals: { type: 'Service', identifiers: ['sns.amazonaws.com'] },
          condition: {
            test: 'ArnEquals',
            variable: 'aws:SourceArn',
            values: ['${aws_sns_topic.mail_events.arn}'],
          },
        },
      },
    },
  },
  resource: {
    aws_dynamodb_table: Object.fromEntries(
      STACK_TABLES.map((table) => [nameOf(table), tableResource(table)]),
    ),
    // This does not create the access keys, because Terraform's state would store their secrets.
    aws_iam_user: Object.fromEntries(
      WORKERS.map((w) => [w, { count: HAS_USERS, name: `${STACK}-${w}` }]),
    ),
    aws_iam_openid_connect_provider: {
      issuer: {
        count: HAS_ROLES,
        url: 'https://${var.issuer_host}',
        client_id_list: [STS_AUDIENCE],
      },
    },
    aws_iam_role: Object.fromEntries(WORKERS.map((worker) => [worker, role(worker)])),
    aws_iam_role_policy_attachment: Object.fromEntries(
      WORKERS.map((worker) => [
        worker,
        {
          count: HAS_ROLES,
          role: `\${aws_iam_role.${worker}[0].name}`,
          policy_arn: `\${aws_iam_policy.${worker}.arn}`,
        },
      ]),
    ),
    aws_iam_policy: Object.fromEntries(
      WORKERS.map((worker) => [
        worker,
        {
          name: `${STACK}-${worker}`,
          policy: `\${data.aws_iam_policy_document.${worker}.json}`,
        },
      ]),
    ),
    aws_iam_user_policy_attachment: Object.fromEntries(
      WORKERS.map((worker) => [
        worker,
        {
          count: HAS_USERS,
          user: `\${aws_iam_user.${worker}[0].name}`,
          policy_arn: `\${aws_iam_policy.${worker}.arn}`,
        },
      ]),
    ),
    ...mailResources(),
    ...alarmResources(),
  },
  output: {
    ...Object.fromEntries(
      WORKERS.flatMap((worker) => [
        [`${worker}_user`, { value: `\${one(aws_iam_user.${worker}[*].name)}` }],
        [`${worker}_role_arn`, { value: `\${one(aws_iam_role.${worker}[*].arn)}` }],
      ]),
    ),
    mail_events_queue_url: { value: '${aws_sqs_queue.mail_events.url}' },
  },
})

const HAS_USERS = '${var.access_key_users ? 1 : 0}'
const HAS_ROLES = '${var.issuer_host == "" ? 0 : 1}'

const role = (worker: WorkerName) => ({
  count: HAS_ROLES,
  name: roleNameOf(worker),
  assume_role_policy: JSON.stringify(
    trustPolicyOf(
      worker,
      '${var.issuer_host}',
      '${aws_iam_openid_connect_provider.issuer[0].arn}',
    ),
  ),
})

function policy(worker: WorkerName) {
  const block = ({ Action, Resource }: Statement) => ({ actions: Action, resources: Resource })
  return {
    statement: statementsOf(worker, ARNS).map(block),
    dynamic: smsStatementsOf(worker, ARNS).map((statement) => ({
      statement: {
        for_each: '${var.sms_sender_arn == "" ? [] : [1]}',
        content: block(statement),
      },
    })),
  }
}

function tableResource(table: StackTable) {
  const { schema, ttlAttribute } = table
  const keyOf = (keys: typeof schema.KeySchema, type: 'HASH' | 'RANGE') =>
    keys.find(({ KeyType }) => KeyType === type)?.AttributeName
  return {
    name: `\${var.${nameOf(table)}_table_name}`,
    billing_mode: schema.BillingMode,
    hash_key: keyOf(schema.KeySchema, 'HASH'),
    attribute: schema.AttributeDefinitions.map(({ AttributeName, AttributeType }) => ({
      name: AttributeName,
      type: AttributeType,
    })),
    global_secondary_index: schema.GlobalSecondaryIndexes?.map((index) => ({
      name: index.IndexName,
      hash_key: keyOf(index.KeySchema, 'HASH'),
      range_key: keyOf(index.KeySchema, 'RANGE'),
      projection_type: index.Projection.ProjectionType,
    })),
    ttl: ttlAttribute === null ? undefined : { attribute_name: ttlAttribute, enabled: true },
    point_in_time_recovery: { enabled: true },
    deletion_protection_enabled: true,
    lifecycle: { prevent_destroy: true },
  }
}

/** SES reports bounces, complaints and rejects to a topic, and the topic sends them to a queue. */
const mailResources = () => ({
  aws_sesv2_configuration_set: {
    mail: {
      configuration_set_name: CONFIGURATION_SET,
      reputation_options: { reputation_metrics_enabled: true },
      suppression_options: { suppressed_reasons: ['BOUNCE', 'COMPLAINT'] },
    },
  },
  aws_sesv2_configuration_set_event_destination: {
    mail: {
      configuration_set_name: '${aws_sesv2_configuration_set.mail.configuration_set_name}',
      event_destination_name: STACK,
      event_destination: {
        enabled: true,
        matching_event_types: MAIL_EVENTS,
        sns_destination: { topic_arn: '${aws_sns_topic.mail_events.arn}' },
      },
      // SES publishes a test message when this is created, so the topic must allow it before.
      depends_on: ['aws_sns_topic_policy.mail_events'],
    },
  },
  aws_sns_topic: { mail_events: { name: `${STACK}-mail-events` } },
  aws_sns_topic_policy: {
    mail_events: {
      arn: '${aws_sns_topic.mail_events.arn}',
      policy: '${data.aws_iam_policy_document.topic.json}',
    },
  },
  aws_sqs_queue: {
    mail_events: {
      name: `${STACK}-mail-events`,
      message_retention_seconds: QUEUE_RETENTION_SECONDS,
      sqs_managed_sse_enabled: true,
      redrive_policy: `\${jsonencode({ deadLetterTargetArn = aws_sqs_queue.unread_mail_events.arn, maxReceiveCount = ${MAX_DELIVERIES} })}`,
    },
    unread_mail_events: {
      name: `${STACK}-unread-mail-events`,
      message_retention_seconds: QUEUE_RETENTION_SECONDS,
      sqs_managed_sse_enabled: true,
    },
  },
  aws_sqs_queue_policy: {
    mail_events: {
      queue_url: '${aws_sqs_queue.mail_events.url}',
      policy: '${data.aws_iam_policy_document.queue.json}',
    },
  },
  aws_sns_topic_subscription: {
    mail_events: {
      topic_arn: '${aws_sns_topic.mail_events.arn}',
      protocol: 'sqs',
      endpoint: '${aws_sqs_queue.mail_events.arn}',
      raw_message_delivery: true,
      depends_on: ['aws_sqs_queue_policy.mail_events'],
    },
  },
})
