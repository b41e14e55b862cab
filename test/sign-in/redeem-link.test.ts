import { decodeJwt } from 'jose'
import { describe, expect, it } from 'vitest'
import { concatBytes, decodeBase64url, utf8 } from '../../src/base/encoding.ts'
import { realWorld } from '../../src/base/world.ts'
import type { SealPurpose } from '../../src/crypto/seal.ts'
import type { Item, Value } from '../../src/dynamo/items.ts'
import { LINK_PREFIX, newLinkId } from '../../src/model/sealed-link.ts'
import { withdraw } from '../support/workers/approvals.ts'
import { startFrozen } from '../support/workers/clock.ts'
import { newEmail, startLatchkey } from '../support/workers/latchkey.ts'
import { dumpOf, linksOf, putRow, sessionsOf } from '../support/workers/rows.ts'
import { sealsOf, sealToken } from '../support/workers/seals.ts'
import {
  askForLink,
  expectRefused,
  expectTokens,
  LINK_GRANT,
  newDevice,
  postForm,
  postJson,
  redeem,
  redeemCode,
  signIn,
} from '../support/workers/sign-in.ts'
import { askAgain, check, lastLine, refresh } from '../support/workers/tokens.ts'

describe('works', () => {
  it('says in both tokens how the person signed in (RFC 8176): by email, and by code if so', async () => {
    const app = startLatchkey()
    const phone = await newDevice()
    const asked = await askForLink(app, phone)
    const byLink = await expectTokens(await redeem(app, asked.linkToken, phone))
    const other = await newDevice()
    const asking = await askForLink(app, other)
    const byCode = await expectTokens(await redeemCode(app, asking, asking.code, other))
    for (const [tokens, amr] of [
      [byLink, ['email']],
      [byCode, ['email', 'otp']],
    ] as const) {
      expect(decodeJwt(tokens.access_token)['amr']).toEqual(amr)
      expect(decodeJwt(tokens.refresh_token)['amr']).toEqual(amr)
    }
  })
})

describe('refuses', () => {
  it("T15: one person's verifier with another person's link, and does not burn it", async () => {
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

  it("T15: a sealed link with another user id than the link's row", async () => {
    const app = startLatchkey()
    const phone = await newDevice()
    const asked = await askForLink(app, phone)
    const [link] = await linksOf(app, asked.email)
    const [email, { tokenId: linkId, userId }] = [newEmail(), link!]
    const stranger = await signIn(app)
    for (const [crossed, told] of [
      [{ linkId, email }, undefined],
      [{ linkId, email: asked.email }, undefined],
      [{ linkId, email: stranger.user.email, userId: stranger.user.id }, undefined],
      [{ linkId, email, userId }, 'superseded'],
      [{ linkId, email: stranger.user.email, userId }, 'superseded'],
    ] as const) {
      await expectRefused(await redeem(app, await sealToken(app, crossed), phone), told)
    }
    expect(await sessionsOf(app, email)).toEqual([])
    expect(await sessionsOf(app, stranger.user.email)).toHaveLength(1)
    expect(await sessionsOf(app, asked.email)).toEqual([])
    await expectTokens(await redeem(app, asked.linkToken, phone))
  })

  it.each(['absent', 'not a link'])(
    'a link without address and user id, as in an SMS, whose row is %s',
    async (row) => {
      const app = startLatchkey()
      const linkId = newLinkId(realWorld)
      const email = newEmail()
      if (row !== 'absent') {
        const item = { tokenType: 'session', email, userId: 'usr_a', metadata: {} }
        await putRow(app, { tokenId: linkId, ...item })
      }
      const linkToken = await sealToken(app, { linkId, flow: 'sms' })
      await expectRefused(await redeem(app, linkToken, await newDevice()), undefined)
      expect(lastLine(app, '/v1/token')).toMatchObject({
        reason: 'unknown',
        dynamoRoundTrips: 1,
      })
    },
  )

  it('a link from before 0.1.0, without a user id, and its page says so', async () => {
    const app = startLatchkey()
    const [phone, seals] = [await newDevice(), await sealsOf(app)]
    const asked = await askForLink(app, phone)
    const [link] = await linksOf(app, asked.email)
    const id = decodeBase64url(link!.tokenId.slice(LINK_PREFIX.length))!
    const time = new DataView(new ArrayBuffer(7))
    time.setUint16(0, Math.floor(Date.now() / 2 ** 32))
    time.setUint32(2, Date.now() % 2 ** 32)
    const content = concatBytes(id, new Uint8Array(time.buffer), utf8(asked.email))
    const before = LINK_PREFIX + (await seals.seal('link' as SealPurpose, content))
    await app.setFaults([])
    const calls = (await app.calls()).length
    await expectRefused(await redeem(app, before, phone), undefined)
    await expectRefused(await redeem(app, before, phone, { handle: asked.handle }), undefined)
    expect(lastLine(app, '/v1/token')).toMatchObject({ outcome: 'refused', reason: 'unknown' })
    const page = await app.fetch(`/link/${before}`)
    const invalid = await app.fetch('/link/tok_ml_x')
    expect([page.status, await page.text()]).toEqual([404, await invalid.text()])
    expect((await app.calls()).length).toBe(calls)
    await expectTokens(await redeem(app, asked.linkToken, phone))
  })
})

describe('withstands', () => {
  it('T1: a dump of the table: no attribute of any row is a credential', async () => {
    const app = startLatchkey()
    const tokens = await signIn(app)
    const phone = await newDevice()
    const fresh = await askAgain(app, phone, tokens.user.email)
    const rows = await dumpOf(app, tokens.user.email)
    const types = rows.map((row) => row['tokenType'])
    expect(new Set(types)).toEqual(new Set(['magic_link', 'session', 'address']))
    const loot = [...new Set(rows.flatMap(textsOf))]
    for (const text of loot) {
      for (const spelling of [
        text,
        `tok_ml_${text}`,
        text.replace(/^(?:tok_ml|ses|usr|adr)_/, ''),
      ]) {
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

  it('T19: a stranger who tries links in every state: always the same response, byte for byte', async () => {
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

  it('T50: a redemption with missing, duplicate or wrong parameters: 400, and the link stays valid', async () => {
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
      ` ${'a'.repeat(43)}`,
      'é'.repeat(43),
    ]) {
      const answer = await postForm(app, '/v1/token', { ...good, code_verifier: verifier })
      expect(answer.status).toBe(400)
      expect(await answer.json()).toMatchObject({
        error: 'invalid_request',
        error_description: expect.stringContaining(
          'code_verifier must be a PKCE code verifier of 43 to 128 characters',
        ) as string,
      })
    }
    for (const deviceId of ['a'.repeat(7), 'a'.repeat(129), ' dev_phone_1', 'dev_phone_1 ']) {
      const answer = await postForm(app, '/v1/token', { ...good, device_id: deviceId })
      expect(answer.status).toBe(400)
      expect(await answer.json()).toMatchObject({
        error: 'invalid_request',
        error_description: expect.stringContaining('device_id must be 8 to 128 ') as string,
      })
    }
    expect((await app.calls()).length).toBe(before)
    await expectTokens(await redeem(app, asked.linkToken, phone))
  })

  it('a forged, foreign or damaged token, without a DynamoDB request', async () => {
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

/** Every name, text and number anywhere in a row. */
function textsOf(value: Value | Item | undefined): string[] {
  if (typeof value === 'string' || typeof value === 'number') return [String(value)]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) => [name, ...textsOf(member)])
}

/** All that a caller sees of an answer, but for the ids of the request. */
async function bytesOf(answer: Response): Promise<string> {
  const headers = [...answer.headers].filter(([name]) => name !== 'x-request-id')
  return JSON.stringify([answer.status, headers, await answer.text()])
}
