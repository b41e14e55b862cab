import { isForAws, type JwtKey } from './key-rings.ts'
import { isLocal, type Parsed, type Variable } from './variable-kinds.ts'
import { variables } from './variables.ts'

/** The Worker's environment: variables, secrets and bindings, all unchecked. */
export type Env = Record<string, unknown>

/** The checked configuration, with the names that docs/configuration.md and wrangler.toml use. */
export type Config = Parsed<ReturnType<typeof variables>>

/** The errors in the environment: names and rules, never a value. */
export class ConfigError extends Error {
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(problems.join('; '))
    this.name = 'ConfigError'
    this.problems = problems
  }
}

/** @throws ConfigError that names every variable that is missing, malformed or weak. */
export const parseConfig = (env: Env): Config => parseVariables(env, variables(), NAMES_OF_DOMAINS)

/**
 * Reads the variables of one Worker.
 * @param namesOfDomains the variables that must not have an example.com value while ISSUER is not local.
 * @throws ConfigError.
 */
export function parseVariables<Table extends Record<string, Variable<unknown>>>(
  env: Env,
  table: Table,
  namesOfDomains: readonly string[],
): Parsed<Table> {
  const problems: string[] = []
  const config: Record<string, unknown> = {}
  for (const [name, variable] of Object.entries(table)) {
    const given = env[name]
    // wrangler.toml and dashboards represent an absent variable as an empty one.
    if (given === undefined || given === '') {
      if ('fallback' in variable) config[name] = variable.fallback
      else problems.push(`${name} is missing`)
      continue
    }
    const parsed = variable.parse(typeof given === 'number' ? String(given) : given)
    if (parsed === null) problems.push(`${name} ${variable.rule}`)
    else config[name] = parsed
  }
  problems.push(...placeholders(env, config['ISSUER'], namesOfDomains))
  problems.push(...credentialProblems(config, problems))
  const senders = config['MAIL_SENDERS'] as string[] | undefined
  if (senders?.includes('cloudflare') && !env['EMAIL']) {
    problems.push('EMAIL is missing, because MAIL_SENDERS names cloudflare')
  }
  if (problems.length > 0) throw new ConfigError(problems)
  return config as Parsed<Table>
}

/**
 * A Worker has a role, whose keys it gets from AWS, or the access key of a user. With both, the long-lived key would
 * stay in the Worker without a use.
 * @param others the problems so far. A malformed value is not reported as a missing one, too.
 */
function credentialProblems(config: Record<string, unknown>, others: readonly string[]): string[] {
  const named = (name: string) => others.some((problem) => problem.startsWith(`${name} `))
  const has = (name: string) => config[name] !== undefined || named(name)
  // Which of the two ways is meant shows only when the role is right.
  if (named('AWS_ROLE_ARN')) return []
  const keys = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']
  if (config['AWS_ROLE_ARN'] !== undefined) {
    const extra = [...keys, 'AWS_SESSION_TOKEN'].filter(has)
    const ring = (config['JWT_KEYS'] as { keys: JwtKey[] } | undefined)?.keys
    return [
      ...extra.map((name) => `${name} must be absent, because AWS_ROLE_ARN is set`),
      ...(ring === undefined || ring.some(isForAws)
        ? []
        : ['JWT_KEYS must have a key with alg ES256 or RS256 for AWS_ROLE_ARN']),
    ]
  }
  const missing = keys.filter((name) => !has(name))
  return missing.length === keys.length
    ? ['AWS_ROLE_ARN is missing. Set it, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY']
    : missing.map((name) => `${name} is missing`)
}

export const NAMES_OF_DOMAINS = [
  'ISSUER',
  'AUDIENCE',
  'COMPANY_DOMAINS',
  'ADMIN_EMAILS',
  'MAIL_FROM',
  'ALLOWED_ORIGINS',
  'APP_LINK_ORIGIN',
]

/**
 * The variables that still have an example value from wrangler.toml. A deployment must not send people to, or let
 * people in from, a domain that it does not own. On a developer's machine, these values are harmless.
 */
function placeholders(env: Env, issuer: unknown, names: readonly string[]): string[] {
  if (typeof issuer !== 'string' || isLocal(new URL(issuer))) return []
  const example = /(?:^|[\s.@/,<])example\.(?:com|net|org)\b/i
  return names
    .filter((name) => {
      const value = env[name]
      return typeof value === 'string' && example.test(value)
    })
    .map((name) => `${name} still has an example.com value`)
}
