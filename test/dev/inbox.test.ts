import { AwsClient } from 'aws4fetch'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Message } from '../../dev/inbox/accept.ts'
import { startInbox, type Inbox } from '../../dev/inbox/inbox.ts'
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
