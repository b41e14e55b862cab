import { CompactEncrypt, FlattenedSign, generateSecret, importJWK, type JWK } from 'jose'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { encodeBase64url, utf8 } from '../../src/base/encoding.ts'
import { unixMs } from '../../src/base/time.ts'
import { realWorld } from '../../src/base/world.ts'
import { startLatchkey, type Latchkey } from '../support/workers/latchkey.ts'
import {
  askForLink,
  newDevice,
  postForm,
  redeem,
  signIn,
  type Tokens,
} from '../support/workers/sign-in.ts'
import { nowSeconds } from '../support/workers/clock.ts'
import {
  AUDIENCE,
  check,
  DEAD,
  ECDSA_SHA256,
  introspect,
  ISSUER,
  jsonOf,
  jws,
  newProofKey,
  otherSpelling,
  ownKey,
  ownSessionKey,
  refresh,
  refreshed,
  revoke,
  rowOf,
  signInAgain,
  signInBound,
  signsOfLife,
  signWith,
  linesOf,
  prove,
  type SignJws,
} from '../support/workers/tokens.ts'

type Claims = Record<string, unknown>
const claimsOf = (token: string): Claims =>
  JSON.parse(atob(token.split('.')[1]!.replace(/-/g, '+').replace(/_/g, '/'))) as Claims
const headerOf = (token: string): Claims => JSON.parse(atob(token.split('.')[0]!)) as Claims

/** Offers a token as everything that a token can be offered as: nowhere may it pass, or do anything. */
async function expectRefused(app: Latchkey, token: string, what: string): Promise<void> {
  const [checked, renewed, introspected, revoked] = await Promise.all([
    check(app, token),
    refresh(app, token),
    introspect(app, token),
    revoke(app, token),
  ])
  expect(checked.status, what).toBe(401)
  expect(checked.headers.get('WWW-Authenticate'), what).toContain('error="invalid_token"')
  expect(renewed.status, what).toBe(400)
  expect((await jsonOf(renewed))['error'], what).toBe('invalid_grant')
  expect(await jsonOf(introspected), what).toEqual({ active: false })
  expect(revoked.status, what).toBe(200)
}

/** The same, for forgeries of both tokens; afterwards the true ones still live. */
async function expectAllRefused(
  app: Latchkey,
  tokens: Tokens,
  forgeries: [what: string, forge: (original: string) => Promise<string> | string][],
): Promise<void> {
  for (const [what, forge] of forgeries) {
    for (const original of [tokens.access_token, tokens.refresh_token]) {
      await expectRefused(
        app,
        await forge(original),
        `${what}, ${headerOf(original)['typ'] as string}`,
      )
    }
  }
  expect((await check(app, tokens.access_token)).status).toBe(200)
  await refreshed(app, tokens.refresh_token)
}

/** Signs anew as the Worker itself would: each of the two tokens with its own key. */
async function signerOf(app: Latchkey) {
  const [access, session] = await Promise.all([ownKey(app), ownSessionKey(app)])
  const signFor = (token: string): SignJws =>
    headerOf(token)['typ'] === 'JWT' ? session.sign : access.sign
  return { access, session, signFor }
}

afterEach(() => void vi.restoreAllMocks())

describe('works', () => {
  it('T33: accepts a token that the test signs with the same key, so that the refusals below are meaningful', async () => {
    const app = startLatchkey()
    const tokens = await signIn(app)
    const { signFor } = await signerOf(app)
    const again = (token: string) => jws(headerOf(token), claimsOf(token), signFor(token))
    expect((await check(app, await again(tokens.access_token))).status).toBe(200)
    expect((await refresh(app, await again(tokens.refresh_token))).status).toBe(200)
  })

  it('T20: ignores ids that a client sends, and gives each sign-in a new one', async () => {
    const app = startLatchkey()
    const device = await newDevice()
    const victim = await signIn(app)
    const asked = await askForLink(app, device)
    const foreign = {
      session_id: victim.session_id,
      sid: victim.session_id,
      jti: victim.session_id,
      refresh_token: victim.refresh_token,
      user_id: victim.user.id,
      sub: victim.user.id,
      email: victim.user.email,
    }
    const headers = {
      Cookie: `session=${victim.session_id}`,
      'X-Session-Id': victim.session_id,
      Authorization: `Bearer ${victim.access_token}`,
    }
    const answer = await redeem(app, asked.linkToken, device, foreign, headers)
    const tokens = await jsonOf<Tokens>(answer)
    expect(tokens.session_id).not.toBe(victim.session_id)
    expect(tokens.user.email).toBe(asked.email)
    const second = await signInAgain(app, tokens.user, device)
    expect(new Set([victim.session_id, tokens.session_id, second.session_id]).size).toBe(3)
  })
})

describe('refuses', () => {
  it('T14: link, session and access token after a sign-out, while the rows still exist', async () => {
    const app = startLatchkey()
    const tokens = await signIn(app)
    expect((await revoke(app, tokens.refresh_token)).status).toBe(200)
    expect(await rowOf(app, tokens.session_id)).toMatchObject({ revokedReason: 'signed_out' })
    expect(await signsOfLife(app, tokens)).toEqual(DEAD)
    const replayed = await redeem(app, tokens.linkToken, tokens.device)
    expect(replayed.status).toBe(400)
    expect(await jsonOf(replayed)).toMatchObject({
      error: 'invalid_grant',
      latchkey_reason: 'used',
    })
    expect(await signsOfLife(app, tokens)).toEqual(DEAD)
  })

  it('T33: alg none in every spelling, with and without a signature', async () => {
    const app = startLatchkey()
    const tokens = await signIn(app)
    await expectAllRefused(
      app,
      tokens,
      ['none', 'None', 'NONE', 'nOnE', ''].flatMap((alg) =>
        ['', 'AA', tokens.access_token.split('.')[2]!].map((signature) => [
          `alg "${alg}", signature "${signature.slice(0, 4)}"`,
          (token) => jws({ ...headerOf(token), alg }, claimsOf(token), () => signature),
        ]),
      ),
    )
  })

  it('T33: HS256 with any form of the public key as the secret', async () => {
    const app = startLatchkey()
    const tokens = await signIn(app)
    const jwks = await jsonOf<{ keys: JWK[] }>(await app.fetch('/.well-known/jwks.json'))
    const jwk = jwks.keys[0]!
    const key = (await importJWK({ ...jwk, ext: true }, 'ES256')) as CryptoKey
    const spki = new Uint8Array((await crypto.subtle.exportKey('spki', key)) as ArrayBuffer)
    const raw = new Uint8Array((await crypto.subtle.exportKey('raw', key)) as ArrayBuffer)
    const lines = btoa(String.fromCharCode(...spki)).replace(/.{64}/g, '$&\n')
    const pem = `-----BEGIN PUBLIC KEY-----\n${lines}\n-----END PUBLIC KEY-----`
    const forms: [string, Uint8Array][] = [
      ['JWK', utf8(JSON.stringify(jwk))],
      ['JWKS', utf8(JSON.stringify(jwks))],
      ['PEM', utf8(pem)],
      ['PEM with a newline', utf8(`${pem}\n`)],
      ['SPKI', spki],
      ['point', raw],
      ['x', utf8(jwk.x!)],
      ['kid', utf8(jwk.kid!)],
      ['one zero byte', Uint8Array.of(0)],
    ]
    await expectAllRefused(
      app,
      tokens,
      forms.flatMap(([what, secret]) =>
        [256, 512].map((bits) => [
          `HS${bits} with the ${what}`,
          async (token) => {
            const hmac = { name: 'HMAC', hash: `SHA-${bits}` }
            const hs = await crypto.subtle.importKey('raw', secret, hmac, false, ['sign'])
            const header = { ...headerOf(token), alg: `HS${bits}` }
            return jws(header, claimsOf(token), signWith('HMAC', hs))
          },
        ]),
      ),
    )
  })

  it('T33: another algorithm or another key with Latchkey’s kid', async () => {
    const app = startLatchkey()
    const tokens = await signIn(app)
    const p384 = await make({ name: 'ECDSA', namedCurve: 'P-384' })
    const p256 = await make({ name: 'ECDSA', namedCurve: 'P-256' })
    const ed = await make({ name: 'Ed25519' })
    const rsa = await make({
      name: 'RSASSA-PKCS1-v1_5',
      modulusLength: 2048,
      publicExponent: Uint8Array.of(1, 0, 1),
      hash: 'SHA-256',
    })
    const { access: own, session } = await signerOf(app)
    const signers: [string, SignJws][] = [
      ['ES384', signWith({ name: 'ECDSA', hash: 'SHA-384' }, p384.privateKey)],
      ['ES256', signWith(ECDSA_SHA256, p256.privateKey)],
      ['EdDSA', signWith('Ed25519', ed.privateKey)],
      ['Ed25519', signWith('Ed25519', ed.privateKey)],
      ['RS256', signWith('RSASSA-PKCS1-v1_5', rsa.privateKey)],
      // The right key, under a wrong name.
      ['ES384', own.sign],
      ['ES256K', own.sign],
      ['es256', own.sign],
      ['HS384', session.sign],
      ['HS512', session.sign],
      ['hs256', session.sign],
    ]
    await expectAllRefused(
      app,
      tokens,
      signers.map(([alg, sign]) => [
        `${alg} of another key`,
        (token) => jws({ ...headerOf(token), alg }, claimsOf(token), sign),
      ]),
    )
  })

  it('T33: empty, zero, truncated, long, DER and foreign signatures, and changed content', async () => {
    const app = startLatchkey()
    const tokens = await signIn(app)
    // The order of P-256: r = s = n is zero once reduced.
    const order = 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551'
    const n = Uint8Array.from(order.match(/../g)!, (byte) => Number.parseInt(byte, 16))
    await expectAllRefused(app, tokens, [
      ['empty', withSignature(() => '')],
      ['no third part', (token) => token.split('.').slice(0, 2).join('.')],
      ['a fourth part', (token) => `${token}.AAAA`],
      ['zero', withSignature(() => zeros(64))],
      ['r = s = n', withSignature(() => encodeBase64url(Uint8Array.of(...n, ...n)))],
      [
        'DER of zeros',
        withSignature(() => encodeBase64url(Uint8Array.of(48, 6, 2, 1, 0, 2, 1, 0))),
      ],
      ['cut', withSignature((signature) => signature.slice(0, -4))],
      ['long', withSignature((signature) => `${signature}AAAA`)],
      ['padded', withSignature((signature) => `${signature}==`)],
      ['a bit flipped', withSignature((signature) => flip(signature, 10))],
      [
        'of the other token',
        (token) => {
          const other = token === tokens.access_token ? tokens.refresh_token : tokens.access_token
          return withSignature(() => other.split('.')[2]!)(token)
        },
      ],
      [
        'changed sub',
        (token) =>
          jws(headerOf(token), { ...claimsOf(token), sub: 'usr_x' }, () => token.split('.')[2]!),
      ],
      [
        'later exp',
        (token) =>
          jws(headerOf(token), { ...claimsOf(token), exp: 2 ** 40 }, () => token.split('.')[2]!),
      ],
    ])
  })

  it('T33: an encrypted token, and one without kid or alg', async () => {
    const app = startLatchkey()
    const tokens = await signIn(app)
    const { signFor } = await signerOf(app)
    const secret = await generateSecret('A256GCM')
    await expectAllRefused(app, tokens, [
      [
        'JWE',
        (token) =>
          new CompactEncrypt(utf8(token))
            .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
            .encrypt(secret),
      ],
      [
        'no kid',
        (token) => jws({ ...headerOf(token), kid: undefined }, claimsOf(token), signFor(token)),
      ],
      [
        'no alg',
        (token) => jws({ ...headerOf(token), alg: undefined }, claimsOf(token), signFor(token)),
      ],
      ['payload that is no JSON', (token) => jws(headerOf(token), 'not JSON', signFor(token))],
      [
        'payload that is a list',
        (token) => jws(headerOf(token), [claimsOf(token)], signFor(token)),
      ],
    ])
  })

  it('T34: a key that the token contains or points to, and fetches nothing', async () => {
    const asked: string[] = []
    const app = startLatchkey({
      world: {
        fetch: (url, init) => {
          asked.push(url)
          return realWorld.fetch(url, init)
        },
      },
    })
    const tokens = await signIn(app)
    const evil = (await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
      'sign',
      'verify',
    ])) as CryptoKeyPair
    const jwk = (await crypto.subtle.exportKey('jwk', evil.publicKey)) as JWK
    const sign = signWith(ECDSA_SHA256, evil.privateKey)
    const { kid } = await ownKey(app)
    const url = 'https://evil.example/keys'
    const headers: Record<string, unknown>[] = [
      { jwk },
      { jwk: { ...jwk, kid } },
      { jku: url },
      { jku: `${ISSUER}@evil.example/keys` },
      { x5u: url },
      { x5c: [btoa('certificate')] },
      { x5t: 'AAAA' },
      { kid: '../../../../../../dev/null' },
      { kid: '/dev/null' },
      { kid: "x' UNION SELECT 'key" },
      { kid: '__proto__' },
      { kid: 'constructor' },
      { kid: '' },
      { kid: 0 },
      { kid: [kid] },
      { kid: null },
      { kid: jwk.x, jwk },
      { kid, jwk, jku: url, x5u: url },
    ]
    const fetchSpy = vi.spyOn(globalThis, 'fetch')
    const from = asked.length
    await expectAllRefused(
      app,
      tokens,
      headers.map((more) => [
        JSON.stringify(more).slice(0, 60),
        (token) => jws({ ...headerOf(token), ...more }, claimsOf(token), sign),
      ]),
    )
    const database = app.env['DYNAMODB_ENDPOINT'] as string
    expect(asked.slice(from).filter((one) => !one.startsWith(database))).toEqual([])
    const spied = fetchSpy.mock.calls.map(([input]) => new Request(input).url)
    expect(spied.length).toBeGreaterThan(0)
    expect(spied.filter((one) => !one.startsWith(database))).toEqual([])
  })

  it('T34: crit and b64, even with a valid signature', async () => {
    const app = startLatchkey()
    const tokens = await signIn(app)
    const { access, session, signFor } = await signerOf(app)
    const accessKey = await importJWK(access.jwk, 'ES256')
    await expectAllRefused(app, tokens, [
      ...[['exp'], ['x'], [], ['b64'], 'b64', ['alg']].map(
        (crit): [string, (token: string) => Promise<string>] => [
          `crit ${JSON.stringify(crit)}`,
          (token) => jws({ ...headerOf(token), crit, x: 1 }, claimsOf(token), signFor(token)),
        ],
      ),
      [
        'unencoded payload',
        async (token) => {
          const payload = utf8(token.split('.')[1]!)
          const alg = String(headerOf(token)['alg'])
          const signed = await new FlattenedSign(payload)
            .setProtectedHeader({ ...headerOf(token), alg, b64: false, crit: ['b64'] })
            .sign(alg === 'HS256' ? session.key : accessKey)
          return `${signed.protected}.${token.split('.')[1]}.${signed.signature}`
        },
      ],
    ])
  })

  it('T35: one token in place of the other, and valid claims with the wrong type', async () => {
    const app = startLatchkey()
    const tokens = await signIn(app)
    const { access_token: access, refresh_token: session } = tokens
    const { signFor } = await signerOf(app)
    expect((await check(app, session)).status).toBe(401)
    expect((await refresh(app, access)).status).toBe(400)
    // Each has the other's claims too, and would pass but for its type.
    const retyped = (token: string, typ: unknown) => {
      const both = { ...claimsOf(access), ...claimsOf(session), ...claimsOf(token) }
      return jws({ ...headerOf(token), typ }, both, signFor(token))
    }
    for (const typ of ['JWT', 'jwt', undefined, '', 'dpop+jwt', 'logout+jwt', 'at', 1, null]) {
      expect((await check(app, await retyped(access, typ))).status, `typ ${typ}`).toBe(401)
    }
    for (const typ of ['at+jwt', 'application/at+jwt', undefined, '', 'dpop+jwt', 1, null]) {
      expect((await refresh(app, await retyped(session, typ))).status, `typ ${typ}`).toBe(400)
    }
    expect((await check(app, await retyped(access, 'at+jwt'))).status).toBe(200)
    expect((await refresh(app, await retyped(session, 'JWT'))).status).toBe(200)
  })

  it('T35: a token signed by the key of the other token, with that key’s kid and algorithm', async () => {
    const app = startLatchkey()
    const tokens = await signIn(app)
    const { access, session } = await signerOf(app)
    const { access_token, refresh_token } = tokens
    const swapped = [
      await jws(headerOf(access_token), claimsOf(refresh_token), access.sign),
      await jws({ ...headerOf(access_token), typ: 'JWT' }, claimsOf(refresh_token), access.sign),
      await jws(headerOf(refresh_token), claimsOf(access_token), session.sign),
      await jws(
        { ...headerOf(refresh_token), typ: 'at+jwt' },
        claimsOf(access_token),
        session.sign,
      ),
      await jws({ ...headerOf(access_token), alg: 'HS256' }, claimsOf(access_token), session.sign),
      await jws({ ...headerOf(refresh_token), alg: 'ES256' }, claimsOf(refresh_token), access.sign),
    ]
    for (const [n, token] of swapped.entries()) await expectRefused(app, token, `swapped ${n}`)
    expect((await check(app, access_token)).status).toBe(200)
    await refreshed(app, refresh_token)
  })

  it('T35: wrong, missing and malformed claims with a valid signature', async () => {
    const app = startLatchkey()
    const tokens = await signIn(app)
    const { signFor } = await signerOf(app)
    const now = nowSeconds(app)
    const changes: Claims[] = [
      { aud: 'https://evil.example' },
      { aud: [AUDIENCE] },
      { aud: [] },
      { aud: undefined },
      { aud: { 0: ISSUER } },
      { aud: `${ISSUER}/` },
      { iss: 'https://evil.example' },
      { iss: `${ISSUER}/` },
      { iss: [ISSUER] },
      { iss: undefined },
      { exp: undefined },
      { exp: null },
      { exp: String(now + 300) },
      { exp: [now + 300] },
      { exp: true },
      { exp: now },
      { exp: 0 },
      { exp: -1 },
      { nbf: now + 300 },
      { nbf: 'now' },
      { iat: undefined },
      { iat: 'now' },
      { sub: undefined },
      { sub: 7 },
      { jti: undefined },
      { email: undefined },
      { email: ['a@sigmacomputing.com'] },
      { opened_ms: undefined },
      { opened_ms: '0' },
      { opened_ms: 0.5 },
      { cnf: null },
      { cnf: {} },
      { cnf: 'jkt' },
    ]
    await expectAllRefused(app, tokens, [
      ...changes.map((change): [string, (token: string) => Promise<string>] => [
        JSON.stringify(change, (_, value: unknown) => (value === undefined ? 'absent' : value)),
        (token) => jws(headerOf(token), { ...claimsOf(token), ...change }, signFor(token)),
      ]),
      ...['1e400', '1e309', '-1e400', '"1e400"', 'NaN'].map(
        (exp): [string, (token: string) => Promise<string>] => [
          `exp ${exp}`,
          (token) => {
            const text = JSON.stringify({ ...claimsOf(token), exp: 0 })
            return jws(headerOf(token), text.replace('"exp":0', `"exp":${exp}`), signFor(token))
          },
        ],
      ),
    ])
    const { refresh_token, access_token } = tokens
    const changed = (token: string, change: Claims) =>
      jws(headerOf(token), { ...claimsOf(token), ...change }, signFor(token))
    // What only one of the two has.
    for (const change of [
      { auth_time: undefined },
      { auth_time: '0' },
      { sid: undefined },
      { client_id: undefined },
      { device_key: undefined },
      { device_key: 7 },
    ]) {
      await expectRefused(app, await changed(access_token, change), JSON.stringify(change))
    }
    for (const change of [{ did: undefined }, { did: 7 }, { amr: undefined }, { amr: ['pwd'] }]) {
      await expectRefused(app, await changed(refresh_token, change), JSON.stringify(change))
    }
    expect((await check(app, await changed(access_token, {}))).status).toBe(200)
    const session = (change: Claims) => changed(refresh_token, change)
    for (const gen of [undefined, null, '0', -1, 0.5, [0], true, 1e21]) {
      expect(
        (await refresh(app, await session({ gen }))).status,
        `gen ${JSON.stringify(gen)}`,
      ).toBe(400)
    }
  })

  it('T35: a valid signature over a session and a person that do not belong together', async () => {
    const app = startLatchkey()
    const [victim, other] = [await signIn(app), await signIn(app)]
    const { signFor } = await signerOf(app)
    const { session_id: sid } = victim
    const changed = (token: string, change: Claims) =>
      jws(headerOf(token), { ...claimsOf(token), ...change }, signFor(token))
    const { access_token, refresh_token } = other
    const mixed = [
      await changed(access_token, { sid }),
      await changed(refresh_token, { jti: sid }),
      await changed(access_token, { sid, email: victim.user.email }),
      await changed(refresh_token, { jti: sid, email: victim.user.email }),
      await changed(victim.access_token, { sub: other.user.id, email: other.user.email }),
    ]
    for (const token of mixed) await expectRefused(app, token, 'mixed')
    // The right person under an address that is not hers, though it may sign in.
    const { email } = other.user
    const renamed = await changed(victim.access_token, { email })
    expect((await check(app, renamed)).status).toBe(401)
    expect(await jsonOf(await introspect(app, renamed))).toEqual({ active: false })
    expect((await refresh(app, await changed(victim.refresh_token, { email }))).status).toBe(400)
    expect((await check(app, victim.access_token)).status).toBe(200)
    expect((await rowOf(app, sid))?.['revokedAt']).toBeUndefined()
    await refreshed(app, victim.refresh_token)
  })

  it('T37: a malformed Authorization header: 4xx everywhere, never 5xx', async () => {
    const app = startLatchkey()
    const { access_token: token } = await signIn(app)
    const headers = [
      '',
      ' ',
      'Bearer',
      'Bearer ',
      'Bearer  ',
      'Bearer %zz',
      'Bearer %00',
      `Bearer ${token}, Bearer ${token}`,
      `Bearer ${token},`,
      `Bearer ${token} ${token}`,
      `Bearer "${token}"`,
      `Bearer=${token}`,
      `Bearer\t${token}`,
      `Basic ${token}`,
      `Basic ${btoa(`${token}:`)}`,
      `Digest ${token}`,
      `Token ${token}`,
      token,
      `bearer: ${token}`,
      `Bearer ${'A'.repeat(7000)}`,
      'Bearer ..',
      'Bearer a.b.c',
      'Bearer null',
      'Bearer \u00ff\u00fe',
      'Basic',
      'Basic =',
      'Basic !!!!',
      `Basic ${btoa('%zz:%zz')}`,
      `Basic ${btoa('nocolon')}`,
      `Basic ${btoa('__proto__:x')}`,
      `Basic ${btoa('constructor:x')}`,
    ]
    const routes: [string, string][] = [
      ['GET', '/v1/session'],
      ['GET', '/v1/sessions'],
      ['GET', '/v1/activity'],
      ['DELETE', '/v1/sessions/ses_0123456789012345678901'],
      ['DELETE', '/v1/sessions'],
      ['GET', '/v1/account/export'],
      ['DELETE', '/v1/account'],
    ]
    for (const Authorization of headers) {
      for (const [method, path] of routes) {
        const answer = await app.fetch(path, { method, headers: { Authorization } })
        expect(answer.status, `${method} ${path} ${Authorization.slice(0, 40)}`).toBe(401)
        expect(answer.headers.get('WWW-Authenticate')).toMatch(/^Bearer.*DPoP /)
      }
      const answer = await postForm(app, '/v1/introspect', { token }, { Authorization })
      expect(answer.status, Authorization.slice(0, 40)).toBe(401)
      expect(answer.headers.get('WWW-Authenticate')).toMatch(/^Basic /)
    }
    expect((await check(app, token)).status).toBe(200)
  })

  it('T37: a token in the query, a cookie or the body', async () => {
    const app = startLatchkey()
    const { access_token: token } = await signIn(app)
    const asked = [
      app.fetch(`/v1/session?access_token=${token}`),
      app.fetch(`/v1/session?Authorization=Bearer%20${token}`),
      app.fetch('/v1/session', { headers: { Cookie: `access_token=${token}` } }),
      app.fetch('/v1/session', { headers: { 'X-Authorization': `Bearer ${token}` } }),
      app.fetch('/v1/sessions', {
        method: 'DELETE',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        body: `access_token=${token}`,
      }),
    ]
    for (const answer of await Promise.all(asked)) expect(answer.status).toBe(401)
    expect((await check(app, token)).status).toBe(200)
  })
})

describe('withstands', () => {
  it('T21: an access token after ten minutes, to the second, whatever the rows say', async () => {
    const base = Date.now()
    const clock = { ms: base }
    const app = startLatchkey({ world: { now: () => unixMs(clock.ms) } })
    const tokens = await signIn(app)
    expect(tokens.expires_in).toBe(600)
    const { exp } = claimsOf(tokens.access_token) as { exp: number }
    clock.ms = exp * 1000 - 1
    expect((await check(app, tokens.access_token)).status).toBe(200)
    clock.ms = exp * 1000
    expect((await check(app, tokens.access_token)).status).toBe(401)
    expect(await jsonOf(await introspect(app, tokens.access_token))).toEqual({ active: false })
  })

  it('T33: the second valid text of an ES256 token: one session, one jti, one effect', async () => {
    const app = startLatchkey()
    const tokens = await signIn(app)
    const [one, two] = [tokens.access_token, otherSpelling(tokens.access_token)]
    expect(two).not.toBe(one)

    const seen: unknown[] = []
    for (const token of [one, two]) {
      const before = (await app.calls()).length
      const checked = await check(app, token)
      expect(checked.status).toBe(200)
      const { now: _, ...session } = await jsonOf(checked)
      const introspected = await jsonOf(await introspect(app, token))
      const asked = (await app.calls())
        .slice(before)
        .map(({ operation, body }) => [operation, body])
      seen.push({ session, introspected, asked })
    }
    // Neither the text nor a hash of it decides or is looked up: DynamoDB is asked the same.
    expect(seen[1]).toEqual(seen[0])
    expect(seen[0]).toMatchObject({ introspected: { active: true, jti: claimsOf(one)['jti'] } })

    expect((await revoke(app, two)).status).toBe(200)
    const ended = await rowOf(app, tokens.session_id)
    expect(ended).toMatchObject({ revokedReason: 'signed_out' })
    app.clock.offsetMs += 5000
    for (const token of [one, two]) {
      expect((await check(app, token)).status).toBe(401)
      expect(await jsonOf(await introspect(app, token))).toEqual({ active: false })
      expect((await revoke(app, token)).status).toBe(200)
    }
    expect(await rowOf(app, tokens.session_id)).toEqual(ended)
    const outcomes = linesOf(app, 'session_ended').map((line) => line['outcome'])
    expect(outcomes).toEqual(['ok', 'nothing', 'nothing'])
  })

  it('T33, T38: a proof for one text of a bound token, used with the other text', async () => {
    const app = startLatchkey()
    const key = await newProofKey()
    const { access_token: one } = await signInBound(app, key)
    const two = otherSpelling(one)
    const request = { method: 'GET', path: '/v1/session' }
    for (const [token, proven, status] of [
      [one, one, 200],
      [two, one, 401],
      [one, two, 401],
      [two, two, 200],
    ] as const) {
      const DPoP = await prove(app, key, { ...request, accessToken: proven })
      const headers = { Authorization: `DPoP ${token}`, DPoP }
      expect((await app.fetch(request.path, { headers })).status).toBe(status)
    }
  })
})

const make = async (algorithm: Record<string, unknown>) =>
  (await crypto.subtle.generateKey(algorithm as never, true, ['sign', 'verify'])) as CryptoKeyPair

const zeros = (length: number) => encodeBase64url(new Uint8Array(length))

const flip = (text: string, at: number) =>
  text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1)

const withSignature = (change: (signature: string) => string) => (token: string) => {
  const [header, payload, signature] = token.split('.')
  return `${header}.${payload}.${change(signature!)}`
}
