import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseEnv } from 'node:util'
import { runInNewContext } from 'node:vm'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  createDeviceKey,
  createTestIssuer,
  messageTo,
  newEmail,
  signInAs,
  TestingError,
  type TestIssuer,
} from '../../packages/testing/index.ts'
import { createVerifier } from '../../packages/verify/index.ts'
import { pageWords } from '../../link-page/words.ts'
import { packed, type Packed } from '../support/node/packed.ts'
import { browser, useBrowser, world } from './browser.ts'
import { ask, redeem } from './person.ts'
import { forgetBudget } from './rows.ts'

const AUDIENCE = 'https://api.example.com'
const README = readFileSync('packages/testing/README.md', 'utf8')
const MAESTRO = readFileSync('packages/testing/maestro/latchkey-message.js', 'utf8')

useBrowser()

let issuer: TestIssuer
let client: Packed
let folder: string

beforeAll(async () => {
  issuer = await createTestIssuer({ audience: AUDIENCE, issuer: world.issuer })
  client = packed('client')
  folder = mkdtempSync(join(tmpdir(), 'latchkey-sample-'))
})
afterAll(() => {
  client?.remove()
  rmSync(folder, { recursive: true })
})

/** The names of all members, and what kind of value each has. */
const shapeOf = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(shapeOf)
  if (typeof value !== 'object' || value === null) return typeof value
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(members.map(([name, member]) => [name, shapeOf(member)]))
}

const partsOf = (token: string) => ({
  header: decodeProtectedHeader(token),
  claims: decodeJwt(token),
})

type Sample = Record<'signInByLink' | 'signInByCode', (page: Page) => Promise<string>>

/** The sample of the README, with this Worker. */
async function importSample(): Promise<Sample> {
  const [, source = ''] =
    /run by test\/e2e\/testing.test.ts -->\n\n```ts\n([^]*?)```/.exec(README) ?? []
  const file = join(folder, 'sample.ts')
  const here = source
    .replace('@latchkey/testing', resolve('packages/testing/index.ts'))
    .replace('http://127.0.0.1:8787', world.issuer)
  writeFileSync(file, here)
  return (await import(pathToFileURL(file).href)) as Sample
}

/** A small app with the client as it is published, on the issuer's origin. */
async function openApp(): Promise<Page> {
  const page = await (await browser.newContext({ locale: 'en-US' })).newPage()
  await page.route(`${world.issuer}/client/*`, (route) =>
    route.fulfill({
      contentType: 'text/javascript',
      path: join(client.root, 'dist', new URL(route.request().url()).pathname.slice(8)),
    }),
  )
  await page.route(`${world.issuer}/app`, (route) =>
    route.fulfill({ contentType: 'text/html', body: APP }),
  )
  await page.goto(`${world.issuer}/app`)
  return page
}

const APP = `<!doctype html><title>App</title>
<form id="ask"><label>Email <input name="email"></label><button>Continue</button></form>
<form id="redeem"><label>Code <input name="code"></label><button>Sign in</button></form><p></p>
<script type="module">
  import { createLatchkeyClient, webStorage } from '/client/index.js'
  const client = createLatchkeyClient({ issuer: location.origin, storage: webStorage(localStorage) })
  const show = async () => {
    const session = await client.session()
    document.querySelector('p').textContent = session ? 'Hello ' + session.user.email : ''
  }
  const on = (id, act) => document.getElementById(id).addEventListener('submit', (event) => {
    event.preventDefault()
    act(new FormData(event.target)).then(show)
  })
  on('ask', (form) => client.ask({ email: form.get('email') }))
  on('redeem', (form) => client.redeemCode(form.get('code')))
  show()
</script>`

const errorOf = async (promise: Promise<unknown>): Promise<TestingError> => {
  const error = await promise.then(
    () => null,
    (error: unknown) => error,
  )
  if (error instanceof TestingError) return error
  throw new Error('no TestingError', { cause: error })
}

describe('works', () => {
  it.each(['link', 'code'] as const)(
    'signs in by %s, with tokens that the back end accepts',
    async (by) => {
      const email = await newEmail(world)
      const session = await signInAs(email, { issuer: world.issuer, by })
      const verify = createVerifier({ issuer: world.issuer, audience: AUDIENCE })
      const claims = await verify(session.accessToken)
      expect(claims).toMatchObject({ email, sub: session.user.id, sid: session.sessionId })
      const url = `${world.issuer}/v1/session`
      const headers = await session.headers({ method: 'GET', url })
      expect((await fetch(url, { headers })).status).toBe(200)
    },
  )

  it('binds the session to a key, and proves it on each request', async () => {
    const dpop = await createDeviceKey()
    const session = await signInAs(await newEmail(world), { issuer: world.issuer, dpop })
    expect(session.tokenType).toBe('DPoP')
    expect(decodeJwt(session.accessToken)['cnf']).toEqual({ jkt: dpop.jkt })
    const url = `${world.issuer}/v1/session`
    const headers = await session.headers({ method: 'GET', url })
    expect((await fetch(url, { headers })).status).toBe(200)
  })

  it('issues tokens with the header and claims of the real ones, name by name and kind by kind', async () => {
    const dpop = await createDeviceKey()
    for (const key of [undefined, dpop]) {
      const bound = key ? { dpop: key } : {}
      const email = await newEmail(world)
      const real = await signInAs(email, {
        issuer: world.issuer,
        deviceId: 'dev_of_a_test',
        ...bound,
      })
      const { header, claims } = partsOf(real.accessToken)
      const mine = partsOf(await issuer.accessToken({ email, deviceId: 'dev_of_a_test', ...bound }))
      expect(shapeOf(mine.header)).toEqual(shapeOf(header))
      expect(shapeOf(mine.claims)).toEqual(shapeOf(claims))
      const { alg, typ } = header
      expect(mine.header).toMatchObject({ alg, typ })
      const { iss, aud, amr, client_id, device_key, cnf } = claims
      expect(mine.claims).toMatchObject({ iss, aud, amr, client_id, device_key, email })
      expect(mine.claims['cnf']).toEqual(cnf)
      for (const name of ['sub', 'sid', 'jti']) {
        const form = (of: unknown) => String(of).replace(/[\w-]{22}$/, '*')
        expect(form(mine.claims[name]), name).toBe(form(claims[name]))
      }
      const jwt = partsOf(real.refreshToken)
      const mineJwt = partsOf(await issuer.badToken('session_jwt', { email, ...bound }))
      expect(mineJwt.header).toEqual(jwt.header)
      expect(shapeOf(mineJwt.claims)).toEqual(shapeOf(jwt.claims))
    }
  })

  it('publishes and introspects in the form of the real Worker', async () => {
    const { RESOURCE_SERVERS = '' } = parseEnv(readFileSync(world.varsFile, 'utf8'))
    const [[name, secret] = []] = Object.entries(JSON.parse(RESOURCE_SERVERS) as object)
    const session = await signInAs(await newEmail(world), world)
    const introspect = async (
      of: typeof fetch,
      [user, password]: unknown[],
      token: string,
    ): Promise<unknown> => {
      const headers = { Authorization: `Basic ${btoa(`${String(user)}:${String(password)}`)}` }
      const body = new URLSearchParams({ token })
      return (await of(`${world.issuer}/v1/introspect`, { method: 'POST', headers, body })).json()
    }
    const server = issuer.resourceServer
    const mine = await introspect(
      issuer.fetch,
      [server.name, server.secret],
      await issuer.accessToken(),
    )
    const real = await introspect(fetch, [name, secret], session.accessToken)
    expect(shapeOf(mine)).toEqual(shapeOf(real))
    expect(real).toMatchObject({ active: true })

    for (const path of ['jwks.json', 'oauth-authorization-server', 'openid-configuration']) {
      const url = `${world.issuer}/.well-known/${path}`
      const [own, theirs] = [await issuer.fetch(url), await fetch(url)]
      expect(own.headers.get('content-type')).toBe(theirs.headers.get('content-type'))
      expect(own.headers.get('cache-control')).toBe(theirs.headers.get('cache-control'))
      const [ownBody, theirBody] = [await own.json(), await theirs.json()] as object[]
      // The metadata of the test issuer has only what back ends read.
      if (path === 'jwks.json') expect(shapeOf(ownBody)).toEqual(shapeOf(theirBody))
      else expect(shapeOf(theirBody)).toMatchObject(shapeOf(ownBody) as object)
    }
  })

  it('signs in by link and by code in Playwright, as the sample of the README does', async () => {
    const sample = await importSample()
    const page = await openApp()
    const email = await sample.signInByLink(page)
    await page.locator('h1', { hasText: pageWords.en.done[0] }).waitFor()
    await page.goto(`${world.issuer}/app`)
    await page.getByText(`Hello ${email}`).waitFor()

    const other = await openApp()
    await other.getByText(`Hello ${await sample.signInByCode(other)}`).waitFor()
  })

  it('gives the newest message of an address that got one before', async () => {
    const email = await newEmail(world)
    const first = await ask(world, email)
    await forgetBudget(world, email)
    const message = await messageTo(email, () => ask(world, email), world)
    expect(message.link).not.toBe(first.link)
    expect(message.appLink).toBe(message.link.replace(world.issuer, 'latchkey:/'))
    const error = await errorOf(messageTo(email, () => {}, { ...world, timeoutMs: 1500 }))
    expect(error.code).toBe('no_message')
  })

  it('has a script for Maestro, run here with an http object like Maestro’s', async () => {
    const email = await newEmail(world)
    const asked = await ask(world, email)
    const answers = new Map<string, { status: number; body: string }>()
    // Maestro's requests are synchronous: here each is made before the script runs again.
    const run = async (): Promise<Record<string, unknown>> => {
      const output: Record<string, Record<string, unknown>> = {}
      const missing: string[] = []
      const http = {
        get(url: string) {
          const known = answers.get(url)
          if (known) return known
          missing.push(url)
          throw new Error('not fetched yet')
        },
      }
      const globals = { EMAIL: email, ISSUER: world.issuer, http, json: JSON.parse, output }
      try {
        runInNewContext(MAESTRO, globals)
        return output['latchkey'] ?? {}
      } catch (error) {
        const [url] = missing
        if (url === undefined) throw error
        const response = await fetch(url)
        answers.set(url, { status: response.status, body: await response.text() })
        return run()
      }
    }
    const { link, code, appLink } = await run()
    expect([link, code]).toEqual([asked.link, asked.code])
    expect(appLink).toBe(asked.link.replace(world.issuer, 'latchkey:/'))
    expect((await redeem(world, asked, 'link')).status).toBe(200)
  })
})

describe('refuses', () => {
  const servers: Server[] = []
  afterAll(() => servers.forEach((server) => server.close()))

  /** A server that is not ours, and what it was asked. */
  async function other(status: number, body: string) {
    const asked: string[] = []
    const server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`)
      response.writeHead(status, { 'content-type': 'application/json' }).end(body)
    })
    servers.push(server)
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
  }
  const development = (more: object) =>
    JSON.stringify({
      latchkey: 'development',
      issuer: 'http://127.0.0.1:1',
      inbox: 'http://127.0.0.1:1',
      appScheme: 'latchkey',
      companyDomains: [],
      ...more,
    })

  it.each([
    ['a deployment, which answers 404', 404, '{"type":"urn:latchkey:problem:not_found"}'],
    ['a host that answers everything', 200, '{}'],
    ['a host that answers with a page', 200, '<html>'],
    ['a host whose inbox is elsewhere', 200, development({ inbox: 'https://mail.example.com' })],
  ])('%s, before it asks for anything', async (_, status, body) => {
    const { url, asked } = await other(status, body)
    const error = await errorOf(signInAs('ada@example.com', { issuer: url }))
    expect(error.code).toBe('not_development')
    expect(error.message).toContain(url)
    let called = false
    await errorOf(messageTo('ada@example.com', () => (called = true), { issuer: url }))
    expect(called).toBe(false)
    expect(new Set(asked)).toEqual(new Set(['GET /development.json']))
  })

  it('a Worker that does not run, with the command that starts it', async () => {
    const error = await errorOf(signInAs('ada@example.com', { issuer: 'http://127.0.0.1:1' }))
    expect(error).toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('npm run dev'),
    })
  })

  it('an address that may not sign in, when no message arrives in time', async () => {
    const error = await errorOf(
      signInAs('former@example.com', { issuer: world.issuer, timeoutMs: 1500 }),
    )
    expect(error.code).toBe('no_message')
    expect(error.message).toContain('sigmacomputing.com')
  })

  it('a second ask within a minute, with advice, and no address or token in the error', async () => {
    const email = await newEmail(world)
    const { link, code, accessToken } = await signInAs(email, world)
    const error = await errorOf(signInAs(email, world))
    expect(error.code).toBe('refused')
    expect(error.message).toMatch(/429.*rate_limited.*newEmail\(\)/)
    for (const secret of [email, link, code, accessToken])
      expect(String(error.stack)).not.toContain(secret)
  })
})
