import { ConfigError, NAMES_OF_DOMAINS, parseVariables, type Env } from '../base/config.ts'
import { LOCALES } from '../base/locale.ts'
import { normaliseEmail } from '../base/email-address.ts'
import {
  fromText,
  isRecord,
  json,
  list,
  origin,
  text,
  toSecureUrl,
  type Parsed,
} from '../base/variable-kinds.ts'
import { variables } from '../base/variables.ts'

/** The scopes of a machine's key. */
export const SCOPES = ['approvals:read', 'approvals:write', 'people:read', 'people:write'] as const
export type Scope = (typeof SCOPES)[number]

/** A machine that may call the console's API. `secretSha256` is base64url. */
export type ConsoleClient = { secretSha256: string; scopes: Scope[] }

/** The variables of the public Worker, and those that only the console has. */
export const consoleVariables = () => ({
  ...variables(),
  // Only access tokens for the app's API use it, and the console signs none of these.
  AUDIENCE: { ...fromText((value) => value, 'must be text'), fallback: '' },
  CONSOLE_ORIGIN: origin(),
  APPROVER_EMAILS: list(normaliseEmail, 'email addresses'),
  APPROVER_MAX_DAYS: {
    ...fromText(
      (value) => (/^[1-9]\d{0,3}$/.test(value) ? Number(value) : null),
      'must be a whole number of days from 1 to 9999',
    ),
    fallback: 90,
  },
  CONSOLE_CLIENTS: {
    ...json(
      toClients,
      '{"name": {"secretSha256": base64url of the SHA-256 of a random secret, "scopes": ["approvals:read", …]}}',
    ),
    fallback: {} as Record<string, ConsoleClient>,
  },
  DIGEST: {
    ...fromText(
      (value) => (value === 'daily' || value === 'off' ? value : null),
      'must be daily or off',
    ),
    fallback: 'off' as const,
  },
  DIGEST_LOCALE: {
    ...fromText(
      (value) => LOCALES.find((locale) => locale === value) ?? null,
      `must be one of ${LOCALES.join(', ')}`,
    ),
    fallback: 'en' as const,
  },
  MAIL_EVENTS_QUEUE_URL: {
    ...fromText(toSecureUrl, 'must be the https URL of an SQS queue'),
    fallback: undefined,
  },
  ANALYTICS_ACCOUNT_ID: {
    ...text(/^[0-9a-f]{32}$/, 'must be the 32 characters of a Cloudflare account id'),
    fallback: undefined,
  },
  ANALYTICS_API_TOKEN: { ...text(/^\S+$/, 'must be a token without spaces'), fallback: undefined },
  ANALYTICS_DATASET: {
    ...text(/^[A-Za-z_]\w{0,63}$/, 'must be a name of letters, digits and _'),
    fallback: 'latchkey_events',
  },
})

export type ConsoleConfig = Parsed<ReturnType<typeof consoleVariables>>

/** @throws ConfigError that names every variable that is missing, malformed or weak. */
export function parseConsoleConfig(env: Env): ConsoleConfig {
  const names = [...NAMES_OF_DOMAINS, 'CONSOLE_ORIGIN', 'APPROVER_EMAILS']
  const config = parseVariables(env, consoleVariables(), names)
  // On the same origin, a page of the public Worker could act with the console's cookie.
  if (config.ISSUER === config.CONSOLE_ORIGIN) {
    throw new ConfigError(['CONSOLE_ORIGIN must not be ISSUER'])
  }
  const { ANALYTICS_ACCOUNT_ID, ANALYTICS_API_TOKEN } = config
  if ((ANALYTICS_ACCOUNT_ID === undefined) !== (ANALYTICS_API_TOKEN === undefined)) {
    throw new ConfigError(['ANALYTICS_ACCOUNT_ID and ANALYTICS_API_TOKEN need each other'])
  }
  return {
    ...config,
    // CORS is for browser clients of the public Worker. No page of another origin may read the console.
    ALLOWED_ORIGINS: [],
    // A review account's code is written down and shared, so it must not open the console.
    REVIEW_ACCOUNTS: undefined,
  }
}

function toClients(value: unknown): Record<string, ConsoleClient> | null {
  if (!isRecord(value)) return null
  const good = Object.entries(value).every(([name, client]) => {
    if (!/^[A-Za-z0-9._~-]{1,64}$/.test(name) || !isRecord(client)) return false
    const { secretSha256, scopes, ...more } = client
    return (
      Object.keys(more).length === 0 &&
      typeof secretSha256 === 'string' &&
      /^[\w-]{43}$/.test(secretSha256) &&
      Array.isArray(scopes) &&
      scopes.length > 0 &&
      scopes.every((scope) => SCOPES.includes(scope as Scope))
    )
  })
  return good ? (value as Record<string, ConsoleClient>) : null
}
