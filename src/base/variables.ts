import * as z from 'zod/mini'
import { normaliseDomain, normaliseEmail } from './email-address.ts'
import { APPROVALS_TABLE, TOKENS_TABLE } from './tables.ts'

/** Cloudflare's rate limit binding, as far as it is used here. */
export type RateLimit = { limit: (options: { key: string }) => Promise<{ success: boolean }> }

/** One entry of the sealing ring; `id` is the byte in front of what it sealed, `nbf` (Unix seconds) when it begins. */
export type SealKey = { id: number; secret: Uint8Array<ArrayBuffer>; nbf?: number }

/**
 * The schema of the environment. A function, since building a schema costs start-up time and this one is
 * needed once an isolate, at its first request.
 */
export const variables = () => {
  const matching = (pattern: RegExp) => z.string().check(z.regex(pattern))
  const text = matching(/./)
  // A line break that a pipe added would make every signature a wrong one.
  const awsSecret = matching(/^\S+$/)
  const origin = from(toOrigin, 'must be an https origin, such as https://auth.example.com')
  const url = from((value) => (URL.canParse(value) ? value : null), 'must be a URL')
  return z.object({
    ISSUER: origin,
    AUDIENCE: text,
    APP_NAME: z._default(matching(/^.{1,64}$/u), 'Latchkey'),
    APP_SCHEME: z._default(matching(/^[a-z][a-z0-9+.-]*$/), 'latchkey'),
    BRAND_COLOR: z._default(matching(/^#[0-9a-fA-F]{6}$/), '#1f4fd8'),
    AWS_REGION: matching(/^[a-z]{2}(?:-[a-z]+)+-\d$/),
    DYNAMODB_ENDPOINT: z.optional(url),
    SES_ENDPOINT: z.optional(url),
    SMS_ENDPOINT: z.optional(url),
    TOKENS_TABLE: z._default(text, TOKENS_TABLE),
    APPROVALS_TABLE: z._default(text, APPROVALS_TABLE),
    COMPANY_DOMAINS: list(normaliseDomain, 'domains'),
    ADMIN_EMAILS: list(normaliseEmail, 'e-mail addresses'),
    MAIL_FROM: matching(/^[^\r\n]+$/),
    SMS_ORIGINATION_IDENTITY: z.optional(text),
    ALLOWED_ORIGINS: list(webOrigin, 'origins'),
    APP_LINK_ORIGIN: z.optional(origin),
    LINK_TTL_SECONDS: seconds(900, 60, 86_400),
    ACCESS_TOKEN_TTL_SECONDS: seconds(600, 30, 3600),
    SESSION_TTL_SECONDS: seconds(2_592_000, 300, 31_536_000),
    SESSION_IDLE_SECONDS: seconds(1_209_600, 300, 31_536_000),
    DPOP: z._default(z.enum(['optional', 'required']), 'optional'),
    APPLE_APP_IDS: list(
      only(/^[A-Z0-9]{10}\.[A-Za-z0-9.-]+$/),
      'app ids such as ABCDE12345.com.example.app',
    ),
    ANDROID_APPS: list(
      only(/^[A-Za-z][\w.]*=(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/),
      'package=SHA-256 fingerprint pairs',
    ),
    AWS_ACCESS_KEY_ID: awsSecret,
    AWS_SECRET_ACCESS_KEY: awsSecret,
    AWS_SESSION_TOKEN: z.optional(awsSecret),
    SEAL_KEYS: from(
      toSealKeys,
      `must be <id>.<32 random bytes in base64url>[.<nbf>]${LISTED}, no id twice`,
    ),
    JWT_KEYS: json(
      jwtKeys(),
      '{"keys": [private JWKs, each with a kid of its own and alg ES256, EdDSA or HS256 (32 random bytes or more)]}',
    ),
    RESOURCE_SERVERS: z.optional(
      json(
        z.record(
          matching(/^[A-Za-z0-9._~-]{1,64}$/),
          z.string().check(z.refine((secret) => secret.length >= 32 && new Set(secret).size >= 10)),
        ),
        '{"name": "a random secret of 32 characters or more"}',
      ),
    ),
    REVIEW_ACCOUNTS: z.optional(
      json(
        z.array(
          z.strictObject({
            email: z.string().check(z.refine((value) => normaliseEmail(value) === value)),
            code: matching(/^\d{6}$/),
            lastDay: matching(/^\d{4}-\d\d-\d\d$/),
          }),
        ),
        '[{"email", "code": six digits, "lastDay": "YYYY-MM-DD"}]',
      ),
    ),
    TURNSTILE_SECRET: z.optional(text),
    LIMIT_BY_IP: binding(),
    LIMIT_BY_IP_AND_ADDRESS: binding(),
  })
}

const LISTED = ', separated by commas'

/** A value out of text; null is said as `rule`, without a byte of the text. */
const from = <T>(parse: (value: string) => T | null, rule: string) =>
  z.pipe(
    z.string(),
    z.transform((value, ctx): T => {
      const parsed = parse(value)
      if (parsed !== null) return parsed
      ctx.issues.push({ code: 'custom', input: '', message: rule })
      return z.NEVER
    }),
  )

const list = (parse: (item: string) => string | null, what: string) =>
  z._default(
    from((value) => {
      const items = value.split(',').flatMap((item) => item.trim() || [])
      const parsed = items.flatMap((item) => parse(item) ?? [])
      return parsed.length === items.length ? parsed : null
    }, `must list ${what}${LISTED}`),
    [],
  )

const seconds = (fallback: number, min: number, max: number) =>
  z._default(
    from((value) => {
      const number = /^\d+$/.test(value) ? Number(value) : Number.NaN
      return number >= min && number <= max ? number : null
    }, `must be a whole number of seconds from ${min} to ${max}`),
    fallback,
  )

const json = <T extends z.ZodMiniType>(schema: T, what: string) =>
  from((value): z.output<T> | null => {
    try {
      return schema.parse(JSON.parse(value))
    } catch {
      return null
    }
  }, `must be ${what}`)

const binding = () => z.optional(z.custom<RateLimit>((value) => typeof value?.limit === 'function'))

const only = (pattern: RegExp) => (item: string) => (pattern.test(item) ? item : null)

const webOrigin = (item: string) =>
  URL.canParse(item) && new URL(item).origin === item && /^https?:/.test(item) ? item : null

function toOrigin(value: string): string | null {
  const url = URL.canParse(value) ? new URL(value) : null
  const local = /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(url?.hostname ?? '')
  const secure = url?.protocol === 'https:' || (url?.protocol === 'http:' && local)
  return secure && url.origin === value.replace(/\/$/, '') ? url.origin : null
}

function toSealKeys(value: string): SealKey[] | null {
  const keys = value.split(',').flatMap((entry): SealKey[] => {
    const [id = '', secret = '', nbf = '0', ...more] = entry.trim().split('.')
    if (more.length > 0 || !/^\d{1,10}$/.test(nbf)) return []
    if (!/^\d{1,3}$/.test(id) || Number(id) > 255 || !/^[\w-]{43}$/.test(secret)) return []
    const bytes = fromBase64url(secret)
    return looksWeak(bytes) ? [] : [{ id: Number(id), secret: bytes, nbf: Number(nbf) }]
  })
  const distinct = new Set(keys.map((key) => key.id)).size
  return distinct === value.split(',').length ? keys : null
}

/** A key that random bytes would not give: a default, a placeholder or a keyboard walk. */
const looksWeak = (bytes: Uint8Array): boolean => bytes.length < 32 || new Set(bytes).size < 16

const fromBase64url = (value: string) =>
  Uint8Array.from(atob(value.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0))

const jwtKeys = () => {
  const b64 = z.string().check(z.regex(/^[\w-]+$/))
  const common = {
    kid: z.string().check(z.minLength(1)),
    use: z.optional(z.literal('sig')),
    nbf: z.optional(z.int()),
  }
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
  const distinct = (keys: { kid: string }[]) =>
    new Set(keys.map((key) => key.kid)).size === keys.length
  return z.object({ keys: z.array(jwk).check(z.minLength(1), z.refine(distinct)) })
}

/** A signing key (RFC 7517). `nbf`, Unix seconds: published from now on, signs from then on. */
export type JwtKey = z.output<ReturnType<typeof jwtKeys>>['keys'][number]
