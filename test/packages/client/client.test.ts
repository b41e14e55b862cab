import { describe, expect, it, vi } from 'vitest'
import { LatchkeyError } from '../../../packages/client/error.ts'
import { webCryptoKeys } from '../../../packages/client/keys.ts'
import { newEmail, startLatchkey, type Latchkey } from '../../support/workers/latchkey.ts'
import { mailTo, newPhone, sessionRows, signInOn, type Phone } from '../../support/workers/phone.ts'
import { approve, withdraw } from '../../support/workers/approvals.ts'
import { addressOf, linksOf, putRow } from '../../support/workers/rows.ts'
import { redeem, tokenOf } from '../../support/workers/sign-in.ts'
import { generationOf, linesOf, rowOf } from '../../support/workers/tokens.ts'

const DAY_MS = 86_400_000
const sessionUrl = 'https://auth.latchkey.test/v1/session'

async function signedIn(
  options: Parameters<typeof newPhone>[1] = {},
): Promise<{ app: Latchkey; phone: Phone; email: string }> {
  const app = startLatchkey()
  const phone = newPhone(app, options)
  const email = newEmail()
  await signInOn(app, phone, email)
  phone.network.sent.length = 0
  phone.network.headers.length = 0
  return { app, phone, email }
}

const kept = (phone: Phone) =>
  JSON.parse(phone.items.get('latchkey.session') ?? 'null') as Record<string, unknown> | null

const refusal = async (work: Promise<unknown>): Promise<LatchkeyError> => {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof LatchkeyError)) throw new Error(`no LatchkeyError: ${String(error)}`)
  return error
}

const der = (number: Uint8Array) => {
  const first = number.findIndex((byte) => byte !== 0)
  const bare = number.slice(first)
  return [2, bare.length + (bare[0]! >> 7), ...(bare[0]! >> 7 ? [0] : []), ...bare]
}

describe('works', () => {
  it('signs in by link: asks, redeems the URL that opened the app, and fetches as the person', async () => {
    const app = startLatchkey()
    const phone = newPhone(app, { deviceName: "Ada's iPhone" })
    const email = newEmail()
    const asked = await phone.client.ask({ email, dashboardId: 'db_1', locale: 'de' })
    expect(asked).toMatchObject({ email })
    expect(asked.resendAt! - Date.now()).toBeGreaterThan(55_000)
    expect(asked.expiresAt! - Date.now()).toBeGreaterThan(890_000)
    const { link } = await mailTo(app, email)
    const session = await phone.client.redeemLink(link.replace('https://', 'latchkey://'))
    expect(session).toEqual({
      id: expect.stringMatching(/^ses_/),
      user: { id: expect.stringMatching(/^usr_/), email },
      dashboardId: 'db_1',
    })
    expect(await phone.client.session()).toEqual(session)
    expect(phone.heard).toEqual([session])
    expect([...phone.items.keys()].toSorted()).toEqual(['latchkey.device', 'latchkey.session'])
    const answer = await phone.client.fetch(sessionUrl)
    expect(await answer.json()).toMatchObject({
      session: { id: session.id, deviceName: "Ada's iPhone" },
    })
  })

  it('waits for an approval across restarts, and signs in with the link that arrives days later', async () => {
    const app = startLatchkey({ env: { ACCESS_REQUESTS: 'on' } })
    const phone = newPhone(app)
    const email = newEmail('guests.example')
    expect(await phone.client.ask({ email })).toMatchObject({ state: 'asked', email })
    app.clock.offsetMs += 16 * 60_000
    phone.restart()
    const waiting = await phone.client.pending()
    expect(waiting).toMatchObject({ state: 'requested', email })
    expect(waiting!.requestUntil! - Date.now()).toBeGreaterThan(13 * DAY_MS)
    // Somebody approves the address by hand, and it asks again: the same verifier, and so the same device.
    const before = phone.items.get('latchkey.pending')!
    await approve(app, email)
    app.clock.offsetMs += 5 * DAY_MS
    expect(await phone.client.ask({ email })).toMatchObject({ state: 'asked' })
    const verifierOf = (text: string) =>
      (JSON.parse(text) as Record<string, string>)['codeVerifier']
    expect(verifierOf(phone.items.get('latchkey.pending')!)).toBe(verifierOf(before))
    expect((await phone.client.redeemLink((await mailTo(app, email)).link)).user.email).toBe(email)
    expect(await phone.client.pending()).toBeNull()
  })

  it('returns the same for every address, and no request expiry if access requests are off', async () => {
    const seen = []
    for (const env of [{ ACCESS_REQUESTS: 'on' }, {}]) {
      const app = startLatchkey({ env })
      for (const email of [newEmail(), newEmail('guests.example')]) {
        const phone = newPhone(app)
        await phone.client.ask({ email })
        app.clock.offsetMs += 16 * 60_000
        const waiting = await phone.client.pending()
        seen.push(waiting?.state ?? null)
        app.clock.offsetMs += 14 * DAY_MS
        expect(await phone.client.pending()).toBeNull()
      }
    }
    expect(seen).toEqual(['requested', 'requested', null, null])
  })

  it('signs in with the six digits, however they are typed', async () => {
    const app = startLatchkey()
    const phone = newPhone(app)
    const email = newEmail()
    await phone.client.ask({ email })
    const { code } = await mailTo(app, email)
    const session = await phone.client.redeemCode(` ${code.slice(0, 3)} ${code.slice(3)}\n`)
    expect(session.user.email).toBe(email)
    expect(await sessionRows(app, session.user.id)).toHaveLength(1)
  })

  it('sends the same link again, and both messages open it', async () => {
    const app = startLatchkey()
    const phone = newPhone(app)
    const email = newEmail()
    const asked = await phone.client.ask({ email })
    const first = await mailTo(app, email)
    app.clock.offsetMs += 61_000
    const again = await phone.client.resend()
    expect(again.resendAt).toBeGreaterThan(asked.resendAt!)
    expect(await phone.client.pending()).toEqual(again)
    expect((await mailTo(app, email)).code).toBe(first.code)
    expect((await phone.client.redeemLink(first.link)).user.email).toBe(email)
    expect(await phone.client.pending()).toBeNull()
  })

  it('keeps every link of one address valid until one is used, even after another ask', async () => {
    const app = startLatchkey()
    const phone = newPhone(app)
    const email = newEmail()
    await phone.client.ask({ email })
    const first = await mailTo(app, email)
    app.clock.offsetMs += 61_000
    await phone.client.ask({ email })
    expect((await phone.client.redeemLink(first.link)).user.email).toBe(email)
  })

  it('starts over if the pending request has expired', async () => {
    const app = startLatchkey()
    const phone = newPhone(app)
    const email = newEmail()
    const verifier = () =>
      (JSON.parse(phone.items.get('latchkey.pending')!) as Record<string, string>)['codeVerifier']
    await phone.client.ask({ email })
    const before = verifier()
    app.clock.offsetMs += 899_000
    expect(await phone.client.pending()).toMatchObject({ email })
    app.clock.offsetMs += 2_000
    expect(await phone.client.pending()).toBeNull()
    await phone.client.ask({ email })
    expect(verifier()).not.toBe(before)
  })

  it('stores what the page behind the link reads, before it asks', async () => {
    const app = startLatchkey()
    const phone = newPhone(app)
    let before: unknown
    const fetch: typeof phone.network.fetch = (input, init) => {
      before = JSON.parse(phone.items.get('latchkey.pending')!)
      return phone.network.fetch(input, init)
    }
    const email = newEmail()
    await phone.restart({ fetch, deviceId: 'dev_of_the_app' }).ask({ email, returnTo: '/reports' })
    const common = {
      codeVerifier: expect.stringMatching(/^[\w-]{43}$/),
      deviceId: 'dev_of_the_app',
      email,
      returnTo: '/reports',
    }
    expect(before).toEqual(common)
    expect(JSON.parse(phone.items.get('latchkey.pending')!)).toEqual({
      ...common,
      handle: expect.any(String),
      resendAt: expect.any(Number),
      expiresAt: expect.any(Number),
    })
  })

  it('refreshes once for 20 concurrent callers', async () => {
    const { app, phone } = await signedIn()
    app.clock.offsetMs += 590_000
    const tokens = await Promise.all(Array.from({ length: 20 }, () => phone.client.accessToken()))
    expect(new Set(tokens).size).toBe(1)
    expect(phone.network.sent).toEqual(['POST /v1/token'])
    expect(linesOf(app, 'session_refreshed')).toHaveLength(1)
    expect((await phone.client.fetch(sessionUrl)).status).toBe(200)
  })

  it('refreshes a minute ahead, and not before', async () => {
    const { app, phone } = await signedIn()
    app.clock.offsetMs += 535_000
    await phone.client.accessToken()
    expect(phone.network.sent).toEqual([])
    app.clock.offsetMs += 10_000
    await phone.client.accessToken()
    expect(phone.network.sent).toEqual(['POST /v1/token'])
  })

  it('refreshes again if a server refuses a token that looks valid', async () => {
    const { app, phone } = await signedIn()
    // The phone's clock stood still.
    app.clock.offsetMs += 700_000
    phone.clock.skewMs -= 700_000
    const answers = await Promise.all([1, 2, 3].map(() => phone.client.fetch(sessionUrl)))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(linesOf(app, 'session_refreshed')).toHaveLength(1)
  })

  it('sends a body again after a 401, but never a stream', async () => {
    const { app, phone } = await signedIn()
    const bodies: string[] = []
    const resource: typeof phone.network.fetch = async (input, init) => {
      const request = new Request(input, init)
      if (new URL(request.url).pathname.startsWith('/v1/')) return app.fetch(request.url, request)
      bodies.push(`${request.method} ${await request.text()}`)
      return new Response(null, { status: bodies.length % 2 ? 401 : 204 })
    }
    const client = phone.restart({ fetch: resource })
    const url = 'https://api.latchkey.test/things'
    await client.fetch(url, { method: 'PUT', body: 'a' })
    const given = new Request(url, { method: 'POST', body: 'b' })
    await client.fetch(given)
    expect(given.bodyUsed).toBe(false)
    expect(bodies).toEqual(['PUT a', 'PUT a', 'POST b', 'POST b'])
    const stream = new Response('c').body!
    expect((await client.fetch(url, { method: 'POST', body: stream })).status).toBe(401)
    expect(bodies.slice(4)).toEqual(['POST c'])
  })

  it('hands over a URL and its init, since some versions of React Native lose the body of a Request', async () => {
    const { phone } = await signedIn({ dpop: webCryptoKeys() })
    const handed: [input: string | Request, init: RequestInit | undefined][] = []
    const fetch: typeof phone.network.fetch = async (input, init) => {
      handed.push([input, init])
      return new Response(null, { status: 204 })
    }
    const url = 'https://api.latchkey.test/things?x=1'
    const headers = { 'Content-Type': 'application/json' }
    await phone.restart({ fetch }).fetch(url, { method: 'put', headers, body: '{}' })
    expect(handed).toHaveLength(1)
    const [input, init] = handed[0]!
    expect(input).toBe(url)
    expect(init).toMatchObject({ method: 'put', body: '{}' })
    const sent = new Headers(init!.headers)
    expect(sent.get('Content-Type')).toBe('application/json')
    expect(sent.get('Authorization')).toMatch(/^DPoP /)
    const proof = sent.get('DPoP')!.split('.')[1]!
    const { htm, htu } = JSON.parse(atob(proof.replace(/-/g, '+').replace(/_/g, '/'))) as object & {
      htm: string
      htu: string
    }
    // As `fetch` spells the method on the wire, and without the query.
    expect({ htm, htu }).toEqual({ htm: 'PUT', htu: 'https://api.latchkey.test/things' })
  })

  it('continues the session that the page behind the link opened', async () => {
    const app = startLatchkey()
    const phone = newPhone(app)
    const email = newEmail()
    await phone.client.ask({ email })
    const { link } = await mailTo(app, email)
    const pending = JSON.parse(phone.items.get('latchkey.pending')!) as Record<string, string>
    const device = {
      deviceId: pending['deviceId']!,
      codeVerifier: pending['codeVerifier']!,
      codeChallenge: '',
    }
    const tokens = (await (await redeem(app, tokenOf(link), device)).json()) as object
    const record = { ...tokens, obtainedAt: Date.now() }
    phone.items.set('latchkey.session', JSON.stringify(record))
    phone.items.delete('latchkey.pending')
    expect((await phone.client.session())?.user.email).toBe(email)
    app.clock.offsetMs += 600_000
    expect((await phone.client.fetch(sessionUrl)).status).toBe(200)
    expect(phone.network.sent.slice(1)).toEqual(['POST /v1/token', 'GET /v1/session'])
  })

  it('is signed in after a restart, and answers without the network', async () => {
    const { phone, email } = await signedIn()
    phone.network.strike = () => 'drop-request'
    const client = phone.restart()
    expect((await client.session())?.user.email).toBe(email)
    expect(await client.accessToken()).toBe(kept(phone)!['access_token'])
  })

  it('signs out on the device and at the server', async () => {
    const { app, phone } = await signedIn()
    const { id } = (await phone.client.session())!
    expect(await phone.client.signOut()).toBe(true)
    expect(await phone.client.session()).toBeNull()
    expect(await phone.client.accessToken()).toBeNull()
    expect(phone.heard.at(-1)).toBeNull()
    expect((await rowOf(app, id))!['revokedReason']).toBe('signed_out')
    expect((await refusal(phone.client.fetch(sessionUrl))).code).toBe('signed_out')
  })

  it('ends the other devices, or all', async () => {
    const { app, phone, email } = await signedIn()
    const tablet = newPhone(app)
    app.clock.offsetMs += 61_000
    await signInOn(app, tablet, email)
    await phone.client.signOutEverywhere({ keepCurrent: true })
    expect(await tablet.client.session({ check: true })).toBeNull()
    expect(tablet.heard.at(-1)).toBeNull()
    expect((await phone.client.session({ check: true }))?.user.email).toBe(email)
    await phone.client.signOutEverywhere()
    expect(phone.heard.at(-1)).toBeNull()
    expect(phone.items.has('latchkey.session')).toBe(false)
  })

  it('exports what the server stores, page by page, and deletes the account', async () => {
    const { app, phone, email } = await signedIn()
    const session = await phone.client.session()
    const [row] = await linksOf(app, email)
    for (let n = 0; n < 210; n++) {
      await putRow(app, { ...row!, tokenId: `tok_ml_${crypto.randomUUID()}` })
    }
    const whole = await phone.client.exportAccount()
    expect(whole.user).toEqual(session!.user)
    expect([whole.sessions.length, whole.links.length]).toEqual([1, 211])
    expect(whole).not.toHaveProperty('nextCursor')
    await phone.client.deleteAccount()
    expect(phone.heard.at(-1)).toBeNull()
    expect(phone.items.has('latchkey.session')).toBe(false)
    expect((await refusal(phone.client.exportAccount())).code).toBe('signed_out')
    expect(await linksOf(app, email)).toEqual([])
  })

  it('binds the session to the device key, and proves it on every request', async () => {
    const { app, phone } = await signedIn({ dpop: webCryptoKeys() })
    expect(kept(phone)!['token_type']).toBe('DPoP')
    // Expo's SecureStore warns above this.
    expect(phone.items.get('latchkey.session')!.length).toBeLessThan(2048)
    expect((await phone.client.fetch(`${sessionUrl}?`)).status).toBe(200)
    app.clock.offsetMs += 600_000
    expect((await phone.client.fetch(sessionUrl)).status).toBe(200)
    // No nonce was needed: the clock is right.
    expect(phone.network.sent).toEqual(['GET /v1/session', 'POST /v1/token', 'GET /v1/session'])
  })

  it('takes signatures in DER, as Secure Enclave and Keystore make them', async () => {
    const { publicJwk, sign } = await webCryptoKeys().getKey()
    const dpop = {
      getKey: async () => ({
        publicJwk,
        async sign(bytes: Uint8Array<ArrayBuffer>) {
          const raw = await sign(bytes)
          const both = [...der(raw.slice(0, 32)), ...der(raw.slice(32))]
          return Uint8Array.from([0x30, both.length, ...both])
        },
      }),
    }
    const { phone } = await signedIn({ dpop })
    // Numbers of all lengths: one in 256 is shorter.
    for (let i = 0; i < 40; i++) {
      expect((await phone.client.fetch(sessionUrl)).status).toBe(200)
    }
  })
})

describe('refuses', () => {
  it('a link that opens nothing, and says why', async () => {
    const app = startLatchkey()
    const phone = newPhone(app)
    const email = newEmail()
    await phone.client.ask({ email })
    const { link } = await mailTo(app, email)
    app.clock.offsetMs += 901_000
    phone.clock.skewMs -= 901_000
    expect(await refusal(phone.client.redeemLink(link))).toMatchObject({
      code: 'invalid_grant',
      reason: 'expired',
    })
    expect(await refusal(phone.client.resend())).toMatchObject({ code: 'link_expired' })
  })

  it('a wrong code, and keeps the pending sign-in for the right one', async () => {
    const app = startLatchkey()
    const phone = newPhone(app)
    const email = newEmail()
    await phone.client.ask({ email })
    const { code } = await mailTo(app, email)
    const wrong = String((Number(code) + 1) % 1_000_000).padStart(6, '0')
    expect(await refusal(phone.client.redeemCode(wrong))).toMatchObject({ code: 'invalid_grant' })
    expect((await phone.client.redeemCode(code)).user.email).toBe(email)
  })

  it('to redeem a link that this device did not request, and text that is not a link', async () => {
    const { app, phone } = await signedIn()
    const other = newPhone(app)
    const email = newEmail()
    await other.client.ask({ email })
    const { link, code } = await mailTo(app, email)
    expect((await refusal(phone.client.redeemLink(link))).code).toBe('not_asked')
    expect((await refusal(phone.client.redeemCode(code))).code).toBe('not_asked')
    expect((await refusal(phone.client.resend())).code).toBe('not_asked')
    expect((await refusal(phone.client.redeemLink('https://x.example/'))).code).toBe(
      'invalid_request',
    )
    expect(phone.network.sent).toEqual([])
  })

  it('too many requests, and says how long to wait', async () => {
    const app = startLatchkey()
    const phone = newPhone(app)
    const email = newEmail()
    await phone.client.ask({ email })
    const limited = await refusal(phone.client.ask({ email }))
    expect(limited.code).toBe('rate_limited')
    expect(limited.retryAfterSeconds).toBeGreaterThan(50)
    phone.network.next = ['503']
    expect(await refusal(phone.client.ask({ email }))).toMatchObject({
      code: 'unavailable',
      retryAfterSeconds: 1,
    })
    expect(await refusal(phone.client.ask({ email: 'nobody' }))).toMatchObject({
      code: 'invalid_request',
    })
  })

  it('says how long to wait when a proxy gives a date, by the date of the same answer', async () => {
    const { app, phone } = await signedIn()
    app.clock.offsetMs += 600_000
    const limited = async (headers: Record<string, string>) => {
      const fetch = async () => new Response('', { status: 429, headers })
      return (await refusal(phone.restart({ fetch }).accessToken())).retryAfterSeconds
    }
    const at = (seconds: number) => new Date(Date.now() + seconds * 1000).toUTCString()
    // The clock of the proxy is an hour ahead.
    expect(await limited({ Date: at(3600), 'Retry-After': at(3630) })).toBe(30)
    expect(await limited({ 'Retry-After': at(30) })).toBeGreaterThan(27)
    expect(await limited({ 'Retry-After': at(-30) })).toBeUndefined()
    expect(await limited({ 'Retry-After': 'soon' })).toBeUndefined()
  })

  it('never sends a code twice by itself: a wrong one is a try of five, whether its answer is lost or not', async () => {
    const app = startLatchkey()
    const phone = newPhone(app)
    const email = newEmail()
    await phone.client.ask({ email })
    const { code } = await mailTo(app, email)
    phone.network.sent.length = 0
    phone.network.next = ['drop-response']
    expect((await refusal(phone.client.redeemCode(code))).code).toBe('offline')
    expect(phone.network.sent).toEqual(['POST /v1/token'])
    // The person presses again, and gets the session that the first try opened.
    const session = await phone.client.redeemCode(code)
    expect(await sessionRows(app, session.user.id)).toHaveLength(1)
  })

  it('to repeat a request that sends a message', async () => {
    const app = startLatchkey()
    const phone = newPhone(app)
    phone.network.next = ['drop-response']
    const email = newEmail()
    expect((await refusal(phone.client.ask({ email }))).code).toBe('offline')
    expect(phone.network.sent).toEqual(['POST /v1/links'])
    // And the link whose answer was lost works.
    const { link } = await mailTo(app, email)
    expect((await phone.client.redeemLink(link)).user.email).toBe(email)
  })
})

describe('withstands', () => {
  it('a deletion after five minutes: it says to sign in again, without a refresh, and keeps the session', async () => {
    const { app, phone } = await signedIn()
    app.clock.offsetMs += 5 * 60_000 + 1000
    expect((await refusal(phone.client.deleteAccount())).code).toBe('sign_in_again')
    expect(phone.network.sent).toEqual(['DELETE /v1/account'])
    expect(kept(phone)).not.toBeNull()
  })

  it.each(['drop-response', 'duplicate', 'portal', '503'] as const)(
    'a deletion that meets `%s`: it is repeated until the server confirms it',
    async (fault) => {
      const { app, phone, email } = await signedIn()
      phone.network.next = [fault, fault]
      await phone.client.deleteAccount()
      expect(kept(phone)).toBeNull()
      expect((await addressOf(app, email))?.userId).toBeUndefined()
    },
  )

  it('a deletion whose session somebody else ended meanwhile: it does not say that the account is deleted', async () => {
    const { app, phone, email } = await signedIn()
    await withdraw(app, email)
    phone.network.next = ['503']
    expect((await refusal(phone.client.deleteAccount())).code).toBe('signed_out')
    expect((await addressOf(app, email))?.userId).toBeDefined()
  })

  it('a deletion without a network: it keeps the session, and does not take a 200 for a confirmation', async () => {
    const { app, phone, email } = await signedIn()
    phone.network.strike = () => 'drop-request'
    expect((await refusal(phone.client.deleteAccount())).code).toBe('offline')
    phone.restart({ fetch: async () => new Response('{}') })
    expect((await refusal(phone.client.deleteAccount())).code).toBe('unavailable')
    expect((await refusal(phone.client.exportAccount())).code).toBe('unavailable')
    expect(kept(phone)).not.toBeNull()
    expect((await addressOf(app, email))?.userId).toBeDefined()
  })

  it('server errors: it retries with growing pauses, and leaves a long wait to the app', async () => {
    const { app, phone } = await signedIn()
    app.clock.offsetMs += 600_000
    const waits: number[] = []
    const sleep = async (ms: number) => void waits.push(ms)
    const client = phone.restart({ sleep })
    phone.network.strike = () => 'drop-request'
    expect((await refusal(client.accessToken())).code).toBe('offline')
    expect(phone.network.sent).toHaveLength(4)
    expect(waits).toHaveLength(3)
    for (const [tried, ms] of waits.entries()) {
      expect(ms).toBeGreaterThanOrEqual(150 * 2 ** tried)
      expect(ms).toBeLessThanOrEqual(450 * 2 ** tried)
    }
    waits.length = 0
    phone.network.strike = () => '503'
    expect((await refusal(client.accessToken())).code).toBe('unavailable')
    expect(waits).toHaveLength(3)
    for (const ms of waits) expect(ms).toBeGreaterThanOrEqual(1000)
    waits.length = 0
    const headers = { 'Retry-After': '60' }
    const fetch = async () => new Response('', { status: 503, headers })
    const busy = await refusal(phone.restart({ fetch, sleep }).accessToken())
    expect(busy).toMatchObject({ code: 'unavailable', retryAfterSeconds: 60 })
    expect(waits).toEqual([])
  })

  it('a lost response to a sign-in and to a refresh', async () => {
    const app = startLatchkey()
    const phone = newPhone(app)
    const email = newEmail()
    await phone.client.ask({ email })
    const { link } = await mailTo(app, email)
    phone.network.next = ['drop-response', 'cut-body', 'drop-response']
    const session = await phone.client.redeemLink(link)
    app.clock.offsetMs += 600_000
    phone.network.next = ['drop-response', 'cut-body', 'drop-response']
    expect(await phone.client.accessToken()).toEqual(expect.any(String))
    expect(await generationOf(app, session.id)).toBe(1)
    expect(await sessionRows(app, session.user.id)).toHaveLength(1)
    expect(phone.heard).toEqual([session])
  })

  it('a second tap on the same link, at once, later, and after a restart', async () => {
    const app = startLatchkey()
    const phone = newPhone(app)
    const email = newEmail()
    await phone.client.ask({ email })
    const { link } = await mailTo(app, email)
    const [one, two] = await Promise.all([
      phone.client.redeemLink(link),
      phone.client.redeemLink(link),
    ])
    expect(two).toEqual(one)
    app.clock.offsetMs += 600_000
    await phone.client.accessToken()
    expect(await phone.restart().redeemLink(link)).toEqual(one)
    expect(phone.heard).toEqual([one])
  })

  it('two taps on the button that asks, and a lost response: the link of the message still works', async () => {
    const app = startLatchkey()
    const phone = newPhone(app)
    const email = newEmail()
    phone.network.next = ['drop-response']
    await Promise.allSettled([phone.client.ask({ email }), phone.client.ask({ email })])
    const { link } = await mailTo(app, email)
    expect((await phone.client.redeemLink(link)).user.email).toBe(email)
  })

  it('a sign-in while an ask is on its way: the answer does not bring back the pending request', async () => {
    const app = startLatchkey()
    const phone = newPhone(app)
    const email = newEmail()
    await phone.client.ask({ email })
    const { link } = await mailTo(app, email)
    let answer = () => {}
    const held = new Promise<void>((resolve) => (answer = resolve))
    const { fetch } = phone.network
    phone.restart({
      fetch: async (input, init) => {
        const response = await fetch(input, init)
        if (typeof input === 'string' && input.endsWith('/v1/links')) await held
        return response
      },
    })
    app.clock.offsetMs += 61_000
    const late = phone.client.ask({ email })
    await vi.waitFor(() => expect(phone.network.sent.at(-1)).toBe('POST /v1/links'))
    await phone.client.redeemLink(link)
    answer()
    await late
    expect(phone.items.has('latchkey.pending')).toBe(false)
  })

  it('being offline: it uses the token until it expires, and keeps the session', async () => {
    const { app, phone } = await signedIn()
    phone.network.strike = () => 'drop-request'
    app.clock.offsetMs += 560_000
    const token = await phone.client.accessToken()
    expect(token).toBe(kept(phone)!['access_token'])
    app.clock.offsetMs += 60_000
    for (const fault of ['drop-request', 'cut-body', '503', '429', 'portal'] as const) {
      phone.network.strike = () => fault
      const error = await refusal(phone.client.accessToken())
      expect(['offline', 'unavailable', 'rate_limited']).toContain(error.code)
    }
    app.clock.offsetMs += 13 * DAY_MS
    phone.network.strike = () => null
    expect(await phone.client.accessToken()).toEqual(expect.any(String))
    expect(phone.heard).toHaveLength(1)
  })

  it('a network that never answers', async () => {
    const { app, phone } = await signedIn()
    app.clock.offsetMs += 600_000
    let aborted = 0
    const fetch: typeof phone.network.fetch = (_, init) => {
      init!.signal!.addEventListener('abort', () => void aborted++)
      return new Promise(() => {})
    }
    const client = phone.restart({ fetch, timeoutMs: 5 })
    expect((await refusal(client.accessToken())).code).toBe('offline')
    expect(aborted).toBe(4)
  })

  it('every error: only invalid_grant ends the session, and the app is told once', async () => {
    const { app, phone } = await signedIn()
    const { user } = (await phone.client.session())!
    const tablet = newPhone(app)
    app.clock.offsetMs += 61_000
    await signInOn(app, tablet, user.email)
    await tablet.client.signOutEverywhere({ keepCurrent: true })
    app.clock.offsetMs += 600_000
    const tokens = await Promise.all([1, 2, 3].map(() => phone.client.accessToken()))
    expect(tokens).toEqual([null, null, null])
    expect(phone.heard.slice(1)).toEqual([null])
    expect(phone.items.has('latchkey.session')).toBe(false)
  })

  it('a sign-out during a refresh: the response does not restore the session', async () => {
    const { app, phone } = await signedIn()
    app.clock.offsetMs += 600_000
    let release = () => {}
    const released = new Promise<void>((resolve) => (release = resolve))
    const fetch: typeof phone.network.fetch = async (input, init) => {
      const answer = await phone.network.fetch(input, init)
      if (phone.network.sent.at(-1) === 'POST /v1/token') await released
      return answer
    }
    const client = phone.restart({ fetch })
    const refreshing = client.accessToken()
    await vi.waitFor(() => expect(phone.network.sent).toHaveLength(1))
    expect(await client.signOut()).toBe(true)
    release()
    expect(await refreshing).toBeNull()
    expect(phone.items.has('latchkey.session')).toBe(false)
  })

  it('a sign-out without a network', async () => {
    const { phone } = await signedIn()
    phone.network.strike = () => 'drop-request'
    expect(await phone.client.signOut()).toBe(false)
    expect(await phone.client.session()).toBeNull()
  })

  it('a lost response to signing out everywhere', async () => {
    const { phone } = await signedIn()
    phone.network.next = ['drop-response']
    await phone.client.signOutEverywhere()
    expect(phone.items.has('latchkey.session')).toBe(false)
    expect(phone.heard.at(-1)).toBeNull()
  })

  it('a sign-in page of a hotel that answers 200 to everything', async () => {
    const { phone } = await signedIn()
    phone.network.strike = () => 'portal'
    expect((await refusal(phone.client.signOutEverywhere())).code).toBe('unavailable')
    expect((await refusal(phone.client.session({ check: true }))).code).toBe('unavailable')
    expect(phone.heard).toHaveLength(1)
    expect(await phone.client.signOut()).toBe(false)
  })

  it('a proxy that answers 200 and other JSON to everything', async () => {
    const { app, phone } = await signedIn()
    app.clock.offsetMs += 600_000
    const client = phone.restart({ fetch: async () => Response.json({ login: 'needed' }) })
    expect((await refusal(client.accessToken())).code).toBe('unavailable')
    expect((await refusal(client.ask({ email: 'ada@example.com' }))).code).toBe('unavailable')
    expect(phone.heard).toHaveLength(1)
    expect(await phone.restart().accessToken()).toEqual(expect.any(String))
  })

  it('a redirect to somebody else: nothing goes there', async () => {
    const { app, phone } = await signedIn()
    app.clock.offsetMs += 600_000
    const redirects: unknown[] = []
    const fetch: typeof phone.network.fetch = async (_, init) => {
      redirects.push(init?.redirect)
      return new Response(null, { status: 307, headers: { Location: 'https://portal.example/' } })
    }
    const client = phone.restart({ fetch })
    expect((await refusal(client.accessToken())).code).toBe('unavailable')
    expect((await refusal(client.ask({ email: 'ada@example.com' }))).code).toBe('unavailable')
    expect(new Set(redirects)).toEqual(new Set(['manual']))
    expect(phone.heard).toHaveLength(1)
  })

  it('an answer that a proxy has changed: a member is missing, or it is for another person', async () => {
    const { app, phone } = await signedIn()
    app.clock.offsetMs += 600_000
    const before = kept(phone)
    const changes: object[] = [
      { refresh_token: undefined },
      { token_type: undefined },
      { server_time: undefined },
      { expires_in: 'soon' },
      { user: {} },
      { session_id: 'ses_of_another' },
    ]
    for (const change of changes) {
      const fetch: typeof phone.network.fetch = async (input, init) => {
        const answer = await phone.network.fetch(input, init)
        return Response.json({ ...(await answer.json<object>()), ...change })
      }
      expect((await refusal(phone.restart({ fetch }).accessToken())).code).toBe('unavailable')
      expect(kept(phone)).toEqual(before)
    }
    expect(await phone.restart().accessToken()).toEqual(expect.any(String))
    expect(phone.heard).toHaveLength(1)
  })

  it('a server of the future: what the client does not know is not stored', async () => {
    const { app, phone } = await signedIn()
    app.clock.offsetMs += 600_000
    const names = Object.keys(kept(phone)!).toSorted()
    const fetch: typeof phone.network.fetch = async (input, init) => {
      const answer = await phone.network.fetch(input, init)
      return Response.json({ ...(await answer.json<object>()), padding: 'x'.repeat(10_000) })
    }
    expect(await phone.restart({ fetch }).accessToken()).toEqual(expect.any(String))
    expect(Object.keys(kept(phone)!).toSorted()).toEqual(names)
  })

  it('a refresh of another process that is answered late: its older session JWT does not come back', async () => {
    const { app, phone } = await signedIn()
    app.clock.offsetMs += 600_000
    let release = () => {}
    const released = new Promise<void>((resolve) => (release = resolve))
    let arrived = () => {}
    const answered = new Promise<void>((resolve) => (arrived = resolve))
    const slow: typeof phone.network.fetch = async (input, init) => {
      const answer = await phone.network.fetch(input, init)
      arrived()
      await released
      return answer
    }
    const late = phone.restart({ fetch: slow }).accessToken()
    await answered
    const client = phone.restart()
    for (const _ of [1, 2, 3]) {
      await client.accessToken()
      app.clock.offsetMs += 600_000
    }
    const newest = kept(phone)
    release()
    await late
    expect(kept(phone)).toEqual(newest)
    // An older one would be taken for a copy, and would end the session.
    expect(await client.accessToken()).toEqual(expect.any(String))
    expect(linesOf(app, 'session_reuse_detected')).toEqual([])
  })

  it('a clock that is set back: a token of the future is not trusted', async () => {
    const { app, phone } = await signedIn()
    const before = await phone.client.accessToken()
    app.clock.offsetMs += 700_000
    phone.clock.skewMs -= 800_000
    expect(await phone.client.accessToken()).not.toBe(before)
    expect((await phone.client.fetch(sessionUrl)).status).toBe(200)
    expect(phone.network.sent).toEqual(['POST /v1/token', 'GET /v1/session'])
  })

  it('another tab that refreshes between two tries', async () => {
    const { app, phone } = await signedIn()
    const other = phone.client
    const client = phone.restart({ sleep: async () => void (await other.accessToken()) })
    app.clock.offsetMs += 600_000
    phone.network.next = ['drop-request']
    const token = await client.accessToken()
    expect(token).toBe(await other.accessToken())
    expect(phone.network.sent).toHaveLength(2)
    expect(linesOf(app, 'session_refreshed')).toHaveLength(1)
  })

  it('a new sign-in while the old session is refused: the new one stays', async () => {
    const { app, phone, email } = await signedIn()
    const { id } = (await phone.client.session())!
    const tablet = newPhone(app)
    app.clock.offsetMs += 601_000
    await signInOn(app, tablet, email)
    await tablet.client.signOutEverywhere({ keepCurrent: true })
    app.clock.offsetMs += 61_000
    await phone.client.ask({ email })
    const { link } = await mailTo(app, email)
    let release = () => {}
    const released = new Promise<void>((resolve) => (release = resolve))
    const fetch: typeof phone.network.fetch = async (input, init) => {
      const answer = await phone.network.fetch(input, init)
      const { body } = init ?? {}
      if (typeof body === 'string' && body.includes('"refresh_token"')) await released
      return answer
    }
    const client = phone.restart({ fetch })
    const refreshing = client.accessToken()
    const session = await client.redeemLink(link)
    release()
    expect(await refreshing).toEqual(expect.any(String))
    expect(await client.session({ check: true })).toEqual(session)
    expect(session.id).not.toBe(id)
    expect(phone.heard).not.toContain(null)
  })

  it('a resource that requires its nonce in the proof: it retries with the nonce, without a refresh', async () => {
    const { phone } = await signedIn({ dpop: webCryptoKeys() })
    const nonces: unknown[] = []
    let wanted = 'n1'
    const fetch: typeof phone.network.fetch = async (input, init) => {
      const request = new Request(input, init)
      if (!request.url.startsWith('https://api.')) return phone.network.fetch(request)
      const proof = request.headers.get('DPoP')!.split('.')[1]!
      const { nonce } = JSON.parse(atob(proof.replace(/-/g, '+').replace(/_/g, '/'))) as {
        nonce?: string
      }
      nonces.push(nonce)
      const headers = { 'DPoP-Nonce': wanted, 'WWW-Authenticate': 'DPoP error="use_dpop_nonce"' }
      return new Response(null, { status: nonce === wanted ? 204 : 401, headers })
    }
    const client = phone.restart({ fetch })
    expect((await client.fetch('https://api.latchkey.test/a')).status).toBe(204)
    wanted = 'n2'
    expect((await client.fetch('https://api.latchkey.test/b')).status).toBe(204)
    expect((await client.fetch('https://api.latchkey.test/c')).status).toBe(204)
    expect(nonces).toEqual([undefined, 'n1', 'n1', 'n2', 'n2'])
    expect(phone.network.sent).toEqual([])
  })

  it('a sign-out everywhere that never reaches the server: it keeps the session', async () => {
    const { phone } = await signedIn()
    phone.network.strike = () => 'drop-request'
    expect((await refusal(phone.client.signOutEverywhere())).code).toBe('offline')
    phone.network.strike = () => null
    expect(await phone.client.session({ check: true })).not.toBeNull()
  })

  it.each([
    ['a day ahead', DAY_MS],
    ['a day behind', -DAY_MS],
  ])('a clock that is %s, with a bound session', async (_, skewMs) => {
    const app = startLatchkey({ env: { DPOP: 'required' } })
    const phone = newPhone(app, { dpop: webCryptoKeys() })
    phone.clock.skewMs = skewMs
    const email = newEmail()
    await signInOn(app, phone, email)
    // One challenge, and from then on the server's own time.
    expect(phone.network.sent).toEqual(['POST /v1/links', 'POST /v1/token', 'POST /v1/token'])
    phone.restart()
    expect((await phone.client.fetch(sessionUrl)).status).toBe(200)
    app.clock.offsetMs += 600_000
    expect((await phone.client.fetch(sessionUrl)).status).toBe(200)
    expect(phone.network.sent.slice(3)).toEqual([
      'GET /v1/session',
      'POST /v1/token',
      'GET /v1/session',
    ])
    // The person sets it right, or wrong again.
    for (const skew of [0, -skewMs, skewMs]) {
      phone.clock.skewMs = skew
      expect((await phone.client.fetch(sessionUrl)).status).toBe(200)
    }
    expect(phone.heard).toHaveLength(1)
  })

  it('a slow request: its proofs are never in the future', async () => {
    const app = startLatchkey()
    const phone = newPhone(app, { dpop: webCryptoKeys() })
    const fetch: typeof phone.network.fetch = (input, init) => {
      if (input === 'https://auth.latchkey.test/v1/token') app.clock.offsetMs += 9_000
      return phone.network.fetch(input, init)
    }
    phone.restart({ fetch })
    await signInOn(app, phone, newEmail())
    await phone.client.fetch(sessionUrl)
    const payload = phone.network.headers.at(-1)!.get('DPoP')!.split('.')[1]!
    const { iat } = JSON.parse(atob(payload)) as { iat: number }
    expect(iat * 1000).toBeLessThanOrEqual(Date.now() + app.clock.offsetMs)
  })

  it('a key store that fails for a moment', async () => {
    const keys = webCryptoKeys()
    let locked = false
    const dpop = {
      getKey: () => (locked ? Promise.reject(new Error('the phone is locked')) : keys.getKey()),
    }
    const { app, phone } = await signedIn({ dpop })
    app.clock.offsetMs += 600_000
    locked = true
    expect((await refusal(phone.client.accessToken())).code).toBe('key')
    locked = false
    expect(await phone.client.accessToken()).toEqual(expect.any(String))
    expect(phone.heard).toHaveLength(1)
  })

  it('an app that turns binding on or off while a session is live', async () => {
    const { app, phone } = await signedIn()
    app.clock.offsetMs += 600_000
    expect(await phone.restart({ dpop: webCryptoKeys() }).accessToken()).toEqual(expect.any(String))
    const bound = await signedIn({ dpop: webCryptoKeys() })
    bound.app.clock.offsetMs += 600_000
    const off = await refusal(bound.phone.restart({ dpop: false }).accessToken())
    expect(off.message).toBe('key: the session is bound to a key, and dpop is off')
    expect(bound.phone.heard).toHaveLength(1)
  })

  it('two tabs on one storage', async () => {
    const { app, phone } = await signedIn()
    const tabs = [phone.client, phone.restart(), phone.restart()]
    for (let round = 0; round < 5; round++) {
      app.clock.offsetMs += 600_000
      const tokens = await Promise.all(tabs.map((tab) => tab.accessToken()))
      for (const token of tokens) expect(token).toEqual(expect.any(String))
    }
    expect(await phone.client.session({ check: true })).not.toBeNull()
  })
})
