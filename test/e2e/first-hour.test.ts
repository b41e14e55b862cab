import { AwsClient } from 'aws4fetch'
import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { decodeQR } from 'qr/decode.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LOCAL_AWS } from '../../dev/local-aws.ts'
import { axe } from './axe.ts'
import { browser, useBrowser, world } from './browser.ts'
import { ask, newEmail, redeem } from './person.ts'

const PHONE = { viewport: { width: 320, height: 568 }, hasTouch: true, isMobile: true }

useBrowser()

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-first-hour-'))
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

/** A browser, and what it asked other hosts for or complained about. */
async function newPage(
  options: BrowserContextOptions = {},
): Promise<{ page: Page; problems: string[] }> {
  const page = await (await browser.newContext({ locale: 'en-US', ...options })).newPage()
  const problems: string[] = []
  const own = [world.issuer, world.inbox]
  page.on('request', (request) => {
    if (!own.some((origin) => request.url().startsWith(origin))) problems.push(request.url())
  })
  page.on('pageerror', (error) => problems.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text())
  })
  return { page, problems }
}

type Listed = { id: string; to: string; link: string; code: string }

/** The address of a message's page in the inbox. */
async function pageOf(to: string, link: string): Promise<string> {
  const response = await fetch(`${world.inbox}/messages?to=${encodeURIComponent(to)}`)
  const message = ((await response.json()) as Listed[]).find((one) => one.link === link)
  return `${world.inbox}/?message=${message!.id}`
}

/** A text message straight to the inbox: the one person with a phone number may ask only once a minute. */
async function sendSms(): Promise<{ to: string; link: string }> {
  const to = '+14155550100'
  const link = `${world.issuer}/link/tok_ml_${randomUUID()}`
  const aws = new AwsClient({ ...LOCAL_AWS, service: 'sms-voice', retries: 0 })
  const response = await aws.fetch(world.inbox, {
    method: 'POST',
    headers: { 'x-amz-target': 'PinpointSMSVoiceV2.SendTextMessage' },
    body: JSON.stringify({
      DestinationPhoneNumber: to,
      MessageBody: `123456 is your code. ${link}`,
    }),
  })
  expect(response.status).toBe(200)
  return { to, link }
}

async function violations(page: Page): Promise<string[]> {
  const found = []
  // Axe does not judge what is scrolled out of sight.
  await page.evaluate(() => {
    const list = document.querySelector<HTMLElement>('.list')
    if (list) list.style.maxHeight = 'none'
  })
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    const { violations, incomplete } = await axe(page, colorScheme)
    // Axe cannot run in the sandboxed frame of the mail, where no script may run.
    const all = [...violations, ...incomplete].filter(({ id }) => id !== 'frame-tested')
    found.push(
      ...all.map(
        ({ id, nodes }) => `${colorScheme}: ${id}: ${nodes.map((node) => node.html).join(' ')}`,
      ),
    )
  }
  return found
}

const widthOf = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth)

describe('the start page', () => {
  it('says what runs where, and names no secret', async () => {
    const { page, problems } = await newPage()
    await page.goto(world.issuer)
    const text = await page.locator('body').innerText()
    const { inbox, consoleOrigin, issuer, aws } = world
    for (const part of [issuer, inbox, consoleOrigin, aws.endpoint]) expect(text).toContain(part)
    for (const path of ['docs/first-hour.md', 'packages/verify/README.md']) {
      const link = page.getByRole('link', { name: path }).first()
      const document = await fetch((await link.getAttribute('href'))!)
      expect(await document.text()).toBe(readFileSync(path, 'utf8'))
      expect(document.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    }
    const secrets =
      readFileSync(world.varsFile, 'utf8').match(/(?<=(KEYS|SERVERS|KEY)=').+(?=')/g) ?? []
    expect(secrets.length).toBeGreaterThan(3)
    for (const secret of secrets) expect(await page.content()).not.toContain(secret)
    expect(problems).toEqual([])
  })

  it('lists people who can sign in, and some who cannot', async () => {
    const { page } = await newPage()
    await page.goto(world.issuer)
    const people = await page.locator('.people dt').allTextContents()
    const what = await page.locator('.people dd').allTextContents()
    expect(people.length).toBeGreaterThan(6)
    expect(what[people.indexOf('former@example.com')]).toMatch(/^No message: /)
    // Other tests use the other people.
    for (const listed of ['anyone@sigmacomputing.com', 'jane.smith@startupxyz.com']) {
      expect(what[people.indexOf(listed)]).toMatch(/^Signs in/)
      const email = listed.replace('anyone@', 'first-hour@')
      expect((await redeem(world, await ask(world, email), 'link')).status, email).toBe(200)
    }
  })

  it('is also a description for tools, and is no part of a deployment', async () => {
    const response = await fetch(`${world.issuer}/development.json`)
    expect(await response.json()).toMatchObject({
      latchkey: 'development',
      issuer: world.issuer,
      inbox: world.inbox,
      console: world.consoleOrigin,
      appScheme: 'latchkey',
    })
    expect((await fetch(world.issuer, { method: 'POST' })).status).toBe(404)
    expect((await fetch(`${world.issuer}/development.json`, { method: 'DELETE' })).status).toBe(404)
  })

  it('has no axe findings, fits a narrow phone, and has a strict policy', async () => {
    const { page } = await newPage(PHONE)
    const response = await page.goto(world.issuer)
    expect(await widthOf(page)).toBeLessThanOrEqual(320)
    expect(await violations(page)).toEqual([])
    expect(response!.headers()['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'nonce-[\w-]+'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
    )
  })
})

describe('the inbox', () => {
  it('shows a mail as a phone does, in a frame that runs no script, with its text beside it', async () => {
    const { page, problems } = await newPage()
    const asked = await ask(world)
    await page.goto(await pageOf(asked.email, asked.link))
    expect(await page.locator('.code').textContent()).toBe(asked.code)
    const frame = page.frameLocator('iframe')
    await frame.getByText(asked.code, { exact: true }).first().waitFor()
    expect(await page.locator('iframe').getAttribute('sandbox')).toBe('')
    expect(await page.locator('article').innerText()).toContain('Plain text')
    expect(problems).toEqual([])
  })

  it('shows an SMS in its bubble', async () => {
    const { page } = await newPage()
    const { to, link } = await sendSms()
    await page.goto(await pageOf(to, link))
    expect(await page.locator('.bubble').innerText()).toContain(link)
    expect(await page.locator('iframe').count()).toBe(0)
  })

  it.each(['light', 'dark'] as const)(
    'shows a QR code that a reader reads as the link, in %s',
    async (colorScheme) => {
      const { page } = await newPage({ colorScheme })
      const asked = await ask(world)
      await page.goto(await pageOf(asked.email, asked.link))
      const png = await page.locator('.qr').screenshot()
      const image = await page.evaluate(async (base64) => {
        const bitmap = await createImageBitmap(
          new Blob([Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0))]),
        )
        const canvas = new OffscreenCanvas(bitmap.width, bitmap.height)
        const context = canvas.getContext('2d')!
        context.drawImage(bitmap, 0, 0)
        const { width, height, data } = context.getImageData(0, 0, bitmap.width, bitmap.height)
        return { width, height, data: [...data] }
      }, png.toString('base64'))
      expect(decodeQR({ ...image, data: Uint8Array.from(image.data) })).toBe(asked.link)
    },
  )

  it('copies commands that open the link on a simulator and an emulator, as a shell runs them', async () => {
    const { page } = await newPage({ permissions: ['clipboard-read', 'clipboard-write'] })
    const asked = await ask(world)
    await page.goto(await pageOf(asked.email, asked.link))
    const appLink = asked.link.replace(world.issuer, 'latchkey:/')
    // As adb does: it hands its arguments, joined by spaces, to the device's shell.
    fake('adb', 'test "$1" = shell && shift && exec sh -c "$*"')
    fake('am', 'for last; do :; done; printf %s "$last"')
    fake('xcrun', 'printf %s "$4"')
    for (const [name, opened] of [
      ['the command for iOS with the app’s scheme', appLink],
      ['the command for iOS with the link', asked.link],
      ['the command for Android with the app’s scheme', appLink],
      ['the command for Android with the link', asked.link],
    ] as const) {
      await page.getByRole('button', { name: `Copy ${name}` }).click()
      await page.getByRole('status').getByText('Copied').waitFor()
      const command = await page.evaluate(() => navigator.clipboard.readText())
      const env = { PATH: `${folder}:${process.env.PATH}` }
      expect(execFileSync('sh', ['-c', command], { env, encoding: 'utf8' }), name).toBe(opened)
    }
  })

  const fake = (name: string, script: string): void => {
    const file = join(folder, name)
    writeFileSync(file, `#!/bin/sh\n${script}\n`)
    chmodSync(file, 0o755)
  }

  it('shows a new message by itself, and only mentions it on the page of another', async () => {
    const [{ page: newest }, { page: other }] = [await newPage(), await newPage()]
    const first = await ask(world)
    await newest.goto(world.inbox)
    await other.goto(await pageOf(first.email, first.link))
    // The other files' tests use the same inbox, so their messages may come in between.
    const isShown = async (): Promise<boolean> => {
      const { code } = await ask(world)
      const shown = newest.locator('.code', { hasText: code })
      return shown.waitFor({ timeout: 6000 }).then(
        () => true,
        () => false,
      )
    }
    await expect.poll(isShown, { timeout: 60_000 }).toBe(true)
    await other.getByRole('link', { name: 'There is a new message' }).waitFor()
    expect(await other.locator('.code').textContent()).toBe(first.code)
  }, 90_000)

  it('can be used with the keyboard alone, with a visible focus', async () => {
    const { page } = await newPage({ permissions: ['clipboard-read', 'clipboard-write'] })
    const asked = await ask(world)
    await page.goto(await pageOf(asked.email, asked.link))
    await page.keyboard.press('Tab')
    expect(await page.locator(':focus').textContent()).toBe('Skip to the message')
    await page.keyboard.press('Enter')
    const focused = page.locator('button:focus')
    for (let presses = 0; presses < 5 && (await focused.count()) === 0; presses++) {
      await page.keyboard.press('Tab')
    }
    expect(await focused.getAttribute('aria-label')).toBe('Copy the code')
    expect(await focused.evaluate((one) => getComputedStyle(one).outline)).toMatch(/ solid 3px$/)
    await page.keyboard.press('Enter')
    await page.getByRole('status').getByText('Copied').waitFor()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(asked.code)
  })

  it('has no axe findings and fits a narrow phone, on every page', async () => {
    const { page, problems } = await newPage(PHONE)
    const asked = await ask(world, newEmail())
    const sms = await sendSms()
    for (const url of [
      await pageOf(asked.email, asked.link),
      await pageOf(sms.to, sms.link),
      `${world.inbox}/preview`,
    ]) {
      await page.goto(url)
      expect(await widthOf(page), url).toBeLessThanOrEqual(320)
      expect(await violations(page), url).toEqual([])
    }
    expect(problems).toEqual([])
  })
})
