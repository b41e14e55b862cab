import { exportJWK, generateKeyPair } from 'jose'
import { describe, expect, it } from 'vitest'
import { createApp } from '../../src/app.ts'
import { encodeBase64url } from '../../src/base/encoding.ts'
import { newEmail, startLatchkey } from '../support/workers/latchkey.ts'
import { ask, newDevice } from '../support/workers/sign-in.ts'

const ROUTES = createApp()
  .routes.filter(({ method }) => method !== 'ALL')
  .map(({ method, path }) => ({ method, path: path.replace(/:\w+|\*/g, 'x') }))

const base64url = (bytes: number[]) => encodeBase64url(Uint8Array.from(bytes))
const random = () => encodeBase64url(crypto.getRandomValues(new Uint8Array(32)))
const zeros = base64url(Array<number>(32).fill(0))
const pattern = base64url(Array.from({ length: 32 }, (_, n) => n % 8))

const good = startLatchkey().env
const [jwtKey] = (JSON.parse(String(good['JWT_KEYS'])) as { keys: Record<string, unknown>[] }).keys
const ring = (...keys: unknown[]) => JSON.stringify({ keys })
const hs256 = (k: string) => ring({ kid: 'h', kty: 'oct', alg: 'HS256', k })

const newRsaKey = async () => {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  return { ...(await exportJWK(privateKey)), kid: 'r', alg: 'RS256' }
}
const [rsaKey, otherRsaKey] = await Promise.all([newRsaKey(), newRsaKey()])

/** Secrets as nobody should set them: the variable, what is wrong, its value. */
const BAD: [string, string, unknown][] = [
  ...['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'SEAL_KEYS', 'JWT_KEYS'].flatMap(
    (name): [string, string, unknown][] => [
      [name, 'missing', undefined],
      [name, 'empty', ''],
      [name, 'blank', '   '],
      [name, 'null', null],
      [name, 'no text', true],
    ],
  ),
  ['AWS_ACCESS_KEY_ID', 'with a line break', 'AKIAEXAMPLEEXAMPLE\n'],
  ['AWS_SECRET_ACCESS_KEY', 'with a line break', 'canaryexamplesecret\n'],
  ['AWS_SESSION_TOKEN', 'with a space', 'canaryexample token'],
  ['SEAL_KEYS', 'all zero', `1.${zeros}`],
  ['SEAL_KEYS', 'a pattern', `1.${pattern}`],
  ['SEAL_KEYS', 'too short', `1.${random().slice(0, 40)}`],
  ['SEAL_KEYS', 'too long', `1.${random()}A`],
  ['SEAL_KEYS', 'without an id', random()],
  ['SEAL_KEYS', 'with an id that is no byte', `256.${random()}`],
  ['SEAL_KEYS', 'two keys of one id', `1.${random()},1.${random()}`],
  ['SEAL_KEYS', 'one good and one weak', `1.${random()},2.${zeros}`],
  ['SEAL_KEYS', 'a trailing comma', `1.${random()},`],
  ['SEAL_KEYS', 'a placeholder', '1.changemechangemechangemechangemechangemechan'],
  ['SEAL_KEYS', 'a time that is none', `1.${random()}.canary`],
  ['SEAL_KEYS', 'plain base64', `1.${'+/'.repeat(21)}A`],
  ['JWT_KEYS', 'no JSON', 'canary-not-json'],
  ['JWT_KEYS', 'no ring', JSON.stringify(jwtKey)],
  ['JWT_KEYS', 'an empty ring', ring()],
  ['JWT_KEYS', 'a public key', ring({ ...jwtKey, d: undefined })],
  ['JWT_KEYS', 'without kid', ring({ ...jwtKey, kid: undefined })],
  ['JWT_KEYS', 'an empty kid', ring({ ...jwtKey, kid: '' })],
  ['JWT_KEYS', 'two keys of one kid', ring(jwtKey, jwtKey)],
  ['JWT_KEYS', 'without alg', ring({ ...jwtKey, alg: undefined })],
  ['JWT_KEYS', 'alg none', ring({ ...jwtKey, alg: 'none' })],
  ['JWT_KEYS', 'alg of another key', ring({ ...jwtKey, alg: 'EdDSA' })],
  ['JWT_KEYS', 'another curve', ring({ ...jwtKey, crv: 'P-384' })],
  ['JWT_KEYS', 'a point off the curve', ring({ ...jwtKey, x: random(), y: random() })],
  ['JWT_KEYS', 'a cut private member', ring({ ...jwtKey, d: String(jwtKey!['d']).slice(0, 20) })],
  ['JWT_KEYS', 'RS256 of 1024 bits', ring({ ...rsaKey, n: String(rsaKey.n).slice(0, 171) })],
  ['JWT_KEYS', 'RS256 with the exponent 1', ring({ ...rsaKey, e: 'AQ' })],
  ['JWT_KEYS', 'RS256 without a prime', ring({ ...rsaKey, p: undefined })],
  ['JWT_KEYS', 'RS256 of two keys', ring({ ...rsaKey, n: otherRsaKey.n })],
  [
    'JWT_KEYS',
    'a public RS256 key',
    ring({ kid: 'r', kty: 'RSA', alg: 'RS256', n: rsaKey.n, e: 'AQAB' }),
  ],
  ['JWT_KEYS', 'HS256 of 16 bytes', hs256(random().slice(0, 22))],
  ['JWT_KEYS', 'HS256 all zero', hs256(zeros)],
  ['JWT_KEYS', 'HS256 empty', hs256('')],
  ['JWT_KEYS', 'HS256 of a word', hs256('secret')],
  ['JWT_KEYS', 'HS256 of one letter', hs256('s')],
  ['JWT_KEYS', 'HS256 in plain base64', hs256('+/'.repeat(30))],
  ['RESOURCE_SERVERS', 'no JSON', 'canary-not-json'],
  ['RESOURCE_SERVERS', 'a list', '["canary-not-a-record"]'],
  ['RESOURCE_SERVERS', 'a short secret', '{"api":"canary-short"}'],
  ['RESOURCE_SERVERS', 'an empty secret', '{"api":""}'],
  ['RESOURCE_SERVERS', 'one letter, often', `{"api":"${'a'.repeat(64)}"}`],
  ['RESOURCE_SERVERS', 'a name with a colon', `{"a:b":"${random()}"}`],
  ['REVIEW_ACCOUNTS', 'no JSON', 'canary-not-json'],
  [
    'REVIEW_ACCOUNTS',
    'a short code',
    '[{"email":"r@x.example","code":"12345","lastDay":"2099-01-01"}]',
  ],
  ['REVIEW_ACCOUNTS', 'no end', '[{"email":"r@x.example","code":"123456"}]'],
]

/** Other variables that would send mail astray, or open the door, if they were taken as they are. */
const BAD_VARIABLES: [string, string, unknown][] = [
  ['ISSUER', 'missing', undefined],
  ['ISSUER', 'plain http', 'http://canary-host.test'],
  ['ISSUER', 'with a path', 'https://canary-host.test/x'],
  ['ISSUER', 'with user info', 'https://canary:pass@canary-host.test'],
  ['ISSUER', 'with a query', 'https://canary-host.test?x'],
  ['ISSUER', 'a script', 'javascript:alert(1)'],
  ['AUDIENCE', 'missing', undefined],
  ['AWS_REGION', 'another host', 'us-east-1.evil.example/'],
  ['STS_ENDPOINT', 'plain http', 'http://canary-host.test'],
  ['AUDIENCE', 'of AWS STS', 'sts.amazonaws.com'],
  ['MAIL_FROM', 'a second header', 'a@b.example\r\nBcc: canary@evil.example'],
  ['COMPANY_DOMAINS', 'a wildcard', '*'],
  ['COMPANY_DOMAINS', 'a top-level domain', 'com'],
  ['COMPANY_DOMAINS', 'an address', 'canary@sigmacomputing.com'],
  ['ADMIN_EMAILS', 'a domain', 'sigmacomputing.com'],
  ['ALLOWED_ORIGINS', 'a wildcard', '*'],
  ['ALLOWED_ORIGINS', 'null', 'null'],
  ['ALLOWED_ORIGINS', 'with a path', 'https://canary-app.test/'],
  ['SES_CONFIGURATION_SET', 'a second member', 'canary","x":"'],
  ['LINK_TTL_SECONDS', 'endless', '1e400'],
  ['LINK_TTL_SECONDS', 'negative', '-1'],
  ['LINK_TTL_SECONDS', 'no number', 'NaN'],
  ['SESSION_TTL_SECONDS', 'a century', '3153600000'],
  ['ACCESS_TOKEN_TTL_SECONDS', 'a day', '86400'],
  ['DPOP', 'a wish', 'sometimes'],
]

/** Every text in a value, as long as a secret is. */
function textsIn(value: unknown): string[] {
  if (typeof value !== 'string') return []
  return value
    .split(/[\s,."{}:[\]]+/)
    .filter((text) => text.length >= 6 && !/^(?:email|lastDay)$/.test(text))
}

describe('works', () => {
  it.each([
    ['HS256', hs256(random())],
    ['the good key first and one to come', ring(jwtKey, { ...jwtKey, kid: 'next', nbf: 4e9 })],
  ])('answers with JWT_KEYS of %s', async (_, JWT_KEYS) => {
    const app = startLatchkey({ env: { JWT_KEYS } })
    const jwks = await app.fetch('/.well-known/jwks.json')
    expect(jwks.status).toBe(200)
    const { keys } = (await jwks.json()) as { keys: Record<string, unknown>[] }
    for (const key of keys)
      expect(Object.keys(key).toSorted()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'])
  })

  it('answers with an empty variable where one may be absent', async () => {
    const env = { RESOURCE_SERVERS: '', REVIEW_ACCOUNTS: '', AWS_SESSION_TOKEN: '', APP_NAME: '' }
    const app = startLatchkey({ env })
    expect((await ask(app, newEmail(), await newDevice())).status).toBe(202)
  })
})

describe('refuses', () => {
  it('T31: a short RSA key, and names the member that is short', async () => {
    const app = startLatchkey({
      env: { JWT_KEYS: ring({ ...rsaKey, n: rsaKey.n!.slice(0, 171) }) },
    })
    expect((await app.fetch('/v1/session')).status).toBe(503)
    const [line] = app.lines.filter(({ event }) => event === 'config_invalid')
    expect(line!['problems']).toEqual([
      expect.stringMatching(/^JWT_KEYS must be .*RS256 \(n of 2048 bits or more, e AQAB\)/),
    ])
  })

  it.each([...BAD, ...BAD_VARIABLES])(
    'T31: every request with %s %s, and says so in one line',
    async (name, _, value) => {
      const app = startLatchkey({ env: { [name]: value } })
      for (const { method, path } of ROUTES) {
        const answer = await app.fetch(path, { method })
        if (path === '/healthz') {
          expect(answer.status).toBe(200)
          continue
        }
        expect(answer.status, `${method} ${path}`).toBe(503)
        const text = await answer.text()
        expect(text, path).not.toContain(name)
        for (const secret of textsIn(value)) expect(text, path).not.toContain(secret)
      }
      expect(await app.calls()).toEqual([])

      const lines = app.lines.filter((line) => line['event'] === 'config_invalid')
      expect(lines).toHaveLength(1)
      const problems = lines[0]!['problems'] as string[]
      expect(problems).toHaveLength(1)
      expect(problems[0]).toMatch(new RegExp(`^${name} (?:is|must) [a-z]`))
      for (const secret of textsIn(value)) expect(JSON.stringify(app.lines)).not.toContain(secret)
    },
  )

  it('T31: names every bad variable at once', async () => {
    const env = {
      SEAL_KEYS: undefined,
      JWT_KEYS: hs256('s'),
      AWS_SECRET_ACCESS_KEY: '',
      ISSUER: 'x',
    }
    const app = startLatchkey({ env })
    expect((await app.fetch('/v1/session')).status).toBe(503)
    const [line] = app.lines.filter(({ event }) => event === 'config_invalid')
    const names = (line!['problems'] as string[]).map((problem) => problem.split(' ')[0])
    expect(new Set(names)).toEqual(new Set(Object.keys(env)))
  })

  it('T31: every request while wrangler.toml has example values, and names each in one line', async () => {
    const examples = {
      ISSUER: 'https://auth.example.com',
      AUDIENCE: 'https://api.example.com',
      COMPANY_DOMAINS: 'example.com',
      ADMIN_EMAILS: 'admin@example.com',
      MAIL_FROM: 'Latchkey <sign-in@example.com>',
      ALLOWED_ORIGINS: 'https://app.example.com',
      APP_LINK_ORIGIN: 'https://open.example.com',
    }
    const app = startLatchkey({ env: examples })
    for (const { method, path } of ROUTES) {
      const { status } = await app.fetch(path, { method })
      expect(status, path).toBe(path === '/healthz' ? 200 : 503)
    }
    expect(await app.calls()).toEqual([])
    const lines = app.lines.filter(({ event }) => event === 'config_invalid')
    expect(lines.map((line) => line['problems'])).toEqual([
      Object.keys(examples).map((name) => `${name} still has an example.com value`),
    ])
    // On a developer's machine they do no harm.
    const local = startLatchkey({ env: { ...examples, ISSUER: 'http://localhost:8787' } })
    expect((await local.fetch('/readyz')).status).toBe(200)
  })

  it('T31: concurrent requests, and logs only one line', async () => {
    const app = startLatchkey({ env: { SEAL_KEYS: undefined } })
    const answers = await Promise.all(Array.from({ length: 20 }, () => app.fetch('/v1/session')))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]))
    expect(app.lines.filter(({ event }) => event === 'config_invalid')).toHaveLength(1)
  })
})
