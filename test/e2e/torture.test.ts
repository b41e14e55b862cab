import { build } from 'esbuild'
import type { Browser, BrowserContext } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { CASES } from '../../torture/cases/cases.ts'
import { beginRun, type Control } from '../../torture/runner.ts'
import { controlOf } from '../support/torture.ts'
import { connectChromium } from './world.ts'

let control: Control
let browser: Browser
let context: BrowserContext
let runner: string

beforeAll(async () => {
  control = await controlOf(inject('tortureEndpoint'))
  browser = await connectChromium()
  context = await browser.newContext()
  await context.exposeFunction('control', control)
  // The app is a page of the issuer's own origin. Nothing of it comes over the wire of the run.
  await context.route(/\/(app|favicon\.ico)$/, (route) =>
    route.fulfill({ contentType: 'text/html', body: '<title>app</title>' }),
  )
  const { outputFiles } = await build({
    entryPoints: ['torture/runner.ts'],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'runner',
  })
  runner = outputFiles[0]!.text
})
afterAll(() => browser.close())

describe('withstands in Chromium', () => {
  it.concurrent.each(CASES.map(({ name }) => name))('%s', async (name) => {
    const begun = await beginRun(control, name)
    const page = await context.newPage()
    await page.goto(`${begun.baseUrl}/app`)
    await page.addScriptTag({ content: runner })
    const verdict = await page.evaluate(`
      // Chromium sends a request again by itself when it was on a connection that it had opened ahead, and that broke.
      const marked = (url, init) => {
        const headers = new Headers(init.headers)
        headers.set('X-Torture-Call', crypto.randomUUID())
        return fetch(url, { ...init, headers })
      }
      runner.playRun(control, ${JSON.stringify(begun)}, { bound: true, fetch: marked })
    `)
    await page.close()
    expect((verdict as { wrong: string[] }).wrong).toEqual([])
  })
})
