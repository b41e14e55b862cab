import { describe, expect, it } from 'vitest'
import { accountWords } from '../../link-page/account/words.ts'
import { escapeHtml } from '../../src/base/html.ts'
import { LOCALES } from '../../src/base/locale.ts'
import { startLatchkey } from '../support/workers/latchkey.ts'
import { lastLine } from '../support/workers/tokens.ts'

describe('works', () => {
  it.each(LOCALES)('serves the account page in %s, without a call of DynamoDB', async (locale) => {
    const app = startLatchkey({ env: { APP_NAME: 'A & B' } })
    const headers = { 'Accept-Language': `${locale}-XX, en;q=0.5` }
    const answer = await app.fetch('/account', { headers })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('Content-Type')).toBe('text/html; charset=UTF-8')
    const html = await answer.text()
    const say = accountWords[locale]
    expect(html).toContain(`<html lang="${locale}">`)
    expect(html).toContain(`<title>${escapeHtml(say.title('A & B'))}</title>`)
    expect(html).toContain('data-url="https://auth.latchkey.test/account"')
    for (const what of [...say.deleted, say.keeps]) expect(html).toContain(escapeHtml(what))
    expect(html).not.toMatch(/\{\{\w+\}\}/)
    expect(lastLine(app, '/account')).toMatchObject({ dynamoCalls: 0, status: 200 })
  })
})

describe('refuses', () => {
  it('T62: a script that is injected, and another site that frames the page', async () => {
    const app = startLatchkey()
    const policy = (await app.fetch('/account')).headers.get('Content-Security-Policy')!
    expect(policy).toMatch(
      /^default-src 'none'; script-src 'sha256-[\w+/]{43}='; style-src 'sha256-[\w+/]{43}='; connect-src 'self';/,
    )
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).toContain("form-action 'none'")
    expect(policy).toContain("require-trusted-types-for 'script'")
  })

  it('T4: to take the host of its URL from a request', async () => {
    const app = startLatchkey()
    const answer = await app.fetch('https://evil.test/account?url=https://evil.test', {
      headers: { Host: 'evil.test', 'X-Forwarded-Host': 'evil.test' },
    })
    expect(await answer.text()).not.toContain('evil')
  })
})
