import { describe, expect, it } from 'vitest'
import { newEmail, startLatchkey, type Latchkey } from '../support/workers/latchkey.ts'
import { postForm, postJson, signIn, type Device, type Tokens } from '../support/workers/sign-in.ts'
import { approve, withdraw } from '../support/workers/approvals.ts'
import { nowSeconds } from '../support/workers/clock.ts'
import {
  AUDIENCE,
  introspect,
  ISSUER,
  jsonOf,
  lastLine,
  newProofKey,
  proveToken,
  refresh,
  refreshed,
  resourceServer,
  revoke,
  signInAgain,
  signInBound,
} from '../support/workers/tokens.ts'

const INACTIVE = { active: false }
const basic = (text: string) => `Basic ${btoa(text)}`

describe('works', () => {
  it('describes an access token to a resource server, in one round trip (RFC 7662 2.2)', async () => {
    const app = startLatchkey()
    const tokens = await signIn(app)
    const answer = await introspect(app, tokens.access_token)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('Content-Type')).toMatch(/^application\/json/)
    expect(answer.headers.get('Cache-Control')).toBe('no-store')
    expect(await jsonOf(answer)).toEqual({
      active: true,
      iss: ISSUER,
      sub: tokens.user.id,
      username: tokens.user.email,
      sid: tokens.session_id,
      token_type: 'Bearer',
      aud: [AUDIENCE, ISSUER],
      client_id: 'latchkey',
      exp: expect.any(Number),
      iat: expect.any(Number),
      jti: expect.any(String),
    })
    expect(lastLine(app, '/v1/introspect')).toMatchObject({
      event: 'token_introspected',
      outcome: 'active',
      resourceServer: resourceServer(app).name,
      dynamoRoundTrips: 1,
      dynamoCalls: 1,
    })
  })

  it('describes a session JWT with the issuer as audience, and also the previous one, which can still refresh', async () => {
    const app = startLatchkey()
    const first = await signIn(app)
    const second = await refreshed(app, first.refresh_token)
    for (const token of [first.refresh_token, second.refresh_token]) {
      const described = await jsonOf(await introspect(app, token))
      expect(described).toMatchObject({ active: true, aud: ISSUER, sid: first.session_id })
      // Not Bearer: it must not pass for an access token.
      expect(described).toMatchObject({ token_type: 'refresh_token' })
    }
    await refreshed(app, second.refresh_token)
    expect(await jsonOf(await introspect(app, first.refresh_token))).toEqual(INACTIVE)
  })

  it('accepts a form with a hint, and JSON', async () => {
    const app = startLatchkey()
    const { access_token: token } = await signIn(app)
    const headers = { Authorization: resourceServer(app).basic }
    for (const token_type_hint of ['access_token', 'refresh_token', 'other']) {
      const answer = await postForm(app, '/v1/introspect', { token, token_type_hint }, headers)
      expect((await jsonOf(answer))['active']).toBe(true)
    }
    const json = await postJson(app, '/v1/introspect', { token }, headers)
    expect((await jsonOf(json))['active']).toBe(true)
  })

  it('decodes names and secrets as OAuth clients encode them (RFC 6749 2.3.1)', async () => {
    const secret = 'p%ss:wörd +/&=?'.padEnd(40, 'x1y2z3')
    const app = startLatchkey({ env: { RESOURCE_SERVERS: JSON.stringify({ 'my~api.1': secret }) } })
    const { access_token: token } = await signIn(app)
    const encoded = encodeURIComponent(secret).replace(/%20/g, '+')
    const Authorization = `Basic ${btoa(`my%7Eapi.1:${encoded}`)}`
    const answer = await postForm(app, '/v1/introspect', { token }, { Authorization })
    expect((await jsonOf(answer))['active']).toBe(true)
  })
})

describe('refuses', () => {
  it('T21: every invalid token, with the same response and without a reason', async () => {
    const app = startLatchkey()
    const [ended, withdrawn, idle] = [await signIn(app), await signIn(app), await signIn(app)]
    await revoke(app, ended.refresh_token)
    await withdraw(app, withdrawn.user.email)
    const dead = [ended, withdrawn].flatMap((one) => [one.access_token, one.refresh_token])
    for (const token of ['', 'x', 'a.b.c', ...dead]) {
      if (token === '') continue
      const answer = await introspect(app, token)
      expect(answer.status).toBe(200)
      expect(await jsonOf(answer)).toEqual(INACTIVE)
    }
    app.clock.offsetMs += 15 * 86_400_000
    expect(await jsonOf(await introspect(app, idle.refresh_token))).toEqual(INACTIVE)
    expect(lastLine(app, '/v1/introspect')).toMatchObject({ outcome: 'inactive' })
  })

  it('T21: a token whose approval has expired, until it is approved again', async () => {
    const app = startLatchkey()
    const email = newEmail('guest.test')
    await approve(app, email, { expiresAt: nowSeconds(app) + 100 })
    const tokens = await signIn(app, undefined, email)
    app.clock.offsetMs += 101_000
    expect(await jsonOf(await introspect(app, tokens.access_token))).toEqual(INACTIVE)
    await approve(app, email)
    expect((await jsonOf(await introspect(app, tokens.access_token)))['active']).toBe(true)
  })

  it('callers that are not resource servers, without reading a row', async () => {
    const app = startLatchkey()
    const { access_token: token } = await signIn(app)
    const { name, secret } = resourceServer(app)
    const credentials = [
      undefined,
      `Bearer ${token}`,
      basic(`${name}:`),
      basic(`${name}:${secret}x`),
      basic(`${name}:${secret.slice(0, -1)}`),
      basic(`:${secret}`),
      basic(`other:${secret}`),
      basic(`${name}${secret}`),
      basic(`${secret}:${name}`),
      basic('other:no such resource server'),
      basic('toString:function toString() { [native code] }'),
      `${resourceServer(app).basic}, ${resourceServer(app).basic}`,
    ]
    for (const Authorization of credentials) {
      const headers = Authorization === undefined ? {} : { Authorization }
      const answer = await postForm(app, '/v1/introspect', { token }, headers)
      expect(answer.status, Authorization).toBe(401)
      expect((await jsonOf(answer))['error']).toBe('invalid_client')
      expect(answer.headers.get('WWW-Authenticate')).toMatch(/^Basic realm=/)
      expect(lastLine(app, '/v1/introspect')).toMatchObject({ dynamoRoundTrips: 0 })
    }
    const inBody = { token, client_id: name, client_secret: secret }
    expect((await postForm(app, '/v1/introspect', inBody)).status).toBe(401)
  })

  it('every caller if no resource server is configured', async () => {
    const app = startLatchkey({ env: { RESOURCE_SERVERS: '' } })
    const { access_token: token } = await signIn(app)
    for (const credentials of ['a:b', ':', 'undefined:undefined', ':no such resource server']) {
      const Authorization = `Basic ${btoa(credentials)}`
      const answer = await postForm(app, '/v1/introspect', { token }, { Authorization })
      expect(answer.status).toBe(401)
    }
  })

  it('a request without a token, or with two', async () => {
    const app = startLatchkey()
    const headers = { Authorization: resourceServer(app).basic }
    expect((await postForm(app, '/v1/introspect', {}, headers)).status).toBe(400)
    const twice = await app.fetch('/v1/introspect', {
      method: 'POST',
      headers: { ...headers, 'Content-Type': 'application/x-www-form-urlencoded' },
      body: 'token=a&token=b',
    })
    expect(twice.status).toBe(400)
    const inQuery = await app.fetch('/v1/introspect?token=a', { headers })
    expect(inQuery.status).toBe(405)
  })
})

describe('withstands', () => {
  type SignedIn = Tokens & { device: Device }
  const ENDINGS: Record<string, (app: Latchkey, tokens: SignedIn) => Promise<unknown>> = {
    nothing: async () => {},
    'a sign-out': (app, tokens) => revoke(app, tokens.refresh_token),
    'a newer sign-in on its device': (app, { user, device }) => signInAgain(app, user, device),
    'a withdrawn approval': (app, { user }) => withdraw(app, user.email),
    'two weeks': async (app) => void (app.clock.offsetMs += 14 * 86_400_000),
  }

  it.each(Object.entries(ENDINGS))(
    'T23: gives for a session JWT the same result as a refresh, bound or not and however old, after %s',
    async (ending, end) => {
      for (const isBound of [false, true]) {
        for (const behind of [0, 1, 2, 3]) {
          const app = startLatchkey()
          const key = isBound ? await newProofKey() : undefined
          const prove = async () => (key ? { DPoP: await proveToken(app, key) } : {})
          const first = key ? await signInBound(app, key) : await signIn(app)
          let newest: Tokens = first
          for (let i = 0; i < behind; i++) {
            newest = await refreshed(app, newest.refresh_token, await prove())
          }
          await end(app, first)
          const { active } = await jsonOf(await introspect(app, first.refresh_token))
          const refreshes = (await refresh(app, first.refresh_token, await prove())).ok
          const wanted = ending === 'nothing' && (isBound || behind < 2)
          expect({ behind, isBound, active, refreshes }).toEqual({
            behind,
            isBound,
            active: wanted,
            refreshes: wanted,
          })
        }
      }
    },
  )

  it('T39: an old session JWT of a bound session: it names the key that may use it', async () => {
    const app = startLatchkey()
    const key = await newProofKey()
    const first = await signInBound(app, key)
    let newest: Tokens = first
    for (let i = 0; i < 3; i++) {
      newest = await refreshed(app, newest.refresh_token, { DPoP: await proveToken(app, key) })
    }
    expect(await jsonOf(await introspect(app, first.refresh_token))).toMatchObject({
      active: true,
      token_type: 'refresh_token',
      sid: first.session_id,
      cnf: { jkt: key.jkt },
    })
  })

  it('T42: throttling of 30% of the reads: every introspection succeeds', async () => {
    const app = startLatchkey()
    const tokens = await signIn(app)
    await app.setFaults([{ fault: 'throttle', probability: 0.3 }])
    const answers = await Promise.all(
      Array.from({ length: 24 }, () => introspect(app, tokens.access_token)),
    )
    expect(answers.map((answer) => answer.status)).toEqual(Array<number>(24).fill(200))
  })
})
