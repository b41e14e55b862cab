import { createScheduledController } from 'cloudflare:test'
import { expect } from 'vitest'
import { unixMs } from '../../../../src/base/time.ts'
import { createScheduled } from '../../../../src/console/scheduled.ts'
import { newBrowser, askIn, signedIn, type Browser, type Shown } from '../browser.ts'
import { putWaiting } from '../console-requests.ts'
import { machineToken, send } from '../console.ts'
import { messagesTo } from '../latchkey.ts'
import { sessionsOf } from '../rows.ts'
import { jsonOf } from '../tokens.ts'
import type { Flow } from './flow.ts'
import { expectOneSessionPerUsedLink } from './invariants.ts'
import { newAdmin } from '../console.ts'
import type { Stage } from './stage.ts'

const DAY_MS = 86_400_000
const FIRST_DAY = 1000 + (crypto.getRandomValues(new Uint32Array(1))[0]! % 1_000_000)
let digests = 0
/** Longer than a request waits. */
const APART_DAYS = 20

export const asResponse = ({ status, headers, html }: Shown): Response =>
  new Response(html, { status, headers })

/** A request of the administrator that changes nothing. */
export const reading = (
  name: string,
  path: (stage: Stage) => Promise<string>,
  said: (text: string, stage: Stage) => void = () => {},
  done = 200,
): Flow => ({
  name: `console: ${name}`,
  worker: 'console',
  env: { ACCESS_REQUESTS: 'on' },
  async prepare(stage) {
    const { console: app, admin } = stage
    const at = await path(stage)
    return {
      send: () => send(app, 'GET', at, admin.headers),
      done: [done],
      holds: async ({ answer }) => said(await answer.text(), stage),
    }
  },
})

/** Somebody with a role who is not the administrator of the stage, in a browser of their own. */
async function person(stage: Stage): Promise<{ email: string; browser: Browser }> {
  const email = newAdmin()
  const { console: app } = stage
  app.env['ADMIN_EMAILS'] = `${String(app.env['ADMIN_EMAILS'])},${email}`
  return { email, browser: newBrowser(app) }
}

const enter = (name: string, how: (browser: Browser, mail: Mail) => Promise<Shown>): Flow => ({
  name: `console: ${name}`,
  worker: 'console',
  async prepare(stage) {
    const { console: app, auth } = stage
    const { email, browser } = await person(stage)
    const mail = await askIn(app, browser, email)
    return {
      send: async () => asResponse(await how(browser, mail)),
      done: [303],
      async holds() {
        const { sessions } = await expectOneSessionPerUsedLink(auth, email)
        expect(sessions).toHaveLength(1)
        expect((await browser.get('/')).status).toBe(200)
      },
    }
  },
})
type Mail = { code: string; token: string }

/** Every message of a sign-in has the same code, and it signs in. */
async function expectSignsIn(stage: Stage, browser: Browser, email: string): Promise<void> {
  const [mail] = await messagesTo(email)
  expect((await browser.post('/sign-in/code', { code: mail!.code })).to).toBe('/')
  await expectOneSessionPerUsedLink(stage.auth, email)
}

export const CONSOLE_FLOWS: Flow[] = [
  {
    name: 'console: ask for a link',
    worker: 'console',
    async prepare(stage) {
      const { email, browser } = await person(stage)
      return {
        send: async () => asResponse(await browser.post('/sign-in', { email })),
        done: [303],
        async holds({ overcome }) {
          const sent = (await messagesTo(email)).length
          if (overcome) expect(sent).toBeGreaterThan(0)
          if (overcome) expect(sent).toBeLessThanOrEqual(1 + stage.unheardMessages())
          if (sent === 0) {
            stage.clock.offsetMs += 61_000
            await browser.post('/sign-in', { email })
            await stage.settle()
          }
          await expectSignsIn(stage, browser, email)
        },
      }
    },
  },
  {
    name: 'console: send the link again',
    worker: 'console',
    async prepare(stage) {
      const { email, browser } = await person(stage)
      await askIn(stage.console, browser, email)
      stage.clock.offsetMs += 61_000
      return {
        send: async () => asResponse(await browser.post('/sign-in/resend')),
        done: [303],
        async holds({ overcome }) {
          const sent = (await messagesTo(email)).length
          if (overcome) expect(sent).toBeGreaterThan(1)
          if (overcome) expect(sent).toBeLessThanOrEqual(2 + stage.unheardMessages())
          await expectSignsIn(stage, browser, email)
        },
      }
    },
  },
  enter('sign in by code', (browser, { code }) => browser.post('/sign-in/code', { code })),
  enter('sign in by link', (browser, { token }) => browser.post('/link', { token })),
  {
    name: 'console: sign out',
    worker: 'console',
    async prepare(stage) {
      const { console: app, auth } = stage
      const { email } = await person(stage)
      const browser = await signedIn(app, email)
      const copy = new Map(browser.cookies)
      return {
        send: async () => asResponse(await browser.post('/sign-out')),
        done: [303],
        async holds() {
          // I4: also for who has a copy of the cookie.
          for (const [name, value] of copy) browser.cookies.set(name, value)
          expect((await browser.get('/approvals')).status).toBe(303)
          const [session] = await sessionsOf(auth, email)
          expect(session!.revokedReason).toBe('signed_out')
        },
      }
    },
  },
  reading('show the start page', async () => '/'),
  reading('list approvals', async () => '/v1/approvals?limit=5'),
  reading('search approvals', async ({ admin }) => `/v1/approvals?q=${admin.email}`),
  reading('show the list of approvals', async () => '/approvals?q=nobody'),
  reading('export approvals', async () => '/v1/approvals.csv'),
  reading('list requests', async () => '/v1/requests'),
  reading('show the queue', async () => '/requests'),
  reading(
    'show a person',
    async ({ admin }) => `/v1/people/${admin.email}`,
    (text, { admin }) => expect(text).toContain(admin.email),
  ),
  reading(
    'show a person by user id',
    async ({ admin }) => `/v1/people/${admin.tokens.user.id}`,
    (text, { admin }) => expect(text).toContain(admin.email),
  ),
  reading('show the page of a person', async ({ admin }) => `/people/${admin.email}`),
  reading('say why', async ({ admin }) => `/v1/why?email=${admin.email}`),
  reading('say who I am', async () => '/v1/me'),
  reading('show the form to sign in', async () => '/sign-in', undefined, 303),
  reading('say whether the console is ready', async () => '/readyz'),
  {
    name: 'console: get a machine token',
    worker: 'console',
    async prepare({ console: app }) {
      return {
        send: () => machineToken(app, 'reader'),
        done: [200],
        holds: async ({ answer }) => expect((await jsonOf(answer))['scope']).toBe('approvals:read'),
      }
    },
  },
  {
    name: 'console: send the digest',
    worker: 'console',
    env: { DIGEST: 'daily' },
    async prepare(stage) {
      const { console: app, admin } = stage
      const run = createScheduled(
        { ...stage.world, now: () => unixMs(Date.now() + stage.clock.offsetMs) },
        (line) => app.lines.push(JSON.parse(line) as Record<string, unknown>),
      )
      const digest = () => run(createScheduledController(), app.env)
      // All tests share the days, so each case has one of its own. The first run corrects the clock for AWS.
      stage.clock.offsetMs += (FIRST_DAY + APART_DAYS * digests++) * DAY_MS
      await digest()
      await putWaiting(app, stage.newGuest())
      const before = (await messagesTo(admin.email)).map(({ id }) => id)
      return {
        mayTakeLong: true,
        async send() {
          await digest()
          const { outcome } = app.lines.at(-1)!
          const headers = { 'Retry-After': '2' }
          return new Response(null, { status: outcome === 'failed' ? 503 : 200, headers })
        },
        done: [200],
        async holds({ overcome }) {
          const sent = (await messagesTo(admin.email)).filter(({ id }) => !before.includes(id))
          expect(sent.length).toBeLessThanOrEqual(1 + stage.unheardMessages())
          if (overcome) expect(sent.length).toBeGreaterThan(0)
        },
      }
    },
  },
]
