import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ALARMS } from '../../scripts/infra/alarms.ts'
import { cloudFormation } from '../../scripts/infra/cloudformation.ts'
import { terraform } from '../../scripts/infra/terraform.ts'

type Resource = { Type: string; Condition?: string; Properties: Record<string, unknown> }
const resources = cloudFormation().Resources as Record<string, Resource>
const inCloudFormation = Object.entries(resources).filter(
  ([, { Type }]) => Type === 'AWS::CloudWatch::Alarm',
)
const module = terraform()
const inTerraform = Object.entries(module.resource.aws_cloudwatch_metric_alarm)

/** All metrics of an alarm, as `Namespace Metric Operation`. */
const metricsOf = (text: string): string[] =>
  [...text.matchAll(/"MetricName":"([\w.]+)"/g)].map(([, name]) => name!)

describe('works', () => {
  it('has each alarm once in CloudFormation and once in Terraform, with the same threshold', () => {
    expect(new Set(ALARMS.map(({ id }) => id)).size).toBe(ALARMS.length)
    expect(inCloudFormation).toHaveLength(ALARMS.length)
    expect(inTerraform).toHaveLength(ALARMS.length)
    const sides = ALARMS.map((_, n) => {
      const [cf, tf] = [inCloudFormation[n]![1].Properties, inTerraform[n]![1]]
      return [
        [cf['AlarmDescription'], cf['EvaluationPeriods'], cf['TreatMissingData']],
        [tf.alarm_description, tf.evaluation_periods, tf.treat_missing_data],
      ]
    })
    for (const [one, other] of sides) expect(one).toEqual(other)
    const numbers = ALARMS.filter(({ threshold }) => typeof threshold === 'number')
    for (const { id, threshold } of numbers) {
      expect(resources[`${id}Alarm`]!.Properties['Threshold']).toBe(threshold)
      const name = id.replace(/(?<=.)([A-Z])/g, '_$1').toLowerCase()
      expect(Object.fromEntries(inTerraform)[name]!.threshold).toBe(threshold)
    }
  })

  it('reports to the topic when an alarm begins and when it ends, and makes none without a topic', () => {
    for (const [, { Condition, Properties }] of inCloudFormation) {
      expect(Condition).toMatch(/^Has(?:Sms)?Alarms?$/)
      expect(Properties['AlarmActions']).toEqual([{ Ref: 'AlarmTopicArn' }])
      expect(Properties['OKActions']).toEqual([{ Ref: 'AlarmTopicArn' }])
    }
    for (const [, alarm] of inTerraform) {
      expect(alarm.count).toContain('var.alarm_topic_arn != ""')
      expect(alarm.alarm_actions).toEqual(alarm.ok_actions)
    }
  })

  it('watches both tables, every index, every queue, the reputation of SES and the cost of SMS', () => {
    const text = JSON.stringify(inCloudFormation)
    const named = new Set(metricsOf(text))
    for (const name of [
      'ReadThrottleEvents',
      'WriteThrottleEvents',
      'SystemErrors',
      'SuccessfulRequestLatency',
      'Reputation.BounceRate',
      'Reputation.ComplaintRate',
      'ApproximateAgeOfOldestMessage',
      'TextMessageMonthlySpend',
    ]) {
      expect(named).toContain(name)
    }
    for (const index of ['email-index', 'userId-tokenType-index']) expect(text).toContain(index)
    const queues = Object.entries(resources).filter(([, { Type }]) => Type === 'AWS::SQS::Queue')
    expect(queues.length).toBeGreaterThan(0)
    const silent = queues.filter(([id]) => !text.includes(`["${id}","QueueName"]`))
    expect(silent.map(([id]) => id)).toEqual([])
    for (const id of ['TokensTable', 'ApprovalsTable']) expect(text).toContain(`{"Ref":"${id}"}`)
  })

  it('sums at most nine metrics, because CloudWatch allows ten of an alarm', () => {
    for (const { metrics } of ALARMS) expect(metrics.length).toBeLessThanOrEqual(9)
  })

  it('names in Terraform only what the module declares', () => {
    const text = JSON.stringify(module)
    const used = [
      ...text.matchAll(/(?<!data\.)\b(aws_\w+)\.(\w+)\.(?:name|arn|id|url)\b|\bvar\.(\w+)/g),
    ]
    expect(used.length).toBeGreaterThan(40)
    const declared = module.resource as Record<string, Record<string, unknown>>
    for (const [reference, type, name, variable] of used) {
      const found = variable
        ? Object.keys(module.variable).includes(variable)
        : declared[type!]?.[name!]
      expect(found, reference).toBeTruthy()
    }
  })

  it('is described in docs/operations.md, each alarm by its name', () => {
    const page = readFileSync('docs/operations.md', 'utf8')
    for (const { id } of ALARMS) expect(page).toContain(`\`${id}\``)
  })
})
