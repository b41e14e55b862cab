import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { LOCALES } from '../../src/base/locale.ts'
import { LINES_PER_CALL } from '../../src/console/approvals/import.ts'
import { approvalWords } from '../../src/console/pages/approvals/words.ts'
import { importWords } from '../../src/console/pages/approvals/import-words.ts'
import { peopleWords } from '../../src/console/pages/people/words.ts'
import { frameWords } from '../../src/console/pages/frame-words.ts'
import { requestWords } from '../../src/console/pages/requests/words.ts'
import { signInWords } from '../../src/console/pages/sign-in/words.ts'
import { axe } from './axe.ts'
import { browser, useBrowser, world } from './browser.ts'
import { ask, redeem } from './person.ts'
import { forgetBudget } from './rows.ts'
import { ADMINS } from './setup.ts'

let signIns = 0
/** Another administrator for each sign-in. */
const nextAdmin = () => ADMINS[signIns++ % ADMINS.length]!
const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true }
const say = approvalWords.en

useBrowser()

type Options = Parameters<Browser['newContext']>[0]

const newContext = (options: Options = {}): Promise<BrowserContext> =>
  browser.newContext({ locale: 'en-US', baseURL: world.consoleOrigin, ...options })

const newGuest = () => `t-${randomUUID().slice(0, 12)}@guests.example`

type Mail = { id: string; link: string; code: string }
/** Those with a link: an email about a new device has none. */
async function mailsTo(email: string): Promise<Mail[]> {
  const answer = await fetch(`${world.inbox}/messages?to=${encodeURIComponent(email)}`)
  const all = (await answer.json()) as (Mail | { link: null })[]
  return all.filter((one) => one.link !== null)
}

/** Asks on the sign-in page that is shown, and takes the message out of the inbox. */
async function askOn(page: Page, email: string): Promise<Mail> {
  const before = (await mailsTo(email)).length
  await forgetBudget(world, email)
  await page.fill('[name=email]', email)
  await page.click('main button.main')
  await page.waitForURL('**/sign-in/code')
  for (let tries = 0; tries < 400; tries++) {
    const mails = await mailsTo(email)
    if (mails.length > before) return mails[0]!
    await sleep(25)
  }
  throw new Error(`no message came to ${email}`)
}

/** With JavaScript, the sixth digit sends the code. */
async function enterCode(page: Page, code: string): Promise<void> {
  await page.fill('[name=code]', code)
  if (!(await hasScripts(page))) await page.click('main button.main')
}

const scriptless = new WeakSet<BrowserContext>()
const hasScripts = async (page: Page) => !scriptless.has(page.context())

async function signedIn(options: Options = {}): Promise<Page> {
  const context = await newContext(options)
  if (options?.javaScriptEnabled === false) scriptless.add(context)
  const page = await context.newPage()
  await page.goto('/')
  const { code } = await askOn(page, nextAdmin())
  await enterCode(page, code)
  await page.waitForURL(`${world.consoleOrigin}/`)
  return page
}

async function approve(page: Page, email: string): Promise<void> {
  await page.goto('/approvals/new')
  await page.getByLabel(say.fields.email).fill(email)
  await page.getByLabel(say.fields.reason).fill('Enterprise trial')
  await page.getByLabel(say.forDays(7)).check()
  await page.getByRole('button', { name: say.save }).click()
  await page.getByText(say.done.approval_created).waitFor()
}

describe('works', () => {
  it.each([true, false])(
    'approves a person, who signs in and is refused after a withdrawal (JavaScript: %s)',
    async (javaScriptEnabled) => {
      const page = await signedIn({ javaScriptEnabled })
      const guest = newGuest()
      await page.getByRole('link', { name: frameWords.en.approvals, exact: true }).click()
      await page.getByRole('link', { name: say.approve }).click()
      await page.waitForURL('**/approvals/new')
      await approve(page, guest)

      const asked = await ask(world, guest)
      const tokens = (await (await redeem(world, asked, 'code')).json()) as { access_token: string }
      const session = () =>
        fetch(`${world.issuer}/v1/session`, {
          headers: { Authorization: `Bearer ${tokens.access_token}` },
        })
      expect((await session()).status).toBe(200)

      await page.goto('/approvals')
      await page.getByRole('searchbox').fill(guest)
      await page.getByRole('button', { name: say.search }).click()
      await page.getByRole('link', { name: guest }).click()
      await page.getByRole('link', { name: say.withdraw }).click()
      await page.getByText(say.confirm.sessions(1, guest)).waitFor()
      await page.getByLabel(say.confirm.reason).fill('Left the company')
      await page.getByRole('button', { name: say.withdraw.replace('…', '') }).click()
      await page.getByText(say.done.approval_withdrawn).waitFor()
      expect(await page.locator('.history').innerText()).toContain('Left the company')
      expect((await session()).status).toBe(401)

      await page.getByText(say.restore, { exact: true }).first().click()
      await page.getByRole('button', { name: say.restore }).click()
      await page.getByText(say.done.approval_restored).waitFor()
    },
  )

  it.each([true, false])(
    'a person is found, a session ended, and the person erased (JavaScript: %s)',
    async (javaScriptEnabled) => {
      const words = peopleWords.en
      const page = await signedIn({ javaScriptEnabled })
      const guest = newGuest()
      await approve(page, guest)
      expect((await redeem(world, await ask(world, guest), 'code')).status).toBe(200)
      await page.getByRole('link', { name: frameWords.en.people, exact: true }).click()
      await page.getByRole('searchbox').fill(guest)
      await page.getByRole('button', { name: words.open }).click()
      await page.getByText(words.events.opened, { exact: true }).first().waitFor()
      await page.locator('.session').getByRole('link').click()
      await page.getByLabel(words.reason).fill('A lost phone')
      await page.getByRole('button', { name: words.confirmOne.button }).click()
      await page.getByText(words.done.session_ended).waitFor()
      expect(await page.locator('.timeline').first().innerText()).toContain('A lost phone')
      await page.getByRole('link', { name: words.erase }).click()
      await page.getByLabel(words.reason).fill('Ticket 4711')
      await page.getByLabel(words.confirmErase.again).fill(guest)
      await page.getByLabel(words.confirmErase.approval).check()
      await page.getByRole('button', { name: words.confirmErase.button }).click()
      await page.getByText(words.erased[0]).waitFor()
    },
  )

  it.each([true, false])(
    'signs in with the emailed link (JavaScript: %s)',
    async (javaScriptEnabled) => {
      const context = await newContext({ javaScriptEnabled })
      const page = await context.newPage()
      await page.goto('/approvals?state=ended')
      expect(new URL(page.url()).pathname).toBe('/sign-in')
      const { link } = await askOn(page, nextAdmin())
      // As from a mail that is read in the same browser: a link of another site.
      const mail = await context.newPage()
      await mail.goto(world.issuer)
      await mail.goto(link)
      await mail.getByRole('button', { name: signInWords.en.confirm }).click()
      await mail.waitForURL('**/approvals?state=ended')
      const other = await (await newContext({ javaScriptEnabled })).newPage()
      await other.goto(link)
      // The browser was given the link itself, so the page knows before a click that it has not asked.
      await other.getByText(signInWords.en.otherBrowser[0]).waitFor()
      await mail.getByRole('button', { name: frameWords.en.signOut }).click()
      await mail.getByText(signInWords.en.why.out).waitFor()
      await mail.goto('/approvals')
      expect(new URL(mail.url()).pathname).toBe('/sign-in')
    },
  )

  it.each([true, false])(
    'a phone asks and waits, someone approves, and the phone signs in with the link that comes (JavaScript: %s)',
    async (javaScriptEnabled) => {
      const page = await signedIn({ javaScriptEnabled })
      const guest = newGuest()
      // It resolves when the link has come.
      const asking = ask(world, guest)
      const requests = page.getByRole('link', { name: frameWords.en.requests })
      const card = page.locator('.request').filter({ hasText: guest })
      for (let tries = 0; tries < 20 && (await card.count()) === 0; tries++) {
        await sleep(100)
        await requests.first().click()
        await page.waitForURL('**/requests')
      }
      await card.getByLabel(say.forDays(7)).check()
      await card.getByLabel(say.fields.reason).first().fill('Enterprise trial')
      await card.getByRole('button', { name: requestWords.en.approve }).first().click()
      await page.getByText(requestWords.en.done.approved(guest)).waitFor()
      if (javaScriptEnabled) expect((await axe(page)).violations).toEqual([])
      const asked = await asking
      expect((await redeem(world, asked, 'link')).status).toBe(200)
    },
  )

  it('lets a signed-in person arrive through a link on another site', async () => {
    const page = await signedIn()
    await page.route('https://elsewhere.example/', (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: `<a href="${world.consoleOrigin}/approvals?state=active">here</a>`,
      }),
    )
    await page.goto('https://elsewhere.example/')
    await page.getByText('here').click()
    await page.waitForURL('**/approvals?state=active')
    expect(await page.locator('h1').innerText()).toBe(say.title)
  })

  it.each([true, false])('imports a file (JavaScript: %s)', async (javaScriptEnabled) => {
    const page = await signedIn({ javaScriptEnabled })
    const guests = Array.from({ length: LINES_PER_CALL + 10 }, newGuest)
    const lines = guests.map((email) => `${email},"Acme, Inc.",Trial\n`).join('')
    await page.goto('/approvals/import')
    await page.setInputFiles('[name=file]', {
      name: 'approvals.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(`email,company,reason\n${lines}`),
    })
    await page.getByRole('button', { name: importWords.en.check }).click()
    await page.getByRole('button', { name: importWords.en.run(guests.length) }).click()
    if (!javaScriptEnabled) {
      await page.getByRole('button', { name: importWords.en.goOn }).click()
    }
    await page.getByText(importWords.en.done).waitFor({ timeout: 50_000 })
    await page.goto(`/approvals/${encodeURIComponent(guests.at(-1)!)}`)
    await page.getByText('Acme, Inc.').first().waitFor()
  })
})

/** One address for all: only so many new ones from one network may wait. */
const LONG_NAME = `${'n'.repeat(40)}${randomUUID().slice(0, 8)}@${'d'.repeat(60)}.${'e'.repeat(60)}.example`

async function requestLongName(): Promise<void> {
  await forgetBudget(world, LONG_NAME)
  const codeChallenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
  const body = JSON.stringify({ email: LONG_NAME, codeChallenge, deviceName: 'W'.repeat(64) })
  const headers = { 'Content-Type': 'application/json', 'User-Agent': 'W'.repeat(250) }
  await fetch(`${world.issuer}/v1/links`, { method: 'POST', headers, body })
}

/** Shows one page after the other, in every state that it has. */
async function* states(page: Page): AsyncGenerator<string> {
  await page.goto('/sign-in?why=stale')
  yield 'sign-in'
  await page.fill('[name=email]', 'nobody')
  await page.click('main button.main')
  await page.locator('[role=alert]').waitFor()
  yield 'sign-in, with an error'
  const { link, code } = await askOn(page, nextAdmin())
  yield 'code'
  await enterCode(page, code === '000000' ? '000001' : '000000')
  await page.locator('#code-code-error').waitFor()
  yield 'code, with an error'
  await page.goto('/link/tok_ml_x')
  yield 'a link that is none'
  await page.goto(link)
  yield 'link'
  await page.click('main button.main')
  await page.waitForURL(`${world.consoleOrigin}/`)
  await page.locator('.numbers summary').click()
  yield 'start'
  await requestLongName()
  await page.goto('/requests')
  for (const summary of await page.locator('summary').all()) await summary.click()
  yield 'requests'
  await page.locator('.request button.main').first().click()
  await page.locator('[role=alert]').waitFor()
  yield 'requests, with errors'
  await page.goto('/approvals')
  yield 'list'
  await page.goto('/approvals?q=nothing+like+this')
  yield 'list, with nothing found'
  await page.goto('/approvals/new')
  yield 'new'
  await page.click('main button.main')
  await page.locator('[role=alert]').waitFor()
  yield 'new, with errors'
  const long = `${'n'.repeat(40)}${randomUUID().slice(0, 8)}@${'d'.repeat(60)}.${'e'.repeat(60)}.example`
  await page.fill('[name=email]', long)
  await page.fill('[name=company]', 'W'.repeat(200))
  await page.fill('[name=reason]', 'W'.repeat(500))
  await page.fill('[name=notes]', 'W'.repeat(2000))
  await page.click('main button.main')
  await page.waitForURL('**?done=*')
  for (const summary of await page.locator('summary').all()) await summary.click()
  yield 'one, with long names'
  const etag = page.locator('form[action$=change] [name=etag]')
  await etag.evaluate((input) => ((input as unknown as { value: string }).value = 'another'))
  await page.fill('[name=company]', 'Mine')
  await page.click('form[action$=change] button.main')
  await page.locator('.notice.warn').waitFor()
  expect(await page.inputValue('[name=company]')).toBe('Mine')
  yield 'one, changed meanwhile'
  await redeem(world, await ask(world, long), 'code')
  yield* statesOfPeople(page, `/people/${encodeURIComponent(long)}`)
  await page.goto(`/approvals/${encodeURIComponent(long)}/withdraw`)
  yield 'withdraw'
  await page.click('button.end')
  await page.waitForURL('**?done=*')
  yield 'one, withdrawn'
  await page.goto(`/approvals/${encodeURIComponent(newGuest())}`)
  yield 'absent'
  await page.goto('/approvals/any%40sigmacomputing.com')
  yield 'an address of the company'
  await page.goto('/approvals/import')
  yield 'import'
  await page.setInputFiles('[name=file]', {
    name: 'a.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(`email,reason\n${newGuest()},Trial\nnobody,\n`),
  })
  await page.click('main button.main')
  await page.locator('.counts').waitFor()
  yield 'report of an import'
  await page.goto('/nowhere')
  yield 'not found'
}

async function* statesOfPeople(page: Page, person: string): AsyncGenerator<string> {
  await page.goto('/people?q=nobody')
  yield 'people, with an error'
  await page.goto(person)
  for (const summary of await page.locator('summary').all()) await summary.click()
  yield 'a person with long names'
  await page.locator('.session a').click()
  await page.click('button.end')
  await page.locator('[role=alert]').waitFor()
  yield 'end a session, with an error'
  await page.goto(`${person}/end`)
  yield 'end all'
  await page.goto(`${person}/erase`)
  await page.click('button.end')
  await page.locator('[role=alert]').waitFor()
  yield 'erase, with errors'
  await page.goto(`/people/${newGuest()}`)
  yield 'a person whom nobody knows'
}

/** By how much a page is wider than its window. */
const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)

describe('looks right', () => {
  it.each([{}, PHONE])(
    'has no axe findings on any page, light or dark (%j)',
    async (options) => {
      const page = await (await newContext(options)).newPage()
      let seen = 0
      for await (const state of states(page)) {
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme })
          const { violations } = await axe(page, colorScheme)
          const found = violations.map(
            ({ id, nodes }) =>
              `${state}, ${colorScheme}: ${id}: ${nodes.map((node) => node.html).join(' ')}`,
          )
          expect(found).toEqual([])
        }
        expect(await overflow(page), state).toBeLessThanOrEqual(0)
        seen += 1
      }
      expect(seen).toBe(28)
    },
    180_000,
  )

  it.each(LOCALES.filter((locale) => locale !== 'en'))(
    'fits a narrow phone on every page in %s, without browser errors',
    async (locale) => {
      const page = await (await newContext({ ...PHONE, locale })).newPage()
      const complaints: string[] = []
      page.on('console', (message) => {
        // A page of an error has the status of one, which is no complaint.
        if (!message.text().includes('the server responded with a status of')) {
          complaints.push(message.text())
        }
      })
      page.on('pageerror', (error) => complaints.push(error.message))
      for await (const state of states(page)) {
        expect(await overflow(page), state).toBeLessThanOrEqual(0)
        const { lang, titles } = await page.evaluate(() => ({
          lang: document.documentElement.lang,
          titles: document.querySelectorAll('h1').length,
        }))
        expect(lang).toBe(locale)
        expect(titles, state).toBe(1)
      }
      expect(complaints).toEqual([])
    },
    120_000,
  )

  it('can be used with the keyboard alone: errors take the focus and lead to their fields', async () => {
    const page = await signedIn()
    await page.goto('/approvals')
    await page.keyboard.press('Tab')
    expect(await page.locator(':focus').innerText()).toBe(frameWords.en.skip)
    await page.goto('/approvals/new')
    await page.getByLabel(say.fields.email).focus()
    await page.keyboard.press('Enter')
    await page.locator('[role=alert]:focus').waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    expect(await page.locator(':focus').getAttribute('name')).toBe('email')
    expect(await page.locator(':focus').evaluate((one) => getComputedStyle(one).outlineStyle)).toBe(
      'solid',
    )
  })
})
