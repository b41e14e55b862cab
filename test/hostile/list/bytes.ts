/**
 * Requests as bytes on a connection: what no HTTP client sends. One character is one byte. CONNECT is not among them: no
 * Worker sees it. Nor are pages: plain workerd has no assets.
 */

const HOST = 'Host: auth.latchkey.test\r\n'
const END = '\r\n'
const get = (target: string, headers = ''): string =>
  `GET ${target} HTTP/1.1\r\n${HOST}${headers}${END}`
const post = (headers: string, body = ''): string =>
  `POST /v1/links HTTP/1.1\r\n${HOST}Content-Type: application/json\r\n${headers}${END}${body}`
/** A second request, hidden in the body of the first. */
const HIDDEN = `DELETE /v1/sessions HTTP/1.1\r\n${HOST}\r\n`

const TARGETS = [
  '/v1/./session',
  '/v1/../v1/session',
  '/../../etc/passwd',
  '//v1/session',
  '/v1//session',
  '/v1\\session',
  '\\v1\\session',
  '/v1/session%00',
  '/v1/session\0',
  '/v1/session\t',
  '/v1/session\x01',
  '/v1/\xc3\xa9',
  '/v1/\xff\xfe',
  '/v1/\xc0\xaf',
  '/v1/session#fragment',
  '/v1/session?\xff=\xfe',
  '/?<script>',
  '*',
  'v1/session',
  '',
  '?',
  '#',
  'http://evil.example/v1/session',
  'http://evil.example:99999/',
  'https://user:password@evil.example/v1/session',
  'http:///v1/session',
  'javascript:alert(1)',
  '//evil.example/%2e%2e',
  `/${'a'.repeat(60_000)}`,
  `/v1/sessions?${'a=1&'.repeat(15_000)}`,
].map((target) => get(target))

const LINES = [
  `get /v1/session HTTP/1.1\r\n${HOST}\r\n`,
  `FOO /v1/session HTTP/1.1\r\n${HOST}\r\n`,
  `TRACE /v1/session HTTP/1.1\r\n${HOST}\r\n`,
  `${'A'.repeat(5000)} / HTTP/1.1\r\n${HOST}\r\n`,
  'GET /v1/session\r\n',
  `GET /v1/session HTTP/1.0\r\n\r\n`,
  `GET /v1/session HTTP/9.9\r\n${HOST}\r\n`,
  `GET  /v1/session  HTTP/1.1\r\n${HOST}\r\n`,
  `GET /v1/session HTTP/1.1 x\r\n${HOST}\r\n`,
  `GET /v1/session HTTP/1.1\n${HOST}\n\n`,
  `\r\n\r\nGET /v1/session HTTP/1.1\r\n${HOST}\r\n`,
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
  '\0\0\0\0',
  '\r\n',
]

const HEADERS = [
  'Host: evil.example\r\n',
  'host: evil.example\r\nHost: x\r\n',
  ' Folded: x\r\n y\r\n',
  'X: a\r\n b\r\n',
  'X : a\r\n',
  'X\r\n',
  ': a\r\n',
  'X\0: a\r\n',
  'X: a\0b\r\n',
  'X: a\rb\r\n',
  'X: a\nSet-Cookie: b\r\n',
  'Authorization: Bearer \xff\xfe\r\n',
  'Authorization: Bearer a\r\nAuthorization: Bearer b\r\n',
  'Cookie: a=\x01\r\n',
  'Content-Type: application/json\r\nContent-Type: text/plain\r\n',
  'Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: AAAA\r\n',
  'Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAAA\r\n',
  'Expect: 100-continue\r\n',
  'Expect: x\r\n',
  `X: ${'a'.repeat(60_000)}\r\n`,
  'X: a\r\n'.repeat(5000),
].map((headers) => get('/v1/session', headers))

const LENGTHS = [
  ['Content-Length: 2\r\n', '{}'],
  ['Content-Length: 2\r\nContent-Length: 2\r\n', '{}'],
  ['Content-Length: 2\r\nContent-Length: 3\r\n', '{} '],
  ['Content-Length: 2, 2\r\n', '{}'],
  ['Content-Length: +2\r\n', '{}'],
  ['Content-Length: 0x2\r\n', '{}'],
  ['Content-Length: -1\r\n', '{}'],
  ['Content-Length: 2 \r\n', '{}'],
  ['Content-Length: 99999999999999999999\r\n', '{}'],
  ['Content-Length: 5\r\n', '{}'],
  [`Content-Length: 2\r\n`, `{}${HIDDEN}`],
  ['Transfer-Encoding: chunked\r\n', '2\r\n{}\r\n0\r\n\r\n'],
  ['Transfer-Encoding: chunked\r\n', '2;x=y\r\n{}\r\n0\r\n\r\n'],
  ['Transfer-Encoding: chunked\r\n', '0x2\r\n{}\r\n0\r\n\r\n'],
  ['Transfer-Encoding: chunked\r\n', '-2\r\n{}\r\n0\r\n\r\n'],
  ['Transfer-Encoding: chunked\r\n', 'ffffffffffffffffff\r\n{}\r\n0\r\n\r\n'],
  ['Transfer-Encoding: chunked\r\n', '2\r\n{}0\r\n\r\n'],
  ['Transfer-Encoding: chunked\r\n', '2\n{}\n0\n\n'],
  ['Transfer-Encoding: chunked\r\n', '2\r\n{}\r\n0\r\nContent-Length: 9\r\nX: y\r\n\r\n'],
  ['Transfer-Encoding: chunked\r\n', 'zz\r\n{}\r\n'],
  ['Transfer-Encoding: xchunked\r\n', '2\r\n{}\r\n0\r\n\r\n'],
  ['Transfer-Encoding: gzip, chunked\r\n', '2\r\n{}\r\n0\r\n\r\n'],
  ['Transfer-Encoding: chunked, identity\r\n', '2\r\n{}\r\n0\r\n\r\n'],
  ['Transfer-Encoding : chunked\r\n', '2\r\n{}\r\n0\r\n\r\n'],
  ['Transfer-Encoding: chunked\r\nContent-Length: 4\r\n', `0\r\n\r\n${HIDDEN}`],
  [`Content-Length: ${5 + HIDDEN.length}\r\nTransfer-Encoding: chunked\r\n`, `0\r\n\r\n${HIDDEN}`],
  ['Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n', '0\r\n\r\n'],
  ['', `{}${HIDDEN}`],
].map(([headers, body]) => post(headers!, body))

export const BYTES_ON_THE_WIRE: readonly string[] = [...TARGETS, ...LINES, ...HEADERS, ...LENGTHS]
