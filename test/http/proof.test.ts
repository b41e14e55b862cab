import type { JWK } from 'jose'
import { describe, expect, it } from 'vitest'
import { encodeBase64url, sha256 } from '../../src/base/encoding.ts'
import { unixMs } from '../../src/base/time.ts'
import { startLatchkey, type Latchkey } from '../support/workers/latchkey.ts'
import { patientWorld } from '../support/workers/rows.ts'
import {
  askForLink,
  newDevice,
  redeem,
  signIn,
  withToken,
  type Tokens,
} from '../support/workers/sign-in.ts'
import { nowSeconds } from '../support/workers/clock.ts'
import {
  check,
  ECDSA_SHA256,
  generationOf,
  introspect,
  ISSUER,
  jsonOf,
  jws,
  lastLine,
  newProofKey,
  ownKey,
  persist,
  prove,
  proveToken,
  refresh,
  refreshed,
  revoke,
  rowOf,
  signInBound,
  signWith,
  withProof,
  type ProofKey,
  type ProofMutation,
} from '../support/workers/tokens.ts'

/** Where a proof is asked for. `send` makes a request whose proof alone is wrong. */
type Endpoint = {
  name: string
  request: { method: string; path: string; accessToken?: string }
  send: (proof: string) => Promise<Response>
}

/** A bound session and the two kinds of endpoint. */
async function bound(app: Latchkey, key: ProofKey) {
  const tokens = await signInBound(app, key)
  const { access_token: accessToken } = tokens
  const endpoints: Endpoint[] = [
    {
      name: 'token endpoint',
      request: { method: 'POST', path: '/v1/token' },
      send: (DPoP) => refresh(app, tokens.refresh_token, { DPoP }),
    },
    {
      name: 'resource route',
      request: { method: 'GET', path: '/v1/session', accessToken },
      send: (DPoP) =>
        app.fetch('/v1/session', { headers: { Authorization: `DPoP ${accessToken}`, DPoP } }),
    },
  ]
  return { tokens, endpoints }
}

/** RFC 9449 section 5 for the token endpoint, section 7.1 for a protected resource. */
async function expectProofRefused(answer: Response, what: string, code = 'invalid_dpop_proof') {
  if (answer.headers.get('WWW-Authenticate') === null) {
    expect(answer.status, what).toBe(400)
    expect((await jsonOf(answer))['error'], what).toBe(code)
  } else {
    expect(answer.status, what).toBe(401)
    const challenge = answer.headers.get('WWW-Authenticate')
    expect(challenge, what).toContain(`DPoP error="${code}"`)
    expect(challenge, what).toMatch(/algs="[^"]*\bES256\b[^"]*"/)
  }
  if (code === 'use_dpop_nonce') expect(answer.headers.get('DPoP-Nonce'), what).toMatch(/^[\w-]+$/)
}

const nonceOf = (answer: Response): string => {
  const nonce = answer.headers.get('DPoP-Nonce')
  if (nonce === null) throw new Error('no nonce came')
  return nonce
}

describe('works', () => {
  it.each(['ES256', 'EdDSA', 'Ed25519'])(
    'T38: signs in, checks, refreshes and introspects a session bound to a %s key',
    async (alg) => {
      const app = startLatchkey()
      const key = await newProofKey(alg)
      const tokens = await signInBound(app, key)
      expect(tokens.token_type).toBe('DPoP')
      expect((await rowOf(app, tokens.session_id))?.['dpopJkt']).toBe(key.jkt)
      const session = await withProof(app, key, tokens.access_token, '/v1/session')
      expect(session.status).toBe(200)
      expect(await session.json()).toMatchObject({ session: { dpopBound: true } })
      const next = await refreshed(app, tokens.refresh_token, { DPoP: await proveToken(app, key) })
      expect(next.token_type).toBe('DPoP')
      for (const token of [next.access_token, next.refresh_token]) {
        expect(await jsonOf(await introspect(app, token))).toMatchObject({
          active: true,
          cnf: { jkt: key.jkt },
        })
      }
      expect(await jsonOf(await introspect(app, next.access_token))).toMatchObject({
        token_type: 'DPoP',
      })
    },
  )

  it('T38: compares htu without query and fragment, after URL normalisation', async () => {
    const app = startLatchkey()
    const key = await newProofKey()
    const { tokens, endpoints } = await bound(app, key)
    for (const { request, send, name } of endpoints.toReversed()) {
      for (const htu of [
        `${ISSUER}${request.path}?a=1`,
        `${ISSUER}${request.path}#part`,
        `https://AUTH.LATCHKEY.test:443${request.path}`,
        `HTTPS://auth.latchkey.test/v1/../${request.path.slice(1)}`,
      ]) {
        const answer = await send(await prove(app, key, request, { claims: { htu } }))
        expect(answer.status, `${name} ${htu}`).toBe(200)
      }
    }
    const listed = await withProof(app, key, tokens.access_token, '/v1/sessions?cursor=x')
    expect(listed.status).toBe(400)
  })

  it('T38: ignores claims that RFC 9449 does not name, including nbf and exp', async () => {
    const app = startLatchkey()
    const key = await newProofKey()
    const { endpoints } = await bound(app, key)
    const now = nowSeconds(app)
    for (const { request, send, name } of endpoints.toReversed()) {
      const claims = { nbf: now, exp: now + 60, iss: 'app', aud: ISSUER, extra: [1] }
      const answer = await send(await prove(app, key, request, { claims }))
      expect(answer.status, name).toBe(200)
    }
  })

  it('T41: accepts a proof up to 60 seconds before and after, to the second', async () => {
    // A whole second, so that ±60 s and ±61 s are exact.
    const base = Math.floor(Date.now() / 1000) * 1000
    const app = startLatchkey({ world: { now: () => unixMs(base) } })
    const key = await newProofKey()
    const tokens = await bound(app, key)
    for (const { request, send, name } of tokens.endpoints.toReversed()) {
      const at = async (offset: number) =>
        send(await prove(app, key, request, { claims: { iat: base / 1000 + offset } }))
      for (const offset of [-60, -59.5, 0, 59.5, 60]) {
        expect((await at(offset)).status, `${name} ${offset}`).toBe(200)
      }
      for (const offset of [-1e9, -61, -60.001, 60.001, 61, 1e9]) {
        await expectProofRefused(await at(offset), `${name} ${offset}`, 'use_dpop_nonce')
      }
    }
  })

  it.each([-3 * 86_400, -90, 90, 365 * 86_400])(
    'T41: signs in a phone whose clock is off by %i s after exactly one challenge, and keeps it signed in',
    async (skew) => {
      const app = startLatchkey()
      const key = await newProofKey()
      const device = await newDevice()
      const asked = await askForLink(app, device)
      const iat = () => ({ claims: { iat: nowSeconds(app) + skew } })

      const first = await redeem(
        app,
        asked.linkToken,
        device,
        {},
        {
          DPoP: await proveToken(app, key, iat()),
        },
      )
      await expectProofRefused(first, 'sign-in', 'use_dpop_nonce')
      let nonce = nonceOf(first)
      const second = await redeem(
        app,
        asked.linkToken,
        device,
        {},
        {
          DPoP: await proveToken(app, key, { ...iat(), nonce }),
        },
      )
      expect(second.status).toBe(200)
      nonce = nonceOf(second)
      let tokens = await jsonOf<Tokens>(second)
      expect(tokens.server_time).toBeCloseTo(nowSeconds(app), -1)

      // Each answer brings the nonce for the next request: no further challenge while the app is in use.
      for (let minute = 0; minute < 5; minute++) {
        app.clock.offsetMs += 50_000
        const mutation = { ...iat(), nonce }
        const session = await withProof(app, key, tokens.access_token, '/v1/session', { mutation })
        expect(session.status).toBe(200)
        nonce = nonceOf(session)
        const DPoP = await proveToken(app, key, { ...iat(), nonce })
        const renewed = await refresh(app, tokens.refresh_token, { DPoP })
        expect(renewed.status).toBe(200)
        nonce = nonceOf(renewed)
        tokens = await jsonOf<Tokens>(renewed)
      }

      // After a pause the nonce is stale: one challenge again, on the resource route this time.
      app.clock.offsetMs += 61_000
      const stale = await withProof(app, key, tokens.access_token, '/v1/session', {
        mutation: { ...iat(), nonce },
      })
      await expectProofRefused(stale, 'check', 'use_dpop_nonce')
      const again = await withProof(app, key, tokens.access_token, '/v1/session', {
        mutation: { ...iat(), nonce: nonceOf(stale) },
      })
      expect(again.status).toBe(200)
    },
  )

  it('T41: needs no nonce from a right clock, and accepts an old nonce without a second request', async () => {
    const app = startLatchkey()
    const key = await newProofKey()
    const { endpoints } = await bound(app, key)
    const [token, resource] = endpoints as [Endpoint, Endpoint]
    const iat = 1
    const challenged = await resource.send(
      await prove(app, key, resource.request, { claims: { iat } }),
    )
    const nonce = nonceOf(challenged)
    app.clock.offsetMs += 300_000
    for (const { request, send, name } of [resource, token]) {
      expect((await send(await prove(app, key, request, { nonce }))).status, name).toBe(200)
    }
  })
})

// One entry for each check of RFC 9449 section 4.3, in its order; two where it can be missed in two ways.
const own = async (app: Latchkey) => (await ownKey(app)).jwk
type Wrong = (app: Latchkey, key: ProofKey, endpoint: Endpoint) => Promise<string>
const changed =
  (mutation: ProofMutation): Wrong =>
  (app, key, { request }) =>
    prove(app, key, request, mutation)
const CHECKS: [item: string, wrong: Wrong][] = [
  [
    '1: two DPoP headers',
    async (app, key, { request }) =>
      `${await prove(app, key, request)}, ${await prove(app, key, request)}`,
  ],
  ['2: no JWT', async () => 'proof'],
  ['2: an empty header', async () => ''],
  ['2: a JWT of two parts', async (app, key, e) => cut(await prove(app, key, e.request))],
  ['2: padded', async (app, key, e) => `${await prove(app, key, e.request)}==`],
  ['3: no jti', changed({ claims: { jti: undefined } })],
  ['3: an empty jti', changed({ claims: { jti: '' } })],
  ['3: a jti without end', changed({ claims: { jti: 'x'.repeat(300) } })],
  ['3: no htm', changed({ claims: { htm: undefined } })],
  ['3: no htu', changed({ claims: { htu: undefined } })],
  ['3: no iat', changed({ claims: { iat: undefined } })],
  ['3: iat as a string', changed({ claims: { iat: String(Math.floor(Date.now() / 1000)) } })],
  ['4: typ JWT', changed({ header: { typ: 'JWT' } })],
  ['4: no typ', changed({ header: { typ: undefined } })],
  ['5: alg none', async (app, key, e) => realgged(await prove(app, key, e.request), 'none', '')],
  [
    '5: HS256 with the public key',
    async (app, key, { request }) => {
      const secret = new TextEncoder().encode(JSON.stringify(key.jwk))
      const hmac = { name: 'HMAC', hash: 'SHA-256' }
      const imported = await crypto.subtle.importKey('raw', secret, hmac, false, ['sign'])
      return realgged(await prove(app, key, request), 'HS256', signWith('HMAC', imported))
    },
  ],
  [
    '5: HS256 with a symmetric jwk',
    async (app, key, { request }) => {
      const hmac = { name: 'HMAC', hash: 'SHA-256' }
      const secret = new Uint8Array(32).fill(7)
      const imported = await crypto.subtle.importKey('raw', secret, hmac, false, ['sign'])
      const jwk = { kty: 'oct', k: encodeBase64url(secret) }
      const [, payload] = (await prove(app, key, request)).split('.')
      const header = { alg: 'HS256', typ: 'dpop+jwt', jwk }
      return jws(header, atobUrl(payload!), signWith('HMAC', imported))
    },
  ],
  ['5: ES384', async (app, _, { request }) => prove(app, await newProofKey('ES384'), request)],
  ['5: RS256', async (app, _, { request }) => prove(app, await newProofKey('RS256'), request)],
  [
    '6: the signature of another key',
    async (app, key, { request }) => {
      const other = await newProofKey()
      return prove(app, other, request, { header: { jwk: key.jwk } })
    },
  ],
  [
    '6: no signature',
    async (app, key, e) => realgged(await prove(app, key, e.request), 'ES256', ''),
  ],
  ['6: no jwk', changed({ header: { jwk: undefined } })],
  [
    '6: the jwk of the issuer, which is public',
    async (app, key, { request }) => {
      const { kty, crv, x, y } = await own(app)
      return prove(app, key, request, { header: { jwk: { kty, crv, x, y } } })
    },
  ],
  [
    '6: a jku instead of a jwk',
    changed({ header: { jwk: undefined, jku: 'https://evil.example' } }),
  ],
  [
    '7: a jwk with its private key',
    async (app, _, { request }) => {
      const pair = (await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
        'sign',
        'verify',
      ])) as CryptoKeyPair
      const { kty, crv, x, y, d } = (await crypto.subtle.exportKey('jwk', pair.privateKey)) as JWK
      const [, payload] = (await prove(app, await newProofKey(), request)).split('.')
      const header = { alg: 'ES256', typ: 'dpop+jwt', jwk: { kty, crv, x, y, d } }
      return jws(header, atobUrl(payload!), signWith(ECDSA_SHA256, pair.privateKey))
    },
  ],
  ['8: another method', changed({ claims: { htm: 'PUT' } })],
  [
    '8: the method in lower case',
    (app, key, { request }) =>
      prove(app, key, request, { claims: { htm: request.method.toLowerCase() } }),
  ],
  ['9: another path', changed({ claims: { htu: `${ISSUER}/v1/other` } })],
  [
    '9: another host',
    (app, key, { request }) =>
      prove(app, key, request, { claims: { htu: `https://evil.example${request.path}` } }),
  ],
  [
    '9: another scheme',
    (app, key, { request }) =>
      prove(app, key, request, { claims: { htu: `http://auth.latchkey.test${request.path}` } }),
  ],
  [
    '9: another port',
    (app, key, { request }) =>
      prove(app, key, request, { claims: { htu: `${ISSUER}:8443${request.path}` } }),
  ],
  [
    '9: a path alone',
    (app, key, { request }) => prove(app, key, request, { claims: { htu: request.path } }),
  ],
  [
    '9: in capitals',
    (app, key, { request }) =>
      prove(app, key, request, { claims: { htu: ISSUER + request.path.toUpperCase() } }),
  ],
]

describe('refuses', () => {
  it.each(CHECKS)('T38: item %s', async (item, wrong) => {
    const app = startLatchkey()
    const key = await newProofKey()
    const { tokens, endpoints } = await bound(app, key)
    for (const endpoint of endpoints) {
      const proof = await wrong(app, key, endpoint)
      await expectProofRefused(await endpoint.send(proof), `${endpoint.name} ${item}`)
    }
    expect(await generationOf(app, tokens.session_id)).toBe(0)
  })

  it('T38: item 10: a nonce that Latchkey did not make', async () => {
    const app = startLatchkey()
    const key = await newProofKey()
    const { tokens, endpoints } = await bound(app, key)
    const [, resource] = endpoints as [Endpoint, Endpoint]
    const challenged = await resource.send(
      await prove(app, key, resource.request, { claims: { iat: 1 } }),
    )
    const good = nonceOf(challenged)
    const bad = good.slice(0, -2) + (good.endsWith('AA') ? 'BA' : 'AA')
    const nonces = ['x', bad, `${good}=`, tokens.refresh_token, asOther(app)]
    for (const { request, send, name } of endpoints) {
      for (const nonce of nonces) {
        const answer = await send(await prove(app, key, request, { nonce: await nonce }))
        await expectProofRefused(answer, `${name} ${(await nonce).slice(0, 9)}`, 'use_dpop_nonce')
      }
      const answer = await send(await prove(app, key, request, { claims: { nonce: 7 } }))
      await expectProofRefused(answer, `${name} a number`)
    }
  })

  it('T38: item 12: another token’s hash, no hash, and another key than the token’s', async () => {
    const app = startLatchkey()
    const key = await newProofKey()
    const { tokens } = await bound(app, key)
    const other = await signInBound(app, key)
    for (const ath of [
      undefined,
      '',
      7,
      tokens.access_token,
      await hash(other.access_token),
      await hash(tokens.refresh_token),
      `${await hash(tokens.access_token)}=`,
    ]) {
      const mutation = { claims: { ath } }
      const answer = await withProof(app, key, tokens.access_token, '/v1/session', { mutation })
      await expectProofRefused(answer, `ath ${ath}`)
    }
    const thief = await newProofKey()
    const answer = await withProof(app, thief, tokens.access_token, '/v1/session')
    await expectProofRefused(answer, 'another key')
  })

  it('T38: a proof for one route on another route', async () => {
    const app = startLatchkey()
    const key = await newProofKey()
    const { access_token: accessToken } = await signInBound(app, key)
    const DPoP = await prove(app, key, { method: 'GET', path: '/v1/session', accessToken })
    const headers = { Authorization: `DPoP ${accessToken}`, DPoP }
    for (const [method, path] of [
      ['GET', '/v1/sessions'],
      ['GET', '/v1/activity'],
      ['DELETE', '/v1/sessions'],
    ] as const) {
      await expectProofRefused(await app.fetch(path, { method, headers }), `${method} ${path}`)
    }
    expect((await app.fetch('/v1/session', { headers })).status).toBe(200)
  })

  it('T40: a bound token as Bearer, without its proof, with two proofs, or under two schemes', async () => {
    const app = startLatchkey()
    const key = await newProofKey()
    const { access_token: accessToken } = await signInBound(app, key)
    const request = { method: 'GET', path: '/v1/session', accessToken }
    const DPoP = await prove(app, key, request)
    const get = (headers: [string, string][]) => app.fetch('/v1/session', { headers })
    const refusals = [
      await get([['Authorization', `Bearer ${accessToken}`]]),
      await get([
        ['Authorization', `Bearer ${accessToken}`],
        ['DPoP', DPoP],
      ]),
      await get([['Authorization', `DPoP ${accessToken}`]]),
      await get([
        ['Authorization', `DPoP ${accessToken}`],
        ['DPoP', DPoP],
        ['DPoP', DPoP],
      ]),
      await get([
        ['Authorization', `DPoP ${accessToken}`],
        ['Authorization', `Bearer ${accessToken}`],
        ['DPoP', DPoP],
      ]),
    ]
    for (const answer of refusals) {
      expect(answer.status).toBe(401)
      expect(answer.headers.get('WWW-Authenticate')).toContain('DPoP ')
    }
    const fine = await get([
      ['Authorization', `dpop ${accessToken}`],
      ['DPoP', DPoP],
    ])
    expect(fine.status).toBe(200)
  })

  it('T40: an unbound token under the scheme of a bound one', async () => {
    const app = startLatchkey()
    const key = await newProofKey()
    const { access_token: accessToken } = await signIn(app)
    const answer = await withProof(app, key, accessToken, '/v1/session')
    expect(answer.status).toBe(401)
    expect((await check(app, accessToken)).status).toBe(200)
  })

  it('T40: to refresh a bound session without a proof or with another key, and an unbound one with a proof', async () => {
    const app = startLatchkey()
    const [key, thief] = [await newProofKey(), await newProofKey()]
    const tokens = await signInBound(app, key)
    const unbound = await signIn(app)
    const proof = await proveToken(app, thief)
    const refusals = [
      await refresh(app, tokens.refresh_token),
      await refresh(app, tokens.refresh_token, { DPoP: proof }),
      await refresh(app, unbound.refresh_token, { DPoP: proof }),
    ]
    // A missing proof is no word about the session: a client must not sign out for it.
    const errors = ['invalid_dpop_proof', 'invalid_grant', 'invalid_grant']
    for (const [i, answer] of refusals.entries()) {
      expect(answer.status).toBe(400)
      expect((await jsonOf(answer))['error']).toBe(errors[i])
    }
    expect(await generationOf(app, tokens.session_id)).toBe(0)
    expect(await generationOf(app, unbound.session_id)).toBe(0)
    await refreshed(app, tokens.refresh_token, { DPoP: await proveToken(app, key) })
  })

  it('T40: to repeat a sign-in with another key than the one that opened the session', async () => {
    const app = startLatchkey()
    const [key, thief] = [await newProofKey(), await newProofKey()]
    const { linkToken, device, session_id } = await signInBound(app, key)
    const again = async (by?: ProofKey) =>
      redeem(app, linkToken, device, {}, by ? { DPoP: await proveToken(app, by) } : {})
    expect((await again()).status).toBe(400)
    expect((await again(thief)).status).toBe(400)
    const retried = await again(key)
    expect(await jsonOf(retried)).toMatchObject({ session_id, token_type: 'DPoP' })
  })

  it('T40: with DPOP=required, to issue or refresh anything without a proof', async () => {
    const lax = startLatchkey()
    const app = startLatchkey({ env: { DPOP: 'required' } })
    const device = await newDevice()
    const asked = await askForLink(app, device)
    await expectProofRefused(await redeem(app, asked.linkToken, device), 'sign-in')
    const unbound = await signIn(lax)
    await expectProofRefused(await refresh(app, unbound.refresh_token), 'refresh')
    const key = await newProofKey()
    const upgraded = await refresh(app, unbound.refresh_token, { DPoP: await proveToken(app, key) })
    expect(upgraded.status).toBe(400)
    // The refusals burned nothing.
    const DPoP = await proveToken(app, key)
    const answer = await redeem(app, asked.linkToken, device, {}, { DPoP })
    expect((await jsonOf<Tokens>(answer)).token_type).toBe('DPoP')
  })
})

describe('withstands', () => {
  it('T39: 64 identical refreshes with one proof: they make one generation, bound to the same key', async () => {
    const app = startLatchkey({ world: patientWorld })
    const key = await newProofKey()
    const tokens = await signInBound(app, key)
    const DPoP = await proveToken(app, key)
    const answers = await Promise.all(
      Array.from({ length: 64 }, () => persist(() => refresh(app, tokens.refresh_token, { DPoP }))),
    )
    expect(answers.map((answer) => answer.status)).toEqual(Array<number>(64).fill(200))
    expect(await generationOf(app, tokens.session_id)).toBe(1)
    const renewed = await Promise.all(answers.map((answer) => jsonOf<Tokens>(answer)))
    expect(new Set(renewed.map((one) => one.refresh_token)).size).toBe(1)
    const [stolen] = renewed as [Tokens]
    // The attacker who replays the request gets tokens that are useless without the key.
    expect((await withToken(app, stolen.access_token, '/v1/session')).status).toBe(401)
    expect((await refresh(app, stolen.refresh_token)).status).toBe(400)
    const session = await withProof(app, key, stolen.access_token, '/v1/session')
    expect(session.status).toBe(200)
  }, 60_000)

  it('T39: 64 identical sign-ins with one proof: they open one session', async () => {
    const app = startLatchkey({ world: patientWorld })
    const key = await newProofKey()
    const device = await newDevice()
    const asked = await askForLink(app, device)
    const DPoP = await proveToken(app, key)
    const answers = await Promise.all(
      Array.from({ length: 64 }, () =>
        persist(() => redeem(app, asked.linkToken, device, {}, { DPoP })),
      ),
    )
    const tokens = await Promise.all(answers.map((answer) => jsonOf<Tokens>(answer)))
    expect(answers.map((answer) => answer.status)).toEqual(Array<number>(64).fill(200))
    expect(new Set(tokens.map((one) => one.session_id)).size).toBe(1)
    expect(new Set(tokens.map((one) => one.refresh_token)).size).toBe(1)
  }, 60_000)

  it('T39: a replayed proof: it expires after 60 seconds', async () => {
    const app = startLatchkey()
    const key = await newProofKey()
    const { tokens, endpoints } = await bound(app, key)
    const proofs = await Promise.all(endpoints.map(async ({ request }) => prove(app, key, request)))
    app.clock.offsetMs += 62_000
    for (const [index, endpoint] of endpoints.entries()) {
      const answer = await endpoint.send(proofs[index]!)
      await expectProofRefused(answer, endpoint.name, 'use_dpop_nonce')
    }
    expect(await generationOf(app, tokens.session_id)).toBe(0)
  })

  it('T39: old session JWTs of a bound session: the session survives, and a thief without the key cannot use them', async () => {
    const app = startLatchkey()
    const key = await newProofKey()
    const first = await signInBound(app, key)
    let current: Tokens = first
    for (let i = 0; i < 4; i++) {
      current = await refreshed(app, current.refresh_token, { DPoP: await proveToken(app, key) })
    }
    const thief = await newProofKey()
    expect((await refresh(app, first.refresh_token)).status).toBe(400)
    const DPoP = await proveToken(app, thief)
    expect((await refresh(app, first.refresh_token, { DPoP })).status).toBe(400)
    const late = await refreshed(app, first.refresh_token, { DPoP: await proveToken(app, key) })
    expect(late.refresh_token).toBe(current.refresh_token)
    expect(await generationOf(app, first.session_id)).toBe(4)
    expect(app.lines.filter((line) => line['event'] === 'session_reuse_detected')).toEqual([])
  })

  it('T38: a wrong proof, without a request to DynamoDB', async () => {
    const app = startLatchkey()
    const key = await newProofKey()
    const { endpoints } = await bound(app, key)
    for (const { request, send } of endpoints) {
      await send(await prove(app, key, request, { claims: { htm: 'PUT' } }))
      expect(lastLine(app, request.path)).toMatchObject({ dynamoRoundTrips: 0 })
    }
  })

  it('T39: a person who finds the JWT of a bound session: they can only end the session (RFC 7009)', async () => {
    const app = startLatchkey()
    const key = await newProofKey()
    const tokens = await signInBound(app, key)
    expect((await revoke(app, tokens.refresh_token)).status).toBe(200)
    const session = await withProof(app, key, tokens.access_token, '/v1/session')
    expect(session.status).toBe(401)
  })
})

const cut = (token: string) => token.split('.').slice(0, 2).join('.')
const atobUrl = (text: string) => atob(text.replace(/-/g, '+').replace(/_/g, '/'))

/** The same proof under another `alg` and signature. */
function realgged(proof: string, alg: string, sign: string | ReturnType<typeof signWith>) {
  const [header, payload] = proof.split('.').map(atobUrl)
  const parsed = JSON.parse(header!) as Record<string, unknown>
  return jws({ ...parsed, alg }, payload!, typeof sign === 'string' ? () => sign : sign)
}

/** A sealed value of ours that is no nonce. */
async function asOther(app: Latchkey): Promise<string> {
  const device = await newDevice()
  return (await askForLink(app, device)).handle
}

const hash = async (text: string) => encodeBase64url(await sha256(text))
