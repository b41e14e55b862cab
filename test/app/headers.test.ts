import { describe, expect, it } from 'vitest'
import { createApp } from '../../src/app.ts'
import { newEmail, startLatchkey, type Latchkey } from '../support/workers/latchkey.ts'
import {
  ask,
  askForLink,
  newDevice,
  postJson,
  redeem,
  signIn,
  withToken,
} from '../support/workers/sign-in.ts'

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'PURGE']

/** Every route that the app declares: its path with something in each parameter, and its methods. */
const ROUTES = new Map<string, Set<string>>()
for (const { method, path } of createApp().routes) {
  if (method === 'ALL') continue
  const filled = path.replace(/:\w+/g, 'ses_0123456789012345678901').replace('*', 'tok_ml_x')
  const methods = ROUTES.get(filled) ?? new Set<string>()
  ROUTES.set(filled, methods.add(method))
  if (method === 'GET') methods.add('HEAD')
}
const PATHS = [...ROUTES.keys()]

/** What anyone may read and any cache may keep. */
const isPublic = (path: string) => path.startsWith('/.well-known/')

function expectSecured(answer: Response, what: string) {
  const header = (name: string) => answer.headers.get(name) ?? ''
  const hsts = /^max-age=(\d+); includeSubDomains/.exec(header('Strict-Transport-Security'))
  expect(Number(hsts?.[1]), what).toBeGreaterThanOrEqual(31_536_000)
  expect(header('X-Content-Type-Options'), what).toBe('nosniff')
  const policy = header('Content-Security-Policy').split(/; */)
  expect(policy, what).toContain("default-src 'none'")
  expect(policy, what).toContain("frame-ancestors 'none'")
  expect(policy, what).toContain("base-uri 'none'")
  expect(policy, what).toContain("form-action 'none'")
  expect(header('Content-Security-Policy'), what).not.toMatch(/unsafe-|https?:|\*/)
  expect(header('X-Frame-Options'), what).toBe('DENY')
  expect(header('Referrer-Policy'), what).toBe('no-referrer')
  expect(header('X-Request-Id'), what).toMatch(/^[0-9a-f-]{36}$/)
  expect(header('Server') + header('X-Powered-By'), what).toBe('')
}

const corsOf = (answer: Response): Record<string, string> =>
  Object.fromEntries([...answer.headers].filter(([name]) => name.startsWith('access-control')))

/** Any one part below `/v1/sessions` is taken for an id. */
const isIdPath = (path: string) => /^\/v1\/sessions\/[^/]+$/.test(path)

const expectPrivate = (answer: Response, what: string) =>
  expect(answer.headers.get('Cache-Control'), what).toBe('no-store')

describe('works', () => {
  it('answers /healthz without DynamoDB', async () => {
    const app = startLatchkey()
    await app.setFaults([{ fault: 'reset' }])
    const answer = await app.fetch('/healthz')
    expect(answer.status).toBe(200)
    expect(await answer.json()).toEqual({ status: 'ok' })
    expect(await app.calls()).toEqual([])
  })

  it('logs the declared path of every route, and never the one that was sent', async () => {
    const app = startLatchkey()
    const sent: [string, string][] = [
      ['/healthz', '/healthz'],
      ['/readyz', '/readyz'],
      ['/v1/session', '/v1/session'],
      ['/v1/sessions/ses_canary', '/v1/sessions/:id'],
      ['/link', '/link/*'],
      ['/canary', '/*'],
      ['/v1/links', '/v1/links'],
    ]
    for (const [path, route] of sent) {
      await app.fetch(path, { method: route.endsWith(':id') ? 'DELETE' : 'GET' })
      expect(app.lines.at(-1)).toMatchObject({ route })
    }
    await postJson(app, '/v1/links', {}, { Origin: 'https://evil.example' })
    expect(app.lines.at(-1)).toMatchObject({ route: '/v1/links', status: 403 })
    expect(JSON.stringify(app.lines)).not.toContain('canary')
  })

  it('answers /readyz after a DynamoDB call', async () => {
    const app = startLatchkey()
    const answer = await app.fetch('/readyz')
    expect(answer.status).toBe(200)
    expect(await answer.json()).toEqual({ status: 'ready' })
    expect((await app.calls()).map(({ operation }) => operation)).toEqual(['GetItem'])
  })

  it('answers /readyz with 503 and Retry-After while DynamoDB is down', async () => {
    const app = startLatchkey()
    await app.setFaults([{ fault: 'reset' }])
    const answer = await app.fetch('/readyz')
    expect(answer.status).toBe(503)
    expect(Number(answer.headers.get('Retry-After'))).toBeGreaterThan(0)
    await app.setFaults([])
    expect((await app.fetch('/readyz')).status).toBe(200)
  })

  it('gives every request its own id, in the header, the problem and the log', async () => {
    const app = startLatchkey()
    const seen = new Set<string | null>()
    for (let n = 0; n < 3; n++) {
      const answer = await app.fetch('/nowhere', { headers: { 'X-Request-Id': 'mine' } })
      const id = answer.headers.get('X-Request-Id')
      expect(await answer.json()).toMatchObject({ requestId: id })
      expect(app.lines.at(-1)).toMatchObject({ requestId: id })
      seen.add(id)
    }
    expect(seen.size).toBe(3)
    expect(seen).not.toContain('mine')
  })

  describe('T58: an allowed origin', () => {
    const origin = 'https://app.latchkey.test'
    const startOpen = () =>
      startLatchkey({ env: { ALLOWED_ORIGINS: `${origin}, https://other.latchkey.test` } })

    it('may call, and read responses and errors, but sends no cookies', async () => {
      const app = startOpen()
      const { codeChallenge } = await newDevice()
      const body = { email: newEmail(), codeChallenge }
      for (const status of [202, 429]) {
        const answer = await postJson(app, '/v1/links', body, { Origin: origin })
        expect(answer.status).toBe(status)
        expect(answer.headers.get('Access-Control-Allow-Origin')).toBe(origin)
        expect(answer.headers.get('Vary')).toMatch(/\bOrigin\b/i)
        expect(answer.headers.get('Access-Control-Expose-Headers')).toMatch(/Retry-After/)
        expect(answer.headers.has('Access-Control-Allow-Credentials')).toBe(false)
      }
      const refused = await app.fetch('/v1/session', { headers: { Origin: origin } })
      expect(refused.status).toBe(401)
      expect(refused.headers.get('Access-Control-Allow-Origin')).toBe(origin)
    })

    it.each(PATHS)('may send a preflight for %s', async (path) => {
      const app = startOpen()
      const answer = await app.fetch(path, {
        method: 'OPTIONS',
        headers: {
          Origin: origin,
          'Access-Control-Request-Method': 'POST',
          'Access-Control-Request-Headers': 'authorization,content-type,dpop',
        },
      })
      expect(answer.status).toBe(204)
      expect(answer.headers.get('Access-Control-Allow-Origin')).toBe(origin)
      const allowed = answer.headers.get('Access-Control-Allow-Headers')?.toLowerCase()
      for (const name of ['authorization', 'content-type', 'dpop']) expect(allowed).toContain(name)
      expect(answer.headers.get('Access-Control-Allow-Methods')).toMatch(/GET.*POST.*DELETE/)
      expect(answer.headers.has('Access-Control-Allow-Credentials')).toBe(false)
      expect(await app.calls()).toEqual([])
      expectSecured(answer, path)
    })

    it('gets exactly these preflight headers, with one log line and without DynamoDB', async () => {
      const app = startOpen()
      const headers = { Origin: origin, 'Access-Control-Request-Method': 'DELETE' }
      const answer = await app.fetch('/v1/sessions/ses_x', { method: 'OPTIONS', headers })
      expect(answer.status).toBe(204)
      expect(await answer.text()).toBe('')
      expect(corsOf(answer)).toEqual({
        'access-control-allow-headers': 'Authorization, Content-Type, DPoP',
        'access-control-allow-methods': 'GET, POST, DELETE',
        'access-control-allow-origin': origin,
        'access-control-expose-headers': 'DPoP-Nonce, Retry-After, WWW-Authenticate, X-Request-Id',
        'access-control-max-age': '600',
      })
      expect(answer.headers.get('Vary')).toBe('Origin')
      expect(answer.headers.get('Allow')).toBeNull()
      expect(await app.calls()).toEqual([])
      expect(app.lines).toEqual([
        expect.objectContaining({
          event: 'request',
          outcome: 'ok',
          method: 'OPTIONS',
          status: 204,
        }),
      ])
    })

    it('can read every refusal of its requests, and the headers that say what to do', async () => {
      const app = startOpen()
      const email = newEmail()
      const { codeChallenge } = await newDevice()
      const json = { 'Content-Type': 'application/json' }
      const good = JSON.stringify({ email, codeChallenge })
      const post = (body: string, headers: Record<string, string> = json) =>
        app.fetch('/v1/links', { method: 'POST', headers: { ...headers, Origin: origin }, body })
      const answers = [
        await app.fetch('/healthz', { headers: { Origin: origin } }),
        await post('{}'),
        await post(good, { 'Content-Type': 'text/plain' }),
        await post(' '.repeat(20_000)),
        await post(good),
        await post(good),
        await app.fetch('/v1/session', { headers: { Origin: origin } }),
        await app.fetch('/nowhere', { headers: { Origin: origin } }),
        await app.fetch('/v1/links', { method: 'PUT', headers: { Origin: origin } }),
      ]
      await app.settle()
      await app.setFaults([{ fault: 'throttle' }])
      answers.push(await post(JSON.stringify({ email: newEmail(), codeChallenge })))
      expect(answers.map(({ status }) => status)).toEqual([
        200, 400, 415, 413, 202, 429, 401, 404, 405, 503,
      ])
      for (const answer of answers) {
        expect(corsOf(answer)).toEqual({
          'access-control-allow-origin': origin,
          'access-control-expose-headers':
            'DPoP-Nonce, Retry-After, WWW-Authenticate, X-Request-Id',
        })
      }
    })
  })

  it('T58: tells caches that responses vary by origin, for every caller, if origins are allowed', async () => {
    const { codeChallenge } = await newDevice()
    const ask = (app: Latchkey, headers: Record<string, string>) =>
      postJson(app, '/v1/links', { email: newEmail(), codeChallenge }, headers)
    for (const [ALLOWED_ORIGINS, vary] of [
      ['https://app.latchkey.test', 'Origin'],
      ['', null],
    ]) {
      const app = startLatchkey({ env: { ALLOWED_ORIGINS } })
      for (const headers of [
        {},
        { Origin: 'https://app.latchkey.test' },
        { Origin: 'https://auth.latchkey.test' },
        { Origin: 'https://evil.example' },
      ] as Record<string, string>[]) {
        const answers = [
          // The health check reads no configuration, and no cache may keep it.
          ...(await Promise.all(
            PATHS.filter((path) => path !== '/healthz').map((path) => app.fetch(path, { headers })),
          )),
          await ask(app, headers),
          await app.fetch('/nowhere', { headers }),
          await app.fetch('/v1/links', { method: 'PUT', headers }),
          await app.fetch('/v1/links', { method: 'OPTIONS', headers }),
        ]
        for (const answer of answers) expect(answer.headers.get('Vary'), answer.url).toBe(vary)
      }
    }
  })

  it('T58: answers GET for a page of another origin, without a header that lets the page read it', async () => {
    const app = startLatchkey({ env: { ALLOWED_ORIGINS: 'https://app.latchkey.test' } })
    for (const Origin of ['https://evil.example', 'https://auth.latchkey.test', 'null']) {
      for (const method of ['GET', 'HEAD']) {
        const answer = await app.fetch('/.well-known/jwks.json', { method, headers: { Origin } })
        expect(answer.status).toBe(200)
        expect(corsOf(answer)).toEqual({})
      }
    }
  })

  it('T58: lets the issuer’s own pages call it', async () => {
    const app = startLatchkey()
    const { codeChallenge } = await newDevice()
    const body = { email: newEmail(), codeChallenge }
    const answer = await postJson(app, '/v1/links', body, { Origin: 'https://auth.latchkey.test' })
    expect(answer.status).toBe(202)
  })
})

describe('refuses', () => {
  it.each([
    'null',
    'https://evil.example',
    'https://app.latchkey.test.evil.example',
    'https://evilapp.latchkey.test',
    'https://evil-app.latchkey.test',
    'https://sub.app.latchkey.test',
    'http://app.latchkey.test',
    'https://app.latchkey.test:8443',
    'https://app.latchkey.test/',
    'https://APP.latchkey.test',
    'https://app.latchkey.test, https://evil.example',
    'https://app.latchkey.test@evil.example',
    'file://',
    '*',
    '',
  ])('T58: the origin "%s": it reads nothing, and its POST has no effect', async (Origin) => {
    const app = startLatchkey({ env: { ALLOWED_ORIGINS: 'https://app.latchkey.test' } })
    const preflight = { Origin, 'Access-Control-Request-Method': 'POST' }
    for (const path of ['/v1/links', '/v1/session', '/v1/token', '/.well-known/jwks.json']) {
      const answers = [
        await app.fetch(path, { headers: { Origin } }),
        await app.fetch(path, { method: 'POST', headers: { Origin } }),
        await app.fetch(path, { method: 'DELETE', headers: { Origin } }),
        await app.fetch(path, { method: 'OPTIONS', headers: preflight }),
      ]
      for (const answer of answers) {
        const cors = [...answer.headers.keys()].filter((name) => name.startsWith('access-control'))
        expect(cors).toEqual([])
      }
      expect(answers.slice(1).map(({ status }) => status)).toEqual([403, 403, 403])
    }
    expect(await app.calls()).toEqual([])
  })

  it('T60: OPTIONS, except a preflight of an allowed origin', async () => {
    const app = startLatchkey({ env: { ALLOWED_ORIGINS: 'https://app.latchkey.test' } })
    for (const headers of [{}, { Origin: 'https://auth.latchkey.test' }]) {
      const answer = await app.fetch('/v1/sessions', { method: 'OPTIONS', headers })
      expect(answer.status).toBe(405)
      expect(answer.headers.get('Allow')).toBe('GET, HEAD, DELETE')
      expect(corsOf(answer)).toEqual({})
    }
  })

  it.each(PATHS)('T60: every method that %s does not have: 405 and Allow', async (path) => {
    const app = startLatchkey()
    const declared = ROUTES.get(path)!
    for (const method of METHODS.filter((m) => !declared.has(m))) {
      const answer = await app.fetch(path, { method })
      expect(answer.status, method).toBe(405)
      const allow = answer.headers.get('Allow')?.split(', ')
      expect(allow?.toSorted(), method).toEqual([...declared].toSorted())
      if (method !== 'HEAD') {
        expect(await answer.json()).toMatchObject({
          type: 'urn:latchkey:problem:method_not_allowed',
        })
      }
      expect(app.lines.at(-1)?.['route'], method).not.toBe('/*')
    }
    expect(await app.calls()).toEqual([])
  })

  it('T60: a method in another spelling or in an override header', async () => {
    const app = startLatchkey()
    const { codeChallenge } = await newDevice()
    const body = JSON.stringify({ email: newEmail(), codeChallenge })
    const headers = { 'Content-Type': 'application/json', 'X-HTTP-Method-Override': 'POST' }
    const answer = await app.fetch('/v1/links?_method=POST', { method: 'PUT', headers, body })
    expect(answer.status).toBe(405)
    expect(await app.calls()).toEqual([])
  })

  it.each(['/', '/v1', '/v1/', '/V1/links', '//v1/links', '/v1/links/x', '/.env'])(
    'the unknown path %s: 404',
    async (path) => {
      const app = startLatchkey()
      for (const method of ['GET', 'POST', 'DELETE']) {
        const answer = await app.fetch(`https://auth.latchkey.test${path}`, { method })
        expect(answer.status, method).toBe(404)
        expect(answer.headers.get('Content-Type')).toBe('application/problem+json')
      }
    },
  )
})

describe('refuses: another spelling of a path', () => {
  /** `/link/…` takes what mail programs make of a link: see test/link-page. */
  const exact = PATHS.filter((path) => !path.startsWith('/link/'))
  const escaped = (text: string, at: number) =>
    `${text.slice(0, at)}%${text.charCodeAt(at).toString(16)}${text.slice(at + 1)}`

  it.each(exact)('T60: of %s: 404 for every method, without effect', async (path) => {
    const app = startLatchkey()
    const { codeChallenge } = await newDevice()
    const last = path.lastIndexOf('/') + 1
    const spellings = [
      `${path}/`,
      `${path}//`,
      `/${path}`,
      `//${path}`,
      path.replace(/\/(?=[^/]*$)/, '//'),
      `${path}/x`,
      `${path}%2f`,
      `${path}%3f`,
      `${path}%00`,
      `${path};x`,
      `${path}.json`,
      escaped(path, 1),
    ]
    // In the place of an id, any text is an id; it is another one's session, or none.
    if (!path.includes('ses_')) {
      spellings.push(escaped(path, last), path.toUpperCase(), `${path.slice(0, -1)}%20`)
    }
    for (const spelling of spellings.filter((one) => !isIdPath(one))) {
      for (const method of ['GET', 'POST', 'DELETE']) {
        const json = JSON.stringify({ email: newEmail(), codeChallenge })
        const answer = await app.fetch(`https://auth.latchkey.test${spelling}`, {
          method,
          ...(method === 'POST'
            ? { body: json, headers: { 'Content-Type': 'application/json' } }
            : {}),
        })
        expect(answer.status, `${method} ${spelling}`).toBe(404)
        expect(answer.headers.get('Content-Type')).toBe('application/problem+json')
        expect(await answer.json()).toMatchObject({ type: 'urn:latchkey:problem:not_found' })
        expect(app.lines.at(-1)).toMatchObject({ route: '/*', status: 404 })
      }
    }
    await app.settle()
    expect(await app.calls()).toEqual([])
  })

  it('but not another host, scheme, port or query: these reach the same route', async () => {
    const app = startLatchkey()
    for (const url of [
      'https://auth.latchkey.test/healthz?',
      'https://auth.latchkey.test/healthz?x=/y',
      'https://auth.latchkey.test/healthz?/',
      'https://auth.latchkey.test/healthz?x=//',
      'http://127.0.0.1:8787/healthz',
      'https://other.latchkey.test/v1/../healthz',
      // Dot segments are resolved by every URL parser (URL Standard), before a request is made.
      'https://auth.latchkey.test/./healthz#fragment',
      'https://auth.latchkey.test/%2e/healthz',
    ]) {
      expect((await app.fetch(url)).status, url).toBe(200)
      expect(app.lines.at(-1)).toMatchObject({ route: '/healthz' })
    }
  })
})

describe('withstands', () => {
  it.each(PATHS)('T57: %s sends all security headers with every response', async (path) => {
    const app = startLatchkey()
    for (const method of METHODS) {
      const answer = await app.fetch(path, { method })
      expectSecured(answer, `${method} ${path}`)
      const kept = isPublic(path) && answer.ok
      if (!kept) expectPrivate(answer, `${method} ${path}`)
    }
  })

  it('T57: responses with tokens, links and people have security headers and are not cached', async () => {
    const app = startLatchkey()
    const device = await newDevice()
    const asked = await askForLink(app, device)
    const page = await app.fetch(`/link/${asked.linkToken}`)
    const redeemed = await redeem(app, asked.linkToken, device)
    const { access_token } = (await redeemed.clone().json()) as { access_token: string }
    const answers = [page, redeemed]
    for (const path of ['/v1/session', '/v1/sessions', '/v1/activity', '/v1/account/export']) {
      answers.push(await withToken(app, access_token, path))
    }
    answers.push(await withToken(app, access_token, '/v1/sessions', { method: 'DELETE' }))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200, 204])
    for (const answer of answers) {
      expectSecured(answer, answer.url)
      expectPrivate(answer, answer.url)
    }
  })

  it.each([404, 405, 413, 415, 403, 500, 503])('T57: secures a refusal with %d', async (status) => {
    const { app, answer } = await refusal(status)
    expect(answer.status).toBe(status)
    expectSecured(answer, String(status))
    expectPrivate(answer, String(status))
    expect(app.lines.filter((line) => 'status' in line)).toHaveLength(1)
  })

  it.each([400, 401, 403, 404, 405, 413, 415, 429, 500, 503])(
    'T56: a refusal with %d is problem+json and reveals no implementation details',
    async (status) => {
      const { answer } = await refusal(status)
      expect(answer.status).toBe(status)
      expect(answer.headers.get('Content-Type')).toBe('application/problem+json')
      const text = await answer.text()
      const problem = JSON.parse(text) as Record<string, unknown>
      expect(problem).toMatchObject({
        type: expect.stringMatching(/^urn:latchkey:problem:[a-z_]+$/),
        title: expect.stringMatching(/^[A-Z][a-z ]+/),
        status,
        requestId: answer.headers.get('X-Request-Id'),
      })
      expect(text).not.toMatch(/\.ts\b|\bat \w+ ?\(|node_modules|\w+Error\b|canary|dynamo|mobile-/i)
    },
  )

  it('T56: a 500 of an OAuth endpoint is an OAuth error, reveals nothing, and burns no link', async () => {
    const app = startLatchkey()
    const device = await newDevice()
    const { linkToken } = await askForLink(app, device)
    const answer = await redeem(startBroken(), linkToken, device)
    expect(answer.status).toBe(500)
    expectSecured(answer, 'token')
    expectPrivate(answer, 'token')
    expect(await answer.json()).toEqual({
      error: 'server_error',
      error_description: 'An unexpected error occurred',
    })
    expect((await redeem(app, linkToken, device)).status).toBe(200)
  })

  it('T56: the log line of a 500 has the error’s name, not its message', async () => {
    const { app, answer } = await refusal(500)
    expect(answer.status).toBe(500)
    expect(app.lines.at(-1)).toMatchObject({ status: 500, error: 'TypeError', outcome: 'failed' })
    expect(JSON.stringify(app.lines)).not.toContain('canary')
  })

  it('T56: a nonsensical response from DynamoDB opens no session and reveals nothing', async () => {
    const { access_token } = await signIn(startLatchkey())
    const nonsense = [
      '{"Responses":{"mobile-auth-tokens":[{"tokenId":{"canary":"x"}}]}}',
      '{"Responses":{"mobile-auth-tokens":"canary"}}',
      '{"Responses":null,"UnprocessedKeys":{"canary":1}}',
      '[]',
      'null',
    ]
    for (const body of nonsense) {
      const app = startLatchkey({ world: { fetch: async () => new Response(body) } })
      const answer = await withToken(app, access_token, '/v1/session')
      expect(answer.status, body).toBeGreaterThanOrEqual(401)
      expect(await answer.text(), body).not.toMatch(/canary|TypeError|at \w+ \(/)
      expect(JSON.stringify(app.lines), body).not.toContain('canary')
    }
  })

  it('an allowed Origin does not enable another method', async () => {
    const app = startLatchkey({ env: { ALLOWED_ORIGINS: 'https://app.latchkey.test' } })
    const headers = { Origin: 'https://app.latchkey.test' }
    expect((await app.fetch('/v1/links', { method: 'PUT', headers })).status).toBe(405)
  })

  it('HEAD gets the response of GET, without the body', async () => {
    const app = startLatchkey()
    for (const path of PATHS.filter((one) => ROUTES.get(one)!.has('HEAD'))) {
      const [get, head] = [await app.fetch(path), await app.fetch(path, { method: 'HEAD' })]
      expect(head.status, path).toBe(get.status)
      expect(head.headers.get('Content-Type'), path).toBe(get.headers.get('Content-Type'))
      expect(await head.text(), path).toBe('')
    }
  })
})

function randomBytes(): never {
  throw new TypeError('canary: secret detail')
}

/** Throws out of the middle of the code, as a bug would. */
const startBroken = () => startLatchkey({ world: { randomBytes } })

/** A refusal with this status, each by its own cause. */
async function refusal(status: number): Promise<{ app: Latchkey; answer: Response }> {
  const env = status === 503 ? { SEAL_KEYS: undefined } : {}
  const app = status === 500 ? startBroken() : startLatchkey({ env })
  const device = await newDevice()
  const json = { 'Content-Type': 'application/json' }
  const causes: Record<number, () => Promise<Response>> = {
    400: () => postJson(app, '/v1/links', {}),
    401: () => app.fetch('/v1/session'),
    403: () => postJson(app, '/v1/links', {}, { Origin: 'https://evil.example' }),
    404: () => app.fetch('/nowhere'),
    405: () => app.fetch('/v1/links'),
    413: () => postJson(app, '/v1/links', { email: 'x'.repeat(20_000) }),
    415: () => app.fetch('/v1/links', { method: 'POST', body: '{}' }),
    429: async () => {
      const email = newEmail()
      await ask(app, email, device)
      return ask(app, email, device)
    },
    500: () => ask(app, newEmail(), device),
    503: () => app.fetch('/v1/links', { method: 'POST', headers: json, body: '{}' }),
  }
  const answer = await causes[status]!()
  await app.settle()
  return { app, answer }
}
