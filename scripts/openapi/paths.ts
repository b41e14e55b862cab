import {
  answer,
  BODY_PROBLEMS,
  SERVER_PROBLEMS,
  createRefusals,
  header,
  inPath,
  inQuery,
  json,
  COMMON_OAUTH_ERRORS,
  open,
  statusIs,
  takesForm,
  takesJson,
} from './parts.ts'
import { list, object, problems, text, type JsonSchema } from './schemas.ts'
import type { ProblemCode } from '../../src/http/problem.ts'

/** The headers of an error response, by status. */
const { responses, refusals, oauthRefusals } = createRefusals(problems, {
  401: { ...header('WWW-Authenticate'), ...header('DPoP-Nonce') },
  429: header('Retry-After'),
  503: header('Retry-After'),
})
export { responses }

const CURSOR = inQuery('cursor', 'The `nextCursor` of the previous page.', {
  type: 'string',
  maxLength: 2048,
})
const DPOP_PROOF = {
  name: 'DPoP',
  in: 'header',
  description:
    'A DPoP proof (RFC 9449). It binds the session to its key, so that each refresh needs a proof with the same key.',
  schema: { type: 'string' },
}

/** An operation that needs the access token of a session. */
const signedIn = (
  more: JsonSchema,
  responses: JsonSchema,
  ...codes: ProblemCode[]
): JsonSchema => ({
  tags: ['Sessions'],
  security: [{ Bearer: [] }, { DPoP: [] }],
  ...more,
  responses: {
    ...responses,
    ...refusals('invalid_request', 'unauthorized', ...codes, ...SERVER_PROBLEMS),
  },
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
      200: answer('The document. It is cacheable.', { content: { [type]: { schema } } }),
      ...refusals(...SERVER_PROBLEMS),
    },
  })

/** The members that both metadata documents have. */
const METADATA = {
  issuer: text('The issuer of every token.'),
  token_endpoint: text('The URL of `POST /v1/token`.'),
  jwks_uri: text('The URL of the public keys.'),
}

const page = (description: string): JsonSchema =>
  answer(description, { content: { 'text/html': { schema: { type: 'string' } } } })

export const paths: Record<string, Record<string, JsonSchema>> = {
  '/v1/links': {
    post: open('Sign in', {
      operationId: 'askForLink',
      summary: 'Request a link and a code',
      description:
        'The response is the same for every address, approved or not. A person receives at most one message a minute and five an hour.',
      ...takesJson('AskBody'),
      responses: {
        202: answer('Accepted. If the address may sign in, a message is sent.', json('LinkAsked')),
        ...refusals(
          'invalid_request',
          'bot_check_failed',
          ...BODY_PROBLEMS,
          'rate_limited',
          ...SERVER_PROBLEMS,
        ),
      },
    }),
  },
  '/v1/links/resend': {
    post: open('Sign in', {
      operationId: 'resendLink',
      summary: 'Send the same link and code again',
      description:
        'Earlier messages stay valid. A resend counts toward the same message budget as requesting a link.',
      ...takesJson('ResendBody'),
      responses: {
        202: answer('Accepted.', json('LinkResent')),
        ...refusals(
          'invalid_request',
          ...BODY_PROBLEMS,
          'link_expired',
          'rate_limited',
          ...SERVER_PROBLEMS,
        ),
      },
    }),
  },
  '/link/{token}': {
    get: open('Sign in', {
      operationId: 'linkPage',
      summary: 'The page behind a link',
      description: 'An HTML page for people. Opening it does not use the link.',
      parameters: [inPath('token', 'The sealed link, `tok_ml_…`.')],
      responses: {
        200: page('The ways to continue: in the app, in this browser, or with the code.'),
        404: page('This service did not make the link.'),
        410: page('The link has expired.'),
        ...refusals(...SERVER_PROBLEMS),
      },
    }),
  },
  '/v1/token': {
    post: open('Sign in', {
      operationId: 'token',
      summary: 'Redeem a link or a code, or refresh a session',
      description:
        'RFC 6749 section 3.2, for public clients. A device that lost the response may repeat its request: it can redeem the link or code again until the session is first refreshed, and it can refresh again with the session JWT that it still has.',
      parameters: [DPOP_PROOF],
      ...takesForm('LinkGrantParameters', 'CodeGrantParameters', 'RefreshGrantParameters'),
      responses: {
        200: answer('The session, opened or refreshed.', json('TokenAnswer'), header('DPoP-Nonce')),
        ...oauthRefusals({
          400: [
            'invalid_request',
            'invalid_grant',
            'unsupported_grant_type',
            'invalid_dpop_proof',
            'use_dpop_nonce',
          ],
          429: ['temporarily_unavailable'],
          ...COMMON_OAUTH_ERRORS,
        }),
      },
    }),
  },
  '/account': {
    get: open('Sessions', {
      operationId: 'accountPage',
      summary: 'The page to export or delete an account without the app',
      description: 'An HTML page for people. The person signs in there.',
      responses: { 200: page('The page.'), ...refusals(...SERVER_PROBLEMS) },
    }),
  },
  '/v1/session': {
    get: signedIn(
      { operationId: 'currentSession', summary: 'The current session and its user' },
      {
        200: answer(
          'The session is valid. Its rows were read for this response.',
          json('CurrentSession'),
        ),
      },
    ),
  },
  '/v1/sessions': {
    get: signedIn(
      { operationId: 'listSessions', summary: 'Live sessions', parameters: [CURSOR] },
      { 200: answer('One page, in no particular order.', json('SessionList')) },
    ),
    delete: signedIn(
      {
        operationId: 'endSessions',
        summary: 'Sign out everywhere',
        description:
          'Ends all sessions of the person in one transaction, however many there are. Links and codes that were sent earlier become invalid too.',
        parameters: [
          inQuery('keep', 'With `current`, the session of this request is kept.', {
            const: 'current',
          }),
        ],
      },
      { 204: answer('The sessions have ended.') },
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
          inPath('id', 'The session id.', {
            type: 'string',
            pattern: '^ses_[A-Za-z0-9_-]{22}$',
          }),
        ],
      },
      { 204: answer('The session has ended.') },
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
      { 200: answer('One page.', json('ActivityList')) },
    ),
  },
  '/v1/account': {
    delete: signedIn(
      {
        operationId: 'deleteAccount',
        summary: 'Delete the account',
        description:
          'Deletes everything that is stored about the person, except the approval and its history. It requires a sign-in of the last 5 minutes: otherwise the response is 401 with `error="insufficient_user_authentication"` and `max_age` in `WWW-Authenticate` (RFC 9470). A repeat with the same access token gets 204 too, until the token expires.',
      },
      { 204: answer('The account is deleted.') },
      'stale_session',
      'origin_not_allowed',
      'payload_too_large',
      'rate_limited',
    ),
  },
  '/v1/account/export': {
    get: signedIn(
      {
        operationId: 'exportAccount',
        summary: 'Everything that is stored about the person',
        description:
          'One page has up to 200 rows, newest first. Each page has the approval and the address again.',
        parameters: [CURSOR],
      },
      { 200: answer('One page.', json('AccountExport')) },
      'rate_limited',
    ),
  },
  '/v1/revoke': {
    post: open('Sessions', {
      operationId: 'revoke',
      summary: 'End the session of a token',
      description:
        'RFC 7009. Takes an access token or a session JWT. The response is 200 even if the token is not valid.',
      ...takesForm('Token'),
      responses: {
        200: answer('If the token belonged to a session, that session has ended.'),
        ...oauthRefusals({ 400: ['invalid_request'], ...COMMON_OAUTH_ERRORS }),
      },
    }),
  },
  '/v1/introspect': {
    post: {
      tags: ['Sessions'],
      security: [{ ResourceServer: [] }],
      operationId: 'introspect',
      summary: 'Check whether a token is active',
      description:
        'RFC 7662, for resource servers. It reads the rows, so a session that has ended is inactive at once.',
      ...takesForm('Token'),
      responses: {
        200: answer('The token’s claims, or `active: false`.', json('Introspection')),
        ...oauthRefusals({
          400: ['invalid_request'],
          401: ['invalid_client'],
          ...COMMON_OAUTH_ERRORS,
        }),
      },
    },
  },
  '/.well-known/jwks.json': {
    get: wellKnown(
      'jwks',
      'The public keys that verify access tokens (RFC 7517)',
      {
        type: 'object',
        required: ['keys'],
        properties: { keys: { type: 'array', items: { type: 'object' } } },
      },
      'application/jwk-set+json',
    ),
  },
  '/.well-known/oauth-authorization-server': {
    get: wellKnown(
      'metadata',
      'The metadata for standard OAuth clients (RFC 8414)',
      object({ ...METADATA, grant_types_supported: list({ type: 'string' }) }),
    ),
  },
  '/.well-known/openid-configuration': {
    get: wellKnown(
      'openIdConfiguration',
      'The same metadata, for back ends that look for the keys in OpenID Connect Discovery. Latchkey issues no ID tokens',
      object({
        ...METADATA,
        response_types_supported: list({ type: 'string' }),
        subject_types_supported: list({ type: 'string' }),
        id_token_signing_alg_values_supported: list({ type: 'string' }),
      }),
    ),
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
      summary: 'Check that the Worker runs, even with an invalid configuration',
      responses: { 200: answer('The Worker runs.', statusIs('ok')) },
    }),
  },
  '/readyz': {
    get: open('Operations', {
      operationId: 'readiness',
      summary: 'Check that the Worker is configured and DynamoDB responds',
      responses: {
        200: answer('The Worker is ready.', statusIs('ready')),
        ...refusals(...SERVER_PROBLEMS),
      },
    }),
  },
}
