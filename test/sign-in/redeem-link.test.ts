import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../src/base/config.ts'
import { createSeals } from '../../src/crypto/seal.ts'
import type { Item, Value } from '../../src/dynamo/items.ts'
import { newLinkId, sealLink, type LinkContent } from '../../src/model/sealed-link.ts'
import { realWorld } from '../../src/base/world.ts'
import { newEmail, startLatchkey, type Latchkey } from '../support/workers/latchkey.ts'
import { dumpOf, linksOf, patientWorld, sessionsOf, userOf } from '../support/workers/rows.ts'
import { size } from '../support/workers/size.ts'
import {
  askForLink,
  LINK_GRANT,
  newDevice,
  postForm,
  postJson,
  redeem,
  signIn,
  withToken,
  type AskedLink,
  type Device,
  type Tokens,
} from '../support/workers/sign-in.ts'
import { approve, withdraw } from '../support/workers/approvals.ts'
import { nowSeconds } from '../support/workers/clock.ts'
import {
  check,
  forgetSends,
  jsonOf,
  newProofKey,
  proveToken,
  refresh,
  refreshed,
  revoke,
} from '../support/workers/tokens.ts'

/** Rounds of 256 clients: each takes some seconds of DynamoDB Local's time. */
const ROUNDS = size({ usual: 1, long: 20 })

type Refused = { error: string; error_description: string; latchkey_reason?: string }

async function expectTokens(answer: Response): Promise<Tokens> {
  expect(answer.status, await answer.clone().text()).toBe(200)
  return jsonOf<Tokens>(answer)
}

/** A refusal, and what it tells: undefined is all that a stranger gets. */
async function expectRefused(answer: Response, reason: string | undefined): Promise<void> {
  expect(answer.status).toBe(400)
  const refused = await jsonOf<Refused>(answer)
  expect([refused.error, refused.latchkey_reason]).toEqual(['invalid_grant', reason])
}

/** A phone that is told to come again does so: a flood can be too much for DynamoDB Local. */
async function redeemUntilTold(app: Latchkey, linkToken: string, phone: Device): Promise<Response> {
  for (;;) {
    const answer = await redeem(app, linkToken, phone)
    if (answer.status !== 503) return answer
  }
}

/** A second link for the same person. */
async function askAgain(app: Latchkey, phone: Device, email: string): Promise<AskedLink> {
  await forgetSends(app, (await userOf(app, email))!.userId)
  return askForLink(app, phone, email)
}

/** A Worker whose clock stands still until a test moves it. */
function startFrozen() {
  const clock = { nowMs: Date.now() }
  return { clock, app: startLatchkey({ world: { now: () => clock.nowMs } }) }
}

describe('works', () => {
  it('T2: redeems a link one second before its 15 minutes are over', async () => {
    const { app, clock } = startFrozen()
    const phone = await newDevice()
    const asked = await askForLink(app, phone)
    const [link] = await linksOf(app, asked.email)
    expect(link!.expiresAt - link!.createdAt).toBe(900)
    clock.nowMs = (link!.expiresAt - 1) * 1000
    await expectTokens(await redeem(app, asked.linkToken, phone))
  })

  it('T13: gives the device that lost the answer the same session and a pair that works', async () => {
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

  it('T13: also when the link has expired meanwhile: nobody knows when a phone is back', async () => {
    const app = startLatchkey()
    const first = await signIn(app)
    app.clock.offsetMs += 3_600_000
    const again = await expectTokens(await redeem(app, first.linkToken, first.device))
    expect(again.session_id).toBe(first.session_id)
    expect((await check(app, again.access_token)).status).toBe(200)
    const issued = nowSeconds(app) + again.refresh_token_expires_in
    expect(issued).toBeLessThan(nowSeconds(app) + 2_592_000 - 3000)
  })

  it('T13: also for a session bound to a key, with that key', async () => {
    const app = startLatchkey()
    const [key, phone] = [await newProofKey(), await newDevice()]
    const { linkToken } = await askForLink(app, phone)
    const attempt = async () =>
      redeem(app, linkToken, phone, {}, { DPoP: await proveToken(app, key) })
    const first = await expectTokens(await attempt())
    const again = await expectTokens(await attempt())
    expect(again).toMatchObject({ session_id: first.session_id, token_type: 'DPoP' })
  })

  it('T16: lets a company address in with no approval row, and anyone whose approval still lasts', async () => {
    const { app, clock } = startFrozen()
    const phone = await newDevice()
    await expectTokens(await redeem(app, (await askForLink(app, phone)).linkToken, phone))
    const email = newEmail('example.org')
    const end = Math.floor(clock.nowMs / 1000) + 60
    await approve(app, email, end)
    const asked = await askForLink(app, phone, email)
    clock.nowMs = (end - 1) * 1000
    const tokens = await expectTokens(await redeem(app, asked.linkToken, phone))
    expect((await check(app, tokens.access_token)).status).toBe(200)
    clock.nowMs = end * 1000
    expect((await check(app, tokens.access_token)).status).toBe(401)
    await expectRefused(await redeem(app, asked.linkToken, phone), 'not_approved')
    expect((await refresh(app, tokens.refresh_token)).status).toBe(400)
  })
})

describe('refuses', () => {
  it('T2, T48: a link from its last second on, though its row is still in the table', async () => {
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

  it('T3: an older link of the same person after a sign-in by a newer one', async () => {
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

  it('T13: a link whose session was refreshed since: its answer did arrive', async () => {
    const app = startLatchkey()
    const { device, linkToken, refresh_token } = await signIn(app)
    await refreshed(app, refresh_token)
    await expectRefused(await redeem(app, linkToken, device), 'used')
  })

  it('T13: a retry with another key than the session is bound to, with none, or with one too many', async () => {
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
  ])('T14: a used link after its person %s, while the rows exist', async (_, end) => {
    const app = startLatchkey()
    const tokens = await signIn(app)
    expect((await end(app, tokens)).ok).toBe(true)
    await expectRefused(await redeem(app, tokens.linkToken, tokens.device), 'used')
    await app.settle()
    await expectRefused(await redeem(app, tokens.linkToken, tokens.device), 'used')
    expect(await sessionsOf(app, tokens.user.email)).toHaveLength(1)
  })

  it('T14: a link that was on its way when its person signed out everywhere', async () => {
    const app = startLatchkey()
    const tokens = await signIn(app)
    const phone = await newDevice()
    const asked = await askAgain(app, phone, tokens.user.email)
    await withToken(app, tokens.access_token, '/v1/sessions', { method: 'DELETE' })
    await expectRefused(await redeem(app, asked.linkToken, phone), 'superseded')
  })

  it("T15: one person's verifier with another's link, and does not burn it", async () => {
    const app = startLatchkey()
    const [ann, ben] = [await newDevice(), await newDevice()]
    const [forAnn, forBen] = [await askForLink(app, ann), await askForLink(app, ben)]
    const crossed = { ...ben, codeVerifier: ann.codeVerifier }
    await expectRefused(await redeem(app, forBen.linkToken, crossed), undefined)
    await expectRefused(await redeem(app, forBen.linkToken, ann), undefined)
    const handle = { handle: forAnn.handle }
    await expectRefused(await redeem(app, forBen.linkToken, ann, handle), undefined)
    expect((await linksOf(app, forBen.email))[0]).toMatchObject({ used: false, deviceId: null })
    const tokens = await expectTokens(await redeem(app, forBen.linkToken, ben))
    expect(tokens.user.email).toBe(forBen.email)
    await expectTokens(await redeem(app, forAnn.linkToken, ann))
  })

  it("T15: a seal that names another person than the link's row", async () => {
    const app = startLatchkey()
    const phone = await newDevice()
    const asked = await askForLink(app, phone)
    const [link] = await linksOf(app, asked.email)
    const email = newEmail()
    const crossed = await sealToken(app, { linkId: link!.tokenId, email })
    await expectRefused(await redeem(app, crossed, phone), undefined)
    expect(await sessionsOf(app, email)).toEqual([])
    await expectTokens(await redeem(app, asked.linkToken, phone))
  })

  it('T16: anyone whose approval was withdrawn or ended before, and keeps the link unspent', async () => {
    const { app, clock } = startFrozen()
    const [email, phone] = [newEmail('example.org'), await newDevice()]
    await approve(app, email)
    const asked = await askForLink(app, phone, email)
    await withdraw(app, email)
    await expectRefused(await redeem(app, asked.linkToken, phone), 'not_approved')
    await approve(app, email, Math.floor(clock.nowMs / 1000))
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

  it('T48: a session from its last second on, though its row is still in the table', async () => {
    const { app, clock } = startFrozen()
    const tokens = await signIn(app)
    const [session] = await sessionsOf(app, tokens.user.email)
    clock.nowMs = session!.expiresAt * 1000
    await expectRefused(await redeem(app, tokens.linkToken, tokens.device), 'used')
    expect((await refresh(app, tokens.refresh_token)).status).toBe(400)
  })
})

describe('withstands', () => {
  it('T1: someone who dumps the table: no attribute of any row is a credential', async () => {
    const app = startLatchkey()
    const tokens = await signIn(app)
    const phone = await newDevice()
    const fresh = await askAgain(app, phone, tokens.user.email)
    const rows = await dumpOf(app, tokens.user.email)
    const types = rows.map((row) => row['tokenType'])
    expect(new Set(types)).toEqual(new Set(['magic_link', 'session', 'user']))
    const loot = [...new Set(rows.flatMap(textsOf))]
    for (const text of loot) {
      for (const spelling of [text, `tok_ml_${text}`, text.replace(/^tok_ml_|^ses_|^usr_/, '')]) {
        const asLink = await redeem(app, spelling, phone)
        expect(asLink.status, `as link: ${text}`).toBe(400)
        expect((await refresh(app, spelling)).status, `as session JWT: ${text}`).toBe(400)
        expect((await check(app, spelling)).status, `as access token: ${text}`).toBe(401)
      }
      const padded = { deviceId: phone.deviceId, codeVerifier: text, codeChallenge: '' }
      const asVerifier = await redeem(app, fresh.linkToken, padded)
      expect(asVerifier.status, `as verifier: ${text}`).toBe(400)
    }
    // The dump holds a link that works: only nothing in it redeems it.
    await expectTokens(await redeem(app, fresh.linkToken, phone))
  })

  it(
    `T12: 256 clients that redeem one link at once, ${ROUNDS} times: one session, known to one device`,
    { tags: 'long', timeout: 60_000 + ROUNDS * 60_000 },
    async () => {
      for (let round = 0; round < ROUNDS; round++) {
        const app = startLatchkey({ world: patientWorld })
        const phone = await newDevice()
        const asked = await askForLink(app, phone)
        const clients = await Promise.all(
          Array.from({ length: 256 }, async (_, n): Promise<Device> => {
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

  it('T12: many links of many people at once: one session each', async () => {
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

  it('T3, T12: two links of one person redeemed at once: the older never wins after the newer', async () => {
    const app = startLatchkey({ world: patientWorld })
    for (let round = 0; round < 8; round++) {
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
  })

  it('T16: a withdrawal beside a redemption: whatever the order, no live session is left', async () => {
    const app = startLatchkey({ world: patientWorld })
    for (let round = 0; round < 20; round++) {
      const [email, phone] = [newEmail('example.org'), await newDevice()]
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
  })

  it('T19: a stranger who tries every kind of link: one answer, byte for byte, whatever its state', async () => {
    const { app, clock } = startFrozen()
    const [phone, stranger] = [await newDevice(), await newDevice()]
    const fresh = await askForLink(app, phone)
    const used = await signIn(app, phone)
    const older = await askForLink(app, phone)
    clock.nowMs += 10
    const newer = await askAgain(app, phone, older.email)
    await expectTokens(await redeem(app, newer.linkToken, phone))
    const outcast = await askForLink(app, phone)
    await withdraw(app, outcast.email)
    const expired = await askForLink(app, phone)
    const unknown = await sealToken(app)

    const holderLearns: [string, string | undefined][] = [
      [used.linkToken, 'used'],
      [older.linkToken, 'superseded'],
      [outcast.linkToken, 'not_approved'],
      [unknown, undefined],
    ]
    const other = { ...phone, deviceId: 'dev_another_1' }
    for (const [linkToken, reason] of holderLearns) {
      await expectRefused(await redeem(app, linkToken, other), reason)
    }
    const answers = []
    const tried = [fresh, used, older, outcast, expired].map((asked) => asked.linkToken)
    for (const linkToken of [...tried, unknown, 'garbage', `tok_ml_${'A'.repeat(80)}`]) {
      answers.push(await bytesOf(await redeem(app, linkToken, stranger)))
    }
    clock.nowMs += 901_000
    await expectRefused(await redeem(app, expired.linkToken, phone), 'expired')
    for (const { linkToken } of [expired, used]) {
      answers.push(await bytesOf(await redeem(app, linkToken, stranger)))
    }
    expect(new Set(answers).size).toBe(1)
    expect(answers[0]).not.toContain('latchkey_reason')
  })

  it('T20: a client that names its session, person or generation itself: ignored, and ids are always fresh', async () => {
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

  it('T48: an index that shows nothing: no decision of a redemption changes', async () => {
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

  it('T50: a redemption with parameters missing, doubled or of the wrong kind: 400, and the link stays', async () => {
    const app = startLatchkey()
    const phone = await newDevice()
    const asked = await askForLink(app, phone)
    await app.setFaults([])
    const before = (await app.calls()).length
    const good = {
      grant_type: LINK_GRANT,
      link_token: asked.linkToken,
      code_verifier: phone.codeVerifier,
      device_id: phone.deviceId,
    }
    for (const name of Object.keys(good)) {
      const { [name as keyof typeof good]: _, ...rest } = good
      expect((await postForm(app, '/v1/token', rest)).status, `no ${name}`).toBe(400)
      const list = { ...good, [name]: [good[name as keyof typeof good]] }
      expect((await postJson(app, '/v1/token', list)).status, `${name} a list`).toBe(400)
      const doubled = await app.fetch('/v1/token', {
        method: 'POST',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        body: `${new URLSearchParams(good).toString()}&${name}=x`,
      })
      expect(doubled.status, `${name} twice`).toBe(400)
    }
    for (const verifier of [
      'a'.repeat(42),
      'a'.repeat(129),
      `${'a'.repeat(43)} `,
      'é'.repeat(43),
    ]) {
      const answer = await postForm(app, '/v1/token', { ...good, code_verifier: verifier })
      expect(answer.status).toBe(400)
    }
    expect((await app.calls()).length).toBe(before)
    await expectTokens(await redeem(app, asked.linkToken, phone))
  })

  it('costs no DynamoDB request to refuse a forged, foreign or mangled token', async () => {
    const app = startLatchkey()
    const phone = await newDevice()
    const { linkToken, handle } = await askForLink(app, phone)
    const before = (await app.calls()).length
    const flipped =
      linkToken.slice(0, 40) + (linkToken[40] === 'A' ? 'B' : 'A') + linkToken.slice(41)
    const forgeries = [handle, `tok_ml_${handle}`, flipped, linkToken.slice(0, -1), `${linkToken}A`]
    for (const forged of [...forgeries, newLinkId(realWorld), 'tok_ml_', ' ', '€']) {
      await expectRefused(await redeem(app, forged, phone), undefined)
    }
    expect((await app.calls()).length).toBe(before)
    await expectTokens(await redeem(app, linkToken, phone))
  })
})

/** Every text and number anywhere in a row. */
function textsOf(value: Value | Item | undefined): string[] {
  if (typeof value === 'string' || typeof value === 'number') return [String(value)]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap((member) => textsOf(member))
}

/** A token that this Worker sealed: for a row that is not there, unless one is named. */
async function sealToken(app: Latchkey, more: Partial<LinkContent> = {}): Promise<string> {
  const seals = await createSeals(parseConfig(app.env).SEAL_KEYS, realWorld)
  return sealLink(seals, {
    linkId: newLinkId(realWorld),
    createdAtMs: Date.now(),
    flow: 'email',
    email: newEmail(),
    keyId: seals.currentKeyId,
    ...more,
  })
}

/** All that a caller sees of an answer, but for the ids of the request. */
async function bytesOf(answer: Response): Promise<string> {
  const headers = [...answer.headers].filter(([name]) => name !== 'x-request-id')
  return JSON.stringify([answer.status, headers, await answer.text()])
}
