import type { WorkerName } from './grants.ts'
import { smsStatementsOf, statementsOf, WORKERS, type Arns } from './iam.ts'
import {
  CONFIGURATION_SET,
  MAIL_EVENTS,
  QUEUE_RETENTION_SECONDS,
  STACK,
  STACK_TABLES,
  stackTable,
  type StackTable,
} from './stack.ts'

const sub = (text: string): object => ({ 'Fn::Sub': text })
const att = (id: string, attribute: string): object => ({ 'Fn::GetAtt': [id, attribute] })
const ref = (id: string): object => ({ Ref: id })

const ARNS: Arns = {
  table: (table) => att(`${stackTable(table).id}Table`, 'Arn'),
  index: (table, index) => sub(`\${${stackTable(table).id}Table.Arn}/index/${index}`),
  mail: [
    sub('arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:identity/${MailDomain}'),
    sub(
      `arn:\${AWS::Partition}:ses:\${AWS::Region}:\${AWS::AccountId}:configuration-set/${CONFIGURATION_SET}`,
    ),
  ],
  sms: [ref('SmsSenderArn')],
}

/** The CloudFormation template, as an object. */
export const cloudFormation = () => ({
  AWSTemplateFormatVersion: '2010-09-09',
  Description: 'Latchkey: tables, AWS rights of both Workers, mail events',
  Parameters: {
    TokensTableName: nameParameter('Tokens', 'TOKENS_TABLE'),
    ApprovalsTableName: nameParameter('Approvals', 'APPROVALS_TABLE'),
    MailDomain: {
      Type: 'String',
      Description: 'The domain of MAIL_FROM, an identity that SES has verified',
      AllowedPattern: '[a-z0-9.-]+\\.[a-z0-9-]+',
    },
    SmsSenderArn: {
      Type: 'String',
      Default: '',
      Description: 'ARN of the phone number or pool that sends SMS. Leave it empty without SMS',
    },
  },
  Conditions: { SendsSms: { 'Fn::Not': [{ 'Fn::Equals': [ref('SmsSenderArn'), ''] }] } },
  Resources: {
    ...Object.fromEntries(STACK_TABLES.map((table) => [`${table.id}Table`, tableResource(table)])),
    ...Object.fromEntries(WORKERS.flatMap(userResources)),
    ...mailResources(),
  },
  Outputs: {
    PublicUser: { Value: ref('PublicUser'), Description: 'IAM user of the public Worker' },
    ConsoleUser: { Value: ref('ConsoleUser'), Description: 'IAM user of the console' },
    MailEventsQueueUrl: { Value: ref('MailEvents'), Description: 'SQS queue of mail events' },
  },
})

const nameParameter = (id: StackTable['id'], variable: string) => ({
  Type: 'String',
  Default: STACK_TABLES.find((table) => table.id === id)!.schema.TableName,
  Description: `The value of ${variable}`,
})

function tableResource({ id, schema, ttlAttribute }: StackTable) {
  const { TableName: _default, ...properties } = schema
  return {
    Type: 'AWS::DynamoDB::Table',
    // If the stack is deleted, or a change would replace the table, the table and its rows are kept.
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      TableName: ref(`${id}TableName`),
      ...properties,
      ...(ttlAttribute === null
        ? {}
        : { TimeToLiveSpecification: { AttributeName: ttlAttribute, Enabled: true } }),
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      DeletionProtectionEnabled: true,
    },
  }
}

/**
 * A user and its policy. This does not create the access key, because CloudFormation would store its secret readably.
 */
function userResources(worker: WorkerName): [string, object][] {
  const id = worker === 'public' ? 'Public' : 'Console'
  const policy = (statements: object[]) => ({ Version: '2012-10-17', Statement: statements })
  return [
    [
      `${id}User`,
      {
        Type: 'AWS::IAM::User',
        Properties: { ManagedPolicyArns: [ref(`${id}Policy`)] },
      },
    ],
    [
      `${id}Policy`,
      {
        Type: 'AWS::IAM::ManagedPolicy',
        Properties: {
          Description: `What the ${worker} Worker of Latchkey may do`,
          PolicyDocument: policy([
            ...statementsOf(worker, ARNS),
            ...smsStatementsOf(worker, ARNS).map((statement) => ({
              'Fn::If': ['SendsSms', statement, ref('AWS::NoValue')],
            })),
          ]),
        },
      },
    ],
  ]
}

/** SES reports bounces, complaints and rejects to a topic, and the topic sends them to a queue. */
const mailResources = () => ({
  ConfigurationSet: {
    Type: 'AWS::SES::ConfigurationSet',
    Properties: {
      Name: CONFIGURATION_SET,
      ReputationOptions: { ReputationMetricsEnabled: true },
      SuppressionOptions: { SuppressedReasons: ['BOUNCE', 'COMPLAINT'] },
    },
  },
  ConfigurationSetEvents: {
    Type: 'AWS::SES::ConfigurationSetEventDestination',
    // SES publishes a test message when this is created, so the topic must allow it before.
    DependsOn: 'MailEventsTopicPolicy',
    Properties: {
      ConfigurationSetName: ref('ConfigurationSet'),
      EventDestination: {
        Name: STACK,
        Enabled: true,
        MatchingEventTypes: MAIL_EVENTS.map((event) => event.toLowerCase()),
        SnsDestination: { TopicARN: ref('MailEventsTopic') },
      },
    },
  },
  MailEventsTopic: { Type: 'AWS::SNS::Topic', Properties: {} },
  MailEventsTopicPolicy: {
    Type: 'AWS::SNS::TopicPolicy',
    Properties: {
      Topics: [ref('MailEventsTopic')],
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'ses.amazonaws.com' },
            Action: 'sns:Publish',
            Resource: ref('MailEventsTopic'),
            Condition: { StringEquals: { 'AWS:SourceAccount': ref('AWS::AccountId') } },
          },
        ],
      },
    },
  },
  MailEvents: {
    Type: 'AWS::SQS::Queue',
    DeletionPolicy: 'Delete',
    UpdateReplacePolicy: 'Delete',
    Properties: {
      MessageRetentionPeriod: QUEUE_RETENTION_SECONDS,
      SqsManagedSseEnabled: true,
    },
  },
  MailEventsQueuePolicy: {
    Type: 'AWS::SQS::QueuePolicy',
    Properties: {
      Queues: [ref('MailEvents')],
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'sns.amazonaws.com' },
            Action: 'sqs:SendMessage',
            Resource: att('MailEvents', 'Arn'),
            Condition: { ArnEquals: { 'aws:SourceArn': ref('MailEventsTopic') } },
          },
        ],
      },
    },
  },
  MailEventsSubscription: {
    Type: 'AWS::SNS::Subscription',
    DependsOn: 'MailEventsQueuePolicy',
    Properties: {
      TopicArn: ref('MailEventsTopic'),
      Protocol: 'sqs',
      Endpoint: att('MailEvents', 'Arn'),
      RawMessageDelivery: true,
    },
  },
})
