import { table } from '../scripts/markdown-table.ts'
import type { BuildName } from './builds.ts'
import type { Figure } from './figures.ts'
import type { PartResult, Results } from './results.ts'
import { amount, BUILD_NAMES, flowName } from './words.ts'
import type { Flow } from './visitors/visitor.ts'

/** The parts in the order of the page, each with what its figures mean. */
export const PART_TEXTS: Record<string, { title: string; text: string; at?: string }> = {
  latency: {
    title: 'Round trips and latency',
    text: `One person at a time, in front of DynamoDB Local behind a proxy that delays each call by 0, 80 or 200 ms. Each
round is one new person for each build. A round trip is a call that waits for the one before it. "Calls" counts also
the calls after the response.`,
    at: 'ms away',
  },
  cpu: {
    title: 'CPU time',
    text: `The CPU time of workerd for one flow, including its work after the response. The database is a stand-in in
memory that responds at once. A flow is one request, except at OpenAuth: its ask is three requests and its sign-in two.`,
  },
  load: {
    title: 'Many people at a time',
    text: `1, 16 and 64 people at a time, in front of the same stand-in. The client and the stand-in run on the same
machine as workerd. Throughput is in flows a second, and there a ratio above 1 is better than Latchkey.`,
    at: 'at a time',
  },
  startup: {
    title: 'Bundle and new isolate',
    text: `Start-up is the CPU time of a new workerd until its first response, minus that of an empty Worker. The first
flow is the first ask of a new isolate (of the floor: the first sign-in), with all that is made at its first use.`,
  },
  memory: {
    title: 'Memory',
    text: `The resident set of workerd at the start, and after each tenth of the requests. All flows, 16 people at a time.`,
    at: 'requests',
  },
  signing: {
    title: 'Signatures',
    text: `The CPU time of one access token, for each algorithm of JWT_KEYS.`,
  },
}

export const CHARTS = [
  {
    part: 'latency',
    file: 'latency.svg',
    title: 'Latency with DynamoDB 80 ms away, median (less is better)',
    measure: 'latency',
    at: 80,
  },
  {
    part: 'cpu',
    file: 'cpu.svg',
    title: 'CPU time of one flow, median (less is better)',
    measure: 'cpu',
  },
]

const NOTES = `Every figure is the median of all rounds, with the quartiles in brackets. In each round the builds run one
after the other, in alternating order. \`2.1×\` means 2.1 times Latchkey's figure: the ratio of the medians.
\`results.json\` also has the quartiles of the ratios by round. For times, sizes and counts, a ratio below 1 is better
than Latchkey. \`–\` means that a build has no such flow.

- **Bare floor**: Hono, aws4fetch and jose with one transaction, and nothing else: no validation, no limits, no message
  (\`bench/floor.ts\`).
- **OpenAuth** {openauth}: its DynamoDB storage and its code provider with its own pages. It keeps the code in an
  encrypted cookie, so its ask makes no call to DynamoDB. It has no check of a session: back ends verify its tokens
  offline, as they can verify Latchkey's.
- **Better Auth** {betterAuth}: \`better-auth/minimal\` with its plugins for magic links and bearer tokens. It has no
  DynamoDB adapter of its own. [Its community has some](https://better-auth.com/docs/adapters/community-adapters); those
  that we found use the AWS SDK. The figures are with a thin adapter that was written for this benchmark
  (\`bench/peers/dynamo-adapter.ts\`): it does less than those, so do not expect better figures with one of them. Better
  Auth has no refresh token. Its refresh here is a check that extends the session, which happens once a day by default.

All bundles are minified and run in the same workerd, with the compatibility date of \`wrangler.toml\`. All builds send
their email after the response, to a stand-in for SES and with the same signature. Rate limits are off, because all
requests come from one address. The builds do not do the same work. Latchkey also limits the messages of each address,
requires an approval in the sign-in, and gives a device that lost a response the same session again. OpenAuth stores no
person. Better Auth creates the user in the sign-in.`

const RERUN = `\`\`\`sh
npm run bench                            # startup, cpu, load, latency: about ten minutes
npm run bench -- memory signing          # the other parts; every part can be run alone
npm run bench -- cpu --rounds 30         # a longer run; --requests likewise
npm run bench -- --quick                 # a trial: writes to .local/bench
npm run bench -- cpu --against index.js  # beside another build of Latchkey: writes to .local/bench
\`\`\`

It needs Linux, since it reads CPU time and memory in /proc. Nothing else should run on the machine meanwhile.`

/** The page with all figures. */
export function report(results: Results): string {
  const { openauth = '', betterAuth = '' } = Object.values(results)[0]?.peers ?? {}
  const sections = Object.entries(PART_TEXTS).flatMap(([name, about]) => {
    const result = results[name]
    if (!result) return []
    const charts = CHARTS.filter(({ part }) => part === name).map(
      ({ title, file }) => `![${title}](${file})`,
    )
    return [`## ${about.title}`, about.text, ran(result), ...charts, ...tables(result, about.at)]
  })
  return `${[
    '# Results of the benchmark',
    '`npm run bench` writes this page. Do not edit it.',
    RERUN,
    NOTES.replace('{openauth}', openauth).replace('{betterAuth}', betterAuth),
    ...sections,
  ].join('\n\n')}\n`
}

function ran({ date, command, size, seconds, machine, busyCores }: PartResult): string {
  const sizes = Object.entries(size).map(([name, count]) => `${amount(count, '')} ${name}`)
  const { before, after } = busyCores
  const busy =
    Math.max(before, after) > 0.3
      ? ` **Other programs used the machine, too** (${before} cores before, ${after} after): compare ratios, not times.`
      : ''
  return `\`${command}\` on ${date}: ${sizes.join(', each with ')}, in ${seconds} s. ${machine.cores} cores, Node
${machine.node}, workerd ${machine.workerd}.${busy}`
}

/** One table for each measure: a row for each flow, a column for each build. */
function tables({ figures }: PartResult, at = ''): string[] {
  const measures = [...new Set(figures.map(({ measure }) => measure))]
  const plain = figures.every(({ flow, at }) => flow === undefined && at === undefined)
  if (plain) return [rows('measure', figures, ({ measure }) => measure)]
  return measures.map((measure) =>
    rows(
      measure,
      figures.filter((one) => one.measure === measure),
      (one) =>
        [
          one.flow === undefined ? '' : flowName(one.flow),
          one.at === undefined ? '' : `${amount(one.at, '')} ${at}`,
        ]
          .filter((part) => part !== '')
          .join(', '),
    ),
  )
}

function rows(head: string, figures: Figure[], label: (figure: Figure) => string): string {
  const builds = columns(figures)
  const labels = [...new Set(figures.map(label))]
  return table(
    [head, ...builds.map((build) => BUILD_NAMES[build])],
    labels.map((text) => [
      text,
      ...builds.map((build) =>
        cell(figures.find((one) => one.build === build && label(one) === text)),
      ),
    ]),
  )
}

const columns = (figures: readonly Figure[]): BuildName[] =>
  (Object.keys(BUILD_NAMES) as BuildName[]).filter((name) =>
    figures.some(({ build }) => build === name),
  )

function cell(figure: Figure | undefined): string {
  if (!figure) return '–'
  const { median, low, high, p95, unit, rounds, measure } = figure
  const quartiles = rounds > 1 ? ` (${amount(low, '')}–${amount(high, '')})` : ''
  const tail = measure === 'latency' ? `, p95 ${amount(p95, '')}` : ''
  return `${amount(median, unit)}${quartiles}${tail}${times(figure)}`
}

const times = ({ ratio }: Figure): string => (ratio ? `, ${amount(ratio.median, '')}×` : '')

type Line = { label: string; part: string; measure: string; flow?: Flow; at?: number }

/** The lines of the README's table. They are chosen for their subject, not for their winner. */
const SUMMARY: Line[] = [
  ...(['ask', 'sign-in', 'check', 'refresh'] as const).map((flow) => ({
    label: `Round trips to DynamoDB: ${flowName(flow)}`,
    part: 'latency',
    measure: 'round trips',
    flow,
  })),
  ...[0, 80, 200].map((at) => ({
    label: `Latency of a sign-in, DynamoDB ${at} ms away`,
    part: 'latency',
    measure: 'latency',
    flow: 'sign-in' as const,
    at,
  })),
  ...(['ask', 'sign-in', 'check', 'refresh'] as const).map((flow) => ({
    label: `CPU time: ${flowName(flow)}`,
    part: 'cpu',
    measure: 'cpu',
    flow,
  })),
  {
    label: 'Sign-ins a second, 64 at a time (more is better)',
    part: 'load',
    measure: 'throughput',
    flow: 'sign-in',
    at: 64,
  },
  { label: 'Bundle, gzip', part: 'startup', measure: 'bundle, gzip' },
  { label: 'Start-up of an isolate, CPU', part: 'startup', measure: 'start-up' },
  { label: 'First ask of an isolate, CPU', part: 'startup', measure: 'first flow' },
]

/** The short table of the README: medians, and how many times Latchkey's each is. */
export function summary(results: Results): string {
  const requests = results['memory']?.size.requests
  const memory = { part: 'memory', measure: 'memory', at: requests ?? 0 }
  const label = `Memory after ${amount(requests ?? 0, '')} requests`
  const all = Object.values(results).flatMap(({ figures }) => figures)
  const builds = columns(all).filter((build) => build !== 'against')
  const lines = [...SUMMARY, { label, ...memory }].flatMap(({ label, part, ...about }) => {
    const figures = (results[part]?.figures ?? []).filter(
      (one) => one.measure === about.measure && one.flow === about.flow && one.at === about.at,
    )
    if (figures.length === 0) return []
    const cells = builds.map((build) => {
      const figure = figures.find((one) => one.build === build)
      if (!figure) return '–'
      return `${amount(figure.median, figure.unit)}${times(figure)}`
    })
    return [[label, ...cells]]
  })
  return table(['', ...builds.map((build) => BUILD_NAMES[build])], lines)
}
