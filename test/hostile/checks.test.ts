import { describe, expect, it } from 'vitest'
import { SECURITY_HEADERS } from '../../src/http/headers.ts'
import { complaintsAbout } from './checks/all.ts'
import { foreignMarkup } from './checks/markup.ts'
import type { HostileRequest } from './request.ts'
import type { Observed } from './workers.ts'

const ID = '00000000-0000-4000-8000-000000000000'

type Change = {
  sent?: Partial<HostileRequest>
  status?: number
  headers?: Record<string, string>
  body?: unknown
  text?: string
  observed?: Partial<Observed>
  line?: Record<string, unknown>
}

/** A refusal of `POST /v1/links` as it should be, but for the changes. @returns what is wrong with it. */
function complaints({ sent = {}, status = 400, headers = {}, line = {}, ...more }: Change = {}) {
  const request: HostileRequest = {
    worker: 'public',
    caller: 'stranger',
    method: 'POST',
    path: '/v1/links',
    headers: [],
    ...sent,
  }
  const body = {
    type: 'urn:latchkey:problem:invalid_request',
    title: 'The request is not valid',
    status,
    requestId: ID,
    ...(more.body as object | undefined),
  }
  const text = more.text ?? JSON.stringify(body)
  const type = 'application/problem+json'
  const all = { ...SECURITY_HEADERS, 'X-Request-Id': ID, 'Content-Type': type, ...headers }
  const url = `https://auth.latchkey.test${request.path}`
  const bytes = Uint8Array.from(new TextEncoder().encode('{"email":1}'))
  return complaintsAbout(request, {
    request: new Request(url, {
      method: request.method,
      headers: { 'Content-Type': 'application/json' },
    }),
    bytes,
    answer: new Response(text, { status, headers: all }),
    text,
    lines: [{ event: 'link_asked', route: '/v1/links', requestId: ID, status, ...line }],
    writes: [],
    mails: [],
    ...more.observed,
  })
}

const WRITE = { operation: 'PutItem', body: {} }
const CONSOLE = { worker: 'console', path: '/v1/approvals' } as const

describe('the checks of hostile requests', () => {
  it('have nothing to say about an answer as it should be', async () => {
    expect(await complaints()).toEqual([])
  })

  it.each<[string, Change, RegExp]>([
    ['a 5xx', { status: 503 }, /^503/],
    ['a status that is not documented', { status: 418 }, /418, which is not in the document/],
    ['a route that is not there', { sent: { path: '/v1/nowhere' } }, /no such route, but 400/],
    ['another content type', { headers: { 'Content-Type': 'text/html' } }, /the content type is/],
    ['a body that is no JSON', { text: '<p>' }, /not JSON/],
    ['a body of another shape', { body: { errors: 'x' } }, /not as documented/],
    ['a problem of another route', { body: { type: 'urn:latchkey:problem:x' } }, /not documented/],
    ['a header of another answer', { headers: { ETag: '"x"' } }, /ETag/],
    ['a weaker policy', { headers: { 'Content-Security-Policy': '*' } }, /Content-Security-Policy/],
    ['no request id', { headers: { 'X-Request-Id': 'mine' } }, /X-Request-Id/],
    ['a cookie for scripts', { headers: { 'Set-Cookie': 'a=b' } }, /Set-Cookie/],
    ['a write of a refusal', { observed: { writes: [WRITE] } }, /an effect: PutItem/],
    ['a mail of a refusal', { observed: { mails: [{} as never] } }, /an effect: a mail|undefined/],
    ['an accepted body that is wrong', { status: 202 }, /accepted what the document forbids/],
    [
      'a write by somebody who is no staff',
      { sent: { ...CONSOLE, caller: 'reader' }, observed: { writes: [WRITE] } },
      /an effect/,
    ],
    ['an address in the log', { line: { reason: 'ada@example.com' } }, /the log has reason/],
    ['a path in the log', { line: { route: '/link/tok_ml_x' } }, /the log has route/],
    ['a second line', { observed: { lines: [] } }, /0 lines/],
  ])('see %s', async (_, change, complaint) => {
    const wrong = await complaints(change).catch((error: unknown) => [String(error)])
    expect(wrong.join('\n')).toMatch(complaint)
  })

  it.each([
    '<img src=x onerror=alert(1)>',
    '<p onclick="x">',
    '<p style="color:red">',
    '<iframe></iframe>',
    '<a href="javascript:x">x</a>',
    '<a href="//evil.example">x</a>',
    '<form action="https://evil.example"></form>',
    '<script>alert(1)</script>',
    '<style>p{}</style>',
    '<!-- x -->',
    '<x-canary>',
  ])('see %s on a page', async (html) => {
    expect(
      await foreignMarkup(`<main><p>ours</p>${html}</main>`, "default-src 'none'"),
    ).not.toEqual([])
  })

  it('take nothing on a page for somebody else’s that is escaped', async () => {
    const html = '<main><p>&lt;script&gt; &quot;x&quot;</p><a href="/people">x</a></main>'
    expect(await foreignMarkup(html, "default-src 'none'")).toEqual([])
  })
})
