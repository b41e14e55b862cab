import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose'
import { describe, expect, it } from 'vitest'
import { messagesTo, newEmail, startLatchkey, type Latchkey } from '../support/workers/latchkey.ts'
import { linksOf, patientWorld, sessionsOf } from '../support/workers/rows.ts'
import { size } from '../support/workers/size.ts'
import {
  ask,
  askForLink,
  expectRefused,
  expectTokens,
  newDevice,
  redeem,
  signIn,
  withToken,
  type AskedLink,
  type Device,
  type Tokens,
} from '../support/workers/sign-in.ts'
import { approve, withdraw } from '../support/workers/approvals.ts'
import { nowSeconds, startFrozen } from '../support/workers/clock.ts'
import { sealToken } from '../support/workers/seals.ts'
import {
  ALIVE,
  askAgain,
  check,
  DEAD,
  introspect,
  jsonOf,
  linesOf,
  newProofKey,
  proveToken,
  refresh,
  refreshed,
  revoke,
  rowOf,
  signInAgain,
  signsOfLife,
} from '../support/workers/tokens.ts'

/** Rounds of 256 clients: each takes some seconds of DynamoDB Local's time. */
const ROUNDS = size({ usual: 1, long: 20 })
const CLIENTS = size({ usual: 64, long: 256 })
/** How often two requests race whose order decides the outcome. */
const RACES = size({ usual: 4, long: 40 })

/** A phone that is told to come again does so: a flood can be too much for DynamoDB Local. */
async function redeemUntilTold(app: Latchkey, linkToken: string, phone: Device): Promise<Response> {
  for (;;) {
    const answer = await redeem(app, linkToken, phone)
    if (answer.status !== 503) return answer
  }
}

describe('works', () => {
  it('signs a person in by email: ask, email, redeem, verify, check', async () => {
    const app = startLatchkey()
    const device = await newDevice()
    const asked = await askForLink(app, device, undefined, { dashboardId: 'db_123' })
    const answer = await redeem(app, asked.linkToken, device, { device_name: "Ada's iPhone" })
    const tokens = await expectTokens(answer)
    expect(tokens).toMatchObject({
      token_type: 'Bearer',
      expires_in: 600,
      user: { email: asked.email },
      dashboard_id: 'db_123',
    })
    expect(tokens.refresh_token_expires_in).toBeGreaterThan(2_591_990)

    const jwks = (await (await app.fetch('/.well-known/jwks.json')).json()) as JSONWebKeySet
    const { payload } = await jwtVerify(tokens.access_token, createLocalJWKSet(jwks), {
      issuer: 'https://auth.latchkey.test',
      audience: 'https://api.latchkey.test',
      typ: 'at+jwt',
    })
    expect(payload).toMatchObject({ sub: tokens.user.id, sid: tokens.session_id })

    const session = await withToken(app, tokens.access_token, '/v1/session')
    expect(session.status).toBe(200)
    expect(await session.json()).toMatchObject({
      session: { id: tokens.session_id, deviceName: "Ada's iPhone", dashboardId: 'db_123' },
      user: { email: asked.email },
    })
  })

  it('takes one round trip to ask, one to redeem and one to check a session', async () => {
    const app = startLatchkey()
    const { access_token } = await signIn(app)
    await withToken(app, access_token, '/v1/session')
    const spent = app.lines.filter((line) => 'route' in line)
    expect(
      spent.map((line) => [line['route'], line['dynamoRoundTrips'], line['dynamoCalls']]),
    ).toEqual([
      ['/v1/links', 1, 2],
      ['/v1/token', 1, 1],
      ['/v1/session', 1, 1],
    ])
  })

  it('T2: redeems a link one second before it expires', async () => {
    const { app, clock } = startFrozen()
    const phone = await newDevice()
    const asked = await askForLink(app, phone)
    const [link] = await linksOf(app, asked.email)
    expect(link!.expiresAt - link!.createdAt).toBe(900)
    clock.nowMs = (link!.expiresAt - 1) * 1000
    await expectTokens(await redeem(app, asked.linkToken, phone))
  })

  it('T13: gives a device that lost the response the same session and working tokens', async () => {
    const app = startLatchkey()
    const first = await signIn(app)
    const again = await expectTokens(await redeem(app, first.linkToken, first.device))
    expect(again).toMatchObject({
      session_id: first.session_id,
      user: first.user,
      refresh_token: first.refresh_token,
    })
    expect((await check(app, again.access_token)).status).toBe(200)
    expect((await refreshed(app, again.refresh_token)).session_id).toBe(first.session_id)
    expect(await sessionsOf(app, first.user.email)).toHaveLength(1)
  })

  it('T13: does so even if the link has expired in the meantime', async () => {
    const app = startLatchkey()
    const first = await signIn(app)
    app.clock.offsetMs += 3_600_000
    const again = await expectTokens(await redeem(app, first.linkToken, first.device))
    expect(again.session_id).toBe(first.session_id)
    expect((await check(app, again.access_token)).status).toBe(200)
    const issued = nowSeconds(app) + again.refresh_token_expires_in
    expect(issued).toBeLessThan(nowSeconds(app) + 2_592_000 - 3000)
  })

  it('T13: does so for a session bound to a key, with that key', async () => {
    const app = startLatchkey()
    const [key, phone] = [await newProofKey(), await newDevice()]
    const { linkToken } = await askForLink(app, phone)
    const attempt = async () =>
      redeem(app, linkToken, phone, {}, { DPoP: await proveToken(app, key) })
    const first = await expectTokens(await attempt())
    const again = await expectTokens(await attempt())
    expect(again).toMatchObject({ session_id: first.session_id, token_type: 'DPoP' })
  })

  it('T16: signs in a company address without an approval row, and anyone with a valid approval', async () => {
    const { app, clock } = startFrozen()
    const phone = await newDevice()
    await expectTokens(await redeem(app, (await askForLink(app, phone)).linkToken, phone))
    const email = newEmail('guest.test')
    const end = Math.floor(clock.nowMs / 1000) + 60
    await approve(app, email, { expiresAt: end })
    const asked = await askForLink(app, phone, email)
    clock.nowMs = (end - 1) * 1000
    const tokens = await expectTokens(await redeem(app, asked.linkToken, phone))
    expect((await check(app, tokens.access_token)).status).toBe(200)
    clock.nowMs = end * 1000
    expect((await check(app, tokens.access_token)).status).toBe(401)
    await expectRefused(await redeem(app, asked.linkToken, phone), 'not_approved')
    expect((await refresh(app, tokens.refresh_token)).status).toBe(400)
  })

  it('T47: redeems a link that was made by a Worker with a clock that is ahead', async () => {
    const app = startLatchkey()
    const first = await signIn(app)
    app.clock.offsetMs += 80_000
    const ended = await withToken(app, first.access_token, '/v1/sessions', { method: 'DELETE' })
    expect(ended.status).toBe(204)
    app.clock.offsetMs += 5
    const asked = await askForLink(app, first.device, first.user.email)
    app.clock.offsetMs -= 20_000
    const tokens = await expectTokens(await redeem(app, asked.linkToken, first.device))
    expect(await signsOfLife(app, tokens)).toEqual(ALIVE)
  })

  it('replaces the older session of its device in the write that opens the new one', async () => {
    const app = startLatchkey()
    const older = await signIn(app)
    const elsewhere = await signInAgain(app, older.user)
    const { linkToken } = await askAgain(app, older.device, older.user.email)
    const before = (await app.calls()).length
    const newer = await expectTokens(await redeem(app, linkToken, older.device))
    await app.settle()
    const operations = (await app.calls()).slice(before).map(({ operation }) => operation)
    expect(operations).toEqual(['TransactWriteItems'])
    expect(await rowOf(app, older.session_id)).not.toHaveProperty('revokedAt')
    expect(await signsOfLife(app, older)).toEqual(DEAD)
    expect(await signsOfLife(app, elsewhere)).toEqual(ALIVE)
    expect(await signsOfLife(app, newer)).toEqual(ALIVE)
  })

  it('T43: replaces it even if the response to the new sign-in was lost and repeated', async () => {
    const app = startLatchkey()
    const older = await signIn(app)
    const { linkToken } = await askAgain(app, older.device, older.user.email)
    await app.setFaults([{ operation: 'TransactWriteItems', fault: 'lost' }])
    expect((await redeem(app, linkToken, older.device)).status).toBe(503)
    expect((await check(app, older.access_token)).status).toBe(401)
    await app.setFaults([])
    const newer = await expectTokens(await redeem(app, linkToken, older.device))
    expect(await signsOfLife(app, older)).toEqual(DEAD)
    expect(await signsOfLife(app, newer)).toEqual(ALIVE)
  })

  it('keeps the sessions of another person on the same device', async () => {
    const app = startLatchkey()
    const ada = await signIn(app)
    const bob = await signIn(app, ada.device)
    expect(await signsOfLife(app, ada)).toEqual(ALIVE)
    expect(await signsOfLife(app, bob)).toEqual(ALIVE)
  })
})

describe('refuses', () => {
  it('T2, T48: a link from the second it expires, even if its row is still in the table', async () => {
    const { app, clock } = startFrozen()
    const phone = await newDevice()
    const asked = await askForLink(app, phone)
    const [link] = await linksOf(app, asked.email)
    for (const late of [0, 1, 47 * 3600]) {
      clock.nowMs = (link!.expiresAt + late) * 1000
      await expectRefused(await redeem(app, asked.linkToken, phone), 'expired')
    }
    expect(await sessionsOf(app, asked.email)).toEqual([])
    expect((await linksOf(app, asked.email))[0]).toMatchObject({ used: false, usedAt: null })
  })

  it('T3: an older link of the same person after a sign-in with a newer one', async () => {
    const app = startLatchkey()
    const [phone, tablet] = [await newDevice(), await newDevice()]
    const older = await askForLink(app, phone)
    const newer = await askAgain(app, tablet, older.email)
    await expectTokens(await redeem(app, newer.linkToken, tablet))
    await expectRefused(await redeem(app, older.linkToken, phone), 'superseded')
    expect(await sessionsOf(app, older.email)).toHaveLength(1)
    // Nor does the older sign-in of a race that was lost hold against a link asked for afterwards.
    const latest = await askAgain(app, phone, older.email)
    await expectTokens(await redeem(app, latest.linkToken, phone))
  })

  it('T12: another device with the same verifier, once the link is used', async () => {
    const app = startLatchkey()
    const { device, linkToken, user } = await signIn(app)
    const other = { ...device, deviceId: 'dev_another_1' }
    await expectRefused(await redeem(app, linkToken, other), 'used')
    expect(await sessionsOf(app, user.email)).toMatchObject([{ deviceId: device.deviceId }])
  })

  it('T13: the same device without the verifier', async () => {
    const app = startLatchkey()
    const { device, linkToken } = await signIn(app)
    const forgetful = { ...(await newDevice()), deviceId: device.deviceId }
    await expectRefused(await redeem(app, linkToken, forgetful), undefined)
  })

  it('T13: a repeated sign-in after its session was refreshed', async () => {
    const app = startLatchkey()
    const { device, linkToken, refresh_token } = await signIn(app)
    await refreshed(app, refresh_token)
    await expectRefused(await redeem(app, linkToken, device), 'used')
  })

  it('T13, T22: a link whose session has been idle for too long', async () => {
    const app = startLatchkey({ env: { SESSION_IDLE_SECONDS: '300' } })
    const { device, linkToken, access_token } = await signIn(app)
    app.clock.offsetMs += 301_000
    expect((await check(app, access_token)).status).toBe(401)
    await expectRefused(await redeem(app, linkToken, device), 'used')
  })

  it('T13: a repeated sign-in with another key than the session’s, without its key, or with an additional key', async () => {
    const app = startLatchkey()
    const [key, other, phone] = [await newProofKey(), await newProofKey(), await newDevice()]
    const { linkToken } = await askForLink(app, phone)
    const attempt = async (token: string, by?: typeof key) =>
      redeem(app, token, phone, {}, by ? { DPoP: await proveToken(app, by) } : {})
    await expectTokens(await attempt(linkToken, key))
    await expectRefused(await attempt(linkToken, other), 'used')
    await expectRefused(await attempt(linkToken), 'used')

    const unbound = await signIn(app, phone)
    await expectRefused(await attempt(unbound.linkToken, key), 'used')
  })

  it.each([
    ['signed out', (app: Latchkey, tokens: Tokens) => revoke(app, tokens.refresh_token)],
    [
      'ended its session in the list',
      (app: Latchkey, { access_token, session_id }: Tokens) =>
        withToken(app, access_token, `/v1/sessions/${session_id}`, { method: 'DELETE' }),
    ],
    [
      'signed out everywhere',
      (app: Latchkey, { access_token }: Tokens) =>
        withToken(app, access_token, '/v1/sessions', { method: 'DELETE' }),
    ],
  ])('T14: a used link after its person %s, while the rows still exist', async (_, end) => {
    const app = startLatchkey()
    const tokens = await signIn(app)
    expect((await end(app, tokens)).ok).toBe(true)
    await expectRefused(await redeem(app, tokens.linkToken, tokens.device), 'used')
    await app.settle()
    await expectRefused(await redeem(app, tokens.linkToken, tokens.device), 'used')
    expect(await sessionsOf(app, tokens.user.email)).toHaveLength(1)
  })

  it('T14: a link that was sent before its person signed out everywhere', async () => {
    const app = startLatchkey()
    const tokens = await signIn(app)
    const phone = await newDevice()
    const asked = await askAgain(app, phone, tokens.user.email)
    await withToken(app, tokens.access_token, '/v1/sessions', { method: 'DELETE' })
    await expectRefused(await redeem(app, asked.linkToken, phone), 'superseded')
  })

  it('T16: anyone whose approval was withdrawn or has expired, and keeps the link unspent', async () => {
    const { app, clock } = startFrozen()
    const [email, phone] = [newEmail('guest.test'), await newDevice()]
    await approve(app, email)
    const asked = await askForLink(app, phone, email)
    await withdraw(app, email)
    await expectRefused(await redeem(app, asked.linkToken, phone), 'not_approved')
    await approve(app, email, { expiresAt: Math.floor(clock.nowMs / 1000) })
    await expectRefused(await redeem(app, asked.linkToken, phone), 'not_approved')
    expect(await sessionsOf(app, email)).toEqual([])
    await approve(app, email)
    await expectTokens(await redeem(app, asked.linkToken, phone))
  })

  it('T16: a company address whose approval row is marked as revoked', async () => {
    const app = startLatchkey()
    const phone = await newDevice()
    const asked = await askForLink(app, phone)
    await withdraw(app, asked.email)
    await expectRefused(await redeem(app, asked.linkToken, phone), 'not_approved')
  })

  it('T16: a person who was shut out and uses a tag of the same mailbox', async () => {
    const app = startLatchkey()
    const [email, phone] = [newEmail(), await newDevice()]
    await withdraw(app, email)
    const tagged = email.replace('@', '+back@')
    expect((await ask(app, tagged, phone)).status).toBe(202)
    await app.settle()
    expect(await messagesTo(tagged)).toEqual([])
    expect(linesOf(app, 'link_not_sent')).toMatchObject([
      { outcome: 'refused', reason: 'not_approved' },
    ])
    // Nor would the link open anything, had it reached them.
    const [link] = await linksOf(app, tagged)
    const { tokenId: linkId, userId } = link!
    const linkToken = await sealToken(app, { linkId, userId, email: tagged })
    await expectRefused(await redeem(app, linkToken, phone), 'not_approved')
    expect(await sessionsOf(app, tagged)).toEqual([])
  })

  it('the replaced session of a device at its next use, on every route', async () => {
    const app = startLatchkey()
    const older = await signIn(app)
    const elsewhere = await signInAgain(app, older.user)
    const newer = await signInAgain(app, older.user, older.device)
    // Nothing of the background has been waited for.
    const by = (method: string, path: string) =>
      withToken(app, older.access_token, path, { method })
    const uses = [
      by('GET', '/v1/session'),
      by('GET', '/v1/sessions'),
      by('GET', '/v1/activity'),
      by('DELETE', '/v1/sessions?keep=current'),
      by('DELETE', '/v1/sessions'),
      by('DELETE', `/v1/sessions/${elsewhere.session_id}`),
      by('DELETE', `/v1/sessions/${newer.session_id}`),
      by('DELETE', `/v1/sessions/${older.session_id}`),
    ]
    expect((await Promise.all(uses)).map(({ status }) => status)).toEqual(uses.map(() => 401))
    for (const token of [older.access_token, older.refresh_token]) {
      expect(await jsonOf(await introspect(app, token))).toEqual({ active: false })
    }
    await expectRefused(await refresh(app, older.refresh_token), undefined)
    await expectRefused(await redeem(app, older.linkToken, older.device), 'used')
    expect(await signsOfLife(app, elsewhere)).toEqual(ALIVE)
    expect(await signsOfLife(app, newer)).toEqual(ALIVE)
  })

  it('T48: a session from the second it expires, even if its row is still in the table', async () => {
    const { app, clock } = startFrozen()
    const tokens = await signIn(app)
    const [session] = await sessionsOf(app, tokens.user.email)
    clock.nowMs = session!.expiresAt * 1000
    await expectRefused(await redeem(app, tokens.linkToken, tokens.device), 'used')
    expect((await refresh(app, tokens.refresh_token)).status).toBe(400)
  })
})

describe('withstands', () => {
  it(
    `T12: ${CLIENTS} clients that redeem one link at once, ${ROUNDS} times: one session, on one device`,
    { tags: 'long', timeout: 60_000 + ROUNDS * 60_000 },
    async () => {
      for (let round = 0; round < ROUNDS; round++) {
        const app = startLatchkey({ world: patientWorld })
        const phone = await newDevice()
        const asked = await askForLink(app, phone)
        const clients = await Promise.all(
          Array.from({ length: CLIENTS }, async (_, n): Promise<Device> => {
            // One phone that is impatient, copies of it that call themselves otherwise, and strangers.
            if (n % 4 === 0) return phone
            const other = { ...(await newDevice()), deviceId: `dev_other_${n}` }
            return n % 4 === 3 ? other : { ...other, codeVerifier: phone.codeVerifier }
          }),
        )
        const answers = await Promise.all(
          clients.map(async (client) => {
            const answer = await redeemUntilTold(app, asked.linkToken, client)
            return { client, status: answer.status, body: await jsonOf(answer) }
          }),
        )
        const sessions = await sessionsOf(app, asked.email)
        expect(sessions).toHaveLength(1)
        const winners = answers.filter((answer) => answer.status === 200)
        expect(new Set(winners.map(({ body }) => body['session_id']))).toEqual(
          new Set([sessions[0]!.tokenId]),
        )
        const [winner] = sessions
        expect(new Set(winners.map(({ client }) => client.deviceId))).toEqual(
          new Set([winner!.deviceId]),
        )
        // I2: all of the winner's own requests were answered with it, not only the first.
        const own = clients.filter((client) => client.deviceId === winner!.deviceId)
        expect(winners).toHaveLength(own.length)
        const refused = answers.filter((answer) => answer.status !== 200)
        expect(refused.every(({ status }) => status === 400)).toBe(true)
        const told = refused.map(({ client, body }) => [
          client.codeVerifier === phone.codeVerifier,
          body['latchkey_reason'],
        ])
        expect(told.every(([holds, reason]) => reason === (holds ? 'used' : undefined))).toBe(true)
      }
    },
  )

  it('T12: many concurrent redemptions of many people: one session each', async () => {
    const app = startLatchkey({ world: patientWorld })
    const people: { phone: Device; asked: AskedLink }[] = []
    while (people.length < 12) {
      const phone = await newDevice()
      people.push({ phone, asked: await askForLink(app, phone) })
    }
    const redeemed = await Promise.all(
      people.flatMap(({ phone, asked }) =>
        [1, 2, 3, 4].map(async () => {
          const tokens = await expectTokens(await redeemUntilTold(app, asked.linkToken, phone))
          return [asked.email, tokens.user.email, tokens.session_id].join()
        }),
      ),
    )
    expect(new Set(redeemed).size).toBe(people.length)
    for (const { asked } of people) {
      const [session] = await sessionsOf(app, asked.email)
      expect(redeemed).toContain([asked.email, asked.email, session!.tokenId].join())
    }
  })

  it(
    'T3, T12: two concurrent links of one person: the older never succeeds after the newer',
    { tags: 'long', timeout: 30_000 + RACES * 3000 },
    async () => {
      const app = startLatchkey({ world: patientWorld })
      for (let round = 0; round < RACES; round++) {
        const [phone, tablet] = [await newDevice(), await newDevice()]
        const older = await askForLink(app, phone)
        const newer = await askAgain(app, tablet, older.email)
        const [first, second] = await Promise.all([
          redeem(app, older.linkToken, phone),
          redeem(app, newer.linkToken, tablet),
        ])
        // Both may be refused for none: whichever commits first decides what the other may still do.
        const opened = [first, second].filter((answer) => answer.status === 200).length
        expect(await sessionsOf(app, older.email)).toHaveLength(opened)
        expect(opened).toBeGreaterThan(0)
        if (first.status !== 200) await expectRefused(first, 'superseded')
        if (second.status !== 200) await expectRefused(second, 'superseded')
      }
    },
  )

  it(
    'two devices that sign in again at once: each replaces only its own old session',
    { tags: 'long', timeout: 30_000 + RACES * 3000 },
    async () => {
      const app = startLatchkey({ world: patientWorld })
      for (let round = 0; round < RACES; round++) {
        const phone = await signIn(app)
        const tablet = await signInAgain(app, phone.user)
        const asked = []
        for (const { device } of [phone, tablet]) {
          asked.push({ device, ...(await askAgain(app, device, phone.user.email)) })
        }
        const answers = await Promise.all(
          asked.map(({ linkToken, device }) => redeem(app, linkToken, device)),
        )
        // The first to commit spends the other's link, and then the other device keeps what it has.
        for (const [i, older] of [phone, tablet].entries()) {
          const opened = answers[i]!.status === 200
          expect(await signsOfLife(app, older)).toEqual(opened ? DEAD : ALIVE)
          if (opened) expect(await signsOfLife(app, await jsonOf(answers[i]!))).toEqual(ALIVE)
          else await expectRefused(answers[i]!, 'superseded')
        }
      }
    },
  )

  it(
    'T24: a refresh concurrent with a new sign-in on the same device: no old session stays live',
    { tags: 'long', timeout: 30_000 + RACES * 3000 },
    async () => {
      const app = startLatchkey({ world: patientWorld })
      for (let round = 0; round < RACES; round++) {
        const older = await signIn(app)
        const { linkToken } = await askAgain(app, older.device, older.user.email)
        const [answer, late] = await Promise.all([
          redeem(app, linkToken, older.device),
          scheduler.wait(round % 4).then(() => refresh(app, older.refresh_token)),
        ])
        if (late.ok) expect(await signsOfLife(app, await jsonOf(late))).toEqual(DEAD)
        expect(await signsOfLife(app, older)).toEqual(DEAD)
        expect(await signsOfLife(app, await expectTokens(answer))).toEqual(ALIVE)
      }
    },
  )

  it(
    'T16: a withdrawal concurrent with a redemption, in any order: no live session is left',
    { tags: 'long', timeout: 30_000 + RACES * 3000 },
    async () => {
      const app = startLatchkey({ world: patientWorld })
      for (let round = 0; round < 2 * RACES; round++) {
        const [email, phone] = [newEmail('guest.test'), await newDevice()]
        await approve(app, email)
        const { linkToken } = await askForLink(app, phone, email)
        const [answer] = await Promise.all([
          scheduler.wait(round % 4).then(() => redeem(app, linkToken, phone)),
          scheduler.wait((round * 7) % 5).then(() => withdraw(app, email)),
        ])
        if (answer.status === 200) {
          const tokens = await jsonOf<Tokens>(answer)
          expect((await check(app, tokens.access_token)).status).toBe(401)
          await expectRefused(await redeem(app, linkToken, phone), 'not_approved')
          expect((await refresh(app, tokens.refresh_token)).status).toBe(400)
        } else {
          await expectRefused(answer, 'not_approved')
          expect(await sessionsOf(app, email)).toEqual([])
          await expectRefused(await redeem(app, linkToken, phone), 'not_approved')
        }
      }
    },
  )

  it('T20: a client that sends its own session id, user id or generation: they are ignored', async () => {
    const app = startLatchkey()
    const victim = await signIn(app)
    const phone = await newDevice()
    const chosen = {
      session_id: victim.session_id,
      sessionId: victim.session_id,
      tokenId: victim.session_id,
      jti: victim.session_id,
      sid: victim.session_id,
      sub: victim.user.id,
      userId: victim.user.id,
      email: victim.user.email,
      generation: '7',
    }
    const asked = await askForLink(app, phone)
    const mine = await expectTokens(
      await redeem(app, asked.linkToken, phone, chosen, {
        Cookie: `session=${victim.session_id}`,
        'X-Session-Id': victim.session_id,
      }),
    )
    expect(mine.session_id).not.toBe(victim.session_id)
    expect(mine.user.email).toBe(asked.email)
    expect(await sessionsOf(app, asked.email)).toMatchObject([
      { tokenId: mine.session_id, generation: 0 },
    ])
    const next = await signIn(app, phone)
    expect(next.session_id).not.toBe(mine.session_id)
    expect((await check(app, victim.access_token)).status).toBe(200)
  })

  it('T48: an index that returns nothing: it changes no decision of a redemption', async () => {
    const app = startLatchkey()
    await app.setFaults([{ fault: 'hideindex' }])
    const first = await signIn(app)
    const again = await expectTokens(await redeem(app, first.linkToken, first.device))
    expect(again.session_id).toBe(first.session_id)
    const other = { ...first.device, deviceId: 'dev_another_1' }
    await expectRefused(await redeem(app, first.linkToken, other), 'used')
    await withToken(app, first.access_token, '/v1/sessions', { method: 'DELETE' })
    await app.settle()
    expect((await sessionsOf(app, first.user.email))[0]).not.toHaveProperty('revokedAt')
    await expectRefused(await redeem(app, first.linkToken, first.device), 'used')
    expect((await check(app, first.access_token)).status).toBe(401)
  })
})
