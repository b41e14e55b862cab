import type * as z from 'zod/mini'
import { variables } from './variables.ts'

export type { JwtKey, RateLimit, SealKey } from './variables.ts'

/** The Worker's environment: variables, secrets and bindings, all unchecked. */
export type Env = Record<string, unknown>

/** The checked configuration, under the names that README's table and wrangler.toml use. */
export type Config = z.output<ReturnType<typeof variables>>

/** What is wrong with the environment: names and rules, never a value. */
export class ConfigError extends Error {
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(problems.join('; '))
    this.name = 'ConfigError'
    this.problems = problems
  }
}

/** @throws ConfigError that names every variable that is missing, malformed or weak. */
export function parseConfig(env: Env): Config {
  // An empty variable is an absent one: that is how wrangler.toml and dashboards spell it.
  const given = Object.fromEntries(
    Object.entries(env)
      .filter(([, value]) => value !== '')
      .map(([name, value]) => [name, typeof value === 'number' ? String(value) : value]),
  )
  const result = variables().safeParse(given)
  if (result.success) return result.data
  const problems = result.error.issues.map((issue) => {
    const name = String(issue.path[0])
    if (given[name] === undefined) return `${name} is missing`
    return `${name} ${issue.code === 'custom' && issue.message ? issue.message : 'is malformed or weak'}`
  })
  throw new ConfigError([...new Set(problems)])
}
