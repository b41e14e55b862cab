import { env as workerEnv } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { realWorld, type World } from '../../src/base/world.ts'
import { sendWithRetries, SendError, type Route } from '../../src/send/retries.ts'
import { emailBinding, EmailServiceError } from '../support/workers/email-binding.ts'
import { newEmail, startLatchkey, type Latchkey } from '../support/workers/latchkey.ts'
import { watchSes } from '../support/workers/ses.ts'
import { ask, newDevice, redeem, tokenOf } from '../support/workers/sign-in.ts'
import { linesOf } from '../support/workers/tokens.ts'

const quick: Partial<World> = { sleep: (ms) => realWorld.sleep(ms > 1000 ? ms : 0) }
const sesAnswers = (status: number, code: string) => () =>
  new Response('{"message":"canary"}', { status, headers: { 'x-amzn-errortype': code } })
const SES_TAKES = () => Response.json({ MessageId: 'x' })
const throws = (code: string) => () => {
  throw new EmailServiceError(code, 'canary@example.org')
}

/** Asks for a link, and sends it with these senders. */
async function sendLink(
  MAIL_SENDERS: string,
  ses: () => Response,
  cloudflare?: (attempt: number) => unknown,
) {
  const binding = emailBinding(cloudflare)
  const network = watchSes(ses)
  const app = startLatchkey({
    env: { MAIL_SENDERS, EMAIL: binding.EMAIL },
    world: { ...quick, fetch: network.fetch },
  })
  const email = newEmail()
  const device = await newDevice()
  expect((await ask(app, email, device)).status).toBe(202)
  await app.settle()
  return { app, email, device, binding, network, sent: senderOf(app) }
}

const senderOf = (app: Latchkey): unknown =>
  linesOf(app, 'link_sent').map(({ sender }) => sender)[0]
const failureOf = (app: Latchkey): unknown => linesOf(app, 'link_not_sent')[0]?.['error']

describe('works', () => {
  it('sends by SES alone unless the configuration says otherwise', async () => {
    const { binding, network, sent } = await sendLink('', SES_TAKES)
    expect([sent, network.mails.length, binding.attempts()]).toEqual(['ses', 1, 0])
  })

  it('sends by Cloudflare alone, with the same content, and the link works', async () => {
    const { app, email, device, binding, network, sent } = await sendLink('cloudflare', SES_TAKES)
    expect([sent, network.mails.length]).toEqual(['cloudflare', 0])
    const [mail] = binding.mails
    expect(mail).toMatchObject({
      from: { name: 'Latchkey', email: 'sign-in@latchkey.test' },
      to: email,
      headers: {
        'X-Entity-Ref-ID': expect.stringMatching(/^[\w-]{16}$/),
        'Auto-Submitted': 'auto-generated',
      },
    })
    expect(mail!.html).not.toContain('ses:')
    expect(mail!.html).toContain('<a href="https://auth.latchkey.test/link/tok_ml_')
    expect((await redeem(app, tokenOf(mail!.text), device)).status).toBe(200)
  })

  it.each([
    ['"Acme, Inc" <hi@acme.test>', { name: 'Acme, Inc', email: 'hi@acme.test' }],
    ['hi@acme.test', { name: '', email: 'hi@acme.test' }],
  ])('reads the sender %s', async (MAIL_FROM, from) => {
    const binding = emailBinding()
    const app = startLatchkey({
      env: { MAIL_FROM, MAIL_SENDERS: 'cloudflare', EMAIL: binding.EMAIL },
    })
    await ask(app, newEmail(), await newDevice())
    await app.settle()
    expect(binding.mails[0]!.from).toEqual(from)
  })

  it('sends through the binding of the runtime', async () => {
    const { EMAIL_OF_RUNTIME } = workerEnv as unknown as Record<string, unknown>
    const app = startLatchkey({ env: { MAIL_SENDERS: 'cloudflare', EMAIL: EMAIL_OF_RUNTIME } })
    await ask(app, newEmail(), await newDevice())
    await app.settle()
    expect(linesOf(app, 'link_not_sent')).toEqual([])
    expect(senderOf(app)).toBe('cloudflare')
  })
})

describe('T100: the other service sends an email when the first one cannot, and never a refused one', () => {
  it.each([
    ['is away', 503, 'ServiceUnavailable', 2],
    ['throttles', 400, 'ThrottlingException', 2],
    ['has paused sending', 400, 'SendingPausedException', 1],
    ['does not know the domain', 400, 'MailFromDomainNotVerifiedException', 1],
    ['refuses the keys', 403, 'AccessDeniedException', 1],
  ])('from SES to Cloudflare: SES %s', async (_, status, code, tries) => {
    const { sent, network, binding } = await sendLink('ses,cloudflare', sesAnswers(status, code))
    expect([sent, network.mails.length, binding.attempts()]).toEqual(['cloudflare', tries, 1])
  })

  it('from SES to Cloudflare: a connection that breaks', async () => {
    const { sent } = await sendLink('ses,cloudflare', () => {
      throw new TypeError('Network connection lost')
    })
    expect(sent).toBe('cloudflare')
  })

  it.each([
    ['E_INTERNAL_SERVER_ERROR', 2],
    ['E_RATE_LIMIT_EXCEEDED', 2],
    ['an unknown error', 2],
    ['E_DAILY_LIMIT_EXCEEDED', 1],
    ['E_SENDER_DOMAIN_NOT_AVAILABLE', 1],
  ])('from Cloudflare to SES: %s', async (code, tries) => {
    const { sent, binding, network } = await sendLink('cloudflare,ses', SES_TAKES, throws(code))
    expect([sent, binding.attempts(), network.mails.length]).toEqual(['ses', tries, 1])
  })

  it.each(['MessageRejected', 'BadRequestException'])(
    'not after SES refused the message: %s',
    async (code) => {
      const { app, sent, binding, network } = await sendLink(
        'ses,cloudflare',
        sesAnswers(400, code),
      )
      expect([sent, network.mails.length, binding.attempts()]).toEqual([undefined, 1, 0])
      expect(failureOf(app)).toBe(`SendError ${code}`)
    },
  )

  it.each([
    'E_VALIDATION_ERROR',
    'E_RECIPIENT_SUPPRESSED',
    'E_RECIPIENT_NOT_ALLOWED',
    'E_DELIVERY_FAILED',
    'E_HEADER_VALUE_INVALID',
  ])('not after Cloudflare refused the message: %s', async (code) => {
    const { app, sent, binding, network } = await sendLink(
      'cloudflare,ses',
      SES_TAKES,
      throws(code),
    )
    expect([sent, binding.attempts(), network.mails.length]).toEqual([undefined, 1, 0])
    expect(failureOf(app)).toBe(`SendError ${code}`)
  })

  it('when both fail, the log has the last error, and neither the text nor the recipient', async () => {
    const { app, email } = await sendLink(
      'ses,cloudflare',
      sesAnswers(503, 'ServiceUnavailable'),
      throws('E_INTERNAL_SERVER_ERROR'),
    )
    expect(failureOf(app)).toBe('SendError E_INTERNAL_SERVER_ERROR')
    expect(JSON.stringify(app.lines)).not.toMatch(new RegExp(`canary|${email}`))
  })

  it('a lost answer sends the same link twice, which works once', async () => {
    const { app, device, binding, network, sent } = await sendLink('ses,cloudflare', () => {
      throw new TypeError('The answer was lost')
    })
    expect(sent).toBe('cloudflare')
    const tokens = [
      ...network.mails.map(({ Content }) => tokenOf(Content.Simple.Body.Text.Data)),
      ...binding.mails.map(({ text }) => tokenOf(text)),
    ]
    expect([tokens.length, new Set(tokens).size]).toEqual([3, 1])
    expect((await redeem(app, tokens[0]!, device)).status).toBe(200)
    expect((await redeem(app, tokens[2]!, await newDevice())).status).toBe(400)
  })
})

describe('withstands', () => {
  const failing = (sender: Route['sender'], tookMs: (timeoutMs: number) => number) => {
    const timeouts: number[] = []
    const clock = { ms: 0 }
    const route: Route = {
      sender,
      attempt: async (timeoutMs) => {
        timeouts.push(timeoutMs)
        clock.ms += tookMs(timeoutMs)
        return new SendError(0, 'TimeoutError', 'passing')
      },
    }
    return { route, timeouts, clock }
  }

  it('services that never answer: all tries end within one deadline', async () => {
    const { route, timeouts, clock } = failing('ses', (timeoutMs) => timeoutMs + 2000)
    const world: World = {
      ...realWorld,
      ticks: () => clock.ms,
      sleep: async (ms) => void (clock.ms += ms),
    }
    await expect(sendWithRetries(world, [route, route])).rejects.toThrow(SendError)
    expect(clock.ms).toBeLessThanOrEqual(24_000)
    expect(timeouts[0]).toBe(5000)
    expect(timeouts.at(-1)).toBeLessThan(5000)
  })

  it('a binding that never answers', async () => {
    const binding = emailBinding(() => new Promise(() => undefined))
    const network = watchSes(SES_TAKES)
    const app = startLatchkey({
      env: { MAIL_SENDERS: 'cloudflare,ses', EMAIL: binding.EMAIL },
      world: { fetch: network.fetch, sleep: (ms) => realWorld.sleep(ms / 100) },
    })
    await ask(app, newEmail(), await newDevice())
    await app.settle()
    expect([senderOf(app), binding.attempts()]).toEqual(['ses', 2])
  })
})

describe('refuses', () => {
  it('to run without the binding that MAIL_SENDERS needs, or with an unknown sender', async () => {
    for (const [env, problem] of [
      [
        { MAIL_SENDERS: 'ses,cloudflare' },
        'EMAIL is missing, because MAIL_SENDERS names cloudflare',
      ],
      [
        { MAIL_SENDERS: 'postmark' },
        'MAIL_SENDERS must list ses, cloudflare or both, separated by commas',
      ],
      [{ EMAIL: {} }, 'EMAIL must be a send_email binding'],
    ] as const) {
      const app = startLatchkey({ env })
      expect((await app.fetch('/readyz')).status).toBe(503)
      expect(app.lines[0]).toMatchObject({ event: 'config_invalid', problems: [problem] })
    }
  })
})
