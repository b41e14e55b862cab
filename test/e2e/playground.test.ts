import type { BrowserContextOptions, Page, Route } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { GROUPS } from '../../dev/playground/browser/threats/threats.ts'
import { LINE_HEADER, STAGING_HEADER } from '../../dev/playground/staging.ts'
import { dynamoCall } from '../../scripts/tables/dynamo-call.ts'
import { TOKENS_TABLE } from '../../src/base/tables.ts'
import { axe } from './axe.ts'
import { browser, useBrowser, world } from './browser.ts'
import { messageTo, newEmail } from './person.ts'

const PHONE = { viewport: { width: 320, height: 568 }, hasTouch: true, isMobile: true }
/** A machine that runs other tests at the same time takes long for 256 phones. */
const TIMEOUT_MS = 240_000

useBrowser()

/** The playground without pauses, and what it complained about. */
async function open(
  options: BrowserContextOptions = {},
): Promise<{ page: Page; problems: string[] }> {
  const context = await browser.newContext({
    locale: 'en-US',
    reducedMotion: 'reduce',
    ...options,
  })
  const page = await context.newPage()
  const problems: string[] = []
  page.on('request', (request) => {
    if (!request.url().startsWith(world.inbox)) problems.push(request.url())
  })
  page.on('pageerror', (error) => problems.push(String(error)))
  page.on('console', (message) => {
    // Refusals and lost answers are what the page is about.
    const expected = /status of [45]\d\d|CONTENT_LENGTH_MISMATCH/.test(message.text())
    if (message.type() === 'error' && !expected) problems.push(message.text())
  })
  await page.goto(`${world.inbox}/playground`)
  await page.locator('.threat').first().waitFor()
  return { page, problems }
}

/** Presses the button of a threat. @returns the verdict, with what was not as expected. */
async function press(page: Page, id: string): Promise<{ verdict: string; wrong: string[] }> {
  const card = page.locator(`#threat-${id}`)
  await card.getByRole('button').click()
  await card.getByText(/^(?:Kept|Broken)$/).waitFor({ timeout: TIMEOUT_MS })
  return {
    verdict: await card.locator('.verdict').innerText(),
    wrong: await card.locator('.checks .bad > div > span:nth-child(2)').allInnerTexts(),
  }
}

/** Lets the page believe that its request was answered with `{}`, and sends nothing. */
const swallow = (route: Route): Promise<void> => route.fulfill({ json: {} })

/** What the playground answers to a request of its own page. @param body sent instead of the request's. */
async function answersTo<T>(route: Route, body?: object): Promise<T> {
  const headers = { ...route.request().headers(), 'sec-fetch-site': 'same-origin' }
  const response = await route.fetch({
    headers,
    ...(body ? { postData: JSON.stringify(body) } : {}),
  })
  return (await response.json()) as T
}

const THREATS = GROUPS.flatMap(({ threats }) => threats)

describe('keeps every promise', () => {
  it.each(THREATS)(
    '$button',
    async ({ id, promises }) => {
      const { page, problems } = await open()
      expect(await press(page, id)).toEqual({ verdict: 'Kept', wrong: [] })
      const card = page.locator(`#threat-${id}`)
      expect(await card.locator('.checks li').count()).toBeGreaterThan(2)
      for (const name of promises) {
        const href = await card.getByRole('link', { name }).getAttribute('href')
        const document = await (await fetch(world.inbox + href)).text()
        const said = await card.locator('.promise', { hasText: name }).innerText()
        expect(document).toContain(`| ${name} | `)
        expect(said.length).toBeGreaterThan(name.length + 20)
      }
      expect(problems).toEqual([])
    },
    TIMEOUT_MS + 30_000,
  )
})

describe('says that a promise is broken', () => {
  it('if a second device gets a session from the same link', async () => {
    const { page } = await open()
    await page.route('**/burst', async (route) => {
      const few = { ...(route.request().postDataJSON() as object), count: 4 }
      const answers = await answersTo<{ status: number }[]>(route, few)
      const [loser] = answers.filter(({ status }) => status === 400)
      loser!.status = 200
      await route.fulfill({ json: answers })
    })
    const { verdict, wrong } = await press(page, 'phones-256')
    expect(verdict).toBe('Broken')
    expect(wrong).toContain('One device gets a session')
  })

  it('if opening a link changes its row', async () => {
    const { page } = await open()
    await page.route('**/as/mail%20scanner/**', async (route) => {
      await spendLinkOf(await page.locator('#person').innerText())
      await route.continue()
    })
    const { verdict, wrong } = await press(page, 'scanner')
    expect(verdict).toBe('Broken')
    expect(wrong).toEqual(['No row has changed', 'The link still signs the person in'])
  })

  it('if a withdrawal is not written', async () => {
    const { page } = await open()
    await page.route('**/withdraw', swallow)
    await page.route('**/restore', swallow)
    const { verdict, wrong } = await press(page, 'withdraw')
    expect(verdict).toBe('Broken')
    expect(wrong).toContain('The next use of each session is refused')
    expect(wrong).toContain('The unopened link is refused')
  })

  it('if the repeated sign-in gets another session', async () => {
    const { page } = await open()
    let answers = 0
    await page.route('**/as/phone/v1/token', async (route) => {
      if (++answers === 1) return route.continue()
      return route.fulfill({
        json: { ...(await answersTo<object>(route)), session_id: 'ses_another' },
      })
    })
    expect(await press(page, 'lost-sign-in')).toEqual({
      verdict: 'Broken',
      wrong: ['The phone has that session', 'The tables have one session'],
    })
  })

  it('if nothing was lost: a threat that was not played proves nothing', async () => {
    const { page } = await open()
    await page.route('**/playground/stages/*', (route) =>
      route.request().method() === 'PUT' ? swallow(route) : route.continue(),
    )
    for (const id of ['lost-sign-in', 'lost-refresh', 'lost-by-dynamodb']) {
      expect((await press(page, id)).verdict, id).toBe('Broken')
    }
  }, 120_000)

  /** As if a GET had spent the link. */
  async function spendLinkOf(email: string): Promise<void> {
    const { Items } = await dynamoCall<{ Items: { tokenId: { S: string } }[] }>(
      world.aws,
      'Query',
      {
        TableName: TOKENS_TABLE,
        IndexName: 'email-index',
        KeyConditionExpression: 'email = :email',
        FilterExpression: 'tokenType = :type',
        ExpressionAttributeValues: { ':email': { S: email }, ':type': { S: 'magic_link' } },
      },
    )
    await dynamoCall(world.aws, 'UpdateItem', {
      TableName: TOKENS_TABLE,
      Key: { tokenId: Items[0]!.tokenId },
      UpdateExpression: 'SET used = :true',
      ExpressionAttributeValues: { ':true': { BOOL: true } },
    })
  }
})

describe('works', () => {
  it('lets a person sign in by hand, and marks what has changed in the tables', async () => {
    const { page, problems } = await open()
    const email = newEmail()
    const phone = page.getByRole('region', { name: 'Phone', exact: true })
    await phone.getByLabel('Email').fill(email)
    await phone.getByRole('button', { name: 'Send me a link' }).click()
    await phone.getByRole('heading', { name: 'Check your email' }).waitFor()
    const { code } = await messageTo(world, email)
    await phone.getByLabel('Code').fill(code)
    await phone.getByRole('button', { name: 'Sign in' }).click()
    await phone.getByRole('heading', { name: 'Signed in' }).waitFor()
    const row = page.locator('[data-kind=session]')
    await row.waitFor()
    await phone.getByRole('button', { name: 'Refresh' }).click()
    await row.locator('.changed', { hasText: 'generation' }).locator('mark').waitFor()
    expect(await row.locator('.changed', { hasText: 'generation' }).innerText()).toMatch(/1$/)
    // A value that is sealed in the row, and a secret besides, is shown shortened.
    expect(await row.innerText()).toMatch(/sealed \S{14}… \(\d{3}\)/)
    await phone.getByRole('button', { name: 'Sign out' }).click()
    await row.locator('.changed', { hasText: 'revokedAt' }).locator('mark').waitFor()
    const requests = page.locator('#log')
    await requests.getByText('POST /v1/revoke').waitFor()
    expect(await requests.innerText()).toMatch(/1 round trip, 2 calls, \d+ ms/)
    expect(problems).toEqual([])
  })

  it('is linked from the start page, and `/playground` of the Worker leads to it', async () => {
    const page = await (await browser.newContext()).newPage()
    await page.goto(world.issuer)
    const link = page.getByRole('link', { name: `${world.inbox}/playground` })
    expect(await link.getAttribute('href')).toBe(`${world.inbox}/playground`)
    const response = await fetch(`${world.issuer}/playground`, { redirect: 'manual' })
    expect(response.status).toBe(302)
    expect(response.headers.get('location')).toBe(`${world.inbox}/playground`)
  })

  it('has no axe findings, light and dark, and fits a narrow phone', async () => {
    for (const options of [PHONE, {}]) {
      const { page } = await open(options)
      await press(page, 'wrong-codes')
      // Axe does not judge what is scrolled out of sight, or below the line that stays on top.
      await page.evaluate(() => {
        for (const one of document.querySelectorAll<HTMLElement>('.scroll, .sees, #said')) {
          one.style.cssText = 'max-height: none; height: auto; position: static'
        }
      })
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        const { violations, incomplete } = await axe(page, colorScheme)
        const found = [...violations, ...incomplete].map(
          ({ id, nodes }) => `${colorScheme}: ${id}: ${nodes.map((node) => node.html).join(' ')}`,
        )
        expect(found).toEqual([])
      }
      const width = await page.evaluate(() => document.documentElement.scrollWidth)
      expect(width).toBeLessThanOrEqual(page.viewportSize()!.width)
    }
  })

  it('can be used with the keyboard alone, with a visible focus', async () => {
    const { page } = await open()
    const button = page.locator('#threat-used-link').getByRole('button')
    for (let presses = 0; presses < 40; presses++) {
      await page.keyboard.press('Tab')
      if (await button.evaluate((one) => one === document.activeElement)) break
    }
    const outline = await page.locator(':focus').evaluate((one) => getComputedStyle(one).outline)
    expect(outline).toMatch(/ solid 3px$/)
    await page.keyboard.press('Enter')
    await page.locator('#threat-used-link').getByText('Kept', { exact: true }).waitFor()
    expect(await button.evaluate((one) => one === document.activeElement)).toBe(true)
    await page.getByRole('status').getByText('Tap a used link after signing out: kept').waitFor()
  })
})

describe('refuses', () => {
  it('requests of other sites, and has a strict policy', async () => {
    const { page } = await open()
    const response = await page.reload()
    expect(response!.headers()['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'nonce-[^']+'; script-src 'nonce-[^']+'; connect-src 'self';/,
    )
    const stage = `${world.inbox}/playground/stages/0123456789ab`
    for (const init of [{}, { method: 'PUT', body: '{}' }, { method: 'POST', body: '{}' }]) {
      for (const site of ['cross-site', 'same-site', 'none']) {
        const headers = { 'Sec-Fetch-Site': site }
        expect((await fetch(stage, { ...init, headers })).status).toBe(404)
      }
    }
    const elsewhere = await fetch(`${world.inbox}/playgrounds`)
    expect(elsewhere.status).toBe(404)
  })

  it('a request to the Worker that does not have the key of this start', async () => {
    const staging = { key: 'guessed', stage: 'x', aheadMs: 0, patience: 1, dynamodb: '', inbox: '' }
    for (const text of [JSON.stringify(staging), '{', '']) {
      const response = await fetch(`${world.issuer}/healthz`, {
        headers: { [STAGING_HEADER]: text },
      })
      expect(response.status).toBe(200)
      expect(response.headers.get(LINE_HEADER)).toBeNull()
    }
  })
})
