import { STS_AUDIENCE } from '../../src/base/assume-role.ts'
import { ALARM_CONDITIONS, ALARM_PARAMETERS, alarmResources } from './alarms-cloudformation.ts'
import type { WorkerName } from './grants.ts'
import { smsStatementsOf, statementsOf, WORKERS, type Arns } from './iam.ts'
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
  mailEvents: [att('MailEvents', 'Arn')],
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
    IssuerHost: {
      Type: 'String',
      Default: '',
      Description:
        'Host of ISSUER, such as auth.example.com: creates a role for each Worker, which needs no access key',
      AllowedPattern: '([a-z0-9-]+\\.)*[a-z0-9-]*',
    },
    AccessKeyUsers: {
      Type: 'String',
      Default: 'yes',
      AllowedValues: ['yes', 'no'],
      Description: 'Whether to create an IAM user for each Worker. With IssuerHost, choose no',
    },
    ...ALARM_PARAMETERS,
  },
  Conditions: {
    SendsSms: { 'Fn::Not': [{ 'Fn::Equals': [ref('SmsSenderArn'), ''] }] },
    HasRoles: { 'Fn::Not': [{ 'Fn::Equals': [ref('IssuerHost'), ''] }] },
    HasUsers: { 'Fn::Equals': [ref('AccessKeyUsers'), 'yes'] },
    ...ALARM_CONDITIONS,
  },
  Resources: {
    ...Object.fromEntries(STACK_TABLES.map((table) => [`${table.id}Table`, tableResource(table)])),
    ...Object.fromEntries(WORKERS.flatMap(accessResources)),
    IssuerProvider: {
      Type: 'AWS::IAM::OIDCProvider',
      Condition: 'HasRoles',
      Properties: { Url: sub('https://${IssuerHost}'), ClientIdList: [STS_AUDIENCE] },
    },
    ...mailResources(),
    ...alarmResources(),
  },
  Outputs: {
    ...Object.fromEntries(WORKERS.flatMap(accessOutputs)),
    MailEventsQueueUrl: {
      Value: ref('MailEvents'),
      Description: 'MAIL_EVENTS_QUEUE_URL of the console',
    },
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

const idOf = (worker: WorkerName): string => (worker === 'public' ? 'Public' : 'Console')

/**
 * A policy, and the role or the user that has it. This does not create the user's access key, because CloudFormation
 * would store its secret readably.
 */
function accessResources(worker: WorkerName): [string, object][] {
  const id = idOf(worker)
  const ManagedPolicyArns = [ref(`${id}Policy`)]
  const policy = (statements: object[]) => ({ Version: '2012-10-17', Statement: statements })
  return [
    [
      `${id}Role`,
      {
        Type: 'AWS::IAM::Role',
        Condition: 'HasRoles',
        Properties: {
          RoleName: roleNameOf(worker),
          // As text, because CloudFormation replaces no parameter in the name of a member.
          AssumeRolePolicyDocument: sub(
            JSON.stringify(trustPolicyOf(worker, '${IssuerHost}', '${IssuerProvider.Arn}')),
          ),
          ManagedPolicyArns,
        },
      },
    ],
    [
      `${id}User`,
      { Type: 'AWS::IAM::User', Condition: 'HasUsers', Properties: { ManagedPolicyArns } },
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

function accessOutputs(worker: WorkerName): [string, object][] {
  const id = idOf(worker)
  return [
    [
      `${id}User`,
      {
        Condition: 'HasUsers',
        Value: ref(`${id}User`),
        Description: `IAM user of the ${worker} Worker`,
      },
    ],
    [
      `${id}RoleArn`,
      {
        Condition: 'HasRoles',
        Value: att(`${id}Role`, 'Arn'),
        Description: `AWS_ROLE_ARN of the ${worker} Worker`,
      },
    ],
  ]
}

/**
 * SES reports bounces, complaints and rejects to a topic, and the topic sends them to a queue, which the console
 * reads. What the console cannot read goes to a second queue.
 */
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
      RedrivePolicy: {
        deadLetterTargetArn: att('UnreadMailEvents', 'Arn'),
        maxReceiveCount: MAX_DELIVERIES,
      },
    },
  },
  UnreadMailEvents: {
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
