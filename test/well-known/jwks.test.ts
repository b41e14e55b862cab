import {
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  jwtVerify,
  type JSONWebKeySet,
  type JWK,
} from 'jose'
import { describe, expect, it } from 'vitest'
import { encodeBase64url } from '../../src/base/encoding.ts'
import { unixMs } from '../../src/base/time.ts'
import { newEmail, startLatchkey, type Latchkey } from '../support/workers/latchkey.ts'
import { signIn, type Tokens } from '../support/workers/sign-in.ts'
import {
  ALIVE,
  AUDIENCE,
  check,
  introspect,
  ISSUER,
  jsonOf,
  refresh,
  refreshed,
  signsOfLife,
} from '../support/workers/tokens.ts'

type RingKey = JWK & { kid: string; alg: string; nbf?: number }

async function newKey(alg: 'ES256' | 'EdDSA' | 'RS256' | 'HS256', kid: string): Promise<RingKey> {
  if (alg === 'HS256') {
    const k = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(48))))
    return { kty: 'oct', k: k.replace(/\+/g, '-').replace(/\//g, '_'), alg, kid }
  }
  const { privateKey } = await generateKeyPair(alg, { extractable: true })
  return { ...(await exportJWK(privateKey)), alg, kid }
}

const withRing = (...keys: RingKey[]): Latchkey =>
  startLatchkey({ env: { JWT_KEYS: JSON.stringify({ keys }) } })

const newSealKey = (id: number): string =>
  `${id}.${encodeBase64url(crypto.getRandomValues(new Uint8Array(32)))}`

const withSeals = (...keys: string[]): Latchkey =>
  startLatchkey({ env: { SEAL_KEYS: keys.join(',') } })

const jwksOf = async (app: Latchkey): Promise<JSONWebKeySet> =>
  jsonOf<JSONWebKeySet>(await app.fetch('/.well-known/jwks.json'))

const kidOf = (token: string): string =>
  (JSON.parse(atob(token.split('.')[0]!)) as { kid: string }).kid

/** A back end that keeps the keys for as long as it may, and never asks twice before. */
class CachingVerifier {
  #jwks: JSONWebKeySet | undefined
  #until = 0

  async accepts(app: Latchkey, token: string, nowMs: number): Promise<boolean> {
    if (this.#jwks === undefined || nowMs >= this.#until) {
      const answer = await app.fetch('/.well-known/jwks.json')
      const maxAge = /max-age=(\d+)/.exec(answer.headers.get('Cache-Control') ?? '')?.[1]
      this.#until = nowMs + Number(maxAge) * 1000
      this.#jwks = await jsonOf<JSONWebKeySet>(answer)
    }
    const options = {
      issuer: ISSUER,
      audience: AUDIENCE,
      typ: 'at+jwt',
      currentDate: new Date(nowMs),
    }
    return jwtVerify(token, createLocalJWKSet(this.#jwks), options).then(
      () => true,
      () => false,
    )
  }
}

const STEP_SECONDS = 150

/**
 * A rotation under load: people refresh all the time, on Workers of the old and, from second 0, of the new
 * deployment; both answer for some minutes. @returns how many valid tokens were refused, and by which key they were signed.
 */
async function rotate(signsAfterSeconds: number, untilSeconds: number) {
  const start = Date.now()
  const [oldKey, newerKey] = await Promise.all([newKey('ES256', 'old'), newKey('ES256', 'new')])
  const nbf = Math.floor(start / 1000) + signsAfterSeconds
  const before = withRing(oldKey)
  const after = withRing({ ...newerKey, nbf }, oldKey)
  const people: Tokens[] = []
  for (let i = 0; i < 3; i++) people.push(await signIn(before, undefined, newEmail()))
  const verifiers = Array.from({ length: 5 }, () => new CachingVerifier())
  const live: { token: string; bornAt: number }[] = []
  const seen: { at: number; kid: string }[] = []
  let refused = 0
  for (let at = -450; at <= untilSeconds; at += STEP_SECONDS) {
    const nowMs = start + (at + 450) * 1000
    for (const app of [before, after]) app.clock.offsetMs = nowMs - Date.now()
    const serves = (turn: number): Latchkey =>
      at < 0 ? before : at < 300 ? [before, after][turn % 2]! : after
    const answers = await Promise.all(
      people.map((one, turn) => refresh(serves(turn + at / STEP_SECONDS), one.refresh_token)),
    )
    for (const [i, answer] of answers.entries()) {
      if (!answer.ok) {
        refused++
        continue
      }
      people[i] = await jsonOf<Tokens>(answer)
      live.push({ token: people[i].access_token, bornAt: at })
      seen.push({ at, kid: kidOf(people[i].access_token) })
    }
    // Each verifier asks when its own cache ends, so they differ in what they know.
    const valid = live.filter(({ bornAt }) => at - bornAt < 600)
    for (const [i, verifier] of verifiers.entries()) {
      if (at % (STEP_SECONDS * (1 + (i % 2))) !== 0) continue
      const verdicts = await Promise.all(
        valid.map(({ token }) => verifier.accepts(serves(i), token, nowMs)),
      )
      refused += verdicts.filter((accepted) => !accepted).length
    }
    const newest = people.map((one) => one.access_token)
    const oldest = valid[0]!.token
    const checks = await Promise.all([...newest, oldest].map((token) => check(serves(at), token)))
    refused += checks.filter((answer) => answer.status !== 200).length
  }
  // The key's own time, on the scale of `at`.
  const signsFrom = signsAfterSeconds - 450
  return { refused, seen, signsFrom, people, after }
}

describe('works', () => {
  it.each(['ES256', 'EdDSA', 'RS256'] as const)(
    'T36: signs people in with a %s ring, whose public key verifies access tokens',
    async (alg) => {
      const app = withRing(await newKey(alg, 'k1'))
      const tokens = await signIn(app)
      const { payload, protectedHeader } = await jwtVerify(
        tokens.access_token,
        createLocalJWKSet(await jwksOf(app)),
        { issuer: ISSUER, audience: AUDIENCE, typ: 'at+jwt', algorithms: [alg] },
      )
      expect(protectedHeader).toEqual({ alg, kid: 'k1', typ: 'at+jwt' })
      expect(payload).toMatchObject({ sub: tokens.user.id, sid: tokens.session_id })
      expect(await signsOfLife(app, tokens)).toEqual(ALIVE)
    },
  )

  it('T36: signs people in with an HS256 ring, publishes nothing, and verifies with its secret', async () => {
    const key = await newKey('HS256', 'k1')
    const app = withRing(key)
    const tokens = await signIn(app)
    expect(await jwksOf(app)).toEqual({ keys: [] })
    const secret = Uint8Array.from(atob(key.k!.replace(/-/g, '+').replace(/_/g, '/')), (c) =>
      c.charCodeAt(0),
    )
    const { protectedHeader } = await jwtVerify(tokens.access_token, secret, {
      issuer: ISSUER,
      audience: AUDIENCE,
      typ: 'at+jwt',
    })
    expect(protectedHeader).toEqual({ alg: 'HS256', kid: 'k1', typ: 'at+jwt' })
    expect(await signsOfLife(app, tokens)).toEqual(ALIVE)
  })

  it('T36: verifies tokens of each key in a ring of all four algorithms', async () => {
    const keys = await Promise.all(
      (['ES256', 'EdDSA', 'RS256', 'HS256'] as const).map((alg) => newKey(alg, alg)),
    )
    const people: Tokens[] = []
    for (const key of keys) people.push(await signIn(withRing(key)))
    for (const order of [keys, keys.toReversed()]) {
      const app = withRing(...order)
      for (const [i, one] of people.entries()) {
        expect((await check(app, one.access_token)).status).toBe(200)
        people[i] = await refreshed(app, one.refresh_token)
        expect(kidOf(people[i].access_token)).toBe(order[0]!.kid)
      }
    }
  })

  it('T36: publishes a key before its nbf, and signs with it from that second on', async () => {
    const base = Math.floor(Date.now() / 1000) * 1000
    const clock = { ms: base }
    const keys = [
      { ...(await newKey('ES256', 'next')), nbf: base / 1000 + 3600 },
      await newKey('ES256', 'now'),
    ]
    const app = startLatchkey({
      env: { JWT_KEYS: JSON.stringify({ keys }) },
      world: { now: () => unixMs(clock.ms) },
    })
    const tokens = await signIn(app)
    expect((await jwksOf(app)).keys.map(({ kid }) => kid)).toEqual(['next', 'now'])
    clock.ms = base + 3_600_000 - 1
    const last = await refreshed(app, tokens.refresh_token)
    expect(kidOf(last.access_token)).toBe('now')
    clock.ms = base + 3_600_000
    const first = await refreshed(app, last.refresh_token)
    expect(kidOf(first.access_token)).toBe('next')
    for (const token of [last.access_token, first.access_token]) {
      expect((await check(app, token)).status).toBe(200)
    }
    const { active } = await jsonOf(await introspect(app, last.refresh_token))
    expect(active).toBe(true)
  })

  it('T36: has a public key set, cacheable for five minutes, with its own media type', async () => {
    const app = startLatchkey()
    const answer = await app.fetch('/.well-known/jwks.json')
    expect(answer.status).toBe(200)
    expect(answer.headers.get('Content-Type')).toBe('application/jwk-set+json')
    expect(answer.headers.get('Cache-Control')).toBe('public, max-age=300')
  })
})

describe('refuses', () => {
  it('T36: to publish a private member or a symmetric key, whatever the ring holds', async () => {
    const keys = await Promise.all([
      newKey('HS256', 'hs'),
      newKey('ES256', 'es'),
      newKey('EdDSA', 'ed'),
      newKey('HS256', 'hs2'),
      newKey('RS256', 'rs'),
    ])
    const app = withRing(...keys)
    const answer = await app.fetch('/.well-known/jwks.json')
    const text = await answer.clone().text()
    const jwks = await jsonOf<JSONWebKeySet>(answer)
    const named = { use: 'sig', kid: expect.any(String), alg: expect.any(String) }
    expect(jwks.keys).toEqual([
      { kty: 'EC', crv: 'P-256', x: expect.any(String), y: expect.any(String), ...named },
      { kty: 'OKP', crv: 'Ed25519', x: expect.any(String), ...named },
      { kty: 'RSA', n: keys[4].n, e: 'AQAB', ...named },
    ])
    for (const key of keys) {
      for (const secret of [key.d, key.k, key.p, key.q, key.dp, key.dq, key.qi])
        if (secret) expect(text).not.toContain(secret)
    }
    expect(text).not.toContain('"oct"')
    expect(text).not.toContain('nbf')
  })

  it('T36: an access token whose key was removed from the ring, while its session continues', async () => {
    const [old, next] = [await newKey('ES256', 'old'), await newKey('ES256', 'new')]
    const tokens = await signIn(withRing(old))
    const app = withRing(next)
    const impostor = withRing({ ...next, kid: 'old' })
    for (const one of [app, impostor]) {
      expect((await check(one, tokens.access_token)).status).toBe(401)
      expect(await jsonOf(await introspect(one, tokens.access_token))).toEqual({ active: false })
    }
    // Session JWTs are signed by the sealing keys: a new ring of JWT_KEYS signs nobody out.
    const again = await refreshed(app, tokens.refresh_token)
    expect((await check(app, again.access_token)).status).toBe(200)
  })

  it('T36: a session JWT whose sealing key was removed from the ring, or has another secret', async () => {
    const [old, next] = [newSealKey(1), newSealKey(2)]
    const tokens = await signIn(withSeals(old))
    for (const app of [withSeals(next), withSeals(newSealKey(1))]) {
      expect((await refresh(app, tokens.refresh_token)).status).toBe(400)
      expect(await jsonOf(await introspect(app, tokens.refresh_token))).toEqual({ active: false })
    }
    await refreshed(withSeals(next, old), tokens.refresh_token)
  })
})

describe('withstands', () => {
  it('T36: a rotation of the sealing keys: no session ends, on Workers with the old and the new ring', async () => {
    const startMs = Date.now()
    const nbf = Math.floor(startMs / 1000) + 3600
    const [old, next] = [newSealKey(1), newSealKey(2)]
    const before = withSeals(old)
    const after = withSeals(`${next}.${nbf}`, old)
    const apps = [before, after]
    const at = (seconds: number) => {
      for (const app of apps) app.clock.offsetMs = startMs + seconds * 1000 - Date.now()
    }
    let tokens: Tokens = await signIn(before)
    const sleeper = await signIn(before)
    // Both deployments answer for some minutes.
    for (const [n, seconds] of [0, 30, 60, 90].entries()) {
      at(seconds)
      tokens = await refreshed(apps[n % 2]!, tokens.refresh_token)
      expect(kidOf(tokens.refresh_token)).toBe('1')
    }
    at(3590)
    tokens = await refreshed(after, tokens.refresh_token)
    expect(kidOf(tokens.refresh_token)).toBe('1')
    at(3602)
    tokens = await refreshed(after, tokens.refresh_token)
    expect(kidOf(tokens.refresh_token)).toBe('2')
    expect(await signsOfLife(after, tokens)).toEqual(ALIVE)
    // A phone that slept through all of it.
    at(13 * 86_400)
    const awake = await refreshed(after, sleeper.refresh_token)
    expect(kidOf(awake.refresh_token)).toBe('2')
    const alone = withSeals(next)
    apps.push(alone)
    at(13 * 86_400)
    await refreshed(alone, awake.refresh_token)
    expect((await refresh(alone, sleeper.refresh_token)).status).toBe(400)
  })

  it('T36: a change from ES256 to RS256 and back: no session ends and no access token is refused', async () => {
    const [es, rs, es2] = await Promise.all([
      newKey('ES256', 'es'),
      newKey('RS256', 'rs'),
      newKey('ES256', 'es2'),
    ])
    const apps = [withRing(es), withRing(rs, es), withRing(es2, rs, es)]
    let session: Tokens = await signIn(apps[0]!)
    const sleeper = await signIn(apps[0]!)
    const issued = [session.access_token]
    for (const app of apps.slice(1)) {
      session = await refreshed(app, session.refresh_token)
      issued.push(session.access_token)
      for (const token of issued) expect((await check(app, token)).status).toBe(200)
    }
    expect(issued.map(kidOf)).toEqual(['es', 'rs', 'es2'])
    await refreshed(apps[2]!, sleeper.refresh_token)
    expect(await signsOfLife(apps[2]!, session)).toEqual(ALIVE)
  })

  it('T36: a rotation under load, with verifiers that cache for 300 s: no valid token is refused at any time', async () => {
    const { refused, seen, signsFrom, people, after } = await rotate(3600, 3900)
    expect(refused).toBe(0)
    const kids = (from: number, to: number) =>
      new Set(seen.filter(({ at }) => at >= from && at < to).map(({ kid }) => kid))
    expect(kids(-Infinity, signsFrom)).toEqual(new Set(['old']))
    expect(kids(signsFrom + STEP_SECONDS, Infinity)).toEqual(new Set(['new']))
    // A phone that slept through all of it.
    const sleeper = people[0]!
    after.clock.offsetMs += 13 * 86_400_000
    expect((await refresh(after, sleeper.refresh_token)).status).toBe(200)
  }, 60_000)

  it('T36: a key that signs as soon as it is published: the same load does detect it', async () => {
    expect((await rotate(0, 300)).refused).toBeGreaterThan(0)
  }, 60_000)
})
