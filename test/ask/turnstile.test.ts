import { describe, expect, it } from 'vitest'
import { realWorld } from '../../src/base/world.ts'
import { newEmail, startLatchkey } from '../support/workers/latchkey.ts'
import { newDevice, postJson } from '../support/workers/sign-in.ts'

describe('bot check', () => {
  const verdicts: string[] = []
  /** Turnstile itself cannot run here: this stands where its siteverify would answer. */
  const start = (verdict: 'pass' | 'fail' | 'broken' | 'silent', secret = 'turnstile-secret') => {
    verdicts.length = 0
    return startLatchkey({
      env: { TURNSTILE_SECRET: secret, ALLOWED_ORIGINS: 'https://app.latchkey.test' },
      world: {
        fetch: async (url, init) => {
          if (!url.startsWith('https://challenges.cloudflare.com/')) {
            return realWorld.fetch(url, init)
          }
          verdicts.push(init.body as string)
          if (verdict === 'silent') {
            return new Promise((_, reject) =>
              init.signal!.addEventListener('abort', () => reject(new Error('aborted'))),
            )
          }
          if (verdict === 'broken') return new Response('oops', { status: 500 })
          return Response.json({ success: verdict === 'pass' })
        },
      },
    })
  }
  const fromBrowser = { Origin: 'https://app.latchkey.test' }
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
