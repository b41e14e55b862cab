import { decodeJwt } from 'jose'
import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../src/base/config.ts'
import { encodeBase64url, sha256 } from '../../src/base/encoding.ts'
import { unixMs } from '../../src/base/time.ts'
import { signSessionJwt, verifySessionJwt } from '../../src/crypto/session-jwt.ts'
import { addressIdOf } from '../../src/model/address.ts'
import { startLatchkey, type Fault, type Latchkey } from '../support/workers/latchkey.ts'
import { addressOf, eraseRow, patientWorld, putRow } from '../support/workers/rows.ts'
import { sealsOf } from '../support/workers/seals.ts'
import { size } from '../support/workers/size.ts'
import { postForm, postJson, signIn, type Tokens } from '../support/workers/sign-in.ts'
import { approve, withdraw } from '../support/workers/approvals.ts'
import { nowSeconds, startFrozen } from '../support/workers/clock.ts'
import {
  ALIVE,
  check,
  DEAD,
  generationOf,
  introspect,
  jsonOf,
  jws,
  lastLine,
  linesOf,
  newProofKey,
  ownKey,
  persist,
  proveToken,
  refresh,
  refreshed,
  revoke,
  rowOf,
  signInBound,
  signsOfLife,
  struck,
} from '../support/workers/tokens.ts'

const ROUNDS = size({ usual: 2, long: 20 })
const RACES = size({ usual: 4, long: 40 })
const DAY = 86_400

const invalidGrant = async (answer: Response) => {
  expect(answer.status).toBe(400)
  expect(await jsonOf(answer)).toEqual({
    error: 'invalid_grant',
    error_description: 'The session has ended or does not exist. Sign in again.',
  })
}

describe('works', () => {
  it('moves the session to the next generation, in one round trip of two calls', async () => {
    const app = startLatchkey()
    const tokens = await signIn(app)
    const before = await rowOf(app, tokens.session_id)
    app.clock.offsetMs += 5000
    const next = await refreshed(app, tokens.refresh_token)
    expect(lastLine(app, '/v1/token')).toMatchObject({
      event: 'session_refreshed',
      outcome: 'ok',
      dynamoRoundTrips: 1,
      dynamoCalls: 2,
    })
    expect(next).toMatchObject({
      token_type: 'Bearer',
      expires_in: 600,
      session_id: tokens.session_id,
      user: tokens.user,
    })
    const after = await rowOf(app, tokens.session_id)
    expect(after).toMatchObject({ generation: 1, expiresAt: before!['expiresAt'] })
    expect(after!['sessionJWT']).not.toBe(before!['sessionJWT'])
    expect((after!['metadata'] as { lastUsedAt: number }).lastUsedAt).toBeGreaterThanOrEqual(
      (before!['metadata'] as { lastUsedAt: number }).lastUsedAt + 5,
    )
    expect(await signsOfLife(app, next)).toEqual(ALIVE)
  })

  it('returns the server’s time and relative lifetimes, so that a phone does not need its clock', async () => {
    const app = startLatchkey()
    const tokens = await signIn(app)
    app.clock.offsetMs += 10 * DAY * 1000
    const next = await refreshed(app, tokens.refresh_token)
    expect(Math.abs(next.server_time - nowSeconds(app))).toBeLessThan(3)
    expect(next.expires_in).toBe(600)
    expect(Math.abs(next.refresh_token_expires_in - 20 * DAY)).toBeLessThan(3)
  })

  it('accepts the same request as a form and as JSON, and keeps responses out of caches', async () => {
    const app = startLatchkey()
    const tokens = await signIn(app)
    const form = await refresh(app, tokens.refresh_token)
    expect(form.headers.get('Cache-Control')).toBe('no-store')
    const { refresh_token } = await jsonOf<Tokens>(form)
    const json = await postJson(app, '/v1/token', { grant_type: 'refresh_token', refresh_token })
    expect(json.status).toBe(200)
    expect(await generationOf(app, tokens.session_id)).toBe(2)
  })

  it('T23: gives a lost response again without a write, however late', async () => {
    const app = startLatchkey()
    const tokens = await signIn(app)
    const lost = await refreshed(app, tokens.refresh_token)
    for (const days of [0, 1, 5, 13.9]) {
      const row = await rowOf(app, tokens.session_id)
      app.clock.offsetMs += days * DAY * 1000 - (days === 13.9 ? 6 * DAY * 1000 : 0)
      const again = await refreshed(app, tokens.refresh_token)
      expect(again.refresh_token).toBe(lost.refresh_token)
      expect(await rowOf(app, tokens.session_id)).toEqual(row)
      expect((await check(app, again.access_token)).status).toBe(200)
    }
    const next = await refreshed(app, lost.refresh_token)
    expect(await generationOf(app, tokens.session_id)).toBe(2)
    expect(await signsOfLife(app, next)).toEqual(ALIVE)
  })
})

describe('refuses', () => {
  it('T22: a session past its absolute limit, with the row still there, however busy it was', async () => {
    const base = Date.now()
    const { app, clock } = startFrozen(base)
    let tokens: Tokens = await signIn(app)
    const { expiresAt } = (await rowOf(app, tokens.session_id)) as { expiresAt: number }
    expect(expiresAt).toBe(Math.floor(base / 1000) + 30 * DAY)
    for (const day of [10, 20, 29]) {
      clock.nowMs = base + day * DAY * 1000
      tokens = await refreshed(app, tokens.refresh_token)
    }
    clock.nowMs = expiresAt * 1000 - 1000
    tokens = await refreshed(app, tokens.refresh_token)
    expect(tokens.expires_in).toBe(1)
    expect(tokens.refresh_token_expires_in).toBe(1)
    clock.nowMs = expiresAt * 1000 - 1
    expect((await check(app, tokens.access_token)).status).toBe(200)
    clock.nowMs = expiresAt * 1000
    expect(await signsOfLife(app, tokens)).toEqual(DEAD)
    expect(await rowOf(app, tokens.session_id)).toMatchObject({ generation: 4 })
  })

  it('T22: a session past its idle limit, to the second, and no refresh revives it', async () => {
    const base = Math.floor(Date.now() / 1000) * 1000
    const { app, clock } = startFrozen(base)
    const [kept, idle] = [await signIn(app), await signIn(app)]
    clock.nowMs = base + 14 * DAY * 1000 - 1
    const next = await refreshed(app, kept.refresh_token)
    clock.nowMs = base + 14 * DAY * 1000
    await invalidGrant(await refresh(app, idle.refresh_token))
    expect(lastLine(app, '/v1/token')).toMatchObject({ outcome: 'refused', reason: 'idle' })
    expect(await jsonOf(await introspect(app, idle.refresh_token))).toEqual({ active: false })
    expect(await generationOf(app, idle.session_id)).toBe(0)
    await refreshed(app, next.refresh_token)
  })

  it('T22: an idle session, even with a new access token', async () => {
    // A minute of idleness is not to be had from the defaults: an access token is younger than they are.
    const app = startLatchkey({ env: { SESSION_IDLE_SECONDS: '300' } })
    const tokens = await signIn(app)
    app.clock.offsetMs += 290_000
    expect((await check(app, tokens.access_token)).status).toBe(200)
    app.clock.offsetMs += 11_000
    expect(await signsOfLife(app, tokens)).toEqual(DEAD)
  })

  it('T16: a session whose approval was withdrawn or has expired, and continues it when approved again', async () => {
    const app = startLatchkey()
    const tokens = await signIn(app)
    const { email } = tokens.user
    await withdraw(app, email)
    expect((await check(app, tokens.access_token)).status).toBe(401)
    for (let i = 0; i < 5; i++) await invalidGrant(await refresh(app, tokens.refresh_token))
    await approve(app, email)
    const next = await refreshed(app, tokens.refresh_token)
    expect(await signsOfLife(app, next)).toEqual(ALIVE)
    expect(linesOf(app, 'session_reuse_detected')).toEqual([])
  })

  it('T19: forged, ended, reused and foreign session JWTs, with the same response', async () => {
    const app = startLatchkey()
    const tokens = await signIn(app)
    const ended = await signIn(app)
    await revoke(app, ended.refresh_token)
    const bound = await signInBound(app, await newProofKey())
    for (const token of ['x', tokens.access_token, ended.refresh_token]) {
      await invalidGrant(await refresh(app, token))
    }
    // With a proof, but of a key that the session is not bound to.
    const DPoP = await proveToken(app, await newProofKey())
    await invalidGrant(await refresh(app, bound.refresh_token, { DPoP }))
  })

  it('T33, T35: a session JWT from before 0.1.0, signed with the keys of access tokens', async () => {
    const app = startLatchkey()
    const tokens = await signIn(app)
    const claims = decodeJwt(tokens.refresh_token)
    const { kid, sign } = await ownKey(app)
    const header = { alg: 'ES256', kid, typ: 'JWT' }
    const hashed = 'usr_' + encodeBase64url(await sha256(tokens.user.email)).slice(0, 22)
    for (const payload of [claims, { ...claims, sub: hashed }]) {
      const before = await jws(header, payload, sign)
      await invalidGrant(await refresh(app, before))
      expect(lastLine(app, '/v1/token')).toMatchObject({ dynamoRoundTrips: 0, reason: 'unknown' })
      expect(await jsonOf(await introspect(app, before))).toEqual({ active: false })
      expect((await revoke(app, before)).status).toBe(200)
      expect((await check(app, before)).status).toBe(401)
    }
    expect(await signsOfLife(app, tokens)).toEqual(ALIVE)
  })

  it('a session from before 0.1.0 whose user id is a hash, and whose address has no row', async () => {
    const app = startLatchkey()
    const tokens = await signIn(app)
    const userId = 'usr_' + encodeBase64url(await sha256(tokens.user.email)).slice(0, 22)
    await putRow(app, { ...(await rowOf(app, tokens.session_id))!, userId })
    await eraseRow(app, await addressIdOf(tokens.user.email))
    const seals = await sealsOf(app)
    const config = parseConfig(app.env)
    const held = (await verifySessionJwt(config, seals, tokens.refresh_token, unixMs(Date.now())))!
    const now = nowSeconds(app)
    const session = { ...held, userId }
    const sessionJwt = await signSessionJwt(config, seals, session, held.expiresAt, now)
    await invalidGrant(await refresh(app, sessionJwt))
    expect(lastLine(app, '/v1/token')).toMatchObject({ outcome: 'refused', reason: 'unknown' })
    expect(await jsonOf(await introspect(app, sessionJwt))).toEqual({ active: false })
    // Nothing of this makes a row, or a session, come back.
    expect(await addressOf(app, tokens.user.email)).toBeUndefined()
    expect((await check(app, tokens.access_token)).status).toBe(401)
  })

  it('a missing, duplicate, empty or oversize refresh token as an invalid request', async () => {
    const app = startLatchkey()
    const grant_type = 'refresh_token'
    const answers = [
      await postForm(app, '/v1/token', { grant_type }),
      await postForm(app, '/v1/token', { grant_type, refresh_token: '' }),
      await postForm(app, '/v1/token', { grant_type, refresh_token: 'x'.repeat(5000) }),
      await postJson(app, '/v1/token', { grant_type, refresh_token: 7 }),
      await postJson(app, '/v1/token', { grant_type, refresh_token: ['x'] }),
      await app.fetch('/v1/token', {
        method: 'POST',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        body: `grant_type=${grant_type}&refresh_token=a&refresh_token=b`,
      }),
    ]
    for (const answer of answers) {
      expect(answer.status).toBe(400)
      expect((await jsonOf(answer))['error']).toBe('invalid_request')
    }
  })
})

describe('withstands', () => {
  it(
    'T23: 64 parallel refreshes: one new generation, and every client gets a working token',
    { tags: 'long', timeout: 30_000 + ROUNDS * 6000 },
    async () => {
      const app = startLatchkey({ world: patientWorld })
      let tokens: Tokens = await signIn(app)
      let failures = 0
      for (let round = 1; round <= ROUNDS; round++) {
        const held = tokens.refresh_token
        const answers = await Promise.all(
          Array.from({ length: 64 }, () => persist(() => refresh(app, held))),
        )
        failures += answers.filter((answer) => answer.status !== 200).length
        const got = await Promise.all(answers.map((answer) => jsonOf<Tokens>(answer)))
        expect(await generationOf(app, tokens.session_id)).toBe(round)
        expect(new Set(got.map((one) => one.refresh_token)).size).toBe(1)
        const checks = await Promise.all(
          got.slice(0, round === 1 ? 64 : 8).map((one) => check(app, one.access_token)),
        )
        expect(checks.every((answer) => answer.status === 200)).toBe(true)
        tokens = got[0]!
      }
      expect(failures).toBe(0)
      expect(linesOf(app, 'session_reuse_detected')).toEqual([])
      console.log(`T23: ${ROUNDS} rounds of 64: ${ROUNDS} generations, ${failures} failures`)
    },
  )

  it('T23: late reuse: it ends the session with reason `reuse`, logged once, for thief and owner', async () => {
    const app = startLatchkey({ world: patientWorld })
    const stolen = await signIn(app)
    let tokens: Tokens = stolen
    for (let i = 0; i < 2; i++) tokens = await refreshed(app, tokens.refresh_token)
    const replays = await Promise.all(
      Array.from({ length: 32 }, () => persist(() => refresh(app, stolen.refresh_token))),
    )
    for (const answer of replays) await invalidGrant(answer)
    expect(await rowOf(app, stolen.session_id)).toMatchObject({
      revokedReason: 'reuse',
      revokedBy: 'system',
      generation: 2,
    })
    expect(linesOf(app, 'session_reuse_detected')).toMatchObject([
      { outcome: 'session_ended', sessionId: stolen.session_id, userId: stolen.user.id },
    ])
    expect(await signsOfLife(app, tokens)).toEqual(DEAD)
    await invalidGrant(await refresh(app, stolen.refresh_token))
    expect(linesOf(app, 'session_reuse_detected')).toHaveLength(1)
  })

  it('T23: reuse with a lost DynamoDB response: it ends the session, and the log says so', async () => {
    const app = startLatchkey()
    const stolen = await signIn(app)
    let tokens: Tokens = stolen
    for (let i = 0; i < 2; i++) tokens = await refreshed(app, tokens.refresh_token)
    const from = (await app.calls()).length
    // The first update is the refused rotation, the second ends the session: its answer is lost.
    await app.setFaults([{ operation: 'UpdateItem', fault: 'slow', delayMs: 0, times: 1 }, LOST])
    await invalidGrant(await refresh(app, stolen.refresh_token))
    await app.setFaults([])
    expect(struck(await app.calls(), from)).toContain('lost')
    expect(lastLine(app, '/v1/token')).toMatchObject({ outcome: 'refused', reason: 'reused' })
    expect(await rowOf(app, tokens.session_id)).toMatchObject({ revokedReason: 'reuse' })
    expect(await signsOfLife(app, tokens)).toEqual(DEAD)
    expect(linesOf(app, 'session_reuse_detected').length).toBeLessThanOrEqual(1)
  })

  it(
    'T24: a refresh concurrent with a revocation: the session never stays live',
    { tags: 'long', timeout: 30_000 + RACES * 3000 },
    async () => {
      const app = startLatchkey()
      for (let round = 0; round < RACES; round++) {
        const tokens = await signIn(app)
        const spares = await Promise.all([0, 1].map(() => refreshed(app, tokens.refresh_token)))
        const [held] = spares as [Tokens]
        const results = await Promise.all([
          refresh(app, held.refresh_token),
          refresh(app, held.refresh_token),
          round % 2 === 0 ? revoke(app, held.refresh_token) : endAll(app, held),
          refresh(app, held.refresh_token),
        ])
        const won = results.filter((_, index) => index !== 2 && results[index]!.status === 200)
        expect([200, 204]).toContain(results[2].status)
        for (const answer of won) expect(await signsOfLife(app, await jsonOf(answer))).toEqual(DEAD)
        expect(await signsOfLife(app, held)).toEqual(DEAD)
      }
    },
  )

  it('T43: a damaged DynamoDB response: the call is repeated, and no phone is signed out', async () => {
    const app = startLatchkey()
    const tokens = await signIn(app)
    const lost = await refreshed(app, tokens.refresh_token)
    // The condition fails, and the half of its answer that arrives still names the exception.
    await app.setFaults([{ operation: 'UpdateItem', fault: 'garbled', times: 1 }])
    const from = (await app.calls()).length
    const again = await refreshed(app, tokens.refresh_token)
    expect(struck(await app.calls(), from)).toEqual(['garbled'])
    expect(again.refresh_token).toBe(lost.refresh_token)
  })

  it('T42: throttling of 30% of the calls: every refresh succeeds within the deadline', async () => {
    const app = startLatchkey()
    const people: Tokens[] = []
    for (let i = 0; i < 4; i++) people.push(await signIn(app))
    await app.setFaults([{ fault: 'throttle', probability: 0.3 }])
    for (let round = 0; round < 8; round++) {
      const answers = await Promise.all(people.map((one) => refresh(app, one.refresh_token)))
      expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 200])
      for (const [i, answer] of answers.entries()) people[i] = await jsonOf<Tokens>(answer)
    }
    await app.setFaults([])
    for (const one of people) expect(await generationOf(app, one.session_id)).toBe(8)
  })

  it('T47: a clock that differs from AWS’s: it is corrected once, and the refresh succeeds', async () => {
    const app = startLatchkey()
    const tokens = await signIn(app)
    await app.settle()
    const from = (await app.calls()).length
    await app.setFaults([{ fault: 'skew', delayMs: 3_600_000 }])
    const next = await refreshed(app, tokens.refresh_token)
    const after = (await app.calls()).length
    expect(after - from).toBeLessThanOrEqual(4)
    await refreshed(app, next.refresh_token)
    expect((await app.calls()).length - after).toBe(2)
    await app.setFaults([])
    expect(await generationOf(app, tokens.session_id)).toBe(2)
  })

  it('T49: a Worker that dies at any point of a refresh: the phone loses nothing', async () => {
    // The kth answer of the database never arrives, and nothing more of that request happens.
    for (const dies of ['before the call', 'after the call'] as const) {
      for (const operation of ['UpdateItem', 'BatchGetItem']) {
        const app = startLatchkey()
        const tokens = await signIn(app)
        const dead = startLatchkey({
          world: {
            fetch: async (url, init) => {
              const struck = new Headers(init.headers).get('X-Amz-Target')?.endsWith(operation)
              if (struck && dies === 'before the call') return new Promise<Response>(() => {})
              const answer = await fetch(url, init)
              return struck ? new Promise<Response>(() => {}) : answer
            },
          },
        })
        const unanswered = refresh(dead, tokens.refresh_token).then(() => 'answered')
        expect(await Promise.race([unanswered, scheduler.wait(150)])).toBeUndefined()
        const next = await refreshed(app, tokens.refresh_token)
        expect(await generationOf(app, tokens.session_id)).toBe(1)
        expect(await signsOfLife(app, next)).toEqual(ALIVE)
      }
    }
  })

  it('T48: expired rows that TTL has not deleted yet', async () => {
    const app = startLatchkey()
    const tokens = await signIn(app)
    app.clock.offsetMs += 30 * DAY * 1000 + 1000
    expect(await rowOf(app, tokens.session_id)).toBeDefined()
    await invalidGrant(await refresh(app, tokens.refresh_token))
    expect(await generationOf(app, tokens.session_id)).toBe(0)
  })
})

const LOST: Fault = { operation: 'UpdateItem', fault: 'lost', times: 1 }

const endAll = (app: Latchkey, tokens: Tokens) =>
  app.fetch('/v1/sessions', {
    method: 'DELETE',
    headers: { Authorization: `Bearer ${tokens.access_token}` },
  })
