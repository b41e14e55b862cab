import { Hono } from 'hono'
import { exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose'
import { describe, expect, it } from 'vitest'
import { newPhone, signInOn } from '../../support/workers/phone.ts'
import { newEmail, startLatchkey, type Latchkey } from '../../support/workers/latchkey.ts'
import { signIn } from '../../support/workers/sign-in.ts'
import { nowSeconds } from '../../support/workers/clock.ts'
import {
  AUDIENCE,
  ISSUER,
  jws,
  newProofKey,
  ownKey,
  prove,
  refreshed,
  signInBound,
} from '../../support/workers/tokens.ts'
import { webCryptoKeys } from '../../../packages/client/keys.ts'
import { makeJwtKey } from '../../../scripts/keys/make-secrets.ts'
import { VerifyError } from '../../../packages/verify/error.ts'
import { latchkey } from '../../../packages/verify/hono.ts'
import { createVerifier, type VerifierOptions } from '../../../packages/verify/verify.ts'

const API = 'https://api.latchkey.test'

/** A back end beside the Worker: its clock is the Worker's, and what it fetches is counted. */
function backEnd(app: Latchkey, options: Partial<VerifierOptions> = {}) {
  const issuer = { app, down: false, fetched: 0 }
  const settings: VerifierOptions = {
    issuer: ISSUER,
    audience: AUDIENCE,
    now: () => Date.now() + app.clock.offsetMs,
    async fetch(url) {
      issuer.fetched++
      if (issuer.down) throw new TypeError('connect ECONNREFUSED')
      return issuer.app.fetch(url)
    },
    ...options,
  }
  return { issuer, settings, verify: createVerifier(settings) }
}

const bearer = (token: string, init: RequestInit = {}) =>
  new Request(`${API}/things?page=2`, { ...init, headers: { Authorization: `Bearer ${token}` } })

async function refusal(work: Promise<unknown>): Promise<VerifyError> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof VerifyError)) throw new Error(`no VerifyError: ${String(error)}`)
  return error
}

/** A token of the Worker's own key that says what it likes. */
async function forged(
  app: Latchkey,
  accessToken: string,
  header: Record<string, unknown>,
  claims: Record<string, unknown> = {},
) {
  const { kid, sign } = await ownKey(app)
  const payload = JSON.parse(atob(accessToken.split('.')[1]!)) as Record<string, unknown>
  return jws({ alg: 'ES256', kid, typ: 'at+jwt', ...header }, { ...payload, ...claims }, sign)
}

async function rotated(app: Latchkey, keys: unknown[]): Promise<Latchkey> {
  const next = startLatchkey({ env: { ...app.env, JWT_KEYS: JSON.stringify({ keys }) } })
  next.clock.offsetMs = app.clock.offsetMs
  return next
}
const keysOf = (app: Latchkey) =>
  (JSON.parse(app.env['JWT_KEYS'] as string) as { keys: unknown[] }).keys

describe('works', () => {
  it('returns the caller, from a request, from a bare token, and from a Node request', async () => {
    const app = startLatchkey()
    const { verify } = backEnd(app)
    const tokens = await signIn(app)
    const claims = await verify(bearer(tokens.access_token))
    expect(claims).toEqual({
      sub: tokens.user.id,
      sid: tokens.session_id,
      email: tokens.user.email,
      clientId: 'latchkey',
      authTime: expect.any(Number),
      amr: ['email'],
      issuedAt: tokens.server_time,
      expiresAt: tokens.server_time + 600,
      tokenId: expect.any(String),
    })
    expect(await verify(tokens.access_token)).toEqual(claims)
    const headers = { authorization: `bearer ${tokens.access_token}` }
    expect(await verify({ method: 'GET', url: '/things', headers })).toEqual(claims)
  })

  it.each(['ES256', 'RS256'] as const)('T33: accepts %s tokens of the issuer', async (alg) => {
    const app = startLatchkey({
      env: { JWT_KEYS: JSON.stringify({ keys: [await makeJwtKey(alg)] }) },
    })
    const { verify } = backEnd(app)
    const tokens = await signIn(app)
    expect((await verify(tokens.access_token)).sid).toBe(tokens.session_id)
  })

  it('fetches the keys once, and not again for later tokens', async () => {
    const app = startLatchkey()
    const { verify, issuer } = backEnd(app)
    const tokens = await signIn(app)
    await verify(tokens.access_token)
    for (let i = 0; i < 20; i++) await verify(tokens.access_token)
    expect(issuer.fetched).toBe(1)
  })

  it('accepts bound tokens with their proof, from the client and as strings', async () => {
    const app = startLatchkey()
    const { verify } = backEnd(app)
    const phone = newPhone(app, { dpop: webCryptoKeys() })
    const session = await signInOn(app, phone, newEmail())
    const seen: unknown[] = []
    const client = phone.restart({
      async fetch(input, init) {
        const request = new Request(input, init)
        seen.push(await verify(request))
        return new Response()
      },
    })
    await client.fetch(`${API}/things?page=2#top`, { method: 'PATCH', body: '{}' })
    expect(seen).toEqual([
      expect.objectContaining({ sid: session.id, jkt: expect.stringMatching(/^[\w-]{43}$/) }),
    ])
    const key = await newProofKey('EdDSA')
    const { access_token: accessToken } = await signInBound(app, key)
    const proof = await prove(app, key, { method: 'GET', path: '/v1/things', accessToken })
    const dpop = { proof, method: 'GET', url: `${ISSUER}/v1/things?x=1` }
    expect((await verify(accessToken, { dpop })).jkt).toBe(key.jkt)
  })

  it('checks a proof against the origin that callers use', async () => {
    const app = startLatchkey()
    const { verify } = backEnd(app, { origin: `${ISSUER}/` })
    const key = await newProofKey()
    const { access_token: accessToken } = await signInBound(app, key)
    const headers = {
      authorization: `DPoP ${accessToken}`,
      dpop: await prove(app, key, { method: 'GET', path: '/v1/things', accessToken }),
    }
    const whole = new Request('http://10.0.0.7:8080/v1/things?x=1', { headers })
    expect((await verify(whole)).jkt).toBe(key.jkt)
    // Node, and Express below a router.
    expect(await verify({ method: 'GET', url: '/v1/things', headers })).toBeDefined()
    const mounted = { method: 'GET', url: '/things', originalUrl: '/v1/things?x=1', headers }
    expect(await verify(mounted)).toBeDefined()
    const elsewhere = { method: 'GET', url: '//auth.latchkey.test/v1/things', headers }
    expect((await refusal(verify(elsewhere))).code).toBe('invalid_dpop_proof')
  })

  it('sets c.var to the caller, and answers all other requests itself', async () => {
    const app = startLatchkey()
    const { settings, issuer } = backEnd(app)
    const api = new Hono()
    api.use(latchkey(settings))
    const routes = api.get('/things', latchkey(settings), (c) =>
      c.json({ for: c.var.latchkey.sub }),
    )
    const tokens = await signIn(app)
    const answer = await routes.request(bearer(tokens.access_token))
    expect(await answer.json()).toEqual({ for: tokens.user.id })

    const none = await api.request('/things')
    expect(none.status).toBe(401)
    expect(none.headers.get('WWW-Authenticate')).toBe('Bearer, DPoP algs="ES256 Ed25519 EdDSA"')
    const bad = await api.request(bearer(`${tokens.access_token}x`))
    expect(bad.status).toBe(401)
    expect(bad.headers.get('WWW-Authenticate')).toBe(
      'Bearer error="invalid_token", DPoP error="invalid_token", algs="ES256 Ed25519 EdDSA"',
    )
    expect(await bad.json()).toEqual({ error: 'invalid_token' })
    issuer.down = true
    const fresh = new Hono().use(latchkey(settings))
    const down = await fresh.request(bearer(tokens.access_token))
    expect([down.status, down.headers.get('Retry-After')]).toEqual([503, '5'])
  })
})

describe('T36: rotation', () => {
  it('accepts tokens of a new key at once, even if it was not published in advance', async () => {
    const app = startLatchkey()
    const { verify, issuer } = backEnd(app)
    const old = await signIn(app)
    await verify(old.access_token)
    issuer.app = await rotated(app, [await makeJwtKey(), ...keysOf(app)])
    app.clock.offsetMs += 31_000
    issuer.app.clock.offsetMs += 31_000
    const anew = await refreshed(issuer.app, old.refresh_token)
    expect((await verify(anew.access_token)).sid).toBe(old.session_id)
    expect((await verify(old.access_token)).sid).toBe(old.session_id)
    expect(issuer.fetched).toBe(2)
  })

  it('drops a key that the issuer removed, within five minutes', async () => {
    const app = startLatchkey()
    const { verify, issuer } = backEnd(app)
    const { access_token } = await signIn(app)
    await verify(access_token)
    issuer.app = await rotated(app, [await makeJwtKey()])
    app.clock.offsetMs += 299_000
    await verify(access_token)
    app.clock.offsetMs += 2_000
    expect((await refusal(verify(access_token))).code).toBe('invalid_token')
  })

  it('fetches once for a flood of tokens with unknown keys', async () => {
    const app = startLatchkey()
    const { verify, issuer } = backEnd(app)
    const { access_token } = await signIn(app)
    await verify(access_token)
    app.clock.offsetMs += 31_000
    for (let i = 0; i < 20; i++) {
      const token = await forged(app, access_token, { kid: `k${i}` })
      expect((await refusal(verify(token))).code).toBe('invalid_token')
    }
    expect(issuer.fetched).toBe(2)
  })
})

describe('withstands', () => {
  it('a slash at the end of the issuer', async () => {
    const app = startLatchkey()
    const { verify } = backEnd(app, { issuer: `${ISSUER}/` })
    await verify((await signIn(app)).access_token)
  })

  it('its own clock that was set back: it still finds new keys', async () => {
    const app = startLatchkey()
    let skewMs = 86_400_000
    const now = () => Date.now() + app.clock.offsetMs + skewMs
    const { verify, issuer } = backEnd(app, { now })
    const old = await signIn(app)
    await refusal(verify(old.access_token))
    skewMs = 0
    issuer.app = await rotated(app, [await makeJwtKey(), ...keysOf(app)])
    const { access_token } = await refreshed(issuer.app, old.refresh_token)
    expect((await verify(access_token)).sid).toBe(old.session_id)
  })

  it('an issuer that is down: the cached keys work for an hour, and fetches are rare', async () => {
    const app = startLatchkey()
    const { verify, issuer } = backEnd(app)
    let { access_token, refresh_token } = await signIn(app)
    await verify(access_token)
    issuer.down = true
    for (let minute = 0; minute < 58; minute += 2) {
      app.clock.offsetMs += 120_000
      ;({ access_token, refresh_token } = await refreshed(app, refresh_token))
      for (let i = 0; i < 5; i++) await verify(access_token)
    }
    expect(issuer.fetched).toBeLessThanOrEqual(30)
    app.clock.offsetMs += 180_000
    ;({ access_token } = await refreshed(app, refresh_token))
    expect((await refusal(verify(access_token))).code).toBe('unavailable')
    issuer.down = false
    app.clock.offsetMs += 5_000
    await verify(access_token)
  })

  it.each([
    ['that is down', () => Promise.reject(new TypeError('connect ECONNREFUSED'))],
    ['that answers 500', async () => new Response('{"keys":[]}', { status: 500 })],
    ['that is a hotel’s sign-in page', async () => new Response('<h1>Welcome</h1>')],
    ['that answers other JSON', async () => Response.json({ keys: [1] })],
    ['that answers null', async () => Response.json(null)],
  ])('an issuer %s at the start: 503, never 401 or access', async (_, fetch) => {
    const app = startLatchkey()
    const { access_token } = await signIn(app)
    const { verify } = backEnd(app, { fetch })
    for (let i = 0; i < 2; i++) {
      expect(await refusal(verify(access_token))).toMatchObject({
        code: 'unavailable',
        status: 503,
      })
    }
  })
})

describe('refuses', () => {
  it('T35: a session JWT, even if the audience is the issuer', async () => {
    const app = startLatchkey()
    const { refresh_token } = await signIn(app)
    for (const audience of [AUDIENCE, ISSUER]) {
      const { verify } = backEnd(app, { audience })
      expect((await refusal(verify(refresh_token))).code).toBe('invalid_token')
    }
  })

  it('T35: another audience, another issuer, and an expired token', async () => {
    const app = startLatchkey()
    const { access_token } = await signIn(app)
    const other = backEnd(app, { audience: 'https://other.example.com' })
    expect((await refusal(other.verify(access_token))).code).toBe('invalid_token')
    const twin = createVerifier({
      ...other.settings,
      audience: AUDIENCE,
      issuer: 'https://b.example',
    })
    expect((await refusal(twin(access_token))).code).toBe('invalid_token')
    const { verify } = backEnd(app)
    app.clock.offsetMs += 598_000
    await verify(access_token)
    app.clock.offsetMs += 3_000
    expect((await refusal(verify(access_token))).code).toBe('invalid_token')
  })

  const BAD: [string, Record<string, unknown>, Record<string, unknown>][] = [
    ['typ JWT', { typ: 'JWT' }, {}],
    ['no typ', { typ: undefined }, {}],
    ['typ dpop+jwt', { typ: 'dpop+jwt' }, {}],
    ['another kid', { kid: 'nobody' }, {}],
    ['alg none', { alg: 'none' }, {}],
    ['alg ES384', { alg: 'ES384' }, {}],
    ['a critical header', { crit: ['x'], x: 1 }, {}],
    ['no sub', {}, { sub: undefined }],
    ['no sid', {}, { sid: undefined }],
    ['an empty sid', {}, { sid: '' }],
    ['sid as a number', {}, { sid: 1 }],
    ['no client_id', {}, { client_id: undefined }],
    ['no email', {}, { email: undefined }],
    ['no jti', {}, { jti: undefined }],
    ['no auth_time', {}, { auth_time: undefined }],
    ['auth_time as a string', {}, { auth_time: '1' }],
    ['no exp', {}, { exp: undefined }],
    ['exp as a string', {}, { exp: '9999999999' }],
    ['no iat', {}, { iat: undefined }],
    ['amr as a string', {}, { amr: 'email' }],
    ['iss as a list', {}, { iss: [ISSUER] }],
    ['no iss', {}, { iss: undefined }],
    ['no aud', {}, { aud: undefined }],
    ['cnf of a certificate', {}, { cnf: { 'x5t#S256': 'abc' } }],
    ['cnf null', {}, { cnf: null }],
    ['cnf empty', {}, { cnf: { jkt: '' } }],
  ]
  it.each(BAD)('T33, T35: a token of the right key with %s', async (_, header, claims) => {
    const app = startLatchkey()
    const { verify } = backEnd(app)
    const { access_token } = await signIn(app)
    expect(await verify(await forged(app, access_token, {}))).toBeDefined()
    const token = await forged(app, access_token, header, claims)
    expect(await refusal(verify(token))).toMatchObject({ code: 'invalid_token', status: 401 })
  })

  it('T33: HS256 with the public key, and with a key that a broken issuer publishes', async () => {
    const app = startLatchkey()
    const { access_token } = await signIn(app)
    const payload = JSON.parse(atob(access_token.split('.')[1]!)) as object
    const secret = new TextEncoder().encode('a symmetric key of thirty-two by')
    const k = btoa(String.fromCharCode(...secret)).replace(/=/g, '')
    const key = await crypto.subtle.importKey(
      'raw',
      secret,
      { name: 'HMAC', hash: 'SHA-256' },
      false,
      ['sign'],
    )
    const token = await jws({ alg: 'HS256', kid: 'h', typ: 'at+jwt' }, payload, async (input) => {
      const mac = await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(input))
      return btoa(String.fromCharCode(...new Uint8Array(mac)))
        .replace(/\+/g, '-')
        .replace(/\//g, '_')
        .replace(/=/g, '')
    })
    const { verify } = backEnd(app, {
      fetch: async () => Response.json({ keys: [{ kty: 'oct', k, kid: 'h', alg: 'HS256' }] }),
    })
    expect((await refusal(verify(token))).code).toBe('invalid_token')
  })

  it('T33: another asymmetric algorithm, even if the issuer publishes its key', async () => {
    const app = startLatchkey()
    const { access_token } = await signIn(app)
    const payload = JSON.parse(atob(access_token.split('.')[1]!)) as JWTPayload
    const { publicKey, privateKey } = await generateKeyPair('ES384')
    const key = { ...(await exportJWK(publicKey)), kid: 'k384', alg: 'ES384' }
    const header = { alg: 'ES384', kid: 'k384', typ: 'at+jwt' }
    const token = await new SignJWT(payload).setProtectedHeader(header).sign(privateKey)
    const { verify } = backEnd(app, { fetch: async () => Response.json({ keys: [key] }) })
    expect((await refusal(verify(token))).code).toBe('invalid_token')
  })

  it('another encoding of a valid token', async () => {
    const app = startLatchkey()
    const { verify } = backEnd(app)
    const { access_token } = await signIn(app)
    for (const token of [`${access_token}=`, `${access_token}==`]) {
      expect((await refusal(verify(bearer(token)))).code).toBe('invalid_token')
    }
  })

  it('T37: malformed and foreign Authorization headers', async () => {
    const app = startLatchkey()
    const { verify } = backEnd(app)
    const { access_token } = await signIn(app)
    const of = (authorization: string) =>
      verify(new Request(API, { headers: { Authorization: authorization } }))
    expect((await refusal(verify(new Request(`${API}?access_token=${access_token}`)))).code).toBe(
      'token_missing',
    )
    const twice = { authorization: [`Bearer ${access_token}`, `Bearer ${access_token}`] }
    expect((await refusal(verify({ headers: twice }))).code).toBe('invalid_token')
    for (const header of [
      access_token,
      `Basic ${access_token}`,
      `Bearer ${access_token}, Bearer ${access_token}`,
      'Bearer',
      'Bearer %zz',
      'Bearer a.b.c',
    ]) {
      expect((await refusal(of(header))).code).toBe('invalid_token')
    }
  })

  it('T40: a bound token without its proof, as Bearer, with the proof of another key or request', async () => {
    const app = startLatchkey()
    const { verify } = backEnd(app)
    const key = await newProofKey()
    const { access_token: accessToken } = await signInBound(app, key)
    const target = { method: 'GET', path: '/v1/things', accessToken }
    const of = (scheme: string, DPoP: string | null, method = 'GET', path = '/v1/things') => {
      const headers = { Authorization: `${scheme} ${accessToken}`, ...(DPoP && { DPoP }) }
      return refusal(verify(new Request(ISSUER + path, { method, headers })))
    }
    const good = await prove(app, key, target)
    expect((await of('Bearer', good)).code).toBe('invalid_token')
    expect((await refusal(verify(accessToken))).code).toBe('invalid_token')
    const bad = [
      null,
      `${good}, ${good}`,
      await prove(app, await newProofKey(), target),
      await prove(app, key, { ...target, accessToken: undefined }),
      await prove(app, key, { ...target, accessToken: `${accessToken}x` }),
      await prove(app, key, target, { claims: { iat: nowSeconds(app) - 62 } }),
      await prove(app, key, target, { claims: { iat: nowSeconds(app) + 62 } }),
      await prove(app, key, target, { header: { typ: 'JWT' } }),
    ]
    for (const proof of bad) {
      const error = await of('DPoP', proof)
      expect(error.code).toBe('invalid_dpop_proof')
      expect(error.headers['WWW-Authenticate']).toBe(
        'DPoP error="invalid_dpop_proof", algs="ES256 Ed25519 EdDSA"',
      )
    }
    expect((await of('DPoP', good, 'POST')).code).toBe('invalid_dpop_proof')
    expect((await of('DPoP', good, 'GET', '/v1/other')).code).toBe('invalid_dpop_proof')
  })

  it('T40: an unbound token sent as a bound one, or if binding is required', async () => {
    const app = startLatchkey()
    const key = await newProofKey()
    const { access_token: accessToken } = await signIn(app)
    const proof = await prove(app, key, { method: 'GET', path: '/v1/things', accessToken })
    const { verify } = backEnd(app)
    const headers = { Authorization: `DPoP ${accessToken}`, DPoP: proof }
    expect((await refusal(verify(new Request(`${ISSUER}/v1/things`, { headers })))).code).toBe(
      'invalid_token',
    )
    const strict = backEnd(app, { dpop: 'required' })
    expect((await refusal(strict.verify(accessToken))).headers['WWW-Authenticate']).toBe(
      'DPoP error="invalid_token", algs="ES256 Ed25519 EdDSA"',
    )
  })
})
