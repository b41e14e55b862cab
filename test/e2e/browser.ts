import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { connectChromium, devWorld, type DevWorld } from './world.ts'

/** The development world and the browser of this test file. They are set when its tests start. */
export let world: DevWorld
export let browser: Browser

/** Connects before the tests of this file. After each test, what it opened is closed. */
export function useBrowser(): void {
  beforeAll(async () => {
    ;[world, browser] = await Promise.all([devWorld(), connectChromium()])
  })
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()))
  })
  afterAll(async () => {
    await browser?.close()
  })
}
