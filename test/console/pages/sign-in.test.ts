import { describe, expect, it } from 'vitest'
import { LOCALES } from '../../../src/base/locale.ts'
import { frameWords } from '../../../src/console/pages/frame-words.ts'
import { signInWords } from '../../../src/console/pages/sign-in/words.ts'
import {
  CONSOLE_ORIGIN,
  forgetAsks,
  growStale,
  newAdmin,
  newApprover,
  startConsole,
} from '../../support/workers/console.ts'
import { askIn, newBrowser, signedIn } from '../../support/workers/browser.ts'
import { messagesTo, newEmail } from '../../support/workers/latchkey.ts'
import { withdraw } from '../../support/workers/approvals.ts'

const say = signInWords.en
const SESSION = '__Host-latchkey'
const PENDING = '__Host-latchkey-sign-in'

async function oneAdmin() {
  const email = newAdmin()
  return { email, app: await startConsole({ admins: [email] }) }
}

describe('works', () => {
  it('signs in by the code from the mail, in two steps of a form', async () => {
    const { app, email } = await oneAdmin()
    const browser = newBrowser(app)
    expect((await browser.get('/')).to).toBe('/sign-in')
    expect((await browser.get('/sign-in')).text).toContain(say.lead('Latchkey'))
    const { code, link } = await askIn(app, browser, email)
    expect(link).toMatch(`${CONSOLE_ORIGIN}/link/tok_ml_`)
    const page = await browser.get('/sign-in/code')
    expect(page.text).toContain(email)
    const entered = await browser.post('/sign-in/code', {
      code: ` ${code.slice(0, 3)} ${code.slice(3)} `,
    })
    expect([entered.status, entered.to]).toEqual([303, '/'])
    expect([...browser.cookies.keys()]).toEqual([SESSION])
    expect((await browser.get('/')).status).toBe(200)
    expect((await browser.get('/sign-in')).to).toBe('/')
  })

  it('signs in by the link, after a click, in the browser that asked', async () => {
    const { app, email } = await oneAdmin()
    const browser = newBrowser(app)
    const { path } = await askIn(app, browser, email, { return: '/approvals?state=ended' })
    // As from a mail program: without the cookies, which are SameSite=Strict.
    const page = await newBrowser(app).get(path)
    expect(page.text).toContain(say.link[0])
    expect(page.text).not.toContain(email)
    const entered = await browser.post('/link', { token: page.value('token')! })
    expect([entered.status, entered.to]).toEqual([303, '/approvals?state=ended'])
    expect([...browser.cookies.keys()]).toEqual([SESSION])
  })

  it('says to somebody whose sign-in is too long ago why, and leads back', async () => {
    const { app, email } = await oneAdmin()
    const browser = await signedIn(app, email)
    growStale(app)
    const page = await browser.get('/sign-in?why=stale&return=%2Fapprovals%3Fq%3Dx')
    expect(page.text).toContain(say.why.stale)
    expect(page.value('return')).toBe('/approvals?q=x')
    expect(page.value('email')).toBe(email)
    const before = browser.cookies.get(SESSION)
    const { code } = await askIn(app, browser, email, { return: '/approvals?q=x' })
    expect((await browser.post('/sign-in/code', { code })).to).toBe('/approvals?q=x')
    expect(browser.cookies.get(SESSION)).not.toBe(before)
  })

  it('asks for a fresh sign-in although there is one, for what ends other people’s access', async () => {
    const { app, email } = await oneAdmin()
    const browser = await signedIn(app, email)
    expect((await browser.get('/sign-in?why=recent&return=/approvals')).to).toBe('/approvals')
    app.clock.offsetMs += 16 * 60_000
    expect((await browser.get('/sign-in?return=/approvals')).to).toBe('/approvals')
    const page = await browser.get('/sign-in?why=recent&return=/approvals')
    expect(page.text).toContain(say.why.recent)
  })

  it('signs out', async () => {
    const { app, email } = await oneAdmin()
    const browser = await signedIn(app, email)
    const copy = new Map(browser.cookies)
    expect((await browser.post('/sign-out')).to).toBe('/sign-in?why=out')
    expect(browser.cookies.size).toBe(0)
    expect((await browser.get('/sign-in?why=out')).text).toContain(say.why.out)
    for (const [name, value] of copy) browser.cookies.set(name, value)
    expect((await browser.get('/sign-in')).status).toBe(200)
  })

  it('sends the message again', async () => {
    const { app, email } = await oneAdmin()
    const browser = newBrowser(app)
    await askIn(app, browser, email)
    const early = await browser.post('/sign-in/resend')
    expect([early.status, early.text.includes('try again in')]).toEqual([429, true])
    expect(Number(early.headers.get('Retry-After'))).toBeGreaterThan(0)
    await forgetAsks(app, email)
    expect((await browser.post('/sign-in/resend')).to).toBe('/sign-in/code?resent')
    await app.settle()
    expect(await messagesTo(email)).toHaveLength(2)
    expect((await browser.get('/sign-in/code?resent')).text).toContain(say.resent)
  })

  it.each(LOCALES)('speaks %s, on the page and in the mail', async (locale) => {
    const { app, email } = await oneAdmin()
    const browser = newBrowser(app, locale)
    const page = await browser.get('/sign-in')
    expect(page.text).toContain(signInWords[locale].lead('Latchkey').replaceAll('\u00a0', ' '))
    expect(page.html).toContain(`<html lang="${locale}">`)
    await askIn(app, browser, email)
    const [mail] = await messagesTo(email)
    expect(mail!.html).toContain(`lang="${locale}"`)
    expect(mail!.html).toContain('Firefox, macOS')
  })
})

describe('refuses', () => {
  it('what is no address, beside the field, and keeps what was typed', async () => {
    const { app } = await oneAdmin()
    const page = await newBrowser(app).post('/sign-in', {
      email: 'ada@"><b>',
      return: '/approvals/new',
    })
    expect(page.status).toBe(400)
    expect(page.text).toContain(say.badEmail)
    expect(page.html).toContain('aria-describedby="ask-email-error" aria-invalid="true"')
    expect(page.html).not.toContain('<b>')
    expect(page.value('email')).toBe('ada@"><b>')
    expect(page.value('return')).toBe('/approvals/new')
  })

  it('T73: the fixed code of a review account, which is written down and shared', async () => {
    const email = newApprover()
    const account = { email, code: '271828', lastDay: '2999-12-31' }
    const env = { REVIEW_ACCOUNTS: JSON.stringify([account]) }
    const app = await startConsole({ approvers: [email] }, { env })
    const browser = newBrowser(app)
    await askIn(app, browser, email)
    const page = await browser.post('/sign-in/code', { code: account.code })
    expect([page.status, page.text.includes(say.refused.unknown)]).toEqual([400, true])
  })

  it('a wrong code, with the code still there; and says nothing of why', async () => {
    const { app, email } = await oneAdmin()
    const browser = newBrowser(app)
    const { code } = await askIn(app, browser, email)
    const short = await browser.post('/sign-in/code', { code: '12' })
    expect([short.status, short.text.includes(say.badCode)]).toEqual([400, true])
    const wrong = code === '123456' ? '123457' : '123456'
    const page = await browser.post('/sign-in/code', { code: wrong })
    expect(page.status).toBe(400)
    expect(page.text).toContain(say.refused.unknown)
    expect(page.value('code')).toBe(wrong)
    // The script puts the cursor into the field, and selects the wrong code.
    expect(page.html).toMatch(/<input[^>]*name="code"[^>]*data-select/)
    expect(page.html).not.toContain('data-focus')
    expect((await browser.post('/sign-in/code', { code })).to).toBe('/')
  })

  it('the link in another browser, and says what to do', async () => {
    const { app, email } = await oneAdmin()
    const [browser, other] = [newBrowser(app), newBrowser(app)]
    const { token } = await askIn(app, browser, email)
    const none = await other.post('/link', { token })
    expect([none.status, none.text.includes(say.otherBrowser[1])]).toEqual([403, true])
    await forgetAsks(app, email)
    await askIn(app, other, newEmail())
    const wrong = await other.post('/link', { token })
    expect([wrong.status, wrong.text.includes(say.otherBrowser[1])]).toEqual([403, true])
    expect(other.cookies.has(SESSION)).toBe(false)
    expect((await browser.post('/link', { token })).to).toBe('/')
  })

  it('the link in a browser that did not ask, before a click, when it is known', async () => {
    const { app, email } = await oneAdmin()
    const browser = newBrowser(app)
    const { path } = await askIn(app, browser, email)
    const other = newBrowser(app)
    const pasted = await other.get(path, { 'Sec-Fetch-Site': 'none' })
    expect([pasted.status, pasted.text.includes(say.otherBrowser[1])]).toEqual([403, true])
    expect((await browser.get(path, { 'Sec-Fetch-Site': 'none' })).text).toContain(say.confirm)
    // From a web mail no cookie is sent, whichever browser it is: the page says what is true for both.
    const clicked = await other.get(path, { 'Sec-Fetch-Site': 'cross-site' })
    expect([clicked.status, clicked.text.includes(say.link[1])]).toEqual([200, true])
  })

  it('somebody without a role, plainly, once the mailbox is proven; and ends their session', async () => {
    const { app } = await oneAdmin()
    const email = newEmail()
    const browser = newBrowser(app)
    const { code } = await askIn(app, browser, email)
    const page = await browser.post('/sign-in/code', { code })
    expect(page.status).toBe(403)
    expect(page.text).toContain(say.noRole[1](email))
    expect(browser.cookies.size).toBe(0)
    expect(app.lines.find(({ event }) => event === 'console_signed_in')).toMatchObject({
      outcome: 'refused',
      reason: 'no_role',
    })
  })

  it('a link that is none, and one past its life', async () => {
    const { app, email } = await oneAdmin()
    const browser = newBrowser(app)
    const { path } = await askIn(app, browser, email)
    expect((await browser.get('/link/tok_ml_x')).status).toBe(404)
    expect((await browser.get('/link')).status).toBe(404)
    app.clock.offsetMs += 15 * 60_000
    const page = await browser.get(path)
    expect([page.status, page.text.includes(say.linkExpired[0])]).toEqual([410, true])
  })

  it('more messages than the budget gives', async () => {
    const { app, email } = await oneAdmin()
    const browser = newBrowser(app)
    await askIn(app, browser, email)
    const page = await browser.post('/sign-in', { email })
    expect(page.status).toBe(429)
    expect(Number(page.headers.get('Retry-After'))).toBeGreaterThan(50)
    expect(page.value('email')).toBe(email)
    // It is no mistake, and the code that came can still be entered.
    expect(page.text).toContain(say.waitTitle)
    expect(page.text).not.toContain(frameWords.en.problems)
    expect(page.html).toContain(`<a href="/sign-in/code">${say.haveCode}</a>`)
    expect((await browser.get('/sign-in')).text).toContain(say.haveCode)
    expect((await newBrowser(app).get('/sign-in')).text).not.toContain(say.haveCode)
  })
})

describe('withstands', () => {
  it('questions about who may sign in: every address gets the same answer', async () => {
    const people = [newAdmin(), newApprover()]
    const app = await startConsole({ admins: [people[0]!], approvers: [people[1]!] })
    const shutOut = newEmail()
    await withdraw(app, shutOut)
    const answers = []
    for (const email of [...people, newEmail(), shutOut, newEmail('elsewhere.example')]) {
      const { status, to, html } = await newBrowser(app).post('/sign-in', { email })
      answers.push({ status, to, html })
    }
    expect(new Set(answers.map((one) => JSON.stringify(one))).size).toBe(1)
  })

  it.each([
    '//evil.example',
    '/\\evil.example',
    '/%5c%5cevil.example/..//',
    'https://evil.example/',
    '/\t/evil.example',
    'javascript:alert(1)',
    '/sign-in?return=/sign-in',
    '/sign-out',
    '/link/tok_ml_x',
    `/${'a'.repeat(3000)}`,
  ])('a place to come back to that is none: %s', async (place) => {
    const { app, email } = await oneAdmin()
    const page = await newBrowser(app).get(`/sign-in?return=${encodeURIComponent(place)}`)
    const shown = page.value('return')
    if (shown !== undefined) {
      expect(new URL(shown, CONSOLE_ORIGIN).origin).toBe(CONSOLE_ORIGIN)
      expect(shown).toMatch(/^\/[^/\\]/)
      return
    }
    const browser = newBrowser(app)
    const { code } = await askIn(app, browser, email, { return: place })
    expect((await browser.post('/sign-in/code', { code })).to).toBe('/')
  })

  it('forms of other sites', async () => {
    const { app, email } = await oneAdmin()
    const browser = await signedIn(app, email)
    for (const path of ['/sign-in', '/sign-in/code', '/sign-in/resend', '/link', '/sign-out']) {
      for (const Origin of ['https://evil.example', 'null', 'https://auth.latchkey.test', '']) {
        const page = await browser.post(path, { email }, { Origin })
        expect(page.status, `${path} from ${Origin}`).toBe(403)
        expect(page.html).toContain('<h1>')
      }
    }
    expect((await browser.get('/sign-in')).to).toBe('/')
  })

  it('a copy of the cookie of a sign-in that was begun: it is sealed, and kept from scripts and other sites', async () => {
    const { app, email } = await oneAdmin()
    const answer = await app.fetch('/sign-in', {
      method: 'POST',
      body: new URLSearchParams({ email }).toString(),
      headers: { Origin: CONSOLE_ORIGIN, 'Content-Type': 'application/x-www-form-urlencoded' },
    })
    const [cookie] = answer.headers.getSetCookie()
    expect(cookie).toMatch(
      /^__Host-latchkey-sign-in=[\w-]+; Path=\/; Max-Age=1800; HttpOnly; SameSite=Strict; Secure$/,
    )
    const browser = newBrowser(app)
    browser.cookies.set(PENDING, 'AAAA')
    expect((await browser.get('/sign-in/code')).to).toBe('/sign-in')
    // One purpose never opens as another.
    browser.cookies.set(SESSION, /=([\w-]+)/.exec(cookie!)![1]!)
    expect((await browser.get('/')).to).toBe('/sign-in')
  })
})
