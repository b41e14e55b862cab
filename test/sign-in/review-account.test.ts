import { describe, expect, it } from 'vitest'
import { realWorld } from '../../src/base/world.ts'
import { newEmail, startLatchkey } from '../support/workers/latchkey.ts'
import {
  ask,
  askForLink,
  newDevice,
  postForm,
  postJson,
  redeem,
} from '../support/workers/sign-in.ts'

describe('review accounts', () => {
  const today = () => new Date().toISOString().slice(0, 10)
  async function review(email: string, lastDay: string, more: Record<string, unknown> = {}) {
    const accounts = [{ email, code: '271828', lastDay }]
    const app = startLatchkey({ env: { REVIEW_ACCOUNTS: JSON.stringify(accounts), ...more } })
    const device = await newDevice()
    const asked = await askForLink(app, device, email)
    const enter = () =>
      postForm(app, '/v1/token', {
        grant_type: 'urn:latchkey:grant-type:code',
        handle: asked.handle,
        code: '271828',
        code_verifier: device.codeVerifier,
        device_id: device.deviceId,
      })
    return { app, asked, device, enter }
  }

  it('lets a reviewer in with the fixed code until its last day, and logs each use', async () => {
    const { app, enter } = await review(newEmail(), today())
    expect((await enter()).status).toBe(200)
    expect(app.lines.filter((line) => line['event'] === 'review_account_used')).toHaveLength(1)
  })

  it('refuses the code after its day, for an admin, and for anyone else', async () => {
    expect((await (await review(newEmail(), '2020-01-01')).enter()).status).toBe(400)
    const admin = newEmail()
    expect((await (await review(admin, today(), { ADMIN_EMAILS: admin })).enter()).status).toBe(400)
    const other = await review(newEmail(), today(), {
      REVIEW_ACCOUNTS: JSON.stringify([{ email: newEmail(), code: '271828', lastDay: today() }]),
    })
    expect((await other.enter()).status).toBe(400)
  })

  it('is of no use on the link path, and still needs an approval', async () => {
    const { app, device } = await review(newEmail(), today())
    expect((await redeem(app, '271828', device)).status).toBe(400)
    const unknown = newEmail('example.org')
    const accounts = JSON.stringify([{ email: unknown, code: '271828', lastDay: today() }])
    const strict = startLatchkey({ env: { REVIEW_ACCOUNTS: accounts } })
    const { handle } = (await (await ask(strict, unknown, device)).json()) as { handle: string }
    await strict.settle()
    const answer = await postForm(strict, '/v1/token', {
      grant_type: 'urn:latchkey:grant-type:code',
      handle,
      code: '271828',
      code_verifier: device.codeVerifier,
      device_id: device.deviceId,
    })
    expect(answer.status).toBe(400)
  })
})

describe('bot check', () => {
  const verdicts: string[] = []
  /** Turnstile itself cannot run here: this stands where its siteverify would answer. */
  const start = (verdict: 'pass' | 'fail' | 'broken' | 'silent', secret = 'turnstile-secret') => {
    verdicts.length = 0
    return startLatchkey({
      env: { TURNSTILE_SECRET: secret, ALLOWED_ORIGINS: 'https://app.example.com' },
      world: {
        fetch: async (request) => {
          if (!request.url.startsWith('https://challenges.cloudflare.com/'))
            return realWorld.fetch(request)
          verdicts.push(await request.clone().text())
          if (verdict === 'silent') {
            return new Promise((_, reject) =>
              request.signal.addEventListener('abort', () => reject(new Error('aborted'))),
            )
          }
          if (verdict === 'broken') return new Response('oops', { status: 500 })
          return Response.json({ success: verdict === 'pass' })
        },
      },
    })
  }
  const fromBrowser = { Origin: 'https://app.example.com' }
  const body = async (more: Record<string, unknown> = {}) => ({
    email: newEmail(),
    codeChallenge: (await newDevice()).codeChallenge,
    ...more,
  })

  it('asks browsers for a token, verifies it, and leaves apps alone', async () => {
    const app = start('pass')
    const passed = await postJson(
      app,
      '/v1/links',
      await body({ turnstileToken: 'tok' }),
      fromBrowser,
    )
    expect(passed.status).toBe(202)
    expect(new URLSearchParams(verdicts[0]).get('response')).toBe('tok')
    const missing = await postJson(app, '/v1/links', await body(), fromBrowser)
    expect(missing.status).toBe(403)
    expect(await missing.json()).toMatchObject({ errors: [{ pointer: '#/turnstileToken' }] })
    expect((await postJson(app, '/v1/links', await body())).status).toBe(202)
  })

  it('refuses a token that does not pass, before any DynamoDB call', async () => {
    const app = start('fail')
    const answer = await postJson(
      app,
      '/v1/links',
      await body({ turnstileToken: 'x' }),
      fromBrowser,
    )
    expect(answer.status).toBe(403)
    expect(await app.calls()).toEqual([])
  })

  it('answers 503 when Turnstile is broken or silent', async () => {
    for (const verdict of ['broken', 'silent'] as const) {
      const app = start(verdict)
      const answer = await postJson(
        app,
        '/v1/links',
        await body({ turnstileToken: 'x' }),
        fromBrowser,
      )
      expect(answer.status).toBe(503)
      expect(answer.headers.get('Retry-After')).not.toBeNull()
    }
  })

  it('changes nothing without the secret', async () => {
    const app = start('fail', '')
    expect((await postJson(app, '/v1/links', await body(), fromBrowser)).status).toBe(202)
    expect(verdicts).toEqual([])
  })
})
