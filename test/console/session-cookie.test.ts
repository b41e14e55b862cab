import { describe, expect, it } from 'vitest'
import { RouteGroup } from '../../src/http/route-group.ts'
import { empty, json, answer } from '../../src/http/scope.ts'
import { openRoutes } from '../../src/http/route-group.ts'
import { askForLink } from '../../src/ask/ask.ts'
import { AskBody } from '../../src/ask/schema.ts'
import { parseConsoleConfig } from '../../src/console/config.ts'
import { consoleDepsOf } from '../../src/console/deps.ts'
import { meRoutes } from '../../src/console/me.ts'
import { closeConsoleSession, openConsoleSession } from '../../src/console/session-cookie.ts'
import { serve } from '../../src/serve.ts'
import { linkGrant } from '../../src/sign-in/grants.ts'
import { CONSOLE_ORIGIN, fromOwnPage, newAdmin, startConsole } from '../support/workers/console.ts'
import { messagesTo, newEmail, startWorker, type Latchkey } from '../support/workers/latchkey.ts'
import { newDevice, postJson, tokenOf, type Device } from '../support/workers/sign-in.ts'
import { linesOf } from '../support/workers/tokens.ts'

/** The least console that signs in: as its pages will, by the functions that they are given. */
function signInRoutes() {
  const group = openRoutes()
  group.post('/ask', async (c) => {
    const deps = consoleDepsOf(c)
    const input = AskBody().parse(await c.req.json())
    const caller = { ipAddress: 'unknown', userAgent: '' }
    const asked = await askForLink(deps, input, caller, deps.config.CONSOLE_ORIGIN)
    return json(c, asked)
  })
  group.post('/enter', async (c) => {
    const issued = await linkGrant(c, await c.req.json(), undefined)
    const opened = await openConsoleSession(consoleDepsOf(c), issued)
    if (opened === null) return empty(c, 204)
    return answer(c.get('scope'), null, 200, { 'Set-Cookie': opened['Set-Cookie'] })
  })
  group.post('/leave', async (c) => answer(c.get('scope'), null, 200, await closeConsoleSession(c)))
  return group
}

async function browser(admins: string[], env: Record<string, unknown> = {}) {
  const { env: consoleEnv, auth } = await startConsole({ admins }, { env })
  const groups: RouteGroup[] = [signInRoutes(), meRoutes as never]
  const routes = groups.flatMap((group) => group.routes)
  const app = startWorker(
    (world, sink) =>
      serve(
        {
          name: 'console',
          routes,
          parseConfig: parseConsoleConfig,
          originOf: ({ CONSOLE_ORIGIN: origin }) => origin,
          healthPath: '/healthz',
        },
        world,
        sink,
      ),
    CONSOLE_ORIGIN,
    { env: consoleEnv, clock: auth.clock },
  )
  return app
}

async function enter(app: Latchkey, email: string, device: Device): Promise<Response> {
  await postJson(app, '/ask', { email, codeChallenge: device.codeChallenge })
  await app.settle()
  const [mail] = await messagesTo(email)
  expect(mail!.link.startsWith(`${app.env['CONSOLE_ORIGIN'] as string}/link/tok_ml_`)).toBe(true)
  return postJson(app, '/enter', {
    link_token: tokenOf(mail!.link),
    code_verifier: device.codeVerifier,
    device_id: device.deviceId,
  })
}

describe('works', () => {
  it('T4: requests a link to the console, opens a session with it, and ends it', async () => {
    const email = newAdmin()
    const app = await browser([email])
    const entered = await enter(app, email, await newDevice())
    const header = entered.headers.get('Set-Cookie')!
    expect(header).toMatch(
      /^__Host-latchkey=[\w-]+; Path=\/; Max-Age=604800; HttpOnly; SameSite=Strict; Secure$/,
    )
    const Cookie = header.split(';')[0]!
    expect((await app.fetch('/v1/me', { headers: { Cookie } })).status).toBe(200)
    const left = await app.fetch('/leave', { method: 'POST', headers: { Cookie, ...fromOwnPage } })
    expect(left.headers.get('Set-Cookie')).toMatch(/^__Host-latchkey=; Path=\/; Max-Age=0;/)
    // The session itself has ended, and not only this browser's copy.
    expect((await app.fetch('/v1/me', { headers: { Cookie } })).status).toBe(401)
    expect(linesOf(app, 'console_signed_in')).toEqual([
      expect.objectContaining({ outcome: 'ok', role: 'admin' }),
    ])
    expect(linesOf(app, 'console_signed_out')).toHaveLength(1)
    expect(JSON.stringify(app.lines)).not.toContain(email)
  })

  it('gives a local http origin a cookie that browsers accept', async () => {
    const email = newAdmin()
    const app = await browser([email], { CONSOLE_ORIGIN: 'http://127.0.0.1:8789' })
    const entered = await enter(app, email, await newDevice())
    expect(entered.headers.get('Set-Cookie')).toMatch(
      /^latchkey=[\w-]+; Path=\/; Max-Age=604800; HttpOnly; SameSite=Strict$/,
    )
  })

  it('T71: seals the refresh token in the cookie', async () => {
    const email = newAdmin()
    const app = await browser([email])
    const cookie = (await enter(app, email, await newDevice())).headers.get('Set-Cookie')!
    expect(cookie).not.toContain('eyJ')
  })
})

describe('refuses', () => {
  it('a person without a role: sets no cookie, and ends the session', async () => {
    const email = newEmail()
    const app = await browser([])
    const entered = await enter(app, email, await newDevice())
    expect(entered.status).toBe(204)
    expect(entered.headers.get('Set-Cookie')).toBeNull()
    expect(linesOf(app, 'console_signed_in')).toEqual([
      expect.objectContaining({ outcome: 'refused', reason: 'no_role' }),
    ])
  })
})
