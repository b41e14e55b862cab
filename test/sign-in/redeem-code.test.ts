import { describe, expect, it } from 'vitest'
import { concatBytes, decodeBase64url, utf8 } from '../../src/base/encoding.ts'
import type { SealPurpose } from '../../src/crypto/seal.ts'
import { codeOf, LINK_PREFIX, openHandle } from '../../src/model/sealed-link.ts'
import { newEmail, startLatchkey, type Latchkey } from '../support/workers/latchkey.ts'
import { addressOf, linksOf, sessionsOf } from '../support/workers/rows.ts'
import { sealsOf } from '../support/workers/seals.ts'
import { size } from '../support/workers/size.ts'
import {
  ask,
  askForLink,
  newDevice,
  postJson,
  redeem,
  redeemCode,
  withToken,
  type AskedLink,
  type Tokens,
} from '../support/workers/sign-in.ts'
import { lastLine } from '../support/workers/tokens.ts'

/** The code that a mail would name, for an address that gets none. */
async function codeOfHandle(app: Latchkey, handle: string): Promise<string> {
  const seals = await sealsOf(app)
  return codeOf(seals, (await openHandle(seals, handle))!)
}

const another = (code: string, by = 1) => String((Number(code) + by) % 1_000_000).padStart(6, '0')

const refusal = async (answer: Response) => {
  expect(answer.status).toBe(400)
  return (await answer.json()) as { error: string; latchkey_reason?: string }
}

describe('works', () => {
  it('signs in with the emailed code, in two round trips', async () => {
    const app = startLatchkey()
    const device = await newDevice()
    const asked = await askForLink(app, device, undefined, { dashboardId: 'db_9' })
    const answer = await redeemCode(app, asked, asked.code, device)
    expect(answer.status).toBe(200)
    const tokens = (await answer.json()) as Tokens
    expect(tokens).toMatchObject({ user: { email: asked.email }, dashboard_id: 'db_9' })
    expect((await withToken(app, tokens.access_token, '/v1/session')).status).toBe(200)
    const line = app.lines.findLast((entry) => entry['event'] === 'code_redeemed')
    expect(line).toMatchObject({ outcome: 'ok', dynamoRoundTrips: 2, dynamoCalls: 3 })
  })

  it('T13: gives the same device the same session again after a lost response', async () => {
    const app = startLatchkey()
    const device = await newDevice()
    const asked = await askForLink(app, device)
    const first = (await (await redeemCode(app, asked, asked.code, device)).json()) as Tokens
    const again = (await (await redeemCode(app, asked, asked.code, device)).json()) as Tokens
    expect(again.session_id).toBe(first.session_id)
    expect(again.refresh_token).toBe(first.refresh_token)
  })

  it('T13: counts a Worker’s own retry of a try once', async () => {
    const app = startLatchkey()
    const device = await newDevice()
    const asked = await askForLink(app, device)
    await app.setFaults([{ operation: 'UpdateItem', fault: 'lost', times: 8 }])
    for (let i = 1; i <= 4; i++) await redeemCode(app, asked, another(asked.code, i), device)
    await app.setFaults([{ operation: 'UpdateItem', fault: 'cut', times: 2 }])
    expect((await redeemCode(app, asked, asked.code, device)).status).toBe(200)
  })
})

describe('refuses', () => {
  it('to use a code after its link, or a link after its code', async () => {
    const app = startLatchkey()
    const device = await newDevice()
    const byCode = await askForLink(app, device)
    await redeemCode(app, byCode, byCode.code, device)
    const other = { ...device, deviceId: 'dev_another-one' }
    expect(await refusal(await redeem(app, byCode.linkToken, other))).toMatchObject({
      error: 'invalid_grant',
      latchkey_reason: 'used',
    })
    const byLink = await askForLink(app, device)
    await redeem(app, byLink.linkToken, device)
    expect(await refusal(await redeemCode(app, byLink, byLink.code, other))).toMatchObject({
      latchkey_reason: 'used',
    })
  })

  it('T8: a correct code without the verifier of the device that asked', async () => {
    const app = startLatchkey()
    const device = await newDevice()
    const asked = await askForLink(app, device)
    const thief = await newDevice()
    const body = await refusal(await redeemCode(app, asked, asked.code, thief))
    expect(body).not.toHaveProperty('latchkey_reason')
    expect((await redeemCode(app, asked, asked.code, device)).status).toBe(200)
  })

  it('T68: wrong codes for an approved and an unknown address, with the same responses up to the sixth try', async () => {
    const app = startLatchkey()
    const device = await newDevice()
    const approved = await askForLink(app, device)
    const email = newEmail('guest.test')
    const { handle } = (await (await ask(app, email, device)).json()) as AskedLink
    await app.settle()
    const unknown = { handle, code: await codeOfHandle(app, handle) }
    for (let i = 1; i <= 6; i++) {
      const told = []
      for (const { handle, code } of [approved, unknown]) {
        const answer = await redeemCode(app, { handle }, another(code, i), device)
        const { dynamoCalls, dynamoRoundTrips, reason } = lastLine(app, '/v1/token')!
        told.push([answer.status, await answer.text(), dynamoCalls, dynamoRoundTrips, reason])
      }
      expect(told[1]).toEqual(told[0])
      expect(told[0]!.slice(2)).toEqual([2, 1, i === 6 ? 'too_many_tries' : 'wrong_code'])
    }
    for (const one of [approved.email, email]) {
      expect(await linksOf(app, one)).toMatchObject([{ attempts: 5, used: false }])
      expect((await addressOf(app, one))!['codeTriedAt6']).toBeGreaterThan(0)
    }
  })

  it('T16: the correct code of an address that may not sign in', async () => {
    const app = startLatchkey()
    const [device, email] = [await newDevice(), newEmail('guest.test')]
    const { handle } = (await (await ask(app, email, device)).json()) as AskedLink
    await app.settle()
    const answer = await redeemCode(app, { handle }, await codeOfHandle(app, handle), device)
    expect(await refusal(answer)).toMatchObject({ latchkey_reason: 'not_approved' })
    expect(await sessionsOf(app, email)).toEqual([])
  })

  it('a handle from before 0.1.0, without a user id', async () => {
    const app = startLatchkey()
    const [device, seals] = [await newDevice(), await sealsOf(app)]
    const asked = await askForLink(app, device)
    const [link] = await linksOf(app, asked.email)
    const id = decodeBase64url(link!.tokenId.slice(LINK_PREFIX.length))!
    const time = new DataView(new ArrayBuffer(7))
    time.setUint16(0, Math.floor(Date.now() / 2 ** 32))
    time.setUint32(2, Date.now() % 2 ** 32)
    const lines = utf8([asked.email, '', '', device.codeChallenge].join('\n'))
    const content = concatBytes(id, new Uint8Array(time.buffer), lines)
    const handle = await seals.seal('handle' as SealPurpose, content)
    const calls = (await app.calls()).length
    const refused = await refusal(await redeemCode(app, { handle }, asked.code, device))
    expect(refused).toEqual({ error: 'invalid_grant', error_description: expect.any(String) })
    const resent = await postJson(app, '/v1/links/resend', { handle })
    expect(resent.status).toBe(400)
    expect(await resent.json()).toMatchObject({ errors: [{ pointer: '#/handle' }] })
    expect((await app.calls()).length).toBe(calls)
    expect((await redeemCode(app, asked, asked.code, device)).status).toBe(200)
  })

  it('a correct code of an expired link, and says that it has expired', async () => {
    const app = startLatchkey()
    const device = await newDevice()
    const asked = await askForLink(app, device)
    app.clock.offsetMs += 901_000
    expect(await refusal(await redeemCode(app, asked, asked.code, device))).toMatchObject({
      latchkey_reason: 'expired',
    })
  })

  it('a malformed member, and names it', async () => {
    const app = startLatchkey()
    const body = (await refusal(
      await redeemCode(app, { handle: 'x' }, '12345', await newDevice()),
    )) as { error: string; error_description?: string }
    expect(body.error).toBe('invalid_request')
    expect(body.error_description).toContain('code must be six digits')
  })
})

describe('withstands', () => {
  it('T65: a flood of tries from one network, without a DynamoDB call', async () => {
    const keys: string[] = []
    const limit = ({ key }: { key: string }) => {
      keys.push(key)
      return Promise.resolve({ success: keys.length === 1 })
    }
    const app = startLatchkey({ env: { LIMIT_BY_IP_AND_ADDRESS: { limit } } })
    const device = await newDevice()
    const asked = await askForLink(app, device)
    const before = (await app.calls()).length
    const answer = await redeemCode(app, asked, asked.code, device)
    expect(answer.status).toBe(429)
    expect(answer.headers.get('Retry-After')).toBe('60')
    expect(await answer.json()).toMatchObject({ error: 'temporarily_unavailable' })
    expect((await app.calls()).length).toBe(before)
    expect(keys[1]).toBe(keys[0])
    expect(keys[0]).not.toContain(asked.email)
  })

  const flood = { tags: 'long', timeout: 60_000 }
  it(
    'T17: parallel guesses: it compares at most 5, and a later correct one opens nothing',
    flood,
    async () => {
      const app = startLatchkey()
      const device = await newDevice()
      const asked = await askForLink(app, device)
      const guesses = Array.from({ length: size({ usual: 60, long: 1000 }) }, (_, i) =>
        redeemCode(app, asked, another(asked.code, i + 1), device),
      )
      const statuses = new Set((await Promise.all(guesses)).map((answer) => answer.status))
      expect([...statuses].filter((status) => status !== 400 && status !== 503)).toEqual([])
      // The database may still be busy with the flood: 503 is no verdict, and a guess more fills the five.
      const attempts = async () => (await linksOf(app, asked.email))[0]?.attempts
      for (let i = 0; i < 60 && (await attempts()) !== 5; i++) {
        await redeemCode(app, asked, another(asked.code), device)
      }
      let right: Response
      do right = await redeemCode(app, asked, asked.code, device)
      while (right.status === 503)
      await refusal(right)
      expect(await attempts()).toBe(5)
      expect(lastLine(app, '/v1/token')).toMatchObject({ reason: 'too_many_tries' })
    },
  )

  it('T17, T69: ten failures in a day: codes stop working, but links and sessions do not', async () => {
    const app = startLatchkey()
    const device = await newDevice()
    const email = newEmail()
    const before = await askForLink(app, device, email)
    const session = (await (await redeem(app, before.linkToken, device)).json()) as Tokens
    for (let link = 0; link < 2; link++) {
      app.clock.offsetMs += 61_000
      const asked = await askForLink(app, device, email)
      for (let i = 1; i <= 5; i++) await redeemCode(app, asked, another(asked.code, i), device)
    }
    app.clock.offsetMs += 61_000
    const asked = await askForLink(app, device, email)
    await refusal(await redeemCode(app, asked, asked.code, device))
    expect(lastLine(app, '/v1/token')).toMatchObject({ reason: 'too_many_tries' })
    expect((await withToken(app, session.access_token, '/v1/session')).status).toBe(200)
    expect((await redeem(app, asked.linkToken, device)).status).toBe(200)

    app.clock.offsetMs += 86_400_000
    const nextDay = await askForLink(app, device, email)
    expect((await redeemCode(app, nextDay, nextDay.code, device)).status).toBe(200)
  })

  it('T69: callers without the verifier, or with an expired handle: they cannot use up a person’s tries', async () => {
    const app = startLatchkey()
    const device = await newDevice()
    const thief = await newDevice()
    const asked = await askForLink(app, device)
    for (let i = 0; i < 11; i++) await redeemCode(app, asked, another(asked.code), thief)
    expect((await redeemCode(app, asked, asked.code, device)).status).toBe(200)
    await app.settle()
    app.clock.offsetMs += 1_801_000
    const before = (await app.calls()).length
    await refusal(await redeemCode(app, asked, asked.code, device))
    expect((await app.calls()).length).toBe(before)
    expect(lastLine(app, '/v1/token')).toMatchObject({ outcome: 'refused', reason: 'unknown' })
  })

  it('an old handle of an address that never requested access', async () => {
    const app = startLatchkey({ env: { ACCESS_REQUESTS: 'on' } })
    const device = await newDevice()
    const asked = await askForLink(app, device)
    app.clock.offsetMs += 1_801_000
    expect(await refusal(await redeemCode(app, asked, asked.code, device))).toEqual(
      expect.not.objectContaining({ latchkey_reason: expect.anything() as unknown }),
    )
    expect(lastLine(app, '/v1/token')).toMatchObject({ reason: 'unknown', dynamoRoundTrips: 1 })
  })

  it('failed tries before a sign-in by code, which resets them', async () => {
    const app = startLatchkey()
    const device = await newDevice()
    const email = newEmail()
    for (let link = 0; link < 4; link++) {
      const asked = await askForLink(app, device, email)
      for (let i = 1; i <= 4; i++) await redeemCode(app, asked, another(asked.code, i), device)
      expect((await redeemCode(app, asked, asked.code, device)).status).toBe(200)
      app.clock.offsetMs += 61_000
    }
  })
})
