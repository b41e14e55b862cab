import { globSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { maskEmail } from '../../src/base/email-address.ts'
import { pageWords } from '../../link-page/words.ts'
import { browser, useBrowser, world } from './browser.ts'
import { ask, newEmail, redeem, rememberAsking, type Asked } from './person.ts'
import { endLink, forgetBudget, sentEarlier, withdrawApproval } from './rows.ts'
import { APP_NAME } from './setup.ts'

const say = pageWords.en

useBrowser()

/** Another origin: a site that frames us, and that a script would be fetched from. */
let elsewhere: { server: Server; origin: string; paths: string[] }

beforeAll(async () => {
  elsewhere = await startElsewhere()
})
afterAll(() => {
  elsewhere?.server.close()
})

async function startElsewhere() {
  const paths: string[] = []
  const server = createServer((request, response) => {
    const url = new URL(request.url!, 'http://localhost')
    paths.push(url.pathname)
    const framed = url.searchParams.get('frame')
    response.setHeader('Content-Type', 'text/html')
    response.end(framed ? `<iframe src="${framed}"></iframe>` : '<title>elsewhere</title>')
  })
  await new Promise<void>((ready) => server.listen(0, 'localhost', ready))
  return { server, paths, origin: `http://localhost:${(server.address() as AddressInfo).port}` }
}

/** Where a page that signed in must not send anyone. */
const ELSEWHERE = [
  '//evil.example',
  '/\\evil.example',
  '\\/evil.example',
  'https:evil.example',
  'https://evil.example/',
  'http://127.0.0.1@evil.example/',
  '/\t/evil.example',
  '/\n/evil.example',
  ' //evil.example',
  '/%2f%2fevil.example',
  '/%5Cevil.example',
  '%2f%2fevil.example',
  '/a//evil.example',
  'javascript:alert(1)',
  'healthz',
  '',
  5,
]

type Tab = { page: Page; requests: string[]; problems: string[] }

/** A browser of its own, and what it asked for and complained about. */
async function newTab(options: BrowserContextOptions = {}): Promise<Tab> {
  const context = await browser.newContext({ locale: 'en-US', ...options })
  const page = await context.newPage()
  const tab: Tab = { page, requests: [], problems: [] }
  page.on('request', (request) => tab.requests.push(`${request.method()} ${request.url()}`))
  page.on('pageerror', (error) => tab.problems.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) {
      tab.problems.push(message.text())
    }
  })
  return tab
}

const title = (page: Page) => page.locator('h1')
const button = (page: Page, name: string) => page.getByRole('button', { name })

/** Opens a link in the browser that asked for it, and goes to the last button. */
async function confirm(page: Page, asked: Asked, returnTo?: string): Promise<void> {
  await rememberAsking(world, page, asked, returnTo)
  await page.goto(asked.link)
  await button(page, say.here).click()
  await button(page, say.confirm).click()
}

const stored = (page: Page, name: string) =>
  page.evaluate((name) => localStorage.getItem(name), `latchkey.${name}`)

/** What a script started before this has been asked for by then. */
const nextFrame = (page: Page) =>
  page.evaluate(() => new Promise<void>((done) => requestAnimationFrame(() => setTimeout(done))))

/** Waits for a title: states change after answers. */
const reads = (page: Page, text: string) =>
  title(page)
    .and(page.getByText(text, { exact: true }))
    .waitFor({ timeout: 10_000 })

describe('works', () => {
  it('signs in the browser that requested the link, after two clicks, and shows the account in between', async () => {
    const { page, problems } = await newTab()
    const asked = await ask(world)
    await rememberAsking(world, page, asked)
    await page.goto(asked.link)
    expect(await title(page).textContent()).toBe(say.title(APP_NAME))
    expect(await page.locator('main').innerText()).not.toContain('@')
    await button(page, say.here).click()
    expect(await page.locator('main').innerText()).toContain(maskEmail(asked.email))
    await button(page, say.confirm).click()
    await reads(page, say.done[0])

    const session = JSON.parse((await stored(page, 'session'))!) as Record<string, unknown>
    expect(session).toMatchObject({ token_type: 'Bearer', user: { email: asked.email } })
    expect(Math.abs(Date.now() - Number(session['obtainedAt']))).toBeLessThan(60_000)
    expect(await stored(page, 'pending')).toBeNull()
    const check = await fetch(`${world.issuer}/v1/session`, {
      headers: { Authorization: `Bearer ${String(session['access_token'])}` },
    })
    expect(check.status).toBe(200)
    expect(problems).toEqual([])
  })

  it('signs in by an SMS link, without showing an account', async () => {
    const { page } = await newTab()
    const phoneNumber = '+14155551234'
    const asked = await ask(world, 'customer@example.com', { channel: 'sms', phoneNumber })
    await rememberAsking(world, page, asked)
    await page.goto(asked.link)
    await button(page, say.here).click()
    expect(await page.locator('main').innerText()).not.toContain('@')
    await button(page, say.confirm).click()
    await reads(page, say.done[0])
  })

  it('shows the code in another browser, and the device that asked signs in with it', async () => {
    const { page, requests } = await newTab()
    const asked = await ask(world)
    await page.goto(asked.link)
    expect(await button(page, say.here).count()).toBe(0)
    expect(await page.locator('main').innerText()).not.toContain(asked.code)
    await button(page, say.showCode).click()
    const shown = await page.locator('main').innerText()
    expect(shown).toContain(asked.code)
    expect(shown).toContain(maskEmail(asked.email))
    expect(shown).toContain(say.code[1])
    expect(requests).toEqual([`GET ${asked.link}`])

    const answer = await redeem(world, asked, 'code')
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({ user: { email: asked.email } })
  })

  it('tries again after a network failure, and gets the session whose response was lost', async () => {
    const { page } = await newTab()
    const asked = await ask(world)
    const lost: Promise<string>[] = []
    await page.route('**/v1/token', async (route) => {
      const answer = await route.fetch()
      lost.push(answer.text())
      await route.abort()
    })
    await confirm(page, asked)
    await reads(page, say.failed[0])
    expect(await stored(page, 'pending')).not.toBeNull()
    await page.unroute('**/v1/token')
    await button(page, say.retry).click()
    await reads(page, say.done[0])
    const session = JSON.parse((await stored(page, 'session'))!) as { session_id: string }
    expect(JSON.parse((await lost[0])!)).toMatchObject({ session_id: session.session_id })
  })

  it('shows the same message for a busy service as for a lost network', async () => {
    const { page } = await newTab()
    await page.route('**/v1/token', (route) =>
      route.fulfill({ status: 503, body: '{"error":"temporarily_unavailable"}' }),
    )
    await confirm(page, await ask(world))
    await reads(page, say.failed[0])
  })

  it('says in the language of the ask how to continue, even without JavaScript', async () => {
    const asked = await ask(world, newEmail(), { locale: 'de-CH' })
    const { page, requests } = await newTab({
      javaScriptEnabled: false,
      viewport: { width: 320, height: 600 },
    })
    await page.goto(asked.link)
    const shown = await page.locator('main').innerText()
    expect(shown).toContain(pageWords.de.noScript)
    expect(shown).toContain(pageWords.de.openApp)
    expect(shown).not.toContain(asked.code)
    expect(shown).not.toContain('@')
    expect(requests).toEqual([`GET ${asked.link}`])
  })

  it('opens the page in returnTo', async () => {
    const { page } = await newTab()
    await confirm(page, await ask(world), '/healthz?from=link#top')
    await page.waitForURL(`${world.issuer}/healthz?from=link#top`)
    expect(await stored(page, 'session')).not.toBeNull()
  })
})

describe('refuses', () => {
  it('to serve its built files under their own paths', async () => {
    const files = globSync('link-page/**/*.html', { cwd: 'public' })
    expect(files.length).toBeGreaterThan(10)
    const whole = files.map((file) => `/${file}`)
    const bare = whole.map((path) => path.replace('.html', ''))
    for (const path of [...whole, ...bare, '/link-page', '/link-page/en/', '/index.html']) {
      const answer = await fetch(world.issuer + path, { redirect: 'manual' })
      expect(answer.status, path).toBe(404)
      expect(await answer.json()).toMatchObject({ type: 'urn:latchkey:problem:not_found' })
      expect(answer.headers.get('Content-Security-Policy')).toContain("default-src 'none'")
    }
  })

  it('a link that another device used', async () => {
    const { page } = await newTab()
    const asked = await ask(world)
    expect((await redeem(world, asked, 'link', 'dev_the-phone')).status).toBe(200)
    await confirm(page, asked)
    await reads(page, say.used[0])
    expect(await page.locator('main').innerText()).toContain(say.used[1])
    expect(await page.locator('button').count()).toBe(0)
  })

  it('an expired link, with a message and without an account', async () => {
    const { page, requests } = await newTab()
    const asked = await ask(world)
    const old = await sentEarlier(world, asked, 901)
    expect((await page.goto(old))!.status()).toBe(410)
    expect(await title(page).textContent()).toBe(say.expired[0])
    expect(await page.content()).not.toContain('•••')
    expect(page.url()).toBe(`${world.issuer}/link`)
    expect(requests).toEqual([`GET ${old}`])
  })

  it('a link that expires while its page is open', async () => {
    const { page } = await newTab()
    const asked = await ask(world)
    await endLink(world, asked)
    await confirm(page, asked)
    await reads(page, say.expired[0])
  })

  it('a link that a later one superseded', async () => {
    const { page } = await newTab()
    const first = await ask(world)
    await forgetBudget(world, first.email)
    const second = await ask(world, first.email)
    expect((await redeem(world, second, 'link')).status).toBe(200)
    await confirm(page, first)
    await reads(page, say.superseded[0])
  })

  it('an address whose approval was withdrawn after the link was sent', async () => {
    const { page } = await newTab()
    const asked = await ask(world)
    await withdrawApproval(world, asked.email)
    await confirm(page, asked)
    await reads(page, say.notApproved[0])
  })

  it('T18: another person’s link in a browser that requested its own', async () => {
    const { page } = await newTab()
    const [own, foreign] = [await ask(world), await ask(world)]
    await rememberAsking(world, page, own)
    await page.goto(foreign.link)
    await button(page, say.here).click()
    await button(page, say.confirm).click()
    await reads(page, say.elsewhere[0])
    expect(await stored(page, 'session')).toBeNull()
    await button(page, say.showCode).click()
    expect(await page.locator('main').innerText()).toContain(foreign.code)
    expect((await redeem(world, foreign, 'link')).status).toBe(200)
  })

  it('to follow malicious values in its storage', async () => {
    const { page, problems, requests } = await newTab()
    const asked = await ask(world)
    await page.goto(`${world.issuer}/link`)
    for (const pending of [
      '{',
      'null',
      '[]',
      '{"codeVerifier":"x"}',
      '{"codeVerifier":5,"deviceId":{}}',
    ]) {
      await page.evaluate((text) => localStorage.setItem('latchkey.pending', text), pending)
      requests.length = 0
      await page.goto(asked.link)
      expect(await button(page, say.here).count(), pending).toBe(0)
      await button(page, say.showCode).click()
      expect(requests).toEqual([`GET ${asked.link}`])
    }
    expect(problems).toEqual([])
  })

  it('T5: to return to anything but a plain path on its own origin', async () => {
    const { page, requests } = await newTab()
    await page.route('**/v1/token', (route) => route.fulfill({ json: { access_token: 'x' } }))
    const asked = await ask(world)
    await rememberAsking(world, page, asked)
    await page.goto(asked.link)
    requests.length = 0
    // The last one is such a path: what would be asked for shows.
    for (const returnTo of [...ELSEWHERE, '/healthz']) {
      const answered = page.waitForResponse('**/v1/token')
      await page.evaluate(
        ([pending, returnTo]) => {
          const kept = JSON.stringify({ ...pending, returnTo })
          localStorage.setItem('latchkey.pending', kept)
          const stage = document.getElementById('stage')!
          stage.textContent = ''
          const button = document.createElement('button')
          button.dataset['do'] = 'sign-in'
          stage.append(button)
          button.click()
        },
        [asked, returnTo] as const,
      )
      await answered
      if (returnTo !== '/healthz') await reads(page, say.done[0])
    }
    await page.waitForURL(`${world.issuer}/healthz`)
    const signIns = [...ELSEWHERE, '/healthz'].map(() => `POST ${world.issuer}/v1/token`)
    expect(requests).toEqual([...signIns, `GET ${world.issuer}/healthz`])
  })
})

describe('withstands', () => {
  it('T11: a scanner that runs scripts and waits: it requests nothing and spends nothing', async () => {
    const { page, requests } = await newTab()
    const asked = await ask(world)
    await page.clock.install()
    await page.goto(asked.link)
    await page.mouse.move(100, 100)
    await page.mouse.wheel(0, 500)
    await page.clock.runFor('01:00')
    expect(requests).toEqual([`GET ${asked.link}`])
    expect(await page.locator('main').innerText()).not.toMatch(/@|\d{6}/)
    expect((await redeem(world, asked, 'link')).status).toBe(200)
  })

  it('T11: a scanner that presses every button: it spends nothing without the verifier', async () => {
    const { page, requests } = await newTab()
    const asked = await ask(world)
    await page.goto(asked.link)
    for (let round = 0; round < 4; round++) {
      for (const one of await page.locator('button').all()) {
        if (await one.isVisible()) await one.click()
      }
    }
    // Even what is never shown: a confirmation put there by hand.
    await page.evaluate(() => {
      const stage = document.getElementById('stage')!
      for (const name of ['confirm', 'failed']) {
        const template = document.getElementById(`t-${name}`) as HTMLTemplateElement
        stage.append(template.content.cloneNode(true))
      }
      for (const one of stage.querySelectorAll<HTMLElement>('[data-do=sign-in]')) one.click()
    })
    await nextFrame(page)
    expect(requests).toEqual([`GET ${asked.link}`])
    expect((await redeem(world, asked, 'link')).status).toBe(200)
  })

  it('T61: a reload: the address bar was cleared at once, and the page says what to do', async () => {
    const { page } = await newTab()
    const asked = await ask(world)
    for (const path of [asked.link, `${asked.link}?utm_source=mail`, `${asked.link}%3E`]) {
      await page.goto(path)
      expect(page.url()).toBe(`${world.issuer}/link`)
      expect(await button(page, say.showCode).count()).toBe(1)
    }
    await page.reload()
    expect(await title(page).textContent()).toBe(say.again[0])
    await page.goto(`${world.issuer}/healthz`)
    await page.goBack()
    expect(page.url()).toBe(`${world.issuer}/link`)
  })

  it('T61: a look at the Referer: none is sent to the app link or to the token endpoint', async () => {
    const { page } = await newTab()
    const asked = await ask(world)
    const [request] = await Promise.all([page.waitForRequest('**/v1/token'), confirm(page, asked)])
    const headers = await request.allHeaders()
    expect(headers['referer']).toBeUndefined()
    await reads(page, say.done[0])

    await page.goto(asked.link)
    const [opened] = await Promise.all([
      page.waitForRequest(`${world.appLinkOrigin}/link/tok_ml_*`),
      page.getByRole('link', { name: say.openApp }).click(),
    ])
    expect((await opened.allHeaders())['referer']).toBeUndefined()
    expect(world.output()).not.toContain(asked.link.slice(-60))
  })

  it('T62: a page that tries to frame it', async () => {
    const { page, problems } = await newTab()
    const asked = await ask(world)
    await page.goto(`${elsewhere.origin}/?frame=${encodeURIComponent(asked.link)}`)
    await expect.poll(() => page.frames()[1]?.url()).toBe('chrome-error://chromewebdata/')
    expect(problems.join()).toContain('frame-ancestors')
  })

  it('T62: an injected script: it does not run', async () => {
    const { page, problems } = await newTab()
    const asked = await ask(world)
    await page.route(asked.link, async (route) => {
      const response = await route.fetch()
      const injected =
        '<script>window.hacked = 1</script><img src="data:," onerror="window.hacked = 1">' +
        `<script src="${elsewhere.origin}/evil.js"></script><base href="${elsewhere.origin}">`
      const body = (await response.text()).replace('<main>', `${injected}<main>`)
      await route.fulfill({ response, body })
    })
    await page.goto(asked.link)
    await nextFrame(page)
    expect(await page.evaluate(() => 'hacked' in window)).toBe(false)
    expect(await page.evaluate(() => new URL(document.baseURI).origin)).toBe(world.issuer)
    expect(problems.join('\n')).toMatch(/script-src/)
    expect(elsewhere.paths).not.toContain('/evil.js')
    // The page itself goes on.
    await button(page, say.showCode).click()
    expect(await page.locator('main').innerText()).toContain(asked.code)
  })
})
