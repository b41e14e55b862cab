import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { SECURITY_HEADERS } from '../../src/http/headers.ts'
import { axe } from './axe.ts'
import { browser, useBrowser, world } from './browser.ts'

useBrowser()

/** Each host: its folder of static assets, and its document. */
const HOSTS = [
  { host: 'the public Worker', assets: 'public', file: 'openapi.json' },
  { host: 'the console', assets: 'public-console', file: 'openapi-console.json' },
] as const
const originOf = (assets: string): string =>
  assets === 'public' ? world.issuer : world.consoleOrigin

describe.each(HOSTS)('on the host of $host', ({ assets, file }) => {
  it('the document and its page are served with the security headers', async () => {
    const { 'Content-Security-Policy': _, 'Cache-Control': _2, ...expected } = SECURITY_HEADERS
    for (const [path, type, local] of [
      ['/openapi.json', 'application/json', file],
      ['/docs', 'text/html; charset=utf-8', `${assets}/docs.html`],
    ] as const) {
      const answer = await fetch(`${originOf(assets)}${path}`)
      expect([path, answer.status, answer.headers.get('Content-Type')]).toEqual([path, 200, type])
      for (const [name, value] of Object.entries(expected)) {
        expect([path, name, answer.headers.get(name)]).toEqual([path, name, value])
      }
      expect(answer.headers.get('Content-Security-Policy')).toMatch(/^default-src 'none'/)
      expect(answer.headers.get('Cache-Control')).toBe('public, max-age=300')
      expect(await answer.text()).toBe(readFileSync(local, 'utf8'))
    }
  })

  it('nothing else is served without the Worker', async () => {
    const others = [
      '/docs/',
      '/docs.html',
      '/DOCS',
      '/%64ocs',
      '/openapi.json/',
      '/_headers',
      '/_redirects',
      '/link-page/en/link.html',
    ]
    for (const path of others) {
      const answer = await fetch(`${originOf(assets)}${path}`, { redirect: 'manual' })
      expect([path, answer.status]).toEqual([path, 404])
      expect(answer.headers.get('X-Request-Id')).not.toBeNull()
    }
    const health = await fetch(`${originOf(assets)}/healthz`)
    expect([health.status, health.headers.has('X-Request-Id')]).toEqual([200, true])
  })

  it('the page changes nothing: other methods get 405', async () => {
    for (const method of ['POST', 'PUT', 'DELETE']) {
      const { status } = await fetch(`${originOf(assets)}/docs`, { method, body: 'x' })
      expect([method, status]).toEqual([method, 405])
    }
  })

  it.each([
    ['a phone', { width: 390, height: 844 }],
    ['a desktop', { width: 1280, height: 900 }],
  ])('the page is readable on %s, and asks for nothing else', async (_, viewport) => {
    const page = await (await browser.newContext({ viewport })).newPage()
    const requests: string[] = []
    const refused: string[] = []
    page.on('request', (request) => requests.push(request.url()))
    page.on('console', (message) => refused.push(message.text()))
    await page.goto(`${originOf(assets)}/docs`)
    const menu = page.locator('summary')
    if (await menu.isVisible()) await menu.click()
    expect(requests).toEqual([`${originOf(assets)}/docs`])
    expect(refused).toEqual([])
    const width = await page.evaluate(() => document.documentElement.scrollWidth)
    expect(width).toBeLessThanOrEqual(viewport.width)
    expect(await page.locator('nav:visible').count()).toBe(1)
    expect((await axe(page)).violations).toEqual([])
    await page.emulateMedia({ colorScheme: 'dark' })
    expect((await axe(page, 'dark')).violations).toEqual([])
  })
})

it('the first command of the page asks for a link, as it stands', () => {
  const page = readFileSync('public/docs.html', 'utf8')
  const [, command] = /<section id="askForLink"[^]*?<code>(curl [^]*?)<\/code>/.exec(page)!
  const shell = command!.replaceAll('&quot;', '"').replaceAll('&#39;', "'")
  const env = { PATH: process.env.PATH, LATCHKEY: world.issuer }
  const answer = execFileSync('sh', ['-c', `${shell} -s`], { encoding: 'utf8', env })
  expect(JSON.parse(answer)).toMatchObject({ handle: expect.any(String), expiresIn: 900 })
})
