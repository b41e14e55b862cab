import { describe, expect, it } from 'vitest'
import { newEmail, startLatchkey, messagesTo } from '../support/workers/latchkey.ts'
import { claimsOf, callsOfSts, startKeyless, type Keyless } from '../support/workers/keyless.ts'
import { createPace, PATIENT } from '../support/workers/pace.ts'
import { sessionsOf } from '../support/workers/rows.ts'
import { askForLink, expectTokens, newDevice, redeem, signIn } from '../support/workers/sign-in.ts'
import { check, introspect, linesOf, refresh, resourceServer } from '../support/workers/tokens.ts'

const MINUTE = 60_000
const ready = async (app: Keyless): Promise<number> => (await app.fetch('/readyz')).status
const tokenOf = async (app: Keyless): Promise<string> =>
  (await app.stsCalls()).at(-1)!['WebIdentityToken']!

describe('works', () => {
  it('signs a person in with keys from STS alone: DynamoDB and SES accept them, after one call', async () => {
    // An isolate that has run for a while, so that a duration is not taken for a time.
    const { world } = createPace(PATIENT)
    const app = await startKeyless('public', {
      world: { ...world, ticks: () => world.ticks() + 1e6 },
    })
    const [email, phone] = [newEmail(), await newDevice()]
    const { linkToken } = await askForLink(app, phone, email)
    const tokens = await expectTokens(await redeem(app, linkToken, phone))
    expect((await check(app, tokens.access_token)).status).toBe(200)
    expect(await messagesTo(email)).toHaveLength(1)
    expect(await app.stsCalls()).toEqual([
      {
        Action: 'AssumeRoleWithWebIdentity',
        Version: '2011-06-15',
        RoleArn: 'arn:aws:iam::123456789012:role/latchkey-public',
        RoleSessionName: 'latchkey-public',
        DurationSeconds: '3600',
        WebIdentityToken: expect.any(String) as string,
        fault: '',
      },
    ])
    expect(linesOf(app, 'aws_keys_renewed')).toEqual([
      expect.objectContaining({ outcome: 'ok', ms: expect.any(Number) as number }),
    ])
    const renewed = linesOf(app, 'aws_keys_renewed')[0]!
    expect(renewed['ms']).toBeGreaterThanOrEqual(0)
    expect(renewed['ms']).toBeLessThan(1e6)
  })

  it('the console gets the keys of its own role', async () => {
    const app = await startKeyless('console')
    expect(await ready(app)).toBe(200)
    expect(claimsOf(await tokenOf(app))['sub']).toBe('latchkey:console')
  })

  it.each(['public', 'console'] as const)(
    'the token of the %s Worker has no other claims',
    async (worker) => {
      const app = await startKeyless(worker)
      await ready(app)
      const claims = claimsOf(await tokenOf(app))
      expect(claims).toEqual({
        iss: 'https://auth.latchkey.test',
        aud: 'sts.amazonaws.com',
        sub: `latchkey:${worker}`,
        iat: expect.any(Number) as number,
        exp: (claims['iat'] as number) + 120,
      })
    },
  )

  it('256 requests of a cold isolate share one call', async () => {
    const app = await startKeyless()
    const answers = await Promise.all(Array.from({ length: 256 }, () => ready(app)))
    expect(new Set(answers)).toEqual(new Set([200]))
    expect(await app.stsCalls()).toHaveLength(1)
  })

  it('routes without AWS make no call: STS itself reads the public keys', async () => {
    const app = await startKeyless()
    for (const path of ['/healthz', '/.well-known/jwks.json', '/nothing']) await app.fetch(path)
    await app.settle()
    expect(await app.stsCalls()).toEqual([])
  })

  it('renews the keys in their last quarter, after the response', async () => {
    const app = await startKeyless()
    expect(await ready(app)).toBe(200)
    app.clock.offsetMs = 30 * MINUTE
    expect(await ready(app)).toBe(200)
    await app.settle()
    expect(await app.stsCalls()).toHaveLength(1)
    app.clock.offsetMs = 50 * MINUTE
    // It would wait for ever if it waited for STS.
    await app.setStsFaults([{ fault: 'hang', times: 1 }])
    const begun = performance.now()
    expect(await ready(app)).toBe(200)
    expect(performance.now() - begun).toBeLessThan(1000)
    await app.settle()
    expect((await app.stsCalls()).map(({ fault }) => fault)).toEqual(['', 'hang', ''])
    expect(await ready(app)).toBe(200)
    await app.settle()
    expect(await app.stsCalls()).toHaveLength(3)
  })

  it('64 requests near the end of the keys make one call', async () => {
    const app = await startKeyless()
    await ready(app)
    app.clock.offsetMs = 50 * MINUTE
    await ready(app)
    await Promise.all(Array.from({ length: 64 }, () => ready(app)))
    await app.settle()
    expect(await app.stsCalls()).toHaveLength(2)
  })

  it('signs with the ES256 key even if another key signs access tokens', async () => {
    const { keys } = JSON.parse(String(startLatchkey().env['JWT_KEYS'])) as { keys: object[] }
    const hs256 = {
      kid: 'h',
      kty: 'oct',
      alg: 'HS256',
      k: 'q83vASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4k',
    }
    const random = {
      ...hs256,
      k: btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(33))))
        .replaceAll('+', '-')
        .replaceAll('/', '_'),
    }
    const app = await startKeyless('public', {
      env: { JWT_KEYS: JSON.stringify({ keys: [random, ...keys] }) },
    })
    expect(await ready(app)).toBe(200)
  })
})

describe('refuses', () => {
  it('T96: to use the token for AWS anywhere in Latchkey', async () => {
    const app = await startKeyless('public', {
      env: { RESOURCE_SERVERS: JSON.stringify({ api: 'a secret of a resource server, random' }) },
    })
    await ready(app)
    const token = await tokenOf(app)
    expect((await check(app, token)).status).toBe(401)
    expect((await refresh(app, token)).status).toBe(400)
    resourceServer(app)
    expect(await (await introspect(app, token)).json()).toEqual({ active: false })
    const console = await startKeyless('console')
    for (const Authorization of [`Bearer ${token}`, `DPoP ${token}`]) {
      const answer = await console.fetch('/v1/approvals', { headers: { Authorization } })
      expect(answer.status).toBe(401)
    }
  })

  it('T96: AWS refuses the tokens of a person, and the token of one Worker for the role of the other', async () => {
    const auth = startLatchkey()
    const { access_token, refresh_token } = await signIn(auth)
    const app = await startKeyless()
    await ready(app)
    const form = (await app.stsCalls()).at(-1)!
    const send = async (over: Record<string, string>): Promise<string> => {
      const { fault: _, ...params } = form
      const body = new URLSearchParams({ ...params, ...over })
      const answer = await fetch(String(app.env['STS_ENDPOINT']), {
        method: 'POST',
        body: body.toString(),
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      })
      return answer.ok ? 'keys' : /<Code>(\w+)/.exec(await answer.text())![1]!
    }
    expect(await send({})).toBe('keys')
    expect(await send({ WebIdentityToken: access_token })).toBe('InvalidIdentityToken')
    expect(await send({ WebIdentityToken: refresh_token })).toBe('InvalidIdentityToken')
    const RoleArn = 'arn:aws:iam::123456789012:role/latchkey-console'
    expect(await send({ RoleArn })).toBe('AccessDenied')
    const console = await startKeyless('console')
    await ready(console)
    expect(await send({ RoleArn, WebIdentityToken: await tokenOf(console) })).toBe('keys')
    // Even a provider that accepted the app's audience would not give keys: no person is a Worker.
    await app.setProvider({ audience: 'https://api.latchkey.test' })
    expect(await send({ WebIdentityToken: access_token })).toBe('AccessDenied')
  })

  it.each(['sts.amazonaws.com', 'STS.amazonaws.com', ' sts.amazonaws.com '])(
    'T96: the audience %j for access tokens',
    async (audience) => {
      const app = startLatchkey({ env: { AUDIENCE: audience } })
      expect((await app.fetch('/readyz')).status).toBe(503)
      expect(linesOf(app, 'config_invalid')[0]!['problems']).toEqual([
        'AUDIENCE must be text, and not the audience of AWS STS',
      ])
    },
  )

  it.each(['garbled', 'twice', 'redirect', 'denied'])(
    'an answer of STS that is %s: 503 with Retry-After, and no keys or token in the log',
    async (fault) => {
      const app = await startKeyless()
      await app.setStsFaults([{ fault }])
      const answer = await app.fetch('/readyz')
      expect([answer.status, answer.headers.get('Retry-After')]).toEqual([503, '2'])
      const text = JSON.stringify(app.lines)
      for (const call of await app.stsCalls()) expect(text).not.toContain(call['WebIdentityToken'])
      expect(text).not.toMatch(/ASIA|eyJ/)
      expect(linesOf(app, 'aws_keys_renewed')).toHaveLength(1)
      expect(await app.calls()).toEqual([])
      // Where the redirect points, nothing arrived.
      expect(await callsOfSts('another-host')).toEqual([])
    },
  )
})

describe('withstands', () => {
  it.each(['error500', 'throttle', 'unreachable-issuer', 'reset'])(
    'T97: one %s of STS at a cold start',
    async (fault) => {
      const app = await startKeyless()
      await app.setStsFaults([{ fault, times: 1 }])
      expect(await ready(app)).toBe(200)
      expect(await app.stsCalls()).toHaveLength(2)
    },
  )

  it.each(['error500', 'hang', 'reset'])(
    'T97: STS away at a cold start (%s): 503 within the deadline, few calls, and keys when it is back',
    async (fault) => {
      const pace = createPace(10)
      const app = await startKeyless('public', { world: pace.world })
      await app.setStsFaults([{ fault }])
      const answers = await Promise.all(Array.from({ length: 20 }, () => ready(app)))
      expect(new Set(answers)).toEqual(new Set([503]))
      for (let n = 0; n < 20; n++) expect(await ready(app)).toBe(503)
      // Two tries, and none in the second that follows.
      expect((await app.stsCalls()).length).toBeLessThanOrEqual(4)
      await app.setStsFaults([])
      pace.set(PATIENT)
      app.clock.offsetMs += 16_000
      expect(await ready(app)).toBe(200)
    },
  )

  it('T97: STS away while the keys are valid: every request is served, and STS is not flooded', async () => {
    const app = await startKeyless()
    await ready(app)
    await app.setStsFaults([{ fault: 'error500' }])
    app.clock.offsetMs = 50 * MINUTE
    const startedAt = performance.now()
    for (let n = 0; n < 20; n++) {
      expect(await ready(app)).toBe(200)
      await app.settle()
    }
    // The pauses grow from at most 1 to at most 15 seconds of real time.
    const seconds = (performance.now() - startedAt) / 1000
    expect((await app.stsCalls()).length).toBeLessThanOrEqual(7 + seconds / 5)
    expect(linesOf(app, 'aws_keys_renewed').map(({ outcome }) => outcome)).toContain('failed')
    // After their end, they are not used.
    app.clock.offsetMs = 61 * MINUTE
    const before = (await app.calls()).length
    expect(await ready(app)).toBe(503)
    expect(await app.calls()).toHaveLength(before)
    await app.setStsFaults([])
    app.clock.offsetMs += 16_000
    expect(await ready(app)).toBe(200)
  })

  it('T97: keys that AWS ended early: one renewal, the same transaction, and one session', async () => {
    const app = await startKeyless()
    const phone = await newDevice()
    const { linkToken, email } = await askForLink(app, phone)
    app.clock.offsetMs = MINUTE
    await app.expireKeys()
    await expectTokens(await redeem(app, linkToken, phone))
    expect(await sessionsOf(startLatchkey(), email)).toHaveLength(1)
    const transactions = (await app.calls())
      .filter(({ operation }) => operation === 'TransactWriteItems')
      .slice(-2)
    const [refused, done] = transactions.map(({ body }) => body['ClientRequestToken'])
    expect(refused).toBe(done)
    expect(await app.stsCalls()).toHaveLength(2)
  })

  it('T97: 64 requests whose keys AWS ended early: one renewal', async () => {
    const app = await startKeyless()
    await ready(app)
    app.clock.offsetMs = MINUTE
    await app.expireKeys()
    const answers = await Promise.all(Array.from({ length: 64 }, () => ready(app)))
    expect(new Set(answers)).toEqual(new Set([200]))
    expect(await app.stsCalls()).toHaveLength(2)
  })

  it('T97: AWS refuses new keys as expired, too: no call for each request', async () => {
    const app = await startKeyless()
    await ready(app)
    await app.expireKeys()
    for (let n = 0; n < 10; n++) expect(await ready(app)).toBe(503)
    expect(await app.stsCalls()).toHaveLength(1)
  })

  it.each([10 * MINUTE, -10 * MINUTE])(
    'T97: a clock that is %i ms off: it adopts AWS’s time and the keys live as long as AWS says',
    async (offsetMs) => {
      const app = await startKeyless('public', { clock: { offsetMs } })
      expect(await ready(app)).toBe(200)
      expect(await app.stsCalls()).toHaveLength(2)
      app.clock.offsetMs += 30 * MINUTE
      expect(await ready(app)).toBe(200)
      await app.settle()
      expect(await app.stsCalls()).toHaveLength(2)
    },
  )

  it('T97: keys that are valid for a minute: renewed in time', async () => {
    const app = await startKeyless()
    await app.setStsFaults([{ fault: 'short', times: 1 }])
    expect(await ready(app)).toBe(200)
    app.clock.offsetMs = 56_000
    expect(await ready(app)).toBe(200)
    expect(await app.stsCalls()).toHaveLength(2)
  })
})
