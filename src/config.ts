import * as z from 'zod/mini'
import { normaliseDomain, normaliseEmail } from './address.ts'
import { APPROVALS_TABLE, TOKENS_TABLE } from './dynamo/tables.ts'

/** Cloudflare's rate limit binding, as far as it is used here. */
export type RateLimit = { limit: (options: { key: string }) => Promise<{ success: boolean }> }

/** The Worker's environment: variables, secrets and bindings, all unchecked. */
export type Env = Record<string, unknown>

const text = z.string().check(z.minLength(1))

const origin = z.pipe(
  text,
  z.transform((value, ctx) => {
    const url = URL.canParse(value) ? new URL(value) : null
    const local = url !== null && /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname)
    if (
      url === null ||
      url.origin !== value.replace(/\/$/, '') ||
      !(url.protocol === 'https:' || local)
    ) {
      ctx.issues.push({
        code: 'custom',
        input: '',
        message: `must be an https origin, such as https://auth.example.com`,
      })
      return ''
    }
    return url.origin
  }),
)

const list = (check: (item: string) => string | null, what: string) =>
  z.pipe(
    z._default(z.string(), ''),
    z.transform((value, ctx) => {
      const items = value
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== '')
      return items.map((item) => {
        const checked = check(item)
        if (checked === null)
          ctx.issues.push({
            code: 'custom',
            input: '',
            message: `must list ${what}, separated by commas`,
          })
        return checked ?? ''
      })
    }),
  )

const seconds = (fallback: number, min: number, max: number) =>
  z.pipe(
    z._default(z.union([z.string(), z.number()]), fallback),
    z.transform((value, ctx) => {
      const number = Number(value)
      if (!Number.isInteger(number) || number < min || number > max) {
        ctx.issues.push({
          code: 'custom',
          input: '',
          message: `must be a whole number of seconds from ${min} to ${max}`,
        })
      }
      return number
    }),
  )

/** Parses JSON inside a secret; what is wrong is said without a byte of it. */
const json = <T extends z.ZodMiniType>(schema: T, what: string) =>
  z.pipe(
    text,
    z.transform((value, ctx): z.output<T> => {
      let parsed: unknown
      try {
        parsed = JSON.parse(value)
      } catch {
        parsed = undefined
      }
      const result = schema.safeParse(parsed)
      if (result.success) return result.data
      ctx.issues.push({ code: 'custom', input: '', message: `must be ${what}` })
      return z.NEVER
    }),
  )

const BASE64URL_32_BYTES = /^[A-Za-z0-9_-]{43}$/

/** A key that random bytes would not give: a default, a placeholder or a keyboard walk. */
function looksWeak(bytes: Uint8Array): boolean {
  return bytes.length < 32 || new Set(bytes).size < 16
}

const fromBase64url = (value: string) =>
  Uint8Array.from(atob(value.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0))

const sealKeys = z.pipe(
  text,
  z.transform((value, ctx) => {
    const keys = value.split(',').map((entry) => {
      const [id = '', secret = ''] = entry.trim().split('.')
      const valid = /^\d{1,3}$/.test(id) && Number(id) < 256 && BASE64URL_32_BYTES.test(secret)
      return valid ? { id: Number(id), secret: fromBase64url(secret) } : null
    })
    const good = keys.filter((key) => key !== null && !looksWeak(key.secret)) as SealKey[]
    if (good.length !== keys.length || new Set(good.map((key) => key.id)).size !== keys.length) {
      ctx.issues.push({
        code: 'custom',
        input: '',
        message: 'must be <id>.<32 random bytes in base64url>, separated by commas, no id twice',
      })
    }
    return good
  }),
)

/** One entry of the sealing ring; `id` is the byte in front of what it sealed. */
export type SealKey = { id: number; secret: Uint8Array<ArrayBuffer> }

const b64 = z.string().check(z.regex(/^[A-Za-z0-9_-]+$/))
const common = { kid: text, use: z.optional(z.literal('sig')), nbf: z.optional(z.int()) }
const jwk = z.union([
  z.object({
    ...common,
    alg: z.literal('ES256'),
    kty: z.literal('EC'),
    crv: z.literal('P-256'),
    x: b64,
    y: b64,
    d: b64,
  }),
  z.object({
    ...common,
    alg: z.literal('EdDSA'),
    kty: z.literal('OKP'),
    crv: z.literal('Ed25519'),
    x: b64,
    d: b64,
  }),
  z.object({
    ...common,
    alg: z.literal('HS256'),
    kty: z.literal('oct'),
    k: b64.check(z.refine((k) => !looksWeak(fromBase64url(k)))),
  }),
])
/** A signing key (RFC 7517). `nbf`, Unix seconds: published from now on, signs from then on. */
export type JwtKey = z.output<typeof jwk>

const jwtKeys = json(
  z.object({
    keys: z.array(jwk).check(
      z.minLength(1),
      z.refine((keys) => new Set(keys.map((key) => key.kid)).size === keys.length),
    ),
  }),
  '{"keys": [private JWKs, each with kid and alg ES256, EdDSA or HS256 (32 random bytes or more)]}',
)

const resourceServers = json(
  z.record(
    z.string().check(z.regex(/^[A-Za-z0-9._~-]{1,64}$/)),
    z.string().check(
      z.minLength(32),
      z.refine((secret) => new Set(secret).size >= 10),
    ),
  ),
  '{"name": "a random secret of 32 characters or more"}',
)

const reviewAccounts = json(
  z.array(
    z.strictObject({
      email: z.string().check(z.refine((value) => normaliseEmail(value) === value)),
      code: z.string().check(z.regex(/^\d{6}$/)),
      lastDay: z.string().check(z.regex(/^\d{4}-\d\d-\d\d$/)),
    }),
  ),
  '[{"email", "code": six digits, "lastDay": "YYYY-MM-DD"}]',
)

const androidApp = (item: string) =>
  /^[A-Za-z][\w.]*=(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/.test(item) ? item : null
const appleAppId = (item: string) => (/^[A-Z0-9]{10}\.[A-Za-z0-9.-]+$/.test(item) ? item : null)
const webOrigin = (item: string) =>
  URL.canParse(item) && new URL(item).origin === item && /^https?:/.test(item) ? item : null

const bindingOf = z.optional(
  z.custom<RateLimit>((value) => typeof (value as RateLimit | undefined)?.limit === 'function'),
)

const httpUrl = z.string().check(z.refine((value) => /^https?:/.test(value) && URL.canParse(value)))

const Variables = z.object({
  ISSUER: origin,
  AUDIENCE: text,
  APP_NAME: z._default(text.check(z.maxLength(64)), 'Latchkey'),
  APP_SCHEME: z._default(z.string().check(z.regex(/^[a-z][a-z0-9+.-]*$/)), 'latchkey'),
  BRAND_COLOR: z._default(z.string().check(z.regex(/^#[0-9a-fA-F]{6}$/)), '#1f4fd8'),
  AWS_REGION: z.string().check(z.regex(/^[a-z]{2}(?:-[a-z]+)+-\d$/)),
  DYNAMODB_ENDPOINT: z.optional(httpUrl),
  SES_ENDPOINT: z.optional(httpUrl),
  SMS_ENDPOINT: z.optional(httpUrl),
  TOKENS_TABLE: z._default(text, TOKENS_TABLE),
  APPROVALS_TABLE: z._default(text, APPROVALS_TABLE),
  COMPANY_DOMAINS: list(normaliseDomain, 'domains'),
  ADMIN_EMAILS: list(normaliseEmail, 'e-mail addresses'),
  MAIL_FROM: text.check(z.regex(/^[^\r\n]+$/)),
  SMS_ORIGINATION_IDENTITY: z.optional(z.string()),
  ALLOWED_ORIGINS: list(webOrigin, 'origins'),
  APP_LINK_ORIGIN: z.optional(origin),
  LINK_TTL_SECONDS: seconds(900, 60, 86_400),
  ACCESS_TOKEN_TTL_SECONDS: seconds(600, 30, 3600),
  SESSION_TTL_SECONDS: seconds(2_592_000, 300, 31_536_000),
  SESSION_IDLE_SECONDS: seconds(1_209_600, 300, 31_536_000),
  DPOP: z._default(z.enum(['optional', 'required']), 'optional'),
  APPLE_APP_IDS: list(appleAppId, 'app ids such as ABCDE12345.com.example.app'),
  ANDROID_APPS: list(androidApp, 'package=SHA-256 fingerprint pairs'),
  AWS_ACCESS_KEY_ID: text,
  AWS_SECRET_ACCESS_KEY: text,
  AWS_SESSION_TOKEN: z.optional(text),
  SEAL_KEYS: sealKeys,
  JWT_KEYS: jwtKeys,
  RESOURCE_SERVERS: z.optional(resourceServers),
  REVIEW_ACCOUNTS: z.optional(reviewAccounts),
  TURNSTILE_SECRET: z.optional(text),
  LIMIT_BY_IP: bindingOf,
  LIMIT_BY_IP_AND_ADDRESS: bindingOf,
})

/** The checked configuration, under the names that README's table and wrangler.toml use. */
export type Config = z.output<typeof Variables>

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
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const result = Variables.safeParse(given)
  if (!result.success) {
    const problems = result.error.issues.map((issue) => {
      const name = String(issue.path[0])
      if (given[name] === undefined) return `${name} is missing`
      return `${name} ${issue.code === 'custom' && issue.message ? issue.message : 'is malformed or weak'}`
    })
    throw new ConfigError([...new Set(problems)])
  }
  return result.data
}
