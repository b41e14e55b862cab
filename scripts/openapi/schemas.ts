import * as z from 'zod'
import { AskBody, ResendBody } from '../../src/ask/schema.ts'
import type { AccessTokenClaims } from '../../src/crypto/access-token.ts'
import type { OAuthErrorCode } from '../../src/http/oauth-error.ts'
import { Problem, PROBLEM_CODES } from '../../src/http/problem.ts'
import type { describeActivity, describeSession } from '../../src/session/describe.ts'
import { CodeParameters, LinkParameters } from '../../src/sign-in/schema.ts'

/** JSON Schema 2020-12, which is what OpenAPI 3.1 takes. */
export type JsonSchema = { [member: string]: unknown }

const text = (description: string, more: JsonSchema = {}): JsonSchema => ({
  type: 'string',
  description,
  ...more,
})
const whole = (description: string): JsonSchema => ({ type: 'integer', description })
const seconds = (description: string): JsonSchema => whole(`${description} Unix seconds.`)
const list = (items: JsonSchema): JsonSchema => ({ type: 'array', items })

/** An object whose members are all there, but for those named. */
function object(properties: Record<string, JsonSchema>, optional: string[] = []): JsonSchema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name))
  return { type: 'object', required, properties }
}

const DEVICE_NAME = text('Shown to the person. No control characters.')

/** What the Worker's own schemas do not tell: what a member is for, and what its normalisation takes. */
const MEMBERS: Record<string, JsonSchema> = {
  email: { format: 'email', maxLength: 320, examples: ['john.doe@acmecorp.com'] },
  channel: {
    description:
      'How the link travels. An SMS goes only to the number on the approval of the address.',
  },
  phoneNumber: {
    description: 'If given, it must be the number on the approval, or nothing is sent.',
    maxLength: 40,
    examples: ['+14155551234'],
  },
  dashboardId: text('Comes back with the sign-in: what the app opens then.'),
  codeChallenge: text(
    'RFC 7636 S256: base64url of the SHA-256 of the verifier that the app keeps.',
  ),
  deviceName: DEVICE_NAME,
  locale: text('Language of the message, BCP 47; English when there is none for it.'),
  turnstileToken: text('From browsers, where a bot check is configured.'),
  handle: text('From the answer to `POST /v1/links`.'),
  link_token: text('The `tok_ml_…` of the link; the whole URL works too.'),
  code: text('The six digits beside the link.'),
  code_verifier: text('RFC 7636: what `codeChallenge` was made from.'),
  device_id: text('The app’s own stable name for this device. The session is bound to it.'),
  device_name: DEVICE_NAME,
}

/** The request body as a client may send it, from the very schema that the Worker checks it with. */
function input(schema: z.core.$ZodType): JsonSchema {
  const { $schema: _, ...made } = z.toJSONSchema(schema, { io: 'input' })
  const properties = Object.entries(made.properties ?? {}).map(([name, member]) => {
    if (MEMBERS[name] === undefined) throw new Error(`openapi-schemas.ts says nothing of ${name}`)
    return [name, { ...(member as JsonSchema), ...MEMBERS[name] }]
  })
  return { ...made, properties: Object.fromEntries(properties) as JsonSchema }
}

/** A grant's own parameters, and the name that chooses it. */
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
  deviceId: text('As the app named it.'),
  deviceName: text('As the app named it.'),
  createdAt: seconds('When it was opened.'),
  lastUsedAt: seconds('When it was last refreshed.'),
  expiresAt: seconds('Its absolute end.'),
  sourceFlow: { enum: ['email', 'sms'] },
  dashboardId: text('What the link was asked with.'),
  ipAddress: text('Whence it was opened.'),
  userAgent: text('By which program it was opened.'),
  dpopBound: { type: 'boolean', description: 'Whether it is bound to a key (RFC 9449).' },
} satisfies Record<keyof ReturnType<typeof describeSession>, JsonSchema>
const SESSION_OPTIONAL = ['deviceName', 'dashboardId']

type AllKeys<T> = T extends unknown ? keyof T : never

const ACTIVITY = {
  kind: { enum: ['link', 'session'] },
  createdAt: seconds('When it was made.'),
  expiresAt: seconds('When it ends or ended.'),
  usedAt: seconds('When the link was used, or the session opened.'),
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
  client_id: text('The app.'),
  exp: seconds('When the token ends.'),
  iat: seconds('When it was signed.'),
  jti: text('The token’s own name.'),
  sub: text('The user id, `usr_…`.'),
  sid: text('The session id.'),
  cnf: object({ jkt: text('Thumbprint of the key that the token is bound to (RFC 7638).') }),
} satisfies Partial<Record<keyof AccessTokenClaims, JsonSchema>>

const cursor = text('For the next page; absent on the last one.')
const user = object({ id: text('`usr_…`'), email: text('In its canonical form.') })
const resendAfter = whole('Seconds until one more message is possible.')
const linkLife = whole('Seconds until the link has run out.')

/** Each code once: the compiler says when one is missing. */
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

/** Status and title of every problem, as the Worker says them. */
export const problems = PROBLEM_CODES.map((code) => {
  const problem = new Problem(code)
  return {
    code,
    type: `urn:latchkey:problem:${code}`,
    status: problem.status,
    title: problem.message,
  }
})

export const schemas: Record<string, JsonSchema> = {
  AskBody: input(AskBody()),
  LinkAsked: object(
    {
      handle: text('Names this link towards this service. Keep it beside the verifier.'),
      expiresIn: linkLife,
      resendAfter,
      requestExpiresIn: whole(
        'Where ACCESS_REQUESTS is on, for every address alike: for so many seconds a link may still come, if the address ' +
          'has to be let in first. Keep handle and verifier as long.',
      ),
    },
    ['requestExpiresIn'],
  ),
  ResendBody: input(ResendBody()),
  LinkResent: object({ expiresIn: linkLife, resendAfter }),
  LinkGrantParameters: grant('urn:latchkey:grant-type:link', input(LinkParameters())),
  CodeGrantParameters: grant('urn:latchkey:grant-type:code', input(CodeParameters())),
  RefreshGrantParameters: grant(
    'refresh_token',
    object({ refresh_token: text('The newest session JWT.', { maxLength: 4096 }) }),
  ),
  TokenAnswer: object(
    {
      access_token: text('RFC 9068. For the app’s API, and for the routes here.'),
      token_type: { enum: ['Bearer', 'DPoP'] },
      expires_in: whole('Seconds that the access token lives.'),
      refresh_token: text('The session JWT: good here alone, for refreshing.'),
      refresh_token_expires_in: whole('Seconds that the session lives at most.'),
      session_id: text('`ses_…`'),
      user,
      dashboard_id: text('What the link was asked with.'),
      server_time: seconds('The service’s clock.'),
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
          iss: text('The issuer.'),
          username: text('The address.'),
          token_type: {
            enum: ['Bearer', 'DPoP', 'refresh_token'],
            description:
              '`refresh_token`: a session JWT, which is not for APIs. Accept only the other two.',
          },
          ...claim,
          aud: { oneOf: [claim.aud, { type: 'string' }] },
        },
        // A session JWT has none of these.
        ['token_type', 'client_id', 'iat', 'jti', 'cnf'],
      ),
    ],
  },
  Session: object(SESSION, SESSION_OPTIONAL),
  CurrentSession: object({
    session: { $ref: '#/components/schemas/Session' },
    user,
    now: seconds('The service’s clock.'),
  }),
  SessionList: object(
    {
      sessions: list(
        object(
          {
            ...SESSION,
            current: { type: 'boolean', description: 'Whether this request came from it.' },
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
  Problem: {
    ...object(
      {
        type: { enum: problems.map(({ type }) => type) },
        title: { enum: problems.map(({ title }) => title) },
        status: whole('As in the status line.'),
        detail: text('For a developer. Never what the request said.'),
        errors: list(
          object({
            pointer: text('JSON pointer to a bad member (RFC 6901 section 6).', {
              examples: ['#/email'],
            }),
            detail: text('What is wrong with it.'),
          }),
        ),
        requestId: text('Also in `X-Request-Id`, and in the log.'),
      },
      ['detail', 'errors'],
    ),
    description: 'RFC 9457. The `type` is stable: decide by it.',
  },
  OAuthError: {
    ...object(
      {
        error: { enum: Object.keys(OAUTH_CODES) },
        error_description: text('For a developer.'),
        latchkey_reason: {
          enum: ['used', 'expired', 'superseded', 'not_approved'],
          description: 'Why a link or code was refused: told only to the holder of its verifier.',
        },
      },
      ['latchkey_reason'],
    ),
    description: 'RFC 6749 section 5.2.',
  },
}
