import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { maskEmail } from '../../src/base/email-address.ts'
import { parseConfig } from '../../src/base/config.ts'
import { unixMs } from '../../src/base/time.ts'
import { escapeHtml } from '../../src/base/html.ts'
import { createSeals } from '../../src/crypto/seal.ts'
import {
  codeOf,
  newLinkId,
  newUserId,
  sealHandle,
  sealLink,
  type LinkContent,
} from '../../src/model/sealed-link.ts'
import { LOCALES } from '../../src/base/locale.ts'
import { pageWords } from '../../link-page/words.ts'
import { realWorld } from '../../src/base/world.ts'
import { startLatchkey, type Latchkey } from '../support/workers/latchkey.ts'
import { askForLink, newDevice, redeem, signIn, tokenOf } from '../support/workers/sign-in.ts'

const workerEnv = env as Record<string, unknown>
const EMAIL = 'jane.doe@latchkey.test'

/** A link of the Worker's own keys, with no row behind it: the page needs none. */
async function newLink(app: Latchkey, more: Partial<LinkContent> = {}) {
  const seals = await createSeals(parseConfig(app.env).SEAL_KEYS, realWorld)
  const link: LinkContent = {
    linkId: newLinkId(realWorld),
    createdAtMs: unixMs(Date.now()),
    flow: 'email',
    userId: newUserId(realWorld),
    email: EMAIL,
    keyId: seals.currentKeyId,
    ...more,
  }
  const [token, handle, code] = await Promise.all([
    sealLink(seals, link),
    sealHandle(seals, link),
    codeOf(seals, link),
  ])
  return { token, handle, code, path: `/link/${token}` }
}

async function open(app: Latchkey, path: string, headers: Record<string, string> = {}) {
  const answer = await app.fetch(path, { headers })
  return { status: answer.status, headers: answer.headers, html: await answer.text() }
}

/** What a browser shows before anyone acts: a template's content is not rendered. */
const rendered = (html: string) => html.replace(/<(template|style|script)[^]*?<\/\1>/g, '')

const langOf = (html: string) => /<html lang="([^"]+)">/.exec(html)?.[1]
const appUrlOf = (html: string) => /<a class="do" data-do="app" href="([^"]+)"/.exec(html)?.[1]
const intentOf = (html: string) => /data-intent="([^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&')

const sha256 = async (text: string) => {
  const bytes = new Uint8Array(
    await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)),
  )
  return `'sha256-${btoa(String.fromCharCode(...bytes))}'`
}

describe('works', () => {
  it('T10: reads and changes nothing for 1,000 GET and HEAD requests, after which the link still signs in', async () => {
    const app = startLatchkey()
    const device = await newDevice()
    const asked = await askForLink(app, device)
    const before = (await app.calls()).length
    const path = new URL(asked.link).pathname
    for (let wave = 0; wave < 10; wave++) {
      const answers = await Promise.all(
        Array.from({ length: 100 }, (_, i) => app.fetch(path, { method: i % 2 ? 'GET' : 'HEAD' })),
      )
      for (const answer of answers) {
        expect(answer.status).toBe(200)
        await answer.arrayBuffer()
      }
    }
    expect((await app.calls()).length).toBe(before)
    expect((await redeem(app, asked.linkToken, device)).status).toBe(200)
  })

  it('answers HEAD like GET, without the page', async () => {
    const app = startLatchkey()
    const { path } = await newLink(app)
    const head = await app.fetch(path, { method: 'HEAD' })
    expect(await head.text()).toBe('')
    expect(head.headers.get('Content-Type')).toBe('text/html; charset=UTF-8')
    expect(head.headers.get('Content-Security-Policy')).toContain("default-src 'none'")
  })

  it('contains a token that signs in, and the code of the message', async () => {
    const app = startLatchkey()
    const device = await newDevice()
    const asked = await askForLink(app, device)
    const { html } = await open(app, new URL(asked.link).pathname)
    const token = /data-token="(tok_ml_[A-Za-z0-9_-]+)"/.exec(html)![1]!
    expect(html).toContain(`<span aria-hidden="true">${asked.code}</span>`)
    expect((await redeem(app, token, device)).status).toBe(200)
  })

  it.each(LOCALES)('is complete in %s and smaller than 20 KB', async (locale) => {
    const app = startLatchkey({ env: { APP_NAME: 'Sigma & Söhne' } })
    const { path } = await newLink(app, {
      locale,
      email: `${'a'.repeat(64)}@${'b'.repeat(60)}.com`,
    })
    const { status, html } = await open(app, path, { 'Accept-Language': 'zh' })
    expect(status).toBe(200)
    expect(langOf(html)).toBe(locale)
    expect(html).toContain(`<title>${pageWords[locale].title('Sigma &amp; Söhne')}</title>`)
    expect(new TextEncoder().encode(html).length).toBeLessThan(20_000)
    expect(html.replace(/<script[^]*<\/script>/, '')).not.toMatch(/undefined|\[object|NaN/)
    for (const entry of Object.values(pageWords[locale]).flat()) {
      const said = typeof entry === 'string' ? entry : (entry as (app: string) => string)('Sigma')
      expect(said.trim()).not.toBe('')
      expect(said).not.toMatch(/[<>&"\r\n]/)
    }
  })

  it.each(LOCALES)('has every notice in %s', async (locale) => {
    const app = startLatchkey()
    const { path } = await newLink(app, { locale, createdAtMs: unixMs(Date.now() - 1_000_000) })
    for (const [name, where] of [
      ['again', '/link'],
      ['invalid', '/link/tok_ml_x'],
      ['expired', path],
    ] as const) {
      const { html } = await open(app, where, { 'Accept-Language': locale })
      expect(langOf(html)).toBe(locale)
      for (const said of pageWords[locale][name]) expect(html).toContain(said)
      expect(html).not.toContain('{{')
    }
  })

  it('leaves no text untranslated', () => {
    for (const name of Object.keys(pageWords.en) as (keyof typeof pageWords.en)[]) {
      const said = LOCALES.map((locale) => {
        const entry = pageWords[locale][name]
        return String(typeof entry === 'function' ? entry('Sigma') : entry)
      })
      expect(new Set(said).size, name).toBe(LOCALES.length)
    }
  })

  it.each([
    ['fr-CA', 'de', 'fr'],
    [undefined, 'nl, de;q=0.5', 'de'],
    [undefined, undefined, 'en'],
    ['zh', 'de', 'en'],
  ])(
    'for a link in %s and a browser in %s, uses the language %s',
    async (locale, browser, lang) => {
      const app = startLatchkey()
      const { path } = await newLink(app, { locale })
      const headers: Record<string, string> = browser ? { 'Accept-Language': browser } : {}
      expect(langOf((await open(app, path, headers)).html)).toBe(lang)
    },
  )

  it('shows no account for an SMS link, which does not contain the address', async () => {
    const app = startLatchkey()
    const { path, code } = await newLink(app, { flow: 'sms' })
    const { status, html } = await open(app, path)
    expect(status).toBe(200)
    expect(html).toContain(code)
    expect(html.replace(/<style[^]*?<\/style>/, '')).not.toContain('@')
  })

  it('T61: accepts links that mail programs and filters have changed', async () => {
    const app = startLatchkey()
    const { token } = await newLink(app)
    const last = token.at(-1)!
    const escaped = `${token.slice(0, -1)}%${last.charCodeAt(0).toString(16)}`
    const mangled = [
      `/link/${token}.`,
      `/link/${token}>`,
      `/link/${token}%3E`,
      `/link/${token}/`,
      `/link/${token}?utm_source=mail&x=1`,
      `/link/${token.replaceAll('_', '%5F')}`,
      `/link/${token.replaceAll('_', '%5f')}%0D%0A`,
      `/link/${escaped}`,
      `/link/%3C${token}%3E`,
      `/link/https%3A%2F%2Fauth.latchkey.test%2Flink%2F${token}`,
      `/link//${token}`,
    ]
    for (const path of mangled) expect((await open(app, path)).status, path).toBe(200)
    // The URL parser of the client lower-cases the host.
    expect((await open(app, `https://AUTH.Latchkey.TEST/link/${token}`)).status).toBe(200)
  })

  it.each(['/link', '/link/', '/link?app=none'])(
    'says what to do on %s, the path after a reload',
    async (path) => {
      const { status, html } = await open(startLatchkey(), path)
      expect(status).toBe(200)
      expect(html).toContain(pageWords.en.again[0])
      expect(html).not.toContain('data-token')
    },
  )

  it('T2: shows the page until the link expires, and then says that it has expired', async () => {
    const app = startLatchkey()
    const { path, code } = await newLink(app, {
      createdAtMs: unixMs(Math.floor(Date.now() / 1000) * 1000 + 60_000),
    })
    app.clock.offsetMs = 60_000 + 898_000
    const late = await open(app, path)
    expect(late.status).toBe(200)
    expect(late.html).toContain('expire in 1 minute.')
    app.clock.offsetMs = 60_000 + 900_000
    const tooLate = await open(app, path, { 'Accept-Language': 'de' })
    expect(tooLate.status).toBe(410)
    expect(tooLate.html).toContain(pageWords.de.expired[0])
    expect(tooLate.html).not.toContain(code)
    expect(tooLate.html).not.toContain(maskEmail(EMAIL))
  })

  it.each([
    [undefined, 'https://auth.latchkey.test', /^latchkey:\/\/link\/tok_ml_/],
    [
      'https://open.latchkey.test',
      'https://auth.latchkey.test',
      /^https:\/\/open\.latchkey\.test\/link\/tok_ml_/,
    ],
    // iOS opens no universal link from a page of its own host.
    ['https://open.latchkey.test', 'https://open.latchkey.test', /^latchkey:\/\/link\/tok_ml_/],
  ])('with the app links on %s, opens the app from %s', async (APP_LINK_ORIGIN, origin, url) => {
    const app = startLatchkey({ env: { APP_LINK_ORIGIN } })
    const { path } = await newLink(app)
    const { html } = await open(app, origin + path)
    expect(appUrlOf(html)).toMatch(url)
    expect(html).toContain(`<a class="do" href="${appUrlOf(html)}">`)
    expect(intentOf(html)).toBeUndefined()
  })

  it('opens the app on Android by an intent for its package only', async () => {
    const print = Array(32).fill('AB').join(':')
    const app = startLatchkey({ env: { ANDROID_APPS: `com.example.app=${print}` } })
    const { path } = await newLink(app)
    const intent = intentOf((await open(app, path)).html)!
    const token = tokenOf(intent)
    const back = encodeURIComponent(`https://auth.latchkey.test/link/${token}?app=none`)
    expect(intent).toBe(
      `intent://auth.latchkey.test/link/${token}#Intent;scheme=https;package=com.example.app;` +
        `S.browser_fallback_url=${back};end`,
    )
    expect((await open(app, `/link/${token}?app=none`)).status).toBe(200)
  })

  it('offers no sign-in in the browser if sessions need a key', async () => {
    for (const [DPOP, offered] of [
      ['optional', 'yes'],
      ['required', 'no'],
    ] as const) {
      const app = startLatchkey({ env: { DPOP } })
      const { path } = await newLink(app)
      expect((await open(app, path)).html).toContain(`data-browser="${offered}"`)
    }
  })

  it.each([
    ['#ffee00', '#000000'],
    ['#1f4fd8', '#ffffff'],
  ])('uses on the brand colour %s the text colour %s', async (BRAND_COLOR, ink) => {
    const app = startLatchkey({ env: { BRAND_COLOR } })
    const { html } = await open(app, '/link')
    expect(html).toContain(`background:${BRAND_COLOR};color:${ink}`)
  })
})

describe('refuses', () => {
  it('with a problem while its built pages cannot be read, and recovers when they can', async () => {
    type Fetch = (url: string) => Promise<Response>
    const working = workerEnv['ASSETS'] as { fetch: Fetch }
    const broken: Fetch[] = [
      async () => new Response('Not Found', { status: 404 }),
      async () => new Response(null, { status: 307, headers: { Location: '/' } }),
      async () => new Response('<h1>Another page</h1>'),
      async () => {
        throw new Error('internal error')
      },
    ]
    let answer = broken[0]!
    const app = startLatchkey({ env: { ASSETS: { fetch: (url: string) => answer(url) } } })
    const { path } = await newLink(app)
    for (answer of broken) {
      const { status, headers, html } = await open(app, path)
      expect(status).toBe(503)
      expect(headers.get('Content-Type')).toBe('application/problem+json')
      expect(headers.get('Retry-After')).toBe('2')
      expect(JSON.parse(html)).toMatchObject({ type: 'urn:latchkey:problem:unavailable' })
    }
    answer = (url) => working.fetch(url)
    expect((await open(app, path)).status).toBe(200)
  })

  it('with a problem if the binding of its pages is missing, while signing in still works', async () => {
    const app = startLatchkey({ env: { ASSETS: undefined } })
    const { path } = await newLink(app)
    const { status, html } = await open(app, path)
    expect(status).toBe(503)
    expect(JSON.parse(html)).toMatchObject({
      type: 'urn:latchkey:problem:misconfigured',
      detail: 'The binding ASSETS is missing.',
    })
    await open(app, '/account')
    expect(app.lines.at(-1)).toMatchObject({ status: 503, error: 'Problem misconfigured' })
    expect((await signIn(app)).session_id).toMatch(/^ses_/)
  })

  it('T19: anything that Latchkey did not seal, always with the same response', async () => {
    const app = startLatchkey()
    const { token, handle } = await newLink(app)
    const foreign = await newLink(
      startLatchkey({ env: { SEAL_KEYS: `1.AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_aBcDe` } }),
    )
    const flipped = token.slice(0, 30) + (token[30] === 'A' ? 'B' : 'A') + token.slice(31)
    const tokens = ['x', 'tok_ml_', 'tok_ml_abc', `tok_ml_${handle}`, foreign.token, flipped]
    const answers = await Promise.all(tokens.map((one) => open(app, `/link/${one}`)))
    for (const answer of answers) {
      expect(answer.status).toBe(404)
      expect(answer.html).toBe(answers[0]!.html)
      expect(answer.html).toContain(pageWords.en.invalid[0])
    }
    expect(await app.calls()).toEqual([])
  })

  it.each([
    '/link/%',
    '/link/%ff%fe',
    '/link/%00',
    `/link/${'a'.repeat(8000)}`,
    '/link/%25E0%25A4%25A',
  ])('the odd path %s with a page', async (path) => {
    expect((await open(startLatchkey(), path)).status).toBe(404)
  })

  it('T60: other methods, with Allow', async () => {
    const app = startLatchkey()
    const { path } = await newLink(app)
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
      const answer = await app.fetch(path, { method })
      expect(answer.status).toBe(405)
      expect(answer.headers.get('Allow')).toBe('GET, HEAD')
    }
  })
})

describe('withstands', () => {
  it('T18: a glance at the page: no account or code before a click, and never the whole address', async () => {
    const app = startLatchkey()
    const { path, code } = await newLink(app)
    const { html } = await open(app, path)
    expect(html).toContain(maskEmail(EMAIL))
    expect(html).not.toContain(EMAIL)
    expect(html).not.toContain('jane.doe')
    expect(rendered(html)).not.toContain('@')
    expect(rendered(html)).not.toContain(code)
    expect(rendered(html)).not.toContain(code.split('').join(' '))
  })

  it('T61: leaks of the token through logs, caches and Referer', async () => {
    const app = startLatchkey()
    const { path, token } = await newLink(app)
    const { headers } = await open(app, path)
    await open(app, `${path}.`)
    await open(app, `/link/${token.slice(0, -3)}`)
    expect(headers.get('Referrer-Policy')).toBe('no-referrer')
    expect(headers.get('Cache-Control')).toBe('no-store')
    // Cloudflare stores the path of a request with each line that is written during it, so none is.
    expect(app.lines).toEqual([])
  })

  it('T62: injected scripts and styles: its policy only allows the built ones', async () => {
    const app = startLatchkey()
    for (const path of [(await newLink(app)).path, '/link', '/link/tok_ml_x']) {
      const { html, headers } = await open(app, path)
      const csp = headers.get('Content-Security-Policy')!
      const script = /<script>([^]*?)<\/script>/.exec(html)![1]!
      const style = /<style>([^]*?)<\/style>/.exec(html)![1]!
      const policy = Object.fromEntries(
        csp.split('; ').map((one) => one.split(/ (.*)/).slice(0, 2)),
      )
      expect(policy).toEqual({
        'default-src': "'none'",
        'script-src': await sha256(script),
        'style-src': await sha256(style),
        'connect-src': "'self'",
        'img-src': 'data:',
        'frame-ancestors': "'none'",
        'form-action': "'none'",
        'base-uri': "'none'",
        'require-trusted-types-for': "'script'",
        'trusted-types': "'none'",
      })
      expect(headers.get('X-Frame-Options')).toBe('DENY')
      expect(html.match(/<script/g)).toHaveLength(1)
      expect(html.match(/<style/g)).toHaveLength(1)
      expect(html).not.toMatch(/ on\w+=| style=|javascript:/i)
    }
  })

  it('T62: hostile values from any source: none becomes markup', async () => {
    const evil = `"'><script>alert(1)</script><img src=x onerror=alert(1)>`
    const app = startLatchkey({ env: { APP_NAME: evil } })
    const link = await newLink(app, {
      email: `${evil}@example.com`,
      dashboardId: evil,
      locale: evil,
    })
    const pages = [
      await open(app, link.path, { 'Accept-Language': evil }),
      await open(app, `${link.path}?app=none${encodeURIComponent(evil)}`),
      await open(app, `/link/${encodeURIComponent(evil)}`),
      await open(app, `/link/tok_ml_x${evil}`),
    ]
    expect(pages.map((page) => page.status)).toEqual([200, 200, 404, 404])
    for (const { html } of pages) {
      expect(html.match(/<script/g)).toHaveLength(1)
      expect(html).not.toMatch(/<img|lang="[^a-z]/)
    }
  })

  it('T62: values that look like placeholders or patterns, from any source', async () => {
    const odd = '{{code}} $& $1 $` {{token}}'
    const app = startLatchkey({ env: { APP_NAME: odd } })
    const { path, code } = await newLink(app, { email: '{{code}}@example.com' })
    const { html } = await open(app, path)
    expect(html).toContain(`<title>${pageWords.en.title(escapeHtml(odd))}</title>`)
    expect(html).toContain(`<p class="account">${maskEmail('{{code}}@example.com')}</p>`)
    expect(rendered(html)).not.toContain(code)
  })

  it('T62: values in the page: the hashes of its policy only depend on the built files and the colours', async () => {
    const policyOf = async (app: Latchkey, more: Partial<LinkContent> = {}) =>
      (await open(app, (await newLink(app, more)).path)).headers.get('Content-Security-Policy')
    const policy = await policyOf(startLatchkey())
    const evil = '<script>alert(1)</script><style>*{}</style>'
    const app = startLatchkey({ env: { APP_NAME: evil } })
    expect(await policyOf(app, { email: `${evil}@example.com` })).toBe(policy)
    expect(await policyOf(startLatchkey({ env: { BRAND_COLOR: '#ffee00' } }))).not.toBe(policy)
  })

  it('T4: a hostile Host: no URL contains it', async () => {
    const app = startLatchkey({
      env: {
        APP_LINK_ORIGIN: 'https://open.latchkey.test',
        ANDROID_APPS: `com.example.app=${Array(32).fill('AB').join(':')}`,
      },
    })
    const { path } = await newLink(app)
    const { html } = await open(app, `https://evil.example${path}`, {
      'X-Forwarded-Host': 'evil.example',
      Forwarded: 'host=evil.example',
    })
    expect(html).not.toContain('evil')
    expect(appUrlOf(html)).toMatch(/^https:\/\/open\.latchkey\.test\//)
  })
})
