import { describe, expect, it } from 'vitest'
import { PAGE_ROUTES } from '../../../src/console/app.ts'
import { frameWords } from '../../../src/console/pages/frame-words.ts'
import type { Guard } from '../../../src/http/route-group.ts'
import { newBrowser, signedIn, type Browser } from '../../support/workers/browser.ts'
import {
  cookieOf,
  CONSOLE_ORIGIN,
  growStale,
  machine,
  newAdmin,
  newApprover,
  startConsole,
  type Headers,
} from '../../support/workers/console.ts'
import { withdraw } from '../../support/workers/approvals.ts'
import { signIn } from '../../support/workers/sign-in.ts'

/** Every page, with its guard. A route that is missing here fails the first test. */
const GUARDS: Record<string, Guard> = {
  'GET /assets/:file': 'anyone',
  'GET /': 'approver',
  'GET /sign-in': 'anyone',
  'POST /sign-in': 'anyone',
  'GET /sign-in/code': 'anyone',
  'POST /sign-in/code': 'anyone',
  'POST /sign-in/resend': 'anyone',
  'GET /link/*': 'anyone',
  'POST /link': 'anyone',
  'POST /sign-out': 'anyone',
  'GET /requests': 'approver',
  'POST /requests/:email/approve': 'approver',
  'POST /requests/:email/decline': 'approver',
  'GET /approvals': 'approver',
  'POST /approvals': 'approver',
  'GET /approvals/new': 'approver',
  'GET /approvals/import': 'approver',
  'POST /approvals/import': 'approver',
  'GET /approvals/:email': 'approver',
  'POST /approvals/:email/extend': 'approver',
  'POST /approvals/:email/change': 'approver',
  'POST /approvals/:email/restore': 'approver',
  'GET /approvals/:email/withdraw': 'approver',
  'POST /approvals/:email/withdraw': 'approver',
  'GET /approvals/:email/why': 'approver',
  'GET /people': 'admin',
  'GET /people/:person': 'admin',
  'GET /people/:person/sessions/:id/end': 'admin',
  'POST /people/:person/sessions/:id/end': 'admin',
  'GET /people/:person/end': 'admin',
  'POST /people/:person/end': 'admin',
  'GET /people/:person/allow-mail': 'admin',
  'POST /people/:person/allow-mail': 'admin',
  'GET /people/:person/erase': 'admin',
  'POST /people/:person/erase': 'admin',
}

const pages = PAGE_ROUTES.map(({ method, path, guard }) => ({
  method,
  guard,
  name: `${method} ${path}`,
  path: path
    .replace(/:(?:email|person)/, 'nobody@example.com')
    .replace(':id', `ses_${'A'.repeat(22)}`)
    .replace(':file', 'x.css')
    .replace('*', 'tok_ml_x'),
}))
const guarded = pages.filter(({ guard }) => guard !== 'anyone')

const call = (
  browser: Browser,
  { method, path }: { method: string; path: string },
  more: Headers = {},
) => (method === 'GET' ? browser.get(path, more) : browser.post(path, {}, more))

async function staff() {
  const [adminEmail, approverEmail] = [newAdmin(), newApprover()]
  const app = await startConsole({ admins: [adminEmail], approvers: [approverEmail] })
  const admin = await signedIn(app, adminEmail)
  const approver = await signedIn(app, approverEmail)
  return { app, admin, approver, adminEmail, approverEmail }
}

describe('works', () => {
  it('T28: the list of guards is complete', () => {
    expect(Object.fromEntries(pages.map(({ name, guard }) => [name, guard]))).toEqual(GUARDS)
  })

  it('T28: administrators reach every page, and approvers those of approvals', async () => {
    const { admin, approver } = await staff()
    for (const page of guarded) {
      for (const browser of page.guard === 'admin' ? [admin] : [admin, approver]) {
        const { status, to } = await call(browser, page)
        expect([401, 403], page.name).not.toContain(status)
        expect(to ?? '', page.name).not.toContain('/sign-in')
      }
    }
  })

  it('every page has the headers of a page, and none is stored', async () => {
    const { app, admin } = await staff()
    for (const page of pages.filter(({ path }) => !path.startsWith('/assets'))) {
      const { headers, html, status } = await call(admin, page)
      expect(headers.get('Cache-Control'), page.name).toBe('no-store')
      expect(headers.get('Referrer-Policy'), page.name).toBe('same-origin')
      expect(headers.get('X-Frame-Options')).toBe('DENY')
      expect(headers.get('X-Content-Type-Options')).toBe('nosniff')
      const policy = headers.get('Content-Security-Policy')!
      if (status === 303) continue
      expect(policy, page.name).toContain("default-src 'none'")
      expect(policy).not.toMatch(/unsafe|\*|https:/)
      expect(policy).toContain("form-action 'self'")
      expect(html).not.toMatch(/\son\w+=|\sstyle=|<style|javascript:/)
    }
    expect((await newBrowser(app).get('/sign-in')).headers.get('Vary')).toContain('Accept-Language')
  })

  it('every page for somebody who is signed in has the form to sign out', async () => {
    const { admin, approver } = await staff()
    for (const page of guarded.filter(({ method }) => method === 'GET')) {
      for (const browser of page.guard === 'admin' ? [admin] : [admin, approver]) {
        const { status, html } = await call(browser, page)
        if (status === 200)
          expect(html.includes('method="post" action="/sign-out"'), page.name).toBe(true)
      }
    }
  })

  it('script and style have names of their own content, and may be kept for good', async () => {
    const { app } = await staff()
    const browser = newBrowser(app)
    const { html } = await browser.get('/sign-in')
    const paths = [...html.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, path]) => path!)
    expect(paths).toHaveLength(2)
    for (const path of paths) {
      const asset = await browser.get(path)
      expect(asset.status).toBe(200)
      expect(asset.headers.get('Cache-Control')).toContain('immutable')
    }
    expect((await browser.get('/assets/style.css')).status).toBe(404)
  })
})

describe('refuses', () => {
  it('T28: approvers on the pages of people, which their menu does not have', async () => {
    const { admin, approver } = await staff()
    for (const page of guarded.filter(({ guard }) => guard === 'admin')) {
      const shown = await call(approver, page)
      expect([shown.status, shown.text.includes(frameWords.en.forbidden[0])], page.name).toEqual([
        403,
        true,
      ])
    }
    const refused = await approver.get('/people/jane%40guests.example')
    expect(refused.text).toContain(frameWords.en.whyGuests)
    expect(refused.html).toContain('href="/approvals/jane%40guests.example/why"')
    expect(refused.html).toContain('<nav')
    expect((await admin.get('/approvals')).html).toContain('href="/people"')
    expect((await approver.get('/approvals')).html).not.toContain('/people')
  })

  it('T28: nobody, and leads them to the sign-in and back', async () => {
    const { app } = await staff()
    const browser = newBrowser(app)
    for (const page of guarded) {
      const { status, to } = await call(browser, page)
      const back =
        page.method === 'GET' && page.path !== '/' ? `?return=${encodeURIComponent(page.path)}` : ''
      expect([status, to], page.name).toEqual([303, `/sign-in${back}`])
    }
    const withQuery = await browser.get('/approvals?state=ended&q=a%20b')
    expect(new URL(withQuery.to!, CONSOLE_ORIGIN).searchParams.get('return')).toBe(
      '/approvals?state=ended&q=a%20b',
    )
    const form = await browser.post(
      '/approvals',
      {},
      { Referer: `${CONSOLE_ORIGIN}/approvals/new` },
    )
    expect(form.to).toBe('/sign-in?return=%2Fapprovals%2Fnew')
    const elsewhere = await browser.post(
      '/approvals',
      {},
      { Referer: 'https://evil.example/approvals' },
    )
    expect(elsewhere.to).toBe('/sign-in')
  })

  it('T27: a sign-in of more than 12 hours ago, with a sentence', async () => {
    const { app, admin } = await staff()
    growStale(app)
    for (const page of guarded) {
      expect((await call(admin, page)).to, page.name).toContain('why=stale')
    }
  })

  it('T16: somebody who was shut out meanwhile', async () => {
    const { app, admin, adminEmail } = await staff()
    await withdraw(app, adminEmail)
    for (const page of guarded.filter(({ path }) => !path.endsWith('/withdraw'))) {
      if (page.method === 'POST') continue
      expect((await call(admin, page)).to, page.name).toContain('why=ended')
    }
    expect((await admin.get('/sign-in')).status).toBe(200)
  })

  it('T28: a person without a role, and machines', async () => {
    const { app } = await staff()
    const user = newBrowser(app)
    const { Cookie } = await cookieOf(app, await signIn(app.auth))
    const [name, value] = Cookie!.split('; ')[1]!.split('=')
    user.cookies.set(name!, value!)
    for (const page of guarded) {
      const shown = await call(user, page)
      expect([shown.status, shown.html.includes('<h1>')], page.name).toEqual([403, true])
      const program = await call(newBrowser(app), page, await machine(app, 'writer'))
      expect(program.status, page.name).toBe(403)
    }
  })

  it('T71: every form when it is sent from another site', async () => {
    const { admin } = await staff()
    for (const page of pages.filter(({ method }) => method === 'POST')) {
      for (const Origin of ['https://evil.example', 'null', '']) {
        expect((await call(admin, page, { Origin })).status, page.name).toBe(403)
      }
    }
  })
})

describe('withstands', () => {
  it('a link from another site: a step of our own lets the browser send its cookie', async () => {
    const { app, admin } = await staff()
    const page = await newBrowser(app).get('/approvals?q=x', { 'Sec-Fetch-Site': 'cross-site' })
    expect(page.status).toBe(200)
    const to = /http-equiv="refresh" content="0; url=([^"]+)"/.exec(page.html)![1]!
    expect(to).toBe('/sign-in?return=%2Fapprovals%3Fq%3Dx')
    expect((await admin.get(to)).to).toBe('/approvals?q=x')
  })
})
