import { AwsClient } from 'aws4fetch'
import { execFileSync } from 'node:child_process'
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Message } from '../../dev/inbox/accept.ts'
import { startInbox, type Inbox } from '../../dev/inbox/inbox.ts'
import { adbLine, simctlLine, withScheme } from '../../dev/inbox/open-lines.ts'
import { LOCAL_AWS } from '../../dev/local-aws.ts'

let inbox: Inbox
beforeAll(async () => {
  inbox = await startInbox(0)
})
afterAll(() => inbox.stop())

const LINK = 'https://auth.latchkey.test/link/tok_ml_AbC-123_x'

function mail(to: string, over: { subject?: string; html?: string; text?: string } = {}) {
  const { subject = 'Sign in', text = `Open ${LINK}\nor type 123456.` } = over
  const Html = { Data: over.html ?? '<p>Hello</p>' }
  return {
    FromEmailAddress: 'Latchkey <sign-in@latchkey.test>',
    Destination: { ToAddresses: [to] } as Record<string, string[]>,
    Content: { Simple: { Subject: { Data: subject }, Body: { Text: { Data: text }, Html } } },
  }
}

function client(over: object = {}): AwsClient {
  return new AwsClient({ ...LOCAL_AWS, retries: 0, ...over })
}

function sendMail(body: object, aws = client({ service: 'ses' })): Promise<Response> {
  return aws.fetch(`${inbox.endpoint}/v2/email/outbound-emails`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}

function sendSms(body: object): Promise<Response> {
  return client({ service: 'sms-voice' }).fetch(inbox.endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'PinpointSMSVoiceV2.SendTextMessage',
    },
    body: JSON.stringify(body),
  })
}

async function messages(to: string): Promise<Message[]> {
  const query = new URLSearchParams({ to })
  return (await (await fetch(`${inbox.endpoint}/messages?${query}`)).json()) as Message[]
}

describe('works', () => {
  it('accepts an email and finds its link and code', async () => {
    const answer = await sendMail(mail('works@example.com'))
    expect(answer.status).toBe(200)
    expect(await answer.json()).toEqual({ MessageId: expect.any(String) })
    expect(await messages('works@example.com')).toEqual([
      expect.objectContaining({
        channel: 'email',
        to: 'works@example.com',
        subject: 'Sign in',
        html: '<p>Hello</p>',
        link: LINK,
        code: '123456',
        at: expect.any(Number),
      }),
    ])
  })

  it('accepts a text message', async () => {
    const answer = await sendSms({
      DestinationPhoneNumber: '+14155551234',
      MessageBody: `654321 is your code. ${LINK}`,
      MessageType: 'TRANSACTIONAL',
    })
    expect(answer.status).toBe(200)
    expect(await messages('+14155551234')).toEqual([
      expect.objectContaining({ channel: 'sms', link: LINK, code: '654321' }),
    ])
  })

  it('shows every recipient, so that an injected one is visible', async () => {
    const body = mail('first@example.com')
    body.Destination.BccAddresses = ['hidden@example.com']
    body.Destination.ToAddresses?.push('second@example.com')
    expect((await sendMail(body)).status).toBe(200)
    const [message] = await messages('hidden@example.com')
    expect(message?.to).toBe('first@example.com, second@example.com')
    expect(message?.recipients.bcc).toEqual(['hidden@example.com'])
  })

  it('lists the newest first, and deletes all on request', async () => {
    const own = await startInbox(0)
    for (const name of ['old', 'new']) {
      await client({ service: 'ses' }).fetch(`${own.endpoint}/v2/email/outbound-emails`, {
        method: 'POST',
        body: JSON.stringify(mail(`${name}@example.com`)),
      })
    }
    expect(own.messages.map((one) => one.to)).toEqual(['new@example.com', 'old@example.com'])
    await fetch(`${own.endpoint}/messages`, { method: 'DELETE' })
    expect(await (await fetch(`${own.endpoint}/messages`)).json()).toEqual([])
    await own.stop()
  })
})

describe('works for tests', () => {
  const at = async (query: Record<string, string>) =>
    (await (
      await fetch(`${inbox.endpoint}/messages?${new URLSearchParams(query)}`)
    ).json()) as Message[]

  it('waits for a message, answers as soon as it is there, and gives up in time', async () => {
    const to = 'waited-for@example.com'
    const startedAt = Date.now()
    expect(await at({ to, waitSeconds: '1' })).toEqual([])
    expect(Date.now() - startedAt).toBeGreaterThan(900)
    const waiting = at({ to, waitSeconds: '30' })
    await sendMail(mail('somebody-else@example.com'))
    await sendMail(mail(to))
    expect((await waiting).map((one) => one.to)).toEqual([to])
    expect(Date.now() - startedAt).toBeLessThan(20_000)
  })

  it('gives the messages after one, and at most so many', async () => {
    const to = 'several@example.com'
    for (const subject of ['one', 'two', 'three']) await sendMail(mail(to, { subject }))
    const [, , first] = await at({ to })
    const subjects = (found: Message[]) => found.map((one) => one.subject)
    expect(subjects(await at({ to, after: first!.id }))).toEqual(['three', 'two'])
    expect(subjects(await at({ to, limit: '1' }))).toEqual(['three'])
    expect(await at({ to, limit: '0' })).toEqual([])
    // All messages are newer than one that was deleted.
    expect(await at({ to, after: 'deleted' })).toHaveLength(3)
  })

  it('opens any link on a simulator as it is, whatever a shell reads in it', () => {
    const nasty = `https://auth.latchkey.test/link/a?b='1'&c="$(echo 2)"\`d\`;e!f\\g h`
    const run = (command: string) =>
      execFileSync('sh', ['-c', `xcrun() { printf %s "$4"; }; ${command}`], { encoding: 'utf8' })
    expect(run(simctlLine(nasty))).toBe(nasty)
    const device = `am() { for last; do :; done; printf %s "$last"; }`
    const adb = `adb() { shift; sh -c '${device}; eval "$0"' "$*"; }; ${adbLine(nasty)}`
    expect(execFileSync('sh', ['-c', adb], { encoding: 'utf8' })).toBe(nasty)
    expect(adbLine('latchkey://link/tok_ml_x')).toBe(
      `adb shell am start -a android.intent.action.VIEW -d "'latchkey://link/tok_ml_x'"`,
    )
    expect(withScheme('https://auth.latchkey.test/link/tok_ml_x', 'myapp')).toBe(
      'myapp://link/tok_ml_x',
    )
  })
})

describe('works', () => {
  it('shows every message in every language', async () => {
    const page = await fetch(`${inbox.endpoint}/preview`)
    expect(page.status).toBe(200)
    const html = await page.text()
    for (const locale of ['en', 'de', 'fr', 'es', 'ja']) {
      expect(html).toContain(`src="/preview/${locale}/html"`)
      const mail = await fetch(`${inbox.endpoint}/preview/${locale}/html`)
      expect(mail.headers.get('content-security-policy')).toContain('sandbox')
      expect(await mail.text()).toContain('123456')
    }
    expect((await fetch(`${inbox.endpoint}/preview/xx/html`)).status).toBe(404)
  })
})

describe('refuses', () => {
  it('an email that is not signed', async () => {
    const answer = await fetch(`${inbox.endpoint}/v2/email/outbound-emails`, {
      method: 'POST',
      body: JSON.stringify(mail('unsigned@example.com')),
    })
    expect(answer.status).toBe(403)
    expect(answer.headers.get('x-amzn-errortype')).toBe('MissingAuthenticationTokenException')
    expect(await messages('unsigned@example.com')).toEqual([])
  })

  it.each([
    ['another secret', { secretAccessKey: 'other' }, 'InvalidSignatureException'],
    ['another key', { accessKeyId: 'other' }, 'UnrecognizedClientException'],
    ['another region', { region: 'eu-west-1' }, 'InvalidSignatureException'],
    ['another service', { service: 'email' }, 'InvalidSignatureException'],
  ])('an email signed with %s', async (_, over, code) => {
    const answer = await sendMail(mail('forged@example.com'), client({ service: 'ses', ...over }))
    expect(answer.status).toBe(403)
    expect(answer.headers.get('x-amzn-errortype')).toBe(code)
    expect(await messages('forged@example.com')).toEqual([])
  })

  it('an email that was changed, and one signed ten minutes ago', async () => {
    const url = `${inbox.endpoint}/v2/email/outbound-emails`
    const body = JSON.stringify(mail('changed@example.com'))
    const signed = await client({ service: 'ses' }).sign(url, { method: 'POST', body })
    const changed = body.replace('Sign in', 'Sign on')
    const { headers } = signed
    expect((await fetch(url, { method: 'POST', headers, body: changed })).status).toBe(403)
    const datetime = new Date(Date.now() - 600_000).toISOString().replace(/[:-]|\.\d{3}/g, '')
    const late = await client({ service: 'ses' }).sign(url, {
      method: 'POST',
      body,
      aws: { datetime },
    })
    expect((await fetch(late)).status).toBe(403)
    expect(await messages('changed@example.com')).toEqual([])
  })

  it.each([
    [
      'a line break in the subject',
      mail('bad@example.com', { subject: 'a\r\nBcc: x@example.com' }),
    ],
    ['a line break in the address', mail('bad@example.com\r\nBcc: x@example.com')],
    ['two addresses in one', mail('bad@example.com,x@example.com')],
    ['no recipient', { ...mail('bad@example.com'), Destination: {} }],
    ['an unknown member', { ...mail('bad@example.com'), Bcc: 'x@example.com' }],
  ])('an email with %s', async (_, body) => {
    const answer = await sendMail(body)
    expect(answer.status).toBe(400)
    expect(answer.headers.get('x-amzn-errortype')).toBe('BadRequestException')
    expect(await messages('x@example.com')).toEqual([])
  })

  it('a text message without a number, with the error format of its protocol', async () => {
    const answer = await sendSms({ DestinationPhoneNumber: 'me', MessageBody: 'x' })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ __type: 'ValidationException' })
  })
})

describe('withstands', () => {
  it('a web page whose own host name leads here (DNS rebinding)', async () => {
    await sendMail(mail('rebound@example.com'))
    const ask = (host: string) =>
      new Promise<number>((resolve, reject) => {
        request(`${inbox.endpoint}/messages`, { headers: { host } }, (response) => {
          response.resume()
          resolve(response.statusCode!)
        })
          .once('error', reject)
          .end()
      })
    for (const host of ['evil.example', '127.0.0.1.evil.example:8788', 'localhost.evil.example']) {
      expect(await ask(host), host).toBe(421)
    }
    for (const host of ['127.0.0.1:8788', 'localhost', '[::1]:8788']) {
      expect(await ask(host), host).toBe(200)
    }
  })

  it('a path that leads out of its documents', async () => {
    const { port } = new URL(inbox.endpoint)
    for (const path of [
      '/files/package.json',
      '/files/.dev.vars',
      '/files/docs/../.dev.vars',
      '/files/docs%2fhttp.md',
    ]) {
      const status = await new Promise<number>((resolve, reject) => {
        request({ host: '127.0.0.1', port, path }, (response) => {
          response.resume()
          resolve(response.statusCode!)
        })
          .once('error', reject)
          .end()
      })
      expect(status, path).toBe(404)
    }
  })

  it('HTML in every field of a message', async () => {
    const evil = '<script>alert(1)</script><img src=x onerror=alert(1)>'
    await sendMail(mail('evil@example.com', { subject: evil, text: evil, html: evil }))
    const page = await fetch(inbox.endpoint)
    const html = await page.text()
    expect(html).not.toContain('<script>alert')
    expect(html).not.toContain('<img')
    expect(html).toContain('&lt;script&gt;alert')
    expect(page.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'nonce-[^']+'; script-src 'nonce-[^']+'; connect-src 'self'/,
    )
    const [message] = await messages('evil@example.com')
    const frame = await fetch(`${inbox.endpoint}/messages/${message!.id}/html`)
    expect(frame.headers.get('content-security-policy')).toMatch(/^sandbox; default-src 'none'/)
    expect(html).toContain(`sandbox="" loading="lazy" src="/messages/${message!.id}/html"`)
  })
})
