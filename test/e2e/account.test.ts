import { json } from 'node:stream/consumers'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { accountWords } from '../../link-page/account/words.ts'
import { pageWords } from '../../link-page/words.ts'
import { LOCALES } from '../../src/base/locale.ts'
import { axe } from './axe.ts'
import { browser, useBrowser, world } from './browser.ts'
import { messageTo, newEmail } from './person.ts'
import { ageSession, forgetBudget } from './rows.ts'
import { APP_NAME } from './setup.ts'

const say = accountWords.en
const PHONE = { viewport: { width: 320, height: 568 }, hasTouch: true, isMobile: true }

useBrowser()

async function newPage(options: BrowserContextOptions = {}) {
  const context = await browser.newContext({ locale: 'en-US', ...options })
  const page = await context.newPage()
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) {
      problems.push(message.text())
    }
  })
  return { page, problems }
}

const reads = (page: Page, text: string) =>
  page.locator('h1', { hasText: text }).waitFor({ timeout: 10_000 })
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
const said = (page: Page, text: string) =>
  page.getByRole('status').getByText(text).waitFor({ timeout: 10_000 })

/** Asks for a code on the page. @returns the message. */
async function askOn(page: Page, email: string, words = say) {
  await page.getByLabel(words.email).fill(email)
  await press(page, words.send)
  await reads(page, words.code[0])
  return messageTo(world, email)
}

/** Signs in on the page, by code. */
async function signInOn(page: Page, email = newEmail(), words = say): Promise<string> {
  await page.goto(`${world.issuer}/account`)
  const { code } = await askOn(page, email, words)
  await page.getByLabel(words.digits).fill(code)
  await press(page, words.signIn)
  await page.getByRole('button', { name: words.download }).waitFor({ timeout: 10_000 })
  return email
}

const stored = (page: Page, name: string) =>
  page.evaluate((name) => localStorage.getItem(name), `latchkey.${name}`)

describe('works', () => {
  it('signs in by code, with a key of the browser, downloads the data, and deletes the account', async () => {
    const { page, problems } = await newPage()
    const email = await signInOn(page)
    expect(await page.locator('main').innerText()).toContain(email)
    const session = JSON.parse((await stored(page, 'session'))!) as Record<string, string>
    expect(session['token_type']).toBe('DPoP')

    const [file] = await Promise.all([page.waitForEvent('download'), press(page, say.download)])
    expect(file.suggestedFilename()).toBe('account.json')
    expect(await json(await file.createReadStream())).toMatchObject({
      user: { email },
      sessions: [{}],
      links: [{}],
    })

    await press(page, say.remove)
    await reads(page, say.sure)
    const text = await page.locator('main').innerText()
    for (const one of [email, ...say.deleted, say.keeps]) expect(text).toContain(one)
    await press(page, say.back)
    await reads(page, say.title(APP_NAME))
    await press(page, say.remove)
    await press(page, say.confirm)
    await reads(page, say.done[0])
    expect(await stored(page, 'session')).toBeNull()
    expect(await page.locator('main').innerText()).not.toContain(email)
    await page.reload()
    await page.getByLabel(say.email).waitFor()
    expect(problems).toEqual([])
  })

  it('signs in by the link in another tab, and both tabs show the account', async () => {
    const { page } = await newPage()
    const email = newEmail()
    await page.goto(`${world.issuer}/account`)
    const { link } = await askOn(page, email)
    const tab = await page.context().newPage()
    await tab.goto(link)
    await press(tab, pageWords.en.here)
    await press(tab, pageWords.en.confirm)
    await tab.waitForURL(`${world.issuer}/account`)
    for (const one of [tab, page]) await one.getByText(email).waitFor()
    await press(page, say.remove)
    await press(page, say.confirm)
    await reads(page, say.done[0])
  })

  it('says to sign in again when the sign-in is older than five minutes, and then deletes the account', async () => {
    const { page } = await newPage()
    const email = await signInOn(page)
    const record = JSON.parse((await stored(page, 'session'))!) as Record<string, string>
    const refreshToken = await ageSession(world, record['refresh_token']!, 301)
    await page.evaluate(
      (text) => localStorage.setItem('latchkey.session', text),
      JSON.stringify({ ...record, refresh_token: refreshToken, obtainedAt: 0 }),
    )
    await press(page, say.remove)
    await press(page, say.confirm)
    await reads(page, say.stale[0])
    await forgetBudget(world, email)
    await press(page, say.again)
    await reads(page, say.code[0])
    await page.getByLabel(say.digits).fill((await messageTo(world, email, 2)).code)
    await page.keyboard.press('Enter')
    await press(page, say.remove)
    await press(page, say.confirm)
    await reads(page, say.done[0])
  })

  it('deletes the account when the response was lost, and says so when the network fails', async () => {
    const { page } = await newPage()
    await signInOn(page)
    let lost = 0
    await page.route('**/v1/account', async (route) => {
      await route.fetch()
      lost += 1
      await route.abort()
    })
    await press(page, say.remove)
    await press(page, say.confirm)
    await said(page, say.failed)
    expect(lost).toBe(4)
    await page.unroute('**/v1/account')
    await press(page, say.confirm)
    await reads(page, say.done[0])
  })

  it('explains a wrong code, too many requests, and a bot check', async () => {
    const { page } = await newPage()
    const email = newEmail()
    await page.goto(`${world.issuer}/account`)
    const { code } = await askOn(page, email)
    await page.getByLabel(say.digits).fill(code === '000000' ? '000001' : '000000')
    await press(page, say.signIn)
    await said(page, say.wrong)
    await press(page, say.resend)
    await said(page, 'Too many requests. Try again in 1 minute.')
    await page.route('**/v1/links', (route) =>
      route.fulfill({ status: 403, json: { type: 'urn:latchkey:problem:bot_check_failed' } }),
    )
    await press(page, say.other)
    await page.getByLabel(say.email).fill(newEmail())
    await press(page, say.send)
    await said(page, say.app)
  })

  it('signs out all other devices, and stays signed in', async () => {
    const { page } = await newPage()
    const email = await signInOn(page)
    const other = await newPage()
    await forgetBudget(world, email)
    await other.page.goto(`${world.issuer}/account`)
    await other.page.getByLabel(say.email).fill(email)
    await press(other.page, say.send)
    await reads(other.page, say.code[0])
    await other.page.getByLabel(say.digits).fill((await messageTo(world, email, 2)).code)
    await press(other.page, say.signIn)
    await press(other.page, say.signOutOthers)
    await said(other.page, say.others)
    await other.page.reload()
    await other.page.getByRole('button', { name: say.download }).waitFor()
    await page.reload()
    await page.getByLabel(say.email).waitFor()
  })

  it('signs out', async () => {
    const { page } = await newPage()
    await signInOn(page)
    await press(page, say.signOut)
    await page.getByLabel(say.email).waitFor()
    expect(await stored(page, 'session')).toBeNull()
  })

  it('continues at the issuer when it is opened at the second host', async () => {
    const { page } = await newPage()
    await page.goto(`${world.appLinkOrigin}/account`)
    await page.waitForURL(`${world.issuer}/account`)
    await page.getByLabel(say.email).waitFor()
  })

  it('says what is deleted and what stays, even without JavaScript', async () => {
    const { page } = await newPage({ javaScriptEnabled: false })
    await page.goto(`${world.issuer}/account`)
    const text = await page.locator('main').innerText()
    for (const one of [say.noScript, ...say.deleted, say.keeps]) expect(text).toContain(one)
  })
})

describe('looks', () => {
  const STATES = ['start', 'code', 'account', 'sure', 'stale', 'deleted']
  /** Shows a state of the page as a button leads there. */
  const state = (page: Page, name: string) =>
    page.evaluate((name) => {
      const button = document.createElement('button')
      button.dataset['do'] = name
      document.getElementById('stage')!.append(button)
      button.click()
    }, name)

  it('has no axe findings in any state, light or dark', async () => {
    const { page } = await newPage(PHONE)
    await page.goto(`${world.issuer}/account`)
    await page.getByLabel(say.email).waitFor()
    const names = await page.locator('template').evaluateAll((all) => all.map(({ id }) => id))
    expect(names.map((id) => id.slice(2))).toEqual(STATES)
    for (const name of STATES) {
      await state(page, name)
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        const { violations, incomplete } = await axe(page, colorScheme)
        const found = [...violations, ...incomplete].map(
          ({ id, nodes }) =>
            `${name}, ${colorScheme}: ${id}: ${nodes.map((n) => n.html).join(' ')}`,
        )
        expect(found).toEqual([])
      }
    }
  })

  it.each(LOCALES)('fits a narrow phone in every state in %s', async (locale) => {
    const { page } = await newPage({ ...PHONE, locale })
    await page.goto(`${world.issuer}/account`)
    await page.getByLabel(accountWords[locale].email).waitFor()
    for (const name of STATES) {
      await state(page, name)
      const { width, lang, titles } = await page.evaluate(() => ({
        width: document.documentElement.scrollWidth,
        lang: document.documentElement.lang,
        titles: document.querySelectorAll('h1').length,
      }))
      expect([width <= 320, lang, titles], name).toEqual([true, locale, 1])
    }
  })

  it('can be used with the keyboard alone, with a visible focus', async () => {
    const { page } = await newPage()
    const email = newEmail()
    await page.goto(`${world.issuer}/account`)
    await page.getByLabel(say.email).waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.type(email)
    const outline = () => page.locator(':focus').evaluate((one) => getComputedStyle(one).outline)
    expect(await outline()).toMatch(/ solid 3px$/)
    await page.keyboard.press('Enter')
    await page.locator('h1:focus', { hasText: say.code[0] }).waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.type((await messageTo(world, email)).code)
    await page.keyboard.press('Enter')
    await page.locator('h1:focus', { hasText: say.title(APP_NAME) }).waitFor()
    for (const [tabs, label, next] of [
      [3, say.remove, say.sure],
      [1, say.confirm, say.done[0]],
    ] as const) {
      for (let n = 0; n < tabs; n++) await page.keyboard.press('Tab')
      expect(await page.locator(':focus').textContent()).toBe(label)
      expect(await outline()).toMatch(/ solid 3px$/)
      await page.keyboard.press('Enter')
      await page.locator('h1:focus', { hasText: next }).waitFor()
    }
  })
})
