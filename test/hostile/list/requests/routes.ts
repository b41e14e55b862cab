import type { HostileRequest } from '../../request.ts'
import { ask, ASK, request } from './make.ts'

/** Other spellings of paths, and paths that are not there. */
export const PATHS: HostileRequest[] = [
  '/',
  '//',
  '/.',
  '/..',
  '/%2e%2e/v1/session',
  '/v1',
  '/v1/',
  '/v1//session',
  '//v1/session',
  '/V1/SESSION',
  '/v1/session/',
  '/v1/session//',
  '/v1/sess%69on',
  '/v1/session%20',
  '/v1/session%00',
  '/v1/session;x',
  '/v1/session.json',
  '/v1/./session',
  '/v1\\session',
  '/v1/%2e/session',
  '/v1/sessions/../session',
  '/v1/session%3f',
  '/v1/session%23x',
  '/v1/session?x',
  '/v1/session??',
  '/v1/session?%',
  '/v1/session?x=%ff',
  '/v1/session?=x',
  '/link',
  '/link/',
  '/link//',
  '/link/%',
  '/link/%ff',
  '/link/a/b/c',
  '/link/..%2f..%2fv1',
  '/link/tok_ml_x?x=<script>',
  '/account/',
  '/account?x',
  '/docs',
  '/openapi.json',
  '/.env',
  '/.well-known/',
  '/.well-known/jwks.json/',
  '/.well-known/JWKS.json',
  '/favicon.ico',
  '/assets/',
  '/assets/%2e%2e/x',
  '/wp-login.php',
  '/healthz/',
  '/readyz?x=1',
  '/*',
  '/:id',
  `/${'a/'.repeat(2000)}`,
  `/${'a'.repeat(8000)}`,
  `/v1/sessions?cursor=${'a'.repeat(8000)}`,
  `/v1/sessions?${'a=1&'.repeat(2000)}`,
].flatMap((path) => [
  request('public', `GET ${path}`, { Authorization: 'Bearer ‹access›' }, undefined, 'person'),
  request('console', `GET ${path}`, { Accept: 'text/html' }),
])

/** Methods that a route does not have. */
export const METHODS: HostileRequest[] = [
  'HEAD',
  'OPTIONS',
  'PUT',
  'PATCH',
  'DELETE',
  'PROPFIND',
  'PURGE',
]
  .flatMap((method) => [`${method} /v1/links`, `${method} /v1/token`, `${method} /v1/session`])
  .flatMap((line) => [request('public', line), request('console', line)])

/** Headers that a proxy or a library in front could act on. */
export const OVERRIDES: HostileRequest[] = [
  ['X-HTTP-Method-Override', 'DELETE'],
  ['X-HTTP-Method', 'DELETE'],
  ['X-Method-Override', 'DELETE'],
  ['X-Original-URL', '/v1/account'],
  ['X-Rewrite-URL', '/v1/account'],
  ['Host', 'evil.example'],
  ['X-Forwarded-Host', 'evil.example'],
  ['Forwarded', 'host=evil.example;proto=http'],
  ['Content-Length', '-1'],
  ['Content-Length', '1e9'],
  ['Content-Length', '99999999999999999999'],
  ['Content-Length', '16385'],
  ['Content-Length', 'x'],
  ['Transfer-Encoding', 'chunked, identity'],
  ['Connection', 'X-Request-Id'],
  ['Expect', '100-continue'],
  ['Range', 'bytes=0-1'],
  ['Upgrade', 'websocket'],
  ['Cookie', 'a=b; '.repeat(1500)],
  ['Cookie', `__Host-latchkey=${'A'.repeat(8000)}`],
  ['Cookie', '__Host-latchkey=x; __Host-latchkey=y'],
  ['Accept-Language', 'de;q=0.5,'.repeat(800)],
].flatMap(([name, value]) => [
  request('public', 'GET /v1/session', { Authorization: 'Bearer ‹access›', [name!]: value! }),
  request('console', 'GET /approvals', { [name!]: value! }),
  ask(`{${ASK}}`, { [name!]: value! }),
])

const PERSON = { Cookie: '‹person-cookie›', Origin: 'https://console.latchkey.test' }
/** Everything that an ordinary person could try at the console. */
export const BY_A_PERSON: HostileRequest[] = [
  ['POST /v1/approvals', '{"email":"‹email›","reason":"x","expiresAt":null}'],
  ['PATCH /v1/approvals/‹guest›', '{"reason":"x"}'],
  ['POST /v1/approvals/‹guest›/withdraw', '{}'],
  ['POST /v1/approvals/import', 'email,reason\n‹email›,x'],
  ['DELETE /v1/people/‹other-user›', '{"reason":"x"}'],
  ['DELETE /v1/people/‹other-user›/sessions', '{"reason":"x"}'],
  ['DELETE /v1/people/‹other-user›/sessions/‹other-session›', '{"reason":"x"}'],
  ['POST /v1/requests/‹email›/approve', '{"days":1,"reason":"x"}'],
  ['POST /v1/requests/‹email›/decline', '{"reason":"x"}'],
].flatMap(([line, body]) =>
  [
    PERSON,
    { Cookie: '‹admin-cookie›', Origin: 'https://evil.example' },
    { Cookie: '‹admin-cookie›' },
    { Authorization: 'Bearer ‹reader-token›' },
    { Authorization: 'Bearer ‹access›' },
  ].map((who) => {
    const type = line!.endsWith('import') ? 'text/csv' : 'application/json'
    return request('console', line!, { 'Content-Type': type, 'If-Match': '*', ...who }, body)
  }),
)
