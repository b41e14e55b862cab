import { ALARMS, type Alarm, type Dimension, type Metric } from './alarms.ts'

const ref = (id: string): object => ({ Ref: id })

const valueOf = (dimension: Dimension): unknown => {
  if (typeof dimension === 'string') return dimension
  return 'table' in dimension
    ? ref(`${dimension.table}Table`)
    : { 'Fn::GetAtt': [dimension.queue, 'QueueName'] }
}

const metricOf = ({ namespace, name, dimensions }: Metric) => ({
  Namespace: namespace,
  MetricName: name,
  Dimensions: Object.entries(dimensions).map(([Name, value]) => ({ Name, Value: valueOf(value) })),
})

/** One metric, or the sum of several. A metric without data counts as 0 in a sum. */
function measured({ metrics, statistic, periodSeconds }: Alarm): object {
  const [first, ...more] = metrics
  if (more.length === 0) {
    const kind = statistic.startsWith('p') ? 'ExtendedStatistic' : 'Statistic'
    return { ...metricOf(first), [kind]: statistic, Period: periodSeconds }
  }
  return {
    Metrics: [
      {
        Id: 'sum',
        Expression: metrics.map((_, n) => `FILL(m${n}, 0)`).join(' + '),
        ReturnData: true,
      },
      ...metrics.map((metric, n) => ({
        Id: `m${n}`,
        ReturnData: false,
        MetricStat: { Metric: metricOf(metric), Period: periodSeconds, Stat: statistic },
      })),
    ],
  }
}

/** The alarms of the template. They are created if the parameter AlarmTopicArn is set. */
export const alarmResources = (): Record<string, object> =>
  Object.fromEntries(
    ALARMS.map((alarm) => [
      `${alarm.id}Alarm`,
      {
        Type: 'AWS::CloudWatch::Alarm',
        Condition: alarm.sms ? 'HasSmsAlarm' : 'HasAlarms',
        Properties: {
          AlarmDescription: alarm.description,
          ...measured(alarm),
          ComparisonOperator: 'GreaterThanOrEqualToThreshold',
          EvaluationPeriods: alarm.periods,
          Threshold: typeof alarm.threshold === 'number' ? alarm.threshold : ref(alarm.threshold),
          TreatMissingData: alarm.missing,
          AlarmActions: [ref('AlarmTopicArn')],
          OKActions: [ref('AlarmTopicArn')],
        },
      },
    ]),
  )

export const ALARM_PARAMETERS = {
  AlarmTopicArn: {
    Type: 'String',
    Default: '',
    Description: 'ARN of an SNS topic in this region: creates alarms that report to it',
    AllowedPattern: '(arn:.+:sns:.+)?',
  },
  SmsSpendAlarmUsd: {
    Type: 'Number',
    Default: 50,
    Description: 'US dollars that SMS may cost in a month before the alarm',
  },
}

export const ALARM_CONDITIONS = {
  HasAlarms: { 'Fn::Not': [{ 'Fn::Equals': [ref('AlarmTopicArn'), ''] }] },
  HasSmsAlarm: { 'Fn::And': [{ Condition: 'HasAlarms' }, { Condition: 'SendsSms' }] },
}
