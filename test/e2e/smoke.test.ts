import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { text } from 'node:stream/consumers'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startLoopbackServer, type LoopbackServer } from '../../dev/loopback-server.ts'
import type { Finding } from '../../scripts/doctor/finding.ts'
import { examineDeployment, type Wishes } from '../../scripts/smoke/examine.ts'
import { devWorld, type DevWorld } from './world.ts'

type Result = { exit: number; out: string; err: string }

let dev: DevWorld
const servers: LoopbackServer[] = []
beforeAll(async () => {
  dev = await devWorld()
})
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()))
})

/** @param type what the person types, as soon as the command has asked for it. */
async function smoke(args: string[], type?: () => Promise<string>): Promise<Result> {
  const child = spawn(process.execPath, ['--no-warnings', 'scripts/smoke/smoke.ts', ...args])
  const ended = new Promise<number>((done) => child.on('exit', (code) => done(code ?? -1)))
  let err = ''
  child.stderr.on('data', (chunk: Buffer) => {
    const asked = !err.includes('Type the code') && chunk.toString().includes('Type the code')
    err += chunk.toString()
    if (asked) void type?.().then((typed) => child.stdin.end(`${typed}\n`))
  })
  const out = await text(child.stdout)
  return { exit: await ended, out, err }
}

const noCode = () => Promise.reject(new Error('nobody types'))
const examined = (origin: string, wishes: Wishes = {}): Promise<Finding[]> =>
  examineDeployment(origin, wishes, noCode)

const errorsOf = (findings: Finding[]): string[] =>
  findings
    .filter(({ level }) => level === 'error')
    .map(({ about, text: what }) => `${about}: ${what}`)

async function codeFor(email: string): Promise<string> {
  const url = `${dev.inbox}/messages?to=${encodeURIComponent(email)}&waitSeconds=20`
  const [mail] = (await (await fetch(url)).json()) as { code: string }[]
  return mail!.code
}

type Answer = { status: number; headers: Headers; body: string }
/** Makes one answer wrong. */
type Spoil = (answer: Answer, path: string, request: Headers) => void

/** A host in front of a Worker, which names itself in every document, as the Worker does. */
async function hostOf(origin: string, spoil: Spoil = () => {}): Promise<string> {
  const server = await startLoopbackServer(0, (request, response) => {
    void (async () => {
      const { method = 'GET', url = '/' } = request
      const headers = new Headers(
        Object.entries(request.headers).filter(
          ([name]) => !['host', 'connection'].includes(name),
        ) as [string, string][],
      )
      const body = method === 'GET' ? undefined : await text(request)
      const init = { method, headers, redirect: 'manual', ...(body === undefined ? {} : { body }) }
      const answered = await fetch(`${origin}${url}`, init as RequestInit)
      const answer: Answer = {
        status: answered.status,
        headers: new Headers(answered.headers),
        body: (await answered.text()).replaceAll(origin, server.endpoint),
      }
      spoil(answer, url, headers)
      for (const name of [
        'content-length',
        'content-encoding',
        'transfer-encoding',
        'connection',
      ]) {
        answer.headers.delete(name)
      }
      response.writeHead(answer.status, Object.fromEntries(answer.headers))
      response.end(answer.body)
    })()
  })
  servers.push(server)
  return server.endpoint
}

const at =
  (path: string, change: (answer: Answer) => void): Spoil =>
  (answer, asked) => {
    if (asked === path) change(answer)
  }
const inJson = (path: string, change: (json: never) => object): Spoil =>
  at(path, (answer) => {
    answer.body = JSON.stringify(change(JSON.parse(answer.body) as never))
  })
const without = (path: string, header: string): Spoil =>
  at(path, ({ headers }) => headers.delete(header))

const JWKS = '/.well-known/jwks.json'
type Jwks = { keys: object[] }

describe('works', () => {
  it('finds no error in both Workers of the development environment, and changes nothing', async () => {
    const before = await (await fetch(`${dev.inbox}/messages`)).text()
    const result = await smoke([dev.issuer, '--console', dev.consoleOrigin])
    expect(result.out.split('\n').filter((line) => line.startsWith('FAIL'))).toEqual([])
    expect(result.exit, result.err).toBe(0)
    expect(result.out).toContain('ok   guards: refuses what every deployment must refuse')
    expect(JSON.parse(await (await fetch(`${dev.inbox}/messages`)).text())).toEqual(
      expect.arrayContaining(JSON.parse(before) as []),
    )
  })

  it('asks for a link when told to', async () => {
    const email = `smoke-${randomUUID().slice(0, 8)}@sigmacomputing.com`
    const result = await smoke([dev.issuer, '--ask', email])
    expect(result.out).toContain('ok   ask: accepted')
    expect(result.exit).toBe(0)
    expect(await codeFor(email)).toMatch(/^\d{6}$/)
    const again = await smoke([dev.issuer, '--ask', email])
    expect(again.exit).toBe(1)
    expect(again.out).toMatch(/FAIL ask: answers 429\. Try again in \d+ seconds/)
  })

  it('signs in with the code that is typed, refreshes, and leaves an ended session', async () => {
    const email = `smoke-${randomUUID().slice(0, 8)}@sigmacomputing.com`
    const result = await smoke([dev.issuer, '--sign-in', email], () => codeFor(email))
    expect(result.out.split('\n').filter((line) => /sign-in:/.test(line))).toEqual([
      'ok   sign-in: the code opens a session',
      'ok   sign-in: a back end with the audience https://api.example.com accepts the access token',
      'ok   sign-in: the session is live',
      'ok   sign-in: a refresh continues the session',
      'ok   sign-in: it signs out',
      'ok   sign-in: the session has ended at once',
    ])
    expect(result.exit).toBe(0)
    // Neither the code nor a token is printed.
    expect(result.out + result.err).not.toMatch(/eyJ|\b\d{6}\b/)
  })

  it('prints JSON with --json', async () => {
    const { exit, out } = await smoke([await hostOf(dev.issuer), '--json'])
    const { ok, findings } = JSON.parse(out) as { ok: boolean; findings: Finding[] }
    expect([exit, ok, errorsOf(findings)]).toEqual([0, true, []])
  })
})

describe('finds', () => {
  it.each<[what: string, spoil: Spoil, finding: RegExp]>([
    ['no HSTS', without('/v1/session', 'strict-transport-security'), /Strict-Transport-Security/],
    [
      'no CSP on the page behind a link',
      without('/link/smoke', 'content-security-policy'),
      /\/link\/smoke lacks.*Content-Security-Policy/,
    ],
    [
      'an answer that may be stored',
      at('/v1/session', ({ headers }) => headers.set('cache-control', 'public, max-age=60')),
      /\/v1\/session lacks.*Cache-Control/,
    ],
    [
      'no nosniff on a file of Cloudflare',
      without('/openapi.json', 'x-content-type-options'),
      /\/openapi\.json lacks/,
    ],
    [
      'a private key',
      inJson(JWKS, ({ keys }: Jwks) => ({ keys: keys.map((key) => ({ ...key, d: 'x' })) })),
      /private or secret key/,
    ],
    [
      'a key twice',
      inJson(JWKS, ({ keys }: Jwks) => ({ keys: [...keys, ...keys] })),
      /the same kid/,
    ],
    [
      'keys of another host',
      inJson('/.well-known/openid-configuration', (json: object) => ({
        ...json,
        jwks_uri: 'https://evil.example/jwks',
      })),
      /openid-configuration: jwks_uri is not/,
    ],
    [
      'another issuer',
      inJson('/.well-known/oauth-authorization-server', (json: object) => ({
        ...json,
        issuer: 'https://other.example',
      })),
      /oauth-authorization-server: issuer is not/,
    ],
    [
      'a Worker that is not ready',
      at('/readyz', (answer) => (answer.status = 503)),
      /\/readyz answers 503/,
    ],
    [
      'a session route without a guard',
      at('/v1/session', (answer) => (answer.status = 200)),
      /a request without a token: answers 200/,
    ],
    [
      'another site that may call the API',
      (answer, _, request) => {
        const origin = request.get('origin')
        if (origin !== null) answer.headers.set('access-control-allow-origin', origin)
      },
      /pages of any site/,
    ],
    [
      'an association file that redirects',
      at('/.well-known/assetlinks.json', (answer) => {
        answer.status = 301
        answer.headers.set('location', '/elsewhere')
      }),
      /assetlinks\.json answers 301/,
    ],
    [
      'another program',
      (answer) => {
        answer.status = 200
        answer.headers = new Headers({ 'content-type': 'text/html' })
        answer.body = '<p>Welcome</p>'
      },
      /must be 401 of Latchkey/,
    ],
  ])('%s', async (_what, spoil, finding) => {
    expect(errorsOf(await examined(await hostOf(dev.issuer, spoil)))).toContainEqual(
      expect.stringMatching(finding),
    )
  })

  it('no public key: a warning, because HS256 is allowed and only Latchkey verifies it', async () => {
    const findings = await examined(
      await hostOf(
        dev.issuer,
        inJson(JWKS, () => ({ keys: [] })),
      ),
    )
    expect(errorsOf(findings)).toEqual([])
    expect(findings).toContainEqual(expect.objectContaining({ level: 'warning', about: 'issuer' }))
  })

  it('a console of another issuer, and one whose API needs no sign-in', async () => {
    const open = await hostOf(
      dev.consoleOrigin,
      at('/v1/me', (answer) => (answer.status = 200)),
    )
    const findings = await examined(await hostOf(dev.issuer), { console: open })
    expect(errorsOf(findings)).toEqual([
      expect.stringContaining(`console: its ISSUER is ${dev.issuer}`),
      'console: /v1/me without a token answers 200, not 401',
    ])
  })

  it('a wrong code, without trying again', async () => {
    const email = `smoke-${randomUUID().slice(0, 8)}@sigmacomputing.com`
    const wrong = async (): Promise<string> =>
      (await codeFor(email)) === '000000' ? '1' : '000000'
    const result = await smoke([dev.issuer, '--sign-in', email], wrong)
    expect(result.out).toContain('FAIL sign-in: the code is refused: 400 invalid_grant')
    expect(result.exit).toBe(1)
  })

  it('no server at all', async () => {
    expect((await smoke(['http://127.0.0.1:1'])).exit).toBe(1)
    expect(errorsOf(await examined('http://127.0.0.1:1')).length).toBeGreaterThan(4)
  })
})

describe('refuses', () => {
  it.each([
    [[]],
    [['auth.example.com']],
    [['https://auth.example.com/link']],
    [['https://a.example', 'https://b.example']],
    [['https://a.example', '--what']],
    [['https://a.example', '--ask', 'a@b.example', '--sign-in', 'a@b.example']],
  ])('%j, with exit code 2 and the usage', async (args) => {
    const { exit, out, err } = await smoke(args)
    expect([exit, out]).toEqual([2, ''])
    expect(err).toContain('npm run smoke -- ORIGIN')
  })
})
