import * as z from 'zod'
import type { describeAccount } from '../../src/account/export.ts'
import { AskBody, ResendBody } from '../../src/ask/schema.ts'
import type { AccessTokenClaims } from '../../src/crypto/access-token.ts'
import type { OAuthErrorCode } from '../../src/http/oauth-error.ts'
import { Problem, PROBLEM_CODES } from '../../src/http/problem.ts'
import type { describeActivity, describeSession } from '../../src/session/describe.ts'
import { CodeParameters, LinkParameters } from '../../src/sign-in/schema.ts'

/** JSON Schema 2020-12, as OpenAPI 3.1 uses it. */
export type JsonSchema = { [member: string]: unknown }

export const text = (description: string, more: JsonSchema = {}): JsonSchema => ({
  type: 'string',
  description,
  ...more,
})
export const whole = (description: string): JsonSchema => ({ type: 'integer', description })
export const seconds = (description: string): JsonSchema => whole(`${description} Unix seconds.`)
export const list = (items: JsonSchema): JsonSchema => ({ type: 'array', items })

/** A row as it is stored, without its secrets. */
const row = (description: string): JsonSchema => ({
  type: 'object',
  description: `${description} Members and units as in docs/data.md.`,
})

/** An object whose members are all required, except those in `optional`. */
export function object(
  properties: Record<string, JsonSchema>,
  optional: string[] = [],
): JsonSchema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name))
  return { type: 'object', required, properties }
}

const DEVICE_NAME = text('The name of the device, shown to the person. No control characters.')

/** What the Worker's own schemas do not contain: the purpose of a member, and the limits of a normalised one. */
const MEMBERS: Record<string, JsonSchema> = {
  email: { format: 'email', maxLength: 320, examples: ['john.doe@acmecorp.com'] },
  channel: {
    default: 'email',
    description:
      'How the link is sent. An SMS only goes to the phone number on the approval of the address.',
  },
  phoneNumber: {
    description: 'If this is not the number on the approval, nothing is sent.',
    maxLength: 40,
    examples: ['+14155551234'],
  },
  dashboardId: text(
    'The dashboard that the app opens after the sign-in. The response to the sign-in returns it.',
  ),
  codeChallenge: text(
    'RFC 7636, S256: base64url of the SHA-256 of the code verifier, which the app keeps.',
    { examples: ['E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'] },
  ),
  deviceName: DEVICE_NAME,
  locale: text(
    'The language of the message (BCP 47). If the language is not supported, the message is in English.',
  ),
  turnstileToken: text(
    'The token of the bot check (Cloudflare Turnstile). Browsers must send it if the check is configured.',
  ),
  handle: text('The `handle` from the response to `POST /v1/links`.'),
  link_token: text('The sealed link, `tok_ml_…`, or the whole URL.'),
  code: text('The six digits in the message.', { examples: ['123456'] }),
  code_verifier: text('RFC 7636: the verifier that `codeChallenge` was made from.', {
    examples: ['dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'],
  }),
  device_id: text(
    'A stable id that the app chooses for this device. A new session on the device replaces its older one.',
    { examples: ['dev_iphone_ada'] },
  ),
  device_name: DEVICE_NAME,
}

/**
 * The request body as a client may send it, generated from the schema with which the Worker checks it.
 * @param members describes each member.
 */
export function input(
  schema: z.core.$ZodType,
  members: Record<string, JsonSchema> = MEMBERS,
): JsonSchema {
  const { $schema: _, ...made } = z.toJSONSchema(schema, { io: 'input' })
  const properties = Object.entries(made.properties ?? {}).map(([name, member]) => {
    if (members[name] === undefined) throw new Error(`MEMBERS does not describe ${name}`)
    return [name, { ...(member as JsonSchema), ...members[name] }]
  })
  return { ...made, properties: Object.fromEntries(properties) as JsonSchema }
}

/** The parameters of one grant, and the `grant_type` that selects it. */
function grant(name: string, parameters: JsonSchema): JsonSchema {
  const { properties, required } = parameters as { properties: object; required: string[] }
  return {
    ...parameters,
    properties: { grant_type: { const: name }, ...properties },
    required: ['grant_type', ...required],
  }
}

const SESSION = {
  id: text('`ses_…`'),
  deviceId: text('The `device_id` that the app sent.'),
  deviceName: text('The device name that the app sent.'),
  createdAt: seconds('When the session was opened.'),
  lastUsedAt: seconds('When the session was last refreshed.'),
  expiresAt: seconds('When the session expires.'),
  sourceFlow: { enum: ['email', 'sms'] },
  dashboardId: text('The `dashboardId` of the request for the link.'),
  ipAddress: text('The IP address of the request that created it.'),
  userAgent: text('The User-Agent of the request that created it.'),
  dpopBound: { type: 'boolean', description: 'Whether the session is bound to a key (RFC 9449).' },
} satisfies Record<keyof ReturnType<typeof describeSession>, JsonSchema>
const SESSION_OPTIONAL = ['deviceName', 'dashboardId']

type AllKeys<T> = T extends unknown ? keyof T : never

const ACTIVITY = {
  kind: { enum: ['link', 'session'] },
  createdAt: seconds('When the link was made or the session was opened.'),
  expiresAt: seconds('When it expires.'),
  usedAt: seconds('When the link was used or the session was opened.'),
  deviceName: SESSION.deviceName,
  revokedAt: seconds('When the session was ended.'),
  revokedReason: {
    enum: ['signed_out', 'signed_out_everywhere', 'replaced', 'reuse', 'ended_by_company'],
  },
  sourceFlow: SESSION.sourceFlow,
  ipAddress: SESSION.ipAddress,
  userAgent: SESSION.userAgent,
} satisfies Record<AllKeys<ReturnType<typeof describeActivity>>, JsonSchema>

const claim = {
  aud: list({ type: 'string' }),
  client_id: text('The id of the app.'),
  exp: seconds('When the token expires.'),
  iat: seconds('When the token was signed.'),
  jti: text('The id of the token.'),
  sub: text('The user id, `usr_…`.'),
  sid: text('The session id.'),
  cnf: object({ jkt: text('The thumbprint of the key that the token is bound to (RFC 7638).') }),
} satisfies Partial<Record<keyof AccessTokenClaims, JsonSchema>>

const cursor = text('The `cursor` for the next page. Absent on the last page.')
const user = object({ id: text('`usr_…`'), email: text('The email address, normalised.') })
const resendAfter = whole('Seconds until the next message can be sent.')
const expiresIn = whole('Seconds until the link expires.')

/** Every code that the public Worker returns. The compiler reports a missing one. */
const OAUTH_CODES: Record<Exclude<OAuthErrorCode, 'invalid_scope'>, true> = {
  invalid_request: true,
  invalid_client: true,
  invalid_grant: true,
  unsupported_grant_type: true,
  invalid_dpop_proof: true,
  use_dpop_nonce: true,
  server_error: true,
  temporarily_unavailable: true,
}

/** All problems of the public Worker, with status and title. */
export const problems = PROBLEM_CODES.map((code) => described(code, new Problem(code)))

export function described<Code extends string>(code: Code, { status, title }: Problem) {
  return { code, type: `urn:latchkey:problem:${code}`, status, title }
}

/** The response for a problem (RFC 9457), for the problems of one document. */
export const problemSchema = (
  problems: readonly { type: string; title: string }[],
): JsonSchema => ({
  ...object(
    {
      type: { enum: problems.map(({ type }) => type) },
      title: { enum: problems.map(({ title }) => title) },
      status: whole('The HTTP status of the response.'),
      detail: text('An explanation for the developer. It never contains data from the request.'),
      errors: list(
        object({
          pointer: text('A JSON pointer to the member (RFC 6901 section 6).', {
            examples: ['#/email'],
          }),
          detail: text('What is wrong with the member.'),
        }),
      ),
      requestId: text('The id of this request, which is also in `X-Request-Id` and in the log.'),
    },
    ['detail', 'errors'],
  ),
  description: 'RFC 9457. The `type` is stable, so clients can depend on it.',
})

export const schemas: Record<string, JsonSchema> = {
  AskBody: input(AskBody()),
  LinkAsked: object(
    {
      handle: text(
        'Identifies this link in later requests. Store it together with the code verifier.',
      ),
      expiresIn,
      resendAfter,
      requestExpiresIn: whole(
        'Present for every address if ACCESS_REQUESTS is on. If an administrator or approver approves the address within ' +
          'this many seconds, the person receives a link. Keep the handle and the verifier until then.',
      ),
    },
    ['requestExpiresIn'],
  ),
  ResendBody: input(ResendBody()),
  LinkResent: object({ expiresIn, resendAfter }),
  LinkGrantParameters: grant('urn:latchkey:grant-type:link', input(LinkParameters())),
  CodeGrantParameters: grant('urn:latchkey:grant-type:code', input(CodeParameters())),
  RefreshGrantParameters: grant(
    'refresh_token',
    object({ refresh_token: text('The newest session JWT.', { maxLength: 4096 }) }),
  ),
  TokenAnswer: object(
    {
      access_token: text('RFC 9068. For the app’s API and for the routes of this service.'),
      token_type: { enum: ['Bearer', 'DPoP'] },
      expires_in: whole('Seconds until the access token expires.'),
      refresh_token: text(
        'The session JWT. It refreshes the session. Only this service accepts it.',
      ),
      refresh_token_expires_in: whole('Seconds until the session expires.'),
      session_id: text('`ses_…`'),
      user,
      dashboard_id: text('The `dashboardId` of the request for the link.'),
      server_time: seconds('The server’s time.'),
    },
    ['dashboard_id'],
  ),
  Token: object({ token: text('An access token or a session JWT.', { maxLength: 4096 }) }),
  Introspection: {
    oneOf: [
      object({ active: { const: false } }),
      object(
        {
          active: { const: true },
          iss: text('The issuer of the token.'),
          username: text('The person’s email address.'),
          token_type: {
            enum: ['Bearer', 'DPoP', 'refresh_token'],
            description:
              '`refresh_token` means a session JWT, which is not for APIs. An API must only accept the other two.',
          },
          ...claim,
          aud: { oneOf: [claim.aud, { type: 'string' }] },
        },
        // The response for a session JWT does not have the first three. Only a bound session has `cnf`.
        ['client_id', 'iat', 'jti', 'cnf'],
      ),
    ],
  },
  Session: object(SESSION, SESSION_OPTIONAL),
  CurrentSession: object({
    session: { $ref: '#/components/schemas/Session' },
    user,
    now: seconds('The server’s time.'),
  }),
  SessionList: object(
    {
      sessions: list(
        object(
          {
            ...SESSION,
            current: {
              type: 'boolean',
              description: 'Whether this is the session of the request.',
            },
          },
          SESSION_OPTIONAL,
        ),
      ),
      nextCursor: cursor,
    },
    ['nextCursor'],
  ),
  ActivityList: object(
    {
      activity: list(
        object(
          ACTIVITY,
          Object.keys(ACTIVITY).filter(
            (name) => !['kind', 'createdAt', 'expiresAt'].includes(name),
          ),
        ),
      ),
      nextCursor: cursor,
    },
    ['nextCursor'],
  ),
  AccountExport: object(
    {
      now: seconds('The server’s time.'),
      user,
      approval: {
        oneOf: [row('The approval of the address.'), { type: 'null' }],
      },
      address: row('The address row: its marks and budgets.'),
      sessions: list(row('A session, live or ended.')),
      links: list(row('A link.')),
      requests: list(row('The access request, if there is one.')),
      changes: list(row('What administrators changed: the approval, the sessions.')),
      nextCursor: cursor,
    } satisfies Record<keyof ReturnType<typeof describeAccount> | 'now' | 'nextCursor', JsonSchema>,
    ['nextCursor'],
  ),
  Problem: problemSchema(problems),
  OAuthError: {
    ...object(
      {
        error: { enum: Object.keys(OAUTH_CODES) },
        error_description: text('An explanation for the developer.'),
        latchkey_reason: {
          enum: ['used', 'expired', 'superseded', 'not_approved'],
          description:
            'Why a link or code was refused. Only sent to a caller who has the code verifier.',
        },
      },
      ['latchkey_reason'],
    ),
    description: 'RFC 6749 section 5.2.',
  },
}
