import type { BrowserContextOptions, Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { LOCALES } from '../../src/base/locale.ts'
import { pageWords } from '../../link-page/words.ts'
import { axe } from './axe.ts'
import { browser, useBrowser, world } from './browser.ts'
import { ask, rememberAsking, type Asked } from './person.ts'
import { sentEarlier } from './rows.ts'

const PHONE = { viewport: { width: 320, height: 568 }, hasTouch: true, isMobile: true }

useBrowser()

async function newPage(options: BrowserContextOptions): Promise<Page> {
  const context = await browser.newContext({ locale: 'en-US', ...options })
  return context.newPage()
}

/** Shows one state after the other, every one that there is. */
async function* states(page: Page, asked: Asked): AsyncGenerator<string> {
  await page.goto(`${world.issuer}/link`)
  yield 'again'
  await page.goto(`${world.issuer}/link/tok_ml_x`)
  yield 'invalid'
  await page.goto(await sentEarlier(world, asked, 901))
  yield 'expired, from the start'
  await page.goto(asked.link)
  yield 'choose, elsewhere'
  await rememberAsking(world, page, asked)
  await page.goto(asked.link)
  yield 'choose'
  const names = await page.locator('template').evaluateAll((all) => all.map((one) => one.id))
  for (const name of names.map((id) => id.slice(2))) {
    await press(page, name)
    yield name
  }
  await press(page, 'confirm')
  await page.route('**/v1/token', () => {})
  await page.click('[data-do=sign-in]')
  yield 'busy'
}

/** Any state, as its button leads there. */
const press = (page: Page, name: string) =>
  page.evaluate((name) => {
    const stage = document.getElementById('stage')!
    const button = document.createElement('button')
    button.dataset['do'] = name
    stage.append(button)
    button.click()
  }, name)

describe('works', () => {
  it('has no axe findings in any state, light or dark', async () => {
    const page = await newPage({ ...PHONE })
    let seen = 0
    for await (const state of states(page, await ask(world))) {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        const { violations, incomplete, passes } = await axe(page, colorScheme)
        const found = [...violations, ...incomplete].map(
          ({ id, nodes }) =>
            `${state}, ${colorScheme}: ${id}: ${nodes.map((node) => node.html).join(' ')}`,
        )
        expect(found).toEqual([])
        expect(passes.length).toBeGreaterThan(colorScheme === 'light' ? 15 : 0)
      }
      seen += 1
    }
    expect(seen).toBe(16)
  })

  it('has no axe findings without JavaScript', async () => {
    // Axe itself needs scripts: they are off for the page alone, as its policy would have it.
    const page = await newPage({ ...PHONE })
    const asked = await ask(world)
    await page.route(asked.link, async (route) => {
      const response = await route.fetch()
      const body = (await response.text())
        .replace(/<script[^]*<\/script>/, '')
        .replace(/<\/?noscript>/g, '')
      await route.fulfill({ response, body })
    })
    await page.goto(asked.link)
    expect(await page.locator('main').innerText()).toContain(pageWords.en.noScript)
    expect((await axe(page)).violations).toEqual([])
  })

  it.each(LOCALES)('fits a narrow phone in every state in %s', async (locale) => {
    const page = await newPage({ ...PHONE, locale })
    for await (const state of states(page, await ask(world, undefined, { locale }))) {
      const { width, lang, titles } = await page.evaluate(() => ({
        width: document.documentElement.scrollWidth,
        lang: document.documentElement.lang,
        titles: document.querySelectorAll('h1').length,
      }))
      expect(width, state).toBeLessThanOrEqual(320)
      expect(lang).toBe(locale)
      expect(titles, state).toBe(1)
    }
  })

  it('has colours for dark and light mode', async () => {
    const colours = []
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await newPage({ colorScheme })
      await page.goto(`${world.issuer}/link`)
      colours.push(
        await page.evaluate(() => {
          const { backgroundColor, color } = getComputedStyle(document.body)
          return [backgroundColor, color]
        }),
      )
    }
    expect(new Set(colours.flat()).size).toBe(4)
  })

  it('can be used with the keyboard alone, with a visible focus', async () => {
    const page = await newPage({})
    const asked = await ask(world)
    await rememberAsking(world, page, asked)
    await page.goto(asked.link)
    const say = pageWords.en
    for (const [label, next] of [
      [say.here, say.here],
      [say.confirm, say.done[0]],
    ]) {
      await page.keyboard.press('Tab')
      const focused = page.locator(':focus')
      expect(await focused.textContent()).toBe(label)
      expect(await focused.evaluate((one) => getComputedStyle(one).outline)).toMatch(/ solid 3px$/)
      await page.keyboard.press('Enter')
      await page.locator('h1:focus', { hasText: next! }).waitFor()
    }
  })

  it('says what it is doing while it waits', async () => {
    const page = await newPage({})
    const asked = await ask(world)
    await rememberAsking(world, page, asked)
    await page.route('**/v1/token', () => {})
    await page.goto(asked.link)
    await page.click('[data-do=confirm]')
    await page.click('[data-do=sign-in]')
    expect(await page.getByRole('status').textContent()).toBe(pageWords.en.busy)
    expect(await page.locator('[data-do=sign-in]').isDisabled()).toBe(true)
  })

  it('shows the app first on a phone, and the code first on a desktop', async () => {
    const asked = await ask(world)
    for (const [device, first] of [
      [PHONE, pageWords.en.openApp],
      [{}, pageWords.en.showCode],
    ] as const) {
      const page = await newPage(device)
      await page.goto(asked.link)
      expect(await page.locator('.do').allTextContents()).toHaveLength(2)
      expect(await page.locator('.do').first().textContent()).toBe(first)
    }
  })

  it('opens the app by its scheme, on Android by an intent, and shows help if it did not open', async () => {
    const asked = await ask(world)
    const ios = await newPage(PHONE)
    await ios.clock.install()
    // On the host of the app's links: iOS opens none of them from a page of the same host.
    await ios.goto(asked.link.replace(world.issuer, world.appLinkOrigin))
    const app = ios.getByRole('link', { name: pageWords.en.openApp })
    expect(await app.getAttribute('href')).toMatch(/^latchkey:\/\/link\/tok_ml_/)
    await app.click()
    await ios.clock.runFor(1500)
    await ios.getByRole('status').getByText(pageWords.en.noApp).waitFor()

    const userAgent = 'Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36'
    const android = await newPage({ ...PHONE, userAgent })
    await android.goto(asked.link)
    const href = await android.getByRole('link').getAttribute('href')
    expect(href).toMatch(/^intent:\/\/127\.0\.0\.1:\d+\/link\/tok_ml_.*;package=com\.example\.app;/)
    // Where Chrome goes when the app is not there.
    await android.goto(decodeURIComponent(/browser_fallback_url=([^;]+)/.exec(href!)![1]!))
    expect(await android.getByRole('status').textContent()).toBe(pageWords.en.noApp)
    expect(android.url()).toBe(`${world.issuer}/link`)
  })
})
