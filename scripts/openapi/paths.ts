import {
  answer,
  BODY,
  BROKEN,
  createRefusals,
  header,
  inQuery,
  json,
  OAUTH_BODY,
  open,
  statusIs,
  takesForm,
  takesJson,
} from './parts.ts'
import { problems, type JsonSchema } from './schemas.ts'
import type { ProblemCode } from '../../src/http/problem.ts'

/** What comes along with an error of this status, beside its body. */
const { responses, refusals, oauthRefusals } = createRefusals(problems, {
  401: { ...header('WWW-Authenticate'), ...header('DPoP-Nonce') },
  429: header('Retry-After'),
  503: header('Retry-After'),
})
export { responses }

const CURSOR = inQuery('cursor', '`nextCursor` of the page before.', {
  type: 'string',
  maxLength: 2048,
})
const DPOP_PROOF = {
  name: 'DPoP',
  in: 'header',
  description:
    'A proof (RFC 9449): binds the session to its key, and is needed again to refresh it.',
  schema: { type: 'string' },
}

/** An operation for whoever is signed in. */
const signedIn = (
  more: JsonSchema,
  responses: JsonSchema,
  ...codes: ProblemCode[]
): JsonSchema => ({
  tags: ['Sessions'],
  security: [{ Bearer: [] }, { DPoP: [] }],
  ...more,
  responses: { ...responses, ...refusals('invalid_request', 'unauthorized', ...codes, ...BROKEN) },
})

const wellKnown = (
  operationId: string,
  summary: string,
  schema: JsonSchema,
  type = 'application/json',
): JsonSchema =>
  open('Discovery', {
    operationId,
    summary,
    responses: {
      200: answer('May be cached.', { content: { [type]: { schema } } }),
      ...refusals(...BROKEN),
    },
  })

const page = (description: string): JsonSchema =>
  answer(description, { content: { 'text/html': { schema: { type: 'string' } } } })

export const paths: Record<string, Record<string, JsonSchema>> = {
  '/v1/links': {
    post: open('Sign in', {
      operationId: 'askForLink',
      summary: 'Ask for a link and a code',
      description:
        'The same answer for every address, approved or not. A message goes out at most once a minute and five times an hour to one person.',
      ...takesJson('AskBody'),
      responses: {
        202: answer(
          'Asked. If the address may sign in, a message is on its way.',
          json('LinkAsked'),
        ),
        ...refusals('invalid_request', 'bot_check_failed', ...BODY, 'rate_limited', ...BROKEN),
      },
    }),
  },
  '/v1/links/resend': {
    post: open('Sign in', {
      operationId: 'resendLink',
      summary: 'Send the same link and code again',
      description: 'Messages sent before stay good. Counts against the same budget.',
      ...takesJson('ResendBody'),
      responses: {
        202: answer('Asked again.', json('LinkResent')),
        ...refusals('invalid_request', ...BODY, 'link_expired', 'rate_limited', ...BROKEN),
      },
    }),
  },
  '/link/{token}': {
    get: open('Sign in', {
      operationId: 'linkPage',
      summary: 'The page behind a link',
      description: 'For people. Opening it spends nothing, however often.',
      parameters: [{ name: 'token', in: 'path', required: true, schema: { type: 'string' } }],
      responses: {
        200: page('How to go on: in the app, in this browser, or by the code.'),
        404: page('No link of this service.'),
        410: page('The link has run out.'),
        ...refusals(...BROKEN),
      },
    }),
  },
  '/v1/token': {
    post: open('Sign in', {
      operationId: 'token',
      summary: 'Redeem a link or a code, or refresh a session',
      description:
        'RFC 6749 section 3.2, for a public client. The same device may repeat a request whose answer it lost: a link until the session is first refreshed, a refresh with the session JWT that it still has.',
      parameters: [DPOP_PROOF],
      ...takesForm('LinkGrantParameters', 'CodeGrantParameters', 'RefreshGrantParameters'),
      responses: {
        200: answer('A session, opened or continued.', json('TokenAnswer'), header('DPoP-Nonce')),
        ...oauthRefusals({
          400: [
            'invalid_request',
            'invalid_grant',
            'unsupported_grant_type',
            'invalid_dpop_proof',
            'use_dpop_nonce',
          ],
          429: ['temporarily_unavailable'],
          ...OAUTH_BODY,
        }),
      },
    }),
  },
  '/v1/session': {
    get: signedIn(
      { operationId: 'currentSession', summary: 'This session and its user' },
      { 200: answer('The rows were looked at: the session lives.', json('CurrentSession')) },
    ),
  },
  '/v1/sessions': {
    get: signedIn(
      { operationId: 'listSessions', summary: 'Live sessions', parameters: [CURSOR] },
      { 200: answer('A page, in no order.', json('SessionList')) },
    ),
    delete: signedIn(
      {
        operationId: 'endSessions',
        summary: 'Sign out everywhere',
        description: 'One write, whatever their number. Links on their way are spent too.',
        parameters: [inQuery('keep', 'Ends all others.', { const: 'current' })],
      },
      { 204: answer('They have ended.') },
      'origin_not_allowed',
      'payload_too_large',
    ),
  },
  '/v1/sessions/{id}': {
    delete: signedIn(
      {
        operationId: 'endSession',
        summary: 'End one session',
        parameters: [
          {
            name: 'id',
            in: 'path',
            required: true,
            schema: { type: 'string', pattern: '^ses_[A-Za-z0-9_-]{22}$' },
          },
        ],
      },
      { 204: answer('It has ended.') },
      'origin_not_allowed',
      'not_found',
      'payload_too_large',
    ),
  },
  '/v1/activity': {
    get: signedIn(
      {
        operationId: 'listActivity',
        summary: 'Recent links and sessions of this person, newest first',
        parameters: [CURSOR],
      },
      { 200: answer('A page.', json('ActivityList')) },
    ),
  },
  '/v1/revoke': {
    post: open('Sessions', {
      operationId: 'revoke',
      summary: 'End the session of a token',
      description: 'RFC 7009. Either token will do. 200 also for a token that is none.',
      ...takesForm('Token'),
      responses: {
        200: answer('The session, if there was one, has ended.'),
        ...oauthRefusals({ 400: ['invalid_request'], ...OAUTH_BODY }),
      },
    }),
  },
  '/v1/introspect': {
    post: {
      tags: ['Sessions'],
      security: [{ ResourceServer: [] }],
      operationId: 'introspect',
      summary: 'Whether a token is good right now',
      description:
        'RFC 7662, for resource servers. Looks at the rows, so a revocation shows at once.',
      ...takesForm('Token'),
      responses: {
        200: answer('What is known of it.', json('Introspection')),
        ...oauthRefusals({ 400: ['invalid_request'], 401: ['invalid_client'], ...OAUTH_BODY }),
      },
    },
  },
  '/.well-known/jwks.json': {
    get: wellKnown(
      'jwks',
      'Public keys, for verifying access tokens (RFC 7517)',
      {
        type: 'object',
        required: ['keys'],
        properties: { keys: { type: 'array', items: { type: 'object' } } },
      },
      'application/jwk-set+json',
    ),
  },
  '/.well-known/oauth-authorization-server': {
    get: wellKnown('metadata', 'What a standard client needs to know (RFC 8414)', {
      type: 'object',
      required: ['issuer', 'token_endpoint', 'jwks_uri', 'grant_types_supported'],
    }),
  },
  '/.well-known/apple-app-site-association': {
    get: wellKnown('appleAssociation', 'Which iOS apps open links', { type: 'object' }),
  },
  '/.well-known/assetlinks.json': {
    get: wellKnown('assetLinks', 'Which Android apps open links', {
      type: 'array',
      items: { type: 'object' },
    }),
  },
  '/healthz': {
    get: open('Operations', {
      operationId: 'health',
      summary: 'Whether the service runs, configured or not',
      responses: { 200: answer('It runs.', statusIs('ok')) },
    }),
  },
  '/readyz': {
    get: open('Operations', {
      operationId: 'readiness',
      summary: 'Whether it is configured and DynamoDB answers',
      responses: { 200: answer('It is ready.', statusIs('ready')), ...refusals(...BROKEN) },
    }),
  },
}
