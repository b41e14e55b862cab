import { describe, expect, it } from 'vitest'
import { approve, withdraw } from '../support/workers/approvals.ts'
import { messagesTo, newEmail, startLatchkey, type Latchkey } from '../support/workers/latchkey.ts'
import { linksOf as linkRowsOf } from '../support/workers/rows.ts'
import { SES_TAKES_IT, watchSes } from '../support/workers/ses.ts'
import {
  ask,
  askForLink,
  newDevice,
  postJson,
  redeem,
  signIn,
  tokenOf,
  withToken,
  type Tokens,
} from '../support/workers/sign-in.ts'

const ISSUER = 'https://auth.latchkey.test'

const linesOf = (app: Latchkey, event: string) =>
  app.lines.filter((line) => line['event'] === event)

/** An answer of SES that says no. */
const refusal = (status: number, type: string) => () =>
  Response.json({ message: 'no' }, { status, headers: { 'x-amzn-errortype': type } })

/** One To, nothing hidden, and the elements of an untouched mail and no other. */
function expectCleanMail(ses: ReturnType<typeof watchSes>, email: string) {
  expect(ses.mails).toHaveLength(1)
  const { Destination, Content } = ses.mails[0]!
  expect(Destination).toEqual({ ToAddresses: [email] })
  expect(Content.Simple.Headers.map(({ Name }) => Name)).toEqual([
    'X-Entity-Ref-ID',
    'Auto-Submitted',
  ])
  const html = Content.Simple.Body.Html.Data
  expect(html).not.toMatch(/<(?:script|img|iframe|form|input|svg|object|base|b)\b/i)
  expect(html.match(/<a\b/g)).toHaveLength(1)
  expect(html.match(/<h1\b/g)).toHaveLength(1)
  expect(html.match(/<\/table>/g)).toHaveLength(2)
  expect(html).not.toMatch(/\son[a-z]+=["']?\w/i)
  const hrefs = [...html.matchAll(/href="([^"]*)"/g)].map((match) => match[1])
  expect(hrefs).toEqual([expect.stringMatching(/^https:\/\/auth\.latchkey\.test\/link\/tok_ml_/)])
}

/** The mail, once it came: others' work goes on meanwhile. */
async function mailTo(email: string) {
  for (let tries = 0; tries < 200; tries++) {
    const [mail] = await messagesTo(email)
    if (mail !== undefined) return mail
    await scheduler.wait(20)
  }
  throw new Error('no mail came')
}

describe('works', () => {
  it('sends text and HTML to exactly one recipient, with a subject that names the app', async () => {
    const ses = watchSes()
    const app = startLatchkey({ env: { APP_NAME: 'Sigma Mobile' }, world: { fetch: ses.fetch } })
    const asked = await askForLink(app, await newDevice(), undefined, { deviceName: 'Pixel 9' })

    expect(ses.mails).toHaveLength(1)
    const { Destination, FromEmailAddress, Content } = ses.mails[0]!
    expect(Destination).toEqual({ ToAddresses: [asked.email] })
    expect(FromEmailAddress).toBe('Latchkey <sign-in@latchkey.test>')
    const { Subject, Body } = Content.Simple
    expect(Subject.Data).toContain('Sigma Mobile')
    for (const part of [Body.Text.Data, Body.Html.Data]) {
      expect(part).toContain(asked.link)
      expect(part).toContain(asked.code)
      expect(part).toContain('Pixel 9')
    }
  })

  it('marks the link for SES not to track', async () => {
    const ses = watchSes()
    const app = startLatchkey({ world: { fetch: ses.fetch } })
    const { link } = await askForLink(app, await newDevice())
    const anchors = ses.mails[0]!.Content.Simple.Body.Html.Data.match(/<a\b[^>]*>/g) ?? []
    expect(anchors).toHaveLength(1)
    expect(anchors[0]).toMatch(/^<a ses:no-track /)
    expect(anchors[0]).toContain(`href="${link}"`)
  })

  it('gives every email its own reference, so that mail programs do not group them', async () => {
    const ses = watchSes()
    const app = startLatchkey({ world: { fetch: ses.fetch } })
    const device = await newDevice()
    const email = newEmail()
    for (let n = 0; n < 3; n++) {
      expect((await ask(app, email, device)).status).toBe(202)
      await app.settle()
      app.clock.offsetMs += 61_000
    }
    const references = ses.mails.map(
      ({ Content }) =>
        Content.Simple.Headers.find(({ Name }) => Name === 'X-Entity-Ref-ID')?.Value ?? '',
    )
    expect(new Set(references).size).toBe(3)
    for (const reference of references) expect(reference).toMatch(/^[A-Za-z0-9_-]{16}$/)
  })

  it('says when the link expires and when to ask again', async () => {
    const app = startLatchkey({ env: { LINK_TTL_SECONDS: '300' } })
    const answer = await ask(app, newEmail(), await newDevice())
    expect(await answer.json()).toEqual({
      handle: expect.stringMatching(/^[A-Za-z0-9_-]{60,}$/),
      expiresIn: 300,
      resendAfter: 60,
    })
  })

  it('writes in the language that the app requests, or in English if it is not supported', async () => {
    const app = startLatchkey()
    const german = newEmail()
    const klingon = newEmail()
    await askForLink(app, await newDevice(), german, { locale: 'de-CH' })
    await askForLink(app, await newDevice(), klingon, { locale: 'tlh' })
    expect((await messagesTo(german))[0]!.subject).toContain('Ihr Code')
    expect((await messagesTo(klingon))[0]!.subject).toContain('is your')
  })

  it('logs one link_sent line for an email that was sent', async () => {
    const app = startLatchkey()
    await askForLink(app, await newDevice())
    expect(linesOf(app, 'link_sent')).toEqual([expect.objectContaining({ channel: 'email' })])
    expect(linesOf(app, 'link_not_sent')).toEqual([])
  })
})

describe('refuses', () => {
  it('to send to an address that is unknown, expired or shut out', async () => {
    const ses = watchSes()
    const app = startLatchkey({ world: { fetch: ses.fetch } })
    const [unknown, lapsed, revoked] = ['example.org', 'example.org', 'example.org'].map(newEmail)
    const leaver = newEmail()
    await approve(app, lapsed!, { expiresAt: Math.floor(Date.now() / 1000) - 1 })
    await approve(app, revoked!, { revokedAt: 1, revokedBy: 'admin@sigmacomputing.com' })
    await approve(app, leaver, { revokedAt: 1, revokedBy: 'admin@sigmacomputing.com' })
    for (const email of [unknown, lapsed, revoked, leaver]) {
      expect((await ask(app, email!, await newDevice())).status).toBe(202)
    }
    await app.settle()
    expect(ses.mails).toEqual([])
    // Each has its link's row, as an approved address has: a later try of a code must not tell them apart.
    for (const email of [unknown, lapsed, revoked, leaver]) {
      expect(await linkRowsOf(app, email!)).toMatchObject([
        { email, used: false, attempts: 0, sessionJWT: null, metadata: { sourceFlow: 'email' } },
      ])
    }
    const notSent = linesOf(app, 'link_not_sent')
    expect(notSent.map(({ reason, outcome }) => [reason, outcome])).toEqual(
      Array.from({ length: 4 }, () => ['not_approved', 'refused']),
    )
  })

  const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
  it.each([
    ['no challenge', {}],
    ['a plain verifier', { codeChallenge: 'a-verifier-that-is-longer-than-43-characters-0123456' }],
    ['a short one', { codeChallenge: challenge.slice(1) }],
    ['a long one', { codeChallenge: `${challenge}A` }],
    ['one with padding', { codeChallenge: `${challenge}=` }],
    ['one that 32 bytes never give', { codeChallenge: `${challenge.slice(0, -1)}N` }],
    ['plain base64', { codeChallenge: `${challenge.slice(0, -3)}+/A` }],
    ['an empty one', { codeChallenge: '' }],
    ['null', { codeChallenge: null }],
  ])('T8: instead of an S256 challenge, %s', async (_, body) => {
    const app = startLatchkey()
    const answer = await postJson(app, '/v1/links', { email: newEmail(), ...body })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ errors: [{ pointer: '#/codeChallenge' }] })
    expect(await app.calls()).toEqual([])
  })

  it('T8: any other challenge method', async () => {
    const app = startLatchkey()
    const more = { codeChallengeMethod: 'plain' }
    const answer = await ask(app, newEmail(), await newDevice(), more)
    expect(answer.status).toBe(400)
    expect(await app.calls()).toEqual([])
  })

  it.each([
    ['a form', 'application/x-www-form-urlencoded'],
    ['a multipart form', 'multipart/form-data; boundary=x'],
    ['plain text', 'text/plain'],
    ['JSON dressed as plain text', 'text/plain; application/json'],
    ['two types', 'application/json, text/plain'],
    ['no type', undefined],
  ])('T9: the content type %s, which any page may post', async (_, contentType) => {
    const ses = watchSes()
    const app = startLatchkey({ world: { fetch: ses.fetch } })
    const { codeChallenge } = await newDevice()
    const answer = await app.fetch('/v1/links', {
      method: 'POST',
      headers: contentType === undefined ? {} : { 'Content-Type': contentType },
      body: new TextEncoder().encode(JSON.stringify({ email: newEmail(), codeChallenge })),
    })
    expect(answer.status).toBe(415)
    await app.settle()
    expect(await app.calls()).toEqual([])
    expect(ses.mails).toEqual([])
  })

  it.each(['https://evil.example', 'null', 'https://auth.latchkey.test.evil.example', '', '*'])(
    'T9: a POST from the origin "%s", and sends nothing',
    async (origin) => {
      const ses = watchSes()
      const app = startLatchkey({ world: { fetch: ses.fetch } })
      const device = await newDevice()
      const { codeChallenge } = device
      const body = { email: newEmail(), codeChallenge }
      const answer = await postJson(app, '/v1/links', body, { Origin: origin })
      expect(answer.status).toBe(403)
      await app.settle()
      expect(await app.calls()).toEqual([])
      expect(ses.mails).toEqual([])
    },
  )
})

describe('withstands', () => {
  const hostile = {
    Host: 'evil.example',
    'X-Forwarded-Host': 'evil.example',
    'X-Forwarded-Server': 'evil.example',
    'X-Forwarded-Proto': 'http',
    'X-Forwarded-Port': '8080',
    'X-Forwarded-Prefix': '/evil',
    'X-Original-Host': 'evil.example',
    'X-Original-URL': 'https://evil.example/v1/links',
    'X-Rewrite-URL': '/evil',
    'X-Host': 'evil.example',
    Forwarded: 'for=192.0.2.1;host=evil.example;proto=http',
    Referer: 'https://evil.example/',
  }
  it.each([
    ['hostile headers', '/v1/links', hostile],
    ['another host', 'https://evil.example/v1/links', {}],
    ['another host and hostile headers', 'https://evil.example/v1/links', hostile],
    ['plain http and a port', 'http://auth.latchkey.test:8080/v1/links', {}],
    ['a host with a suffix', 'https://auth.latchkey.test.evil.example/v1/links', {}],
    ['an upper-case host', 'https://AUTH.EXAMPLE.COM/v1/links', {}],
  ])('T4: a request with %s: the email has ISSUER, byte for byte', async (_, url, headers) => {
    const ses = watchSes()
    const app = startLatchkey({ world: { fetch: ses.fetch } })
    const email = newEmail()
    const { codeChallenge } = await newDevice()
    const answer = await postJson(app, url, { email, codeChallenge }, headers)
    expect(answer.status).toBe(202)
    await app.settle()
    const { Text, Html } = ses.mails[0]!.Content.Simple.Body
    const token = tokenOf(Text.Data)
    for (const part of [Text.Data, Html.Data]) {
      const urls = part.match(/[a-z]+:\/\/[^\s"<]+/g)
      expect(urls).toEqual([`${ISSUER}/link/${token}`])
      expect(part).not.toMatch(/evil|8080/i)
    }
  })

  describe('T7: withstands any input in a field', () => {
    const attacks = [
      '<img src=x onerror=alert(1)>',
      '</td></tr></table><a href="https://evil.example">Sign in</a>',
      '"><script>alert(1)</script>',
      "' style='background:url(//evil.example)",
      'a\r\nBcc: victim@example.org',
      'a\nBcc: victim@example.org\n\n<h1>x</h1>',
      'a\u0000b',
      'a\u2028Bcc: victim@example.org',
      '&lt;b&gt;',
      'https://evil.example/',
      '\u202Eevil',
    ]
    it.each(
      ['deviceName', 'locale', 'dashboardId'].flatMap((field) =>
        attacks.map((attack) => [field, attack] as const),
      ),
    )('sends to one recipient, without injected markup, for %s = %j', async (field, attack) => {
      const ses = watchSes(SES_TAKES_IT)
      const app = startLatchkey({ world: { fetch: ses.fetch } })
      const email = newEmail()
      const answer = await ask(app, email, await newDevice(), { [field]: attack })
      await app.settle()
      if (answer.status !== 202) {
        expect(answer.status).toBe(400)
        expect(ses.mails).toEqual([])
        return
      }
      expectCleanMail(ses, email)
    })

    it('sends nothing if APP_NAME has two lines', async () => {
      const ses = watchSes(SES_TAKES_IT)
      const env = { APP_NAME: 'a\r\nBcc: victim@example.org' }
      const app = startLatchkey({ env, world: { fetch: ses.fetch } })
      expect((await ask(app, newEmail(), await newDevice())).status).toBe(503)
      expect(ses.mails).toEqual([])
    })

    it.each([
      '<b>App</b>"><script>',
      'a\tb\u0085c\u202Ed',
      "App' ses:track='1",
      'https://evil.example/',
    ])('sends to one recipient, without injected markup, for APP_NAME = %j', async (APP_NAME) => {
      const ses = watchSes(SES_TAKES_IT)
      const app = startLatchkey({ env: { APP_NAME }, world: { fetch: ses.fetch } })
      const email = newEmail()
      expect((await ask(app, email, await newDevice())).status).toBe(202)
      await app.settle()
      const { Subject } = ses.mails[0]!.Content.Simple
      expect(Subject.Data).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u)
      expectCleanMail(ses, email)
    })
  })

  it('T52: concurrent people: each gets their own link, session and responses', async () => {
    // Ten times the patience: a busy machine is no outage.
    const app = startLatchkey({ world: { ticks: () => performance.now() / 10 } })
    await app.setFaults([{ fault: 'slow', delayMs: 25, probability: 0.5 }])
    await Promise.all(
      Array.from({ length: 12 }, async (_, n) => {
        const email = newEmail()
        const device = await newDevice()
        const headers = { 'CF-Connecting-IP': `192.0.2.${n}`, 'User-Agent': `Phone/${n}` }
        const body = { email, codeChallenge: device.codeChallenge, dashboardId: `db_${n}` }
        expect((await postJson(app, '/v1/links', body, headers)).status).toBe(202)
        const mail = await mailTo(email)
        const more = { device_name: `Phone ${n}` }
        const tokens = (await (
          await redeem(app, tokenOf(mail.link), device, more, headers)
        ).json()) as Tokens
        expect(tokens.user.email).toBe(email)
        expect(tokens.dashboard_id).toBe(`db_${n}`)
        const session = await withToken(app, tokens.access_token, '/v1/session')
        expect(await session.json()).toMatchObject({
          session: { id: tokens.session_id, deviceName: `Phone ${n}`, dashboardId: `db_${n}` },
          user: { email, id: tokens.user.id },
        })
        const activity = await withToken(app, tokens.access_token, '/v1/activity')
        const seen = (await activity.json()) as { activity: Record<string, unknown>[] }
        expect(seen.activity).toHaveLength(2)
        for (const one of seen.activity) {
          expect(one).toMatchObject({ ipAddress: `192.0.2.${n}`, userAgent: `Phone/${n}` })
        }
      }),
    )
  })

  // How an ask looks from outside, whatever the address: see alike.test.ts.
  it('T68: a person who reads request log lines: they are the same for every address', async () => {
    const app = startLatchkey()
    const [unknown, approved] = [newEmail('sigmacomputinh.com'), newEmail('sigmacomputinh.com')]
    const [company, leaver] = [newEmail(), newEmail()]
    await approve(app, approved)
    await withdraw(app, leaver)
    for (const email of [unknown, approved, company, leaver]) {
      expect((await ask(app, email, await newDevice())).status).toBe(202)
    }
    await app.settle()
    const asked = linesOf(app, 'link_asked').map(
      ({ time: _t, requestId: _r, ms: _m, dynamoMs: _d, ...rest }) => rest,
    )
    expect(asked).toHaveLength(4)
    for (const line of asked) expect(line).toEqual(asked[0])
    expect(linesOf(app, 'link_sent')).toHaveLength(2)
    expect(linesOf(app, 'link_not_sent').map((line) => line['reason'])).toEqual([
      'not_approved',
      'not_approved',
    ])
  })

  describe('an unsteady SES', () => {
    const passing: [string, (init: RequestInit) => Promise<Response> | Response][] = [
      ['HTTP 500', refusal(500, 'InternalServiceErrorException')],
      ['HTTP 503', refusal(503, 'ServiceUnavailable')],
      ['HTTP 429', refusal(429, 'TooManyRequestsException')],
      ['a throttle as HTTP 400', refusal(400, 'ThrottlingException:http://internal/')],
      [
        'a broken connection',
        () => {
          throw new Error('Network connection lost.')
        },
      ],
      [
        'no answer at all',
        ({ signal }) =>
          new Promise((_, reject) => {
            signal!.addEventListener('abort', () => reject(signal!.reason as Error))
          }),
      ],
    ]
    it.concurrent.each(passing)(
      'is retried after %s, and then the email arrives',
      async (_, fail) => {
        const ses = watchSes((attempt, init) => (attempt === 1 ? fail(init) : undefined))
        const app = startLatchkey({ world: { fetch: ses.fetch } })
        const device = await newDevice()
        const asked = await askForLink(app, device)
        expect(ses.mails).toHaveLength(2)
        expect(ses.mails[1]).toEqual(ses.mails[0])
        expect(await messagesTo(asked.email)).toHaveLength(1)
        expect((await redeem(app, asked.linkToken, device)).status).toBe(200)
        expect(linesOf(app, 'link_sent')).toHaveLength(1)
      },
    )

    it.concurrent('is tried three times, then logged in one line that names nobody', async () => {
      const ses = watchSes(refusal(500, 'InternalServiceErrorException'))
      const app = startLatchkey({ world: { fetch: ses.fetch } })
      const email = newEmail()
      expect((await ask(app, email, await newDevice())).status).toBe(202)
      await app.settle()
      expect(ses.mails).toHaveLength(3)
      const lines = linesOf(app, 'link_not_sent')
      expect(lines).toHaveLength(1)
      expect(lines[0]).toMatchObject({
        outcome: 'failed',
        error: expect.stringContaining('SendError'),
      })
      expect(lines[0]!['requestId']).toBe(linesOf(app, 'link_asked')[0]!['requestId'])
      expect(JSON.stringify(app.lines)).not.toContain(email.split('@')[0])
      expect(linesOf(app, 'link_sent')).toEqual([])
    })

    it.concurrent('is not retried after a permanent refusal', async () => {
      const ses = watchSes(refusal(400, 'MessageRejected'))
      const app = startLatchkey({ world: { fetch: ses.fetch } })
      expect((await ask(app, newEmail(), await newDevice())).status).toBe(202)
      await app.settle()
      expect(ses.mails).toHaveLength(1)
      expect(linesOf(app, 'link_not_sent')).toHaveLength(1)
    })
  })

  it('T69: a flood on an address: its sessions and the link that its owner requested stay valid', async () => {
    const app = startLatchkey()
    const email = newEmail()
    const older = await signIn(app, undefined, email)
    app.clock.offsetMs += 61_000
    const phone = await newDevice()
    const own = await askForLink(app, phone, email)

    const attacker = await newDevice()
    for (let minute = 0; minute < 6; minute++) {
      app.clock.offsetMs += 61_000
      await Promise.all(Array.from({ length: 10 }, () => ask(app, email, attacker)))
    }
    await app.settle()
    expect(linesOf(app, 'link_sent')).toHaveLength(5)
    expect(await messagesTo(email)).toHaveLength(5)

    expect((await withToken(app, older.access_token, '/v1/session')).status).toBe(200)
    const redeemed = await redeem(app, own.linkToken, phone)
    expect(redeemed.status).toBe(200)
    const tokens = (await redeemed.json()) as Tokens
    expect((await withToken(app, tokens.access_token, '/v1/session')).status).toBe(200)
    expect((await withToken(app, older.access_token, '/v1/session')).status).toBe(200)
  })
})
