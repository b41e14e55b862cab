import { normaliseDomain, normaliseEmail } from './email-address.ts'
import { STS_AUDIENCE } from './assume-role.ts'
import type { Dataset } from './log.ts'
import { parseJwtKeys, parseSealKeys } from './key-rings.ts'
import { APPROVALS_TABLE, TOKENS_TABLE } from './tables.ts'
import {
  bindingWith,
  fromText,
  isDay,
  isRecord,
  json,
  list,
  only,
  origin,
  seconds,
  SEPARATED,
  text,
  toSecureUrl,
  toWebOrigin,
  url,
} from './variable-kinds.ts'

/** The part of Cloudflare's rate limit binding that is used here. */
export type RateLimit = { limit: (options: { key: string }) => Promise<{ success: boolean }> }

/** The part of Cloudflare's send_email binding that is used here. A failure rejects with an Error that has a `code`. */
export type MailBinding = {
  send: (mail: {
    from: { name: string; email: string }
    to: string
    subject: string
    text: string
    html: string
    headers: Record<string, string>
  }) => Promise<unknown>
}

/** An app reviewer's account: a fixed code, until the end of its last day (UTC, `YYYY-MM-DD`). */
export type ReviewAccount = { email: string; code: string; lastDay: string }

const NO_SPACES = 'must be text without spaces or line breaks'

/**
 * The schema of the environment. It uses plain functions instead of zod, because a Worker's first request waits for
 * it.
 */
export const variables = () => ({
  ISSUER: origin(),
  AUDIENCE: fromText(toAudience, 'must be text, and not the audience of AWS STS'),
  APP_NAME: { ...text(/^.{1,64}$/u, 'must be 1 to 64 characters'), fallback: 'Latchkey' },
  APP_SCHEME: {
    ...text(/^[a-z][a-z0-9+.-]*$/, 'must be a URL scheme such as latchkey'),
    fallback: 'latchkey',
  },
  BRAND_COLOR: {
    ...text(/^#[0-9a-fA-F]{6}$/, 'must be a colour such as #1f4fd8'),
    fallback: '#1f4fd8',
  },
  AWS_REGION: text(/^[a-z]{2}(?:-[a-z]+)+-\d$/, 'must be a region such as eu-central-1'),
  DYNAMODB_ENDPOINT: { ...url(), fallback: undefined },
  SES_ENDPOINT: { ...url(), fallback: undefined },
  SMS_ENDPOINT: { ...url(), fallback: undefined },
  TOKENS_TABLE: { ...text(/./, 'must be text'), fallback: TOKENS_TABLE },
  APPROVALS_TABLE: { ...text(/./, 'must be text'), fallback: APPROVALS_TABLE },
  COMPANY_DOMAINS: list(normaliseDomain, 'domains'),
  ADMIN_EMAILS: list(normaliseEmail, 'email addresses'),
  MAIL_FROM: text(/^[^\r\n]+$/, 'must be one line'),
  MAIL_SENDERS: {
    ...list((name) => (/^(?:ses|cloudflare)$/.test(name) ? name : null), 'ses, cloudflare or both'),
    fallback: ['ses'],
  },
  EMAIL: bindingWith<MailBinding>('send', 'a send_email binding'),
  SES_CONFIGURATION_SET: {
    ...text(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, _ or -'),
    fallback: undefined,
  },
  SMS_ORIGINATION_IDENTITY: { ...text(/./, 'must be text'), fallback: undefined },
  ALLOWED_ORIGINS: list(toWebOrigin, 'origins'),
  APP_LINK_ORIGIN: { ...origin(), fallback: undefined },
  LINK_TTL_SECONDS: seconds(900, 60, 86_400),
  ACCESS_TOKEN_TTL_SECONDS: seconds(600, 30, 3600),
  SESSION_TTL_SECONDS: seconds(2_592_000, 300, 31_536_000),
  SESSION_IDLE_SECONDS: seconds(1_209_600, 300, 31_536_000),
  DPOP: {
    ...fromText(
      (value) => (value === 'optional' || value === 'required' ? value : null),
      'must be optional or required',
    ),
    fallback: 'optional' as const,
  },
  ACCESS_REQUESTS: onOrOff('off'),
  NEW_DEVICE_MAIL: onOrOff('on'),
  APPLE_APP_IDS: list(
    only(/^[A-Z0-9]{10}\.[A-Za-z0-9.-]+$/),
    'app ids such as ABCDE12345.com.example.app',
  ),
  ANDROID_APPS: list(
    only(/^[A-Za-z][\w.]*=(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/),
    'package=SHA-256 fingerprint pairs',
  ),
  // This or an access key: credentialProblems in config.ts.
  AWS_ROLE_ARN: {
    ...text(
      /^arn:aws(?:-us-gov)?:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/,
      'must be the ARN of a role, such as arn:aws:iam::123456789012:role/latchkey-public',
    ),
    fallback: undefined,
  },
  STS_ENDPOINT: { ...fromText(toSecureUrl, 'must be an https URL'), fallback: undefined },
  // A line break, such as one added by a shell pipe, would make every signature wrong.
  AWS_ACCESS_KEY_ID: { ...text(/^\S+$/, NO_SPACES), fallback: undefined },
  AWS_SECRET_ACCESS_KEY: { ...text(/^\S+$/, NO_SPACES), fallback: undefined },
  AWS_SESSION_TOKEN: { ...text(/^\S+$/, NO_SPACES), fallback: undefined },
  SEAL_KEYS: fromText(
    parseSealKeys,
    `must be <id>.<32 random bytes in base64url>[.<nbf>]${SEPARATED}, each id used once`,
  ),
  JWT_KEYS: json(
    parseJwtKeys,
    '{"keys": [private JWKs, each with a unique kid and alg ES256, EdDSA, RS256 (n of 2048 bits or more, e AQAB) or HS256 (k of 32 random bytes or more)]}',
  ),
  RESOURCE_SERVERS: {
    ...json(toResourceServers, '{"name": "a random secret of 32 characters or more"}'),
    fallback: undefined,
  },
  REVIEW_ACCOUNTS: {
    ...json(toReviewAccounts, '[{"email", "code": six digits, "lastDay": "YYYY-MM-DD"}]'),
    fallback: undefined,
  },
  TURNSTILE_SECRET: { ...text(/./, 'must be text'), fallback: undefined },
  LIMIT_BY_IP: rateLimit(),
  LIMIT_BY_IP_AND_ADDRESS: rateLimit(),
  ANALYTICS: bindingWith<Dataset>('writeDataPoint', 'an Analytics Engine binding'),
})

const onOrOff = (fallback: 'on' | 'off') => ({
  ...fromText((value) => (value === 'on' || value === 'off' ? value : null), 'must be on or off'),
  fallback,
})

const rateLimit = () => bindingWith<RateLimit>('limit', 'a rate limit binding')

/** With AWS's audience, IAM would read the access token of every user as a token for AWS. */
function toAudience(value: string): string | null {
  return value === '' || value.trim().toLowerCase() === STS_AUDIENCE ? null : value
}

function toResourceServers(value: unknown): Record<string, string> | null {
  if (!isRecord(value)) return null
  const good = Object.entries(value).every(
    ([name, secret]) =>
      /^[A-Za-z0-9._~-]{1,64}$/.test(name) &&
      typeof secret === 'string' &&
      secret.length >= 32 &&
      new Set(secret).size >= 10,
  )
  return good ? (value as Record<string, string>) : null
}

function toReviewAccounts(value: unknown): ReviewAccount[] | null {
  if (!Array.isArray(value)) return null
  const good = value.every((account: unknown) => {
    if (!isRecord(account) || Object.keys(account).length !== 3) return false
    const { email, code, lastDay } = account
    return (
      typeof email === 'string' &&
      normaliseEmail(email) === email &&
      /^\d{6}$/.test(String(code)) &&
      typeof code === 'string' &&
      typeof lastDay === 'string' &&
      isDay(lastDay)
    )
  })
  return good ? (value as ReviewAccount[]) : null
}
