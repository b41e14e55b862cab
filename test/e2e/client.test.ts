import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { packed, type Packed } from '../support/node/packed.ts'
import { startSmallIssuer, type SmallIssuer } from '../support/node/small-issuer.ts'
import { connectChromium } from './world.ts'

let installed: Packed
let issuer: SmallIssuer
let browser: Browser
let context: BrowserContext

/** The client as it is published, with no bundler between. */
function page(path: string): { type: string; body: string } | undefined {
  if (path === '/app') return { type: 'text/html', body: '<title>app</title>' }
  if (path === '/favicon.ico') return { type: 'image/png', body: '' }
  if (!path.startsWith('/client/')) return undefined
  const file = join(installed.root, 'dist', path.slice('/client/'.length))
  return { type: 'text/javascript', body: readFileSync(file, 'utf8') }
}

beforeAll(async () => {
  installed = packed('client')
  issuer = await startSmallIssuer(page)
  browser = await connectChromium()
})
afterAll(async () => {
  await browser.close()
  issuer.stop()
  installed.remove()
})
beforeEach(async () => {
  issuer.asked.length = 0
  context = await browser.newContext()
})

async function openTab(): Promise<Page> {
  const tab = await context.newPage()
  await tab.goto(`${issuer.url}/app`)
  return tab
}

/** Runs in the page; `latchkey` is a client with the browser's own storage and key. */
const inPage = (tab: Page, source: string): Promise<unknown> =>
  tab.evaluate(`(async () => {
    const { createLatchkeyClient, webStorage, indexedDbKeys } = await import('/client/index.js')
    const storage = webStorage(localStorage)
    const latchkey = createLatchkeyClient({ issuer: location.origin, storage })
    ${source}
  })()`)

describe('works', () => {
  it('binds the session to a key that the browser keeps across reloads and restarts of the client', async () => {
    const tab = await openTab()
    await inPage(
      tab,
      `await latchkey.ask({ email: 'ada@example.com' })
       return latchkey.redeemCode('123456')`,
    )
    await tab.reload()
    expect(await inPage(tab, 'return latchkey.session()')).toMatchObject({ id: 'ses_1' })
    await inPage(tab, `await latchkey.fetch('/things?x=1')`)
    const keys = issuer.asked.filter(({ jkt }) => jkt !== null).map(({ jkt }) => jkt)
    expect(issuer.asked.map(({ request }) => request)).toEqual([
      'POST /v1/links',
      'POST /v1/token',
      'GET /things',
    ])
    expect(keys).toEqual([expect.stringMatching(/^[\w-]{43}$/), keys[0]])
  })

  it('makes one key for all tabs that start at the same time', async () => {
    const tabs = await Promise.all([openTab(), openTab(), openTab(), openTab()])
    const keys = await Promise.all(
      tabs.map((tab) => inPage(tab, `return (await indexedDbKeys().getKey()).publicJwk.x`)),
    )
    expect(new Set(keys).size).toBe(1)
    expect(keys[0]).toMatch(/^[\w-]{43}$/)
  })
})

describe('withstands', () => {
  it('a script that tries to export the key', async () => {
    const tab = await openTab()
    const said = await inPage(
      tab,
      `await indexedDbKeys().getKey()
       const opened = indexedDB.open('latchkey')
       await new Promise((resolve) => { opened.onsuccess = resolve })
       const found = opened.result.transaction('keys').objectStore('keys').get('dpop')
       await new Promise((resolve) => { found.onsuccess = resolve })
       return crypto.subtle.exportKey('jwk', found.result.privateKey).catch((error) => error.name)`,
    )
    expect(said).toBe('InvalidAccessError')
  })

  it('a browser that denies IndexedDB: reports a key store error, and tries again on the next call', async () => {
    const tab = await openTab()
    const said = await inPage(
      tab,
      `const open = IDBFactory.prototype.open
       IDBFactory.prototype.open = () => { throw new DOMException('denied', 'SecurityError') }
       await latchkey.ask({ email: 'ada@example.com' })
       const code = await latchkey.redeemCode('123456').catch((error) => error.code)
       IDBFactory.prototype.open = open
       return [code, (await latchkey.redeemCode('123456')).id]`,
    )
    expect(said).toEqual(['key', 'ses_1'])
  })
})
