/**
 * Checks the settings of every environment in wrangler.toml: no setting may store a request's URL, and all environments
 * of a Worker have the same variables and bindings.
 */
import { unstable_readConfig } from 'wrangler'
import { Plain, run } from '../fail.ts'

const FILE = 'wrangler.toml'

/** The parts of an environment that are checked. */
export type Environment = {
  name?: string | undefined
  observability?:
    | {
        enabled?: boolean
        logs?: { enabled?: boolean; invocation_logs?: boolean }
        traces?: { enabled?: boolean }
        issues?: { enabled?: boolean }
      }
    | undefined
  logpush?: boolean | undefined
  tail_consumers?: unknown[] | undefined
  streaming_tail_consumers?: unknown[] | undefined
  workers_dev?: boolean | undefined
  preview_urls?: boolean | undefined
  vars: Record<string, unknown>
  ratelimits?: { name: string; namespace_id: string; simple: object }[]
}

type Rule = [isBroken: (environment: Environment) => boolean, why: string]

/** A part that says nothing is on if observability is. Cloudflare turns that on for new Workers. */
const isOn = ({ observability: o }: Environment, part: 'logs' | 'traces'): boolean =>
  o?.[part]?.enabled ?? o?.enabled ?? true

/** A link's URL contains its token, and some settings of Cloudflare store the URL of every request. */
const RULES: readonly Rule[] = [
  [
    (of) => isOn(of, 'logs') && of.observability?.logs?.invocation_logs !== false,
    'observability.logs.invocation_logs must be false: an invocation log contains the URL of the request',
  ],
  [
    (of) => isOn(of, 'traces'),
    'observability.traces.enabled must be false: a trace contains the URL of the request',
  ],
  [
    ({ observability: o }) => o?.issues?.enabled === true,
    'observability.issues must stay off: Cloudflare does not say that an issue stores no URL',
  ],
  [
    ({ logpush }) => logpush === true,
    'logpush must stay off: its trace events contain the URL of the request',
  ],
  [
    ({ tail_consumers, streaming_tail_consumers }) =>
      [...(tail_consumers ?? []), ...(streaming_tail_consumers ?? [])].length > 0,
    'a tail Worker receives the URL of every request. Read the log lines from Workers Logs instead',
  ],
  [
    ({ workers_dev, preview_urls }) => workers_dev !== false || preview_urls !== false,
    'workers_dev and preview_urls must be false: ISSUER names one host, and rules of the zone protect only that one',
  ],
]

/** @returns one line for each setting that could store a link. */
export const unsafeSettings = (environment: Environment): string[] =>
  RULES.filter(([isBroken]) => isBroken(environment)).map(
    ([, why]) => `${environment.name}: ${why}`,
  )

/** The environments of each Worker, by their names in wrangler.toml. The top level is production. */
export const ENVIRONMENTS = {
  'the public Worker': [undefined, 'staging'],
  'the console': ['console', 'staging-console'],
} as const

export const environment = (name: string | undefined, config = FILE): Environment =>
  unstable_readConfig(
    { config, ...(name === undefined ? {} : { env: name }) },
    { hideWarnings: true },
  )

/** What must be the same in all environments of a Worker. Wrangler does not inherit these. */
const partsOf = ({ vars, ratelimits = [], ...rest }: Environment): string[] => {
  const bindings = rest as {
    assets?: { directory?: string; binding?: string }
    triggers?: { crons?: string[] }
    analytics_engine_datasets?: { binding: string }[]
    send_email?: { name: string }[]
  }
  return [
    ...Object.keys(vars).map((name) => `variable ${name}`),
    ...ratelimits.map(({ name, simple }) => `ratelimit ${name} ${JSON.stringify(simple)}`),
    `assets ${bindings.assets?.directory} ${bindings.assets?.binding}`,
    ...(bindings.triggers?.crons ?? []).map((cron) => `cron ${cron}`),
    ...(bindings.analytics_engine_datasets ?? []).map(({ binding }) => `dataset ${binding}`),
    ...(bindings.send_email ?? []).map(({ name }) => `send_email ${name}`),
  ]
}

/** @returns one line for each variable or binding that one environment has and another has not. */
export function missingParts(one: Environment, other: Environment): string[] {
  const [has, wants] = [new Set(partsOf(other)), partsOf(one)]
  return wants
    .filter((part) => !has.has(part))
    .map((part) => `${other.name}: has no ${part}, which ${one.name} has`)
}

/** Everything that is wrong with a configuration file. */
export function problemsOf(config: string): string[] {
  return Object.values(ENVIRONMENTS).flatMap(([production, staging]) => {
    const [one, other] = [environment(production, config), environment(staging, config)]
    return [
      ...[one, other].flatMap(unsafeSettings),
      ...missingParts(one, other),
      ...missingParts(other, one),
    ]
  })
}

if (import.meta.main) {
  await run(() => {
    const problems = problemsOf(FILE)
    if (problems.length > 0) throw new Plain(problems.join('\n'))
    console.log(
      'no setting stores a URL; production and staging have the same variables and bindings',
    )
  })
}
