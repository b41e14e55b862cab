import { isLocal, variables, type Parsed, type Variable } from './variables.ts'

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
  if (problems.length > 0) throw new ConfigError(problems)
  return config as Parsed<Table>
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
