import { ALARMS, type Alarm, type Dimension, type Metric } from './alarms.ts'
import { STACK } from './stack.ts'

const snake = (name: string): string => name.replace(/(?<=.)([A-Z])/g, '_$1').toLowerCase()

const valueOf = (dimension: Dimension): string => {
  if (typeof dimension === 'string') return dimension
  return 'table' in dimension
    ? `\${aws_dynamodb_table.${dimension.table.toLowerCase()}.name}`
    : `\${aws_sqs_queue.${snake(dimension.queue)}.name}`
}

const metricOf = ({ namespace, name, dimensions }: Metric) => ({
  namespace,
  metric_name: name,
  dimensions: Object.fromEntries(
    Object.entries(dimensions).map(([key, value]) => [key, valueOf(value)]),
  ),
})

/** One metric, or the sum of several. A metric without data counts as 0 in a sum. */
function measured({ metrics, statistic, periodSeconds }: Alarm): object {
  const [first, ...more] = metrics
  if (more.length === 0) {
    const kind = statistic.startsWith('p') ? 'extended_statistic' : 'statistic'
    return { ...metricOf(first), [kind]: statistic, period: periodSeconds }
  }
  return {
    metric_query: [
      {
        id: 'sum',
        expression: metrics.map((_, n) => `FILL(m${n}, 0)`).join(' + '),
        label: 'sum',
        return_data: true,
      },
      ...metrics.map((metric, n) => ({
        id: `m${n}`,
        metric: { ...metricOf(metric), period: periodSeconds, stat: statistic },
      })),
    ],
  }
}

const HAS_ALARMS = 'var.alarm_topic_arn != ""'

/** The alarms of the module. They are created if the variable alarm_topic_arn is set. */
export const alarmResources = () => ({
  aws_cloudwatch_metric_alarm: Object.fromEntries(
    ALARMS.map((alarm) => [
      snake(alarm.id),
      {
        count: `\${${HAS_ALARMS}${alarm.sms ? ' && var.sms_sender_arn != ""' : ''} ? 1 : 0}`,
        alarm_name: `${STACK}-${snake(alarm.id).replaceAll('_', '-')}`,
        alarm_description: alarm.description,
        ...measured(alarm),
        comparison_operator: 'GreaterThanOrEqualToThreshold',
        evaluation_periods: alarm.periods,
        threshold:
          typeof alarm.threshold === 'number'
            ? alarm.threshold
            : `\${var.${snake(alarm.threshold)}}`,
        treat_missing_data: alarm.missing,
        alarm_actions: ['${var.alarm_topic_arn}'],
        ok_actions: ['${var.alarm_topic_arn}'],
      },
    ]),
  ),
})

export const ALARM_VARIABLES = {
  alarm_topic_arn: {
    type: 'string',
    default: '',
    description: 'ARN of an SNS topic in this region: creates alarms that report to it',
  },
  sms_spend_alarm_usd: {
    type: 'number',
    default: 50,
    description: 'US dollars that SMS may cost in a month before the alarm',
  },
}
