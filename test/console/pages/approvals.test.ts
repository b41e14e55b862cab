import { describe, expect, it } from 'vitest'
import { LOCALES } from '../../../src/base/locale.ts'
import { approvalWords } from '../../../src/console/pages/approvals/words.ts'
import { newBrowser, signedIn, type Browser } from '../../support/workers/browser.ts'
import { nowSeconds } from '../../support/workers/clock.ts'
import {
  approvalRow,
  auditRows,
  DAY,
  newGuest,
  typeByHand,
} from '../../support/workers/console-approvals.ts'
import {
  CONSOLE_ORIGIN,
  forgetAsks,
  newAdmin,
  newApprover,
  startConsole,
  type Console,
} from '../../support/workers/console.ts'
import { newEmail } from '../../support/workers/latchkey.ts'
import { ask, newDevice, signIn } from '../../support/workers/sign-in.ts'

const say = approvalWords.en

async function office() {
  const [adminEmail, approverEmail] = [newAdmin(), newApprover()]
  const app = await startConsole({ admins: [adminEmail], approvers: [approverEmail] })
  const admin = await signedIn(app, adminEmail)
  const approver = await signedIn(app, approverEmail)
  return { app, admin, approver, adminEmail, approverEmail }
}

const pathOf = (email: string, more = '') => `/approvals/${encodeURIComponent(email)}${more}`

const FORM = {
  company: 'Acme Corp',
  reason: 'Enterprise trial',
  notes: '',
  phoneNumber: '',
  end: '30',
}

const approve = (browser: Browser, email: string, more: Record<string, string> = {}) =>
  browser.post('/approvals', { email, ...FORM, ...more })

/** Sends a form of an approval's own page, as the page gives it. */
async function submit(
  browser: Browser,
  email: string,
  form: string,
  fields: Record<string, string> = {},
) {
  const page = await browser.get(form === 'withdraw' ? pathOf(email, '/withdraw') : pathOf(email))
  const given = { etag: page.value('etag')!, opened: page.value('opened')! }
  return browser.post(pathOf(email, `/${form}`), { ...given, ...fields })
}

/** How many calls of DynamoDB one after the other the last request took. */
const roundTrips = (app: Console) => app.lines.at(-1)!['dynamoRoundTrips']

describe('works', () => {
  it('approves somebody, who then signs in; withdraws it, and they are out', async () => {
    const { app, admin, adminEmail } = await office()
    const email = newGuest()
    const form = await admin.get('/approvals/new')
    expect(form.text).toContain(say.newLead)
    const done = await approve(admin, email, {
      notes: 'One\r\nTwo',
      phoneNumber: '+1 (415) 555-1234',
    })
    expect([done.status, done.to]).toEqual([303, pathOf(email, '?done=approval_created')])
    expect(await approvalRow(app, email)).toMatchObject({
      approvedBy: adminEmail,
      expiresAt: expect.closeTo(nowSeconds(app) + 30 * DAY, -1),
      phoneNumber: '+14155551234',
      metadata: { company: 'Acme Corp', reason: 'Enterprise trial', notes: 'One\nTwo' },
    })
    const page = await admin.get(done.to!)
    expect(page.text).toContain(say.done.approval_created)
    // Nothing was sent: the page has a text for the approver's own message.
    const tell = /<textarea id="tell"[^>]*readonly[^>]*>([^<]*)</.exec(page.html)?.[1]
    expect(tell).toMatch(/sign in to Latchkey.*enter this address/)
    expect(tell).toContain(email)
    expect(tell).toMatch(/valid until \w+ \d+, 20\d\d/)
    expect((await admin.get(pathOf(email))).html).not.toContain('id="tell"')
    await admin.get(done.to!)
    expect(roundTrips(app)).toBe(1)
    for (const text of ['Acme Corp', 'Enterprise trial', 'Active', 'in 30 days', '+14155551234']) {
      expect(page.text).toContain(text)
    }

    const guest = await signIn(app.auth, undefined, email)
    const question = await admin.get(pathOf(email, '/withdraw'))
    expect(question.text).toContain(say.confirm.sessions(1, email))
    expect(question.text).toContain(say.confirm.lastUsed)
    expect(roundTrips(app)).toBe(1)
    const withdrawn = await submit(admin, email, 'withdraw', { reason: 'Left the company' })
    expect(withdrawn.to).toBe(pathOf(email, '?done=approval_withdrawn'))
    const after = await admin.get(withdrawn.to!)
    for (const text of [say.done.approval_withdrawn, say.states.withdrawn, 'Left the company']) {
      expect(after.text).toContain(text)
    }
    const out = await app.auth.fetch('/v1/session', {
      headers: { Authorization: `Bearer ${guest.access_token}` },
    })
    expect(out.status).toBe(401)
    await forgetAsks(app, email)
    expect((await ask(app.auth, email, await newDevice())).status).toBe(202)
    expect((await auditRows(app, email)).map(({ action }) => action)).toContain(
      'approval_withdrawn',
    )

    expect((await submit(admin, email, 'restore', { end: 'keep' })).status).toBe(303)
    expect((await admin.get(pathOf(email))).text).toContain(say.actions.approval_restored)
  })

  it('changes details and end, each by its own form', async () => {
    const { app, admin } = await office()
    const email = newGuest()
    await approve(admin, email)
    const changed = await submit(admin, email, 'change', { ...FORM, company: 'Acme & Sons' })
    expect(changed.to).toBe(pathOf(email, '?done=approval_changed'))
    const extended = await submit(admin, email, 'extend', { end: '90' })
    expect(extended.to).toBe(pathOf(email, '?done=approval_extended'))
    const day = new Date((nowSeconds(app) + 200 * DAY) * 1000).toISOString().slice(0, 10)
    await submit(admin, email, 'extend', { end: 'until', until: day })
    const row = await approvalRow(app, email)
    expect(row!['expiresAt']).toBe(Date.parse(`${day}T23:59:59Z`) / 1000)
    expect((await submit(admin, email, 'extend', { end: 'none' })).status).toBe(303)
    const page = await admin.get(pathOf(email))
    expect(page.text).toContain('Acme Corp Acme & Sons')
    expect(page.html).toContain('Acme &amp; Sons')
  })

  it('keeps the end unless another is chosen, and asks before access ends sooner', async () => {
    const { app, admin } = await office()
    const email = newGuest()
    await approve(admin, email)
    const end = async () => (await approvalRow(app, email))!['expiresAt'] as number
    const before = await end()
    const page = await admin.get(pathOf(email))
    expect(page.html).toMatch(/value="keep"\s+checked/)
    expect(page.text).toContain(`· ${say.sooner}`)
    expect((await submit(admin, email, 'extend', { end: 'keep' })).status).toBe(303)
    expect(await end()).toBe(before)

    const asked = await submit(admin, email, 'extend', { end: '7' })
    expect([asked.status, asked.text.includes(say.endSooner)]).toEqual([200, true])
    expect(asked.value('sooner')).toBe('yes')
    expect(await end()).toBe(before)
    const done = await submit(admin, email, 'extend', { end: '7', sooner: 'yes' })
    expect(done.status).toBe(303)
    expect(await end()).toBeLessThan(before)
  })

  it('shows an end that was chosen as a day as that day, wherever the reader is', async () => {
    const { app, admin } = await office()
    const email = newGuest()
    const day = new Date((nowSeconds(app) + 50 * DAY) * 1000).toISOString().slice(0, 10)
    await approve(admin, email, { end: 'until', until: day })
    const facts = /<dl class="facts">.*?<\/dl>/s.exec((await admin.get(pathOf(email))).html)![0]
    expect(facts).toContain(`<time datetime="${day}T23:59:59Z">`)
    expect(facts).toContain(say.endOfDay)
  })

  it('lists, searches, sorts, counts and turns pages', async () => {
    const { app, admin } = await office()
    const tag = crypto.randomUUID().slice(0, 8)
    const emails = Array.from(
      { length: 52 },
      (_, i) => `${tag}-${String(i).padStart(2, '0')}@guests.example`,
    )
    for (const [i, email] of emails.entries()) {
      await typeByHand(app, {
        email,
        approvedBy: 'x@y.example',
        approvedAt: 1_700_000_000 + i,
        expiresAt: i === 0 ? nowSeconds(app) + 3 * DAY : i === 1 ? 5 : null,
        ...(i === 2 ? { revokedAt: 7 } : {}),
      })
    }
    const first = await admin.get(`/approvals?q=${tag}`)
    expect(roundTrips(app)).toBe(1)
    expect(first.text).toContain(say.found(52))
    expect(first.text.indexOf(emails[3]!)).toBeLessThan(first.text.indexOf(emails[4]!))
    expect(first.text).not.toContain(emails[51])
    const next = /rel="next"\s+href="([^"]+)"/.exec(first.html)![1]!.replaceAll('&amp;', '&')
    const second = await admin.get(next)
    expect(second.text).toContain(emails[51])
    expect(second.text).not.toContain(emails[49])
    const newest = await admin.get(`/approvals?q=${tag}&sort=approvedAt&order=desc`)
    expect(newest.text).toContain(emails[51])
    expect(newest.html).toContain('aria-sort="descending"')
    for (const [state, email] of [
      ['ending', emails[0]],
      ['ended', emails[1]],
      ['withdrawn', emails[2]],
    ]) {
      const page = await admin.get(`/approvals?state=${state}&q=${tag}`)
      expect(page.text).toContain(say.found(1))
      expect(page.text).toContain(email)
    }
    expect((await admin.get('/approvals?q=nothing+like+this')).text).toContain(say.nothingFound[0])
    expect((await admin.get(`/approvals?cursor=x`)).to).toBe('/approvals')
    expect((await admin.get('/approvals?state=other')).status).toBe(400)
  })

  it('shuts out an address of the company, and lets it in again', async () => {
    const { admin, approver } = await office()
    const email = newEmail()
    const page = await admin.get(pathOf(email))
    expect(page.text).toContain(say.company[1])
    expect((await approver.get(pathOf(email))).text).not.toContain(say.withdraw)
    const question = await admin.get(pathOf(email, '/withdraw'))
    expect(question.text).toContain(say.confirm.company)
    expect((await submit(admin, email, 'withdraw')).status).toBe(303)
    expect((await submit(admin, email, 'restore', { end: 'none' })).status).toBe(303)
  })

  it.each(LOCALES)('speaks %s on every page', async (locale) => {
    const email = newAdmin()
    const app = await startConsole({ admins: [email] })
    const browser = await signedIn(app, email, locale)
    const guest = newGuest()
    await approve(browser, guest)
    const words = approvalWords[locale]
    for (const [path, text] of [
      ['/approvals', words.approve],
      ['/approvals/new', words.newLead],
      [pathOf(guest), words.history],
      [pathOf(guest, '/withdraw'), words.confirm.after],
      [pathOf(newGuest()), words.absent[1]],
    ] as const) {
      const page = await browser.get(path)
      expect(page.text).toContain(text)
      expect(page.html).toContain(`<html lang="${locale}">`)
      expect(page.text).not.toMatch(/undefined|\[object|NaN/)
    }
  })
})

describe('refuses', () => {
  it('what is wrong, beside its field and in a summary that links there; what was typed is kept', async () => {
    const { admin } = await office()
    const typed = {
      email: 'no address',
      company: 'c'.repeat(201),
      reason: ' ',
      notes: 'Two\nlines <b>',
      phoneNumber: '12',
      end: 'until',
      until: '2027-02-31',
    }
    const page = await approve(admin, 'x', typed)
    expect(page.status).toBe(400)
    expect(page.html).toContain(`<title>Error: ${say.approve}`)
    for (const [name, text] of Object.entries({
      email: say.errors.email,
      company: say.errors.company,
      reason: say.errors.reason,
      phoneNumber: say.errors.phoneNumber,
      end: say.errors.until,
    })) {
      expect(page.html).toMatch(new RegExp(`id="new-${name}-error">\\s*${text.slice(0, 20)}`))
      expect(page.html).toContain(`href="#new-${name}"`)
      expect(page.html).toContain(`id="new-${name}"`)
      expect(page.html).toMatch(new RegExp(`aria-describedby="[^"]*new-${name}-error"`))
    }
    expect(page.value('email')).toBe('no address')
    expect(page.value('until')).toBe('2027-02-31')
    expect(page.html).toContain('Two\nlines &lt;b&gt;</textarea')
  })

  it('T74: the second of two editors, who sees what changed and keeps what they typed', async () => {
    const { app, admin, approver, adminEmail } = await office()
    const email = newGuest()
    await approve(approver, email)
    const page = await approver.get(pathOf(email))
    const seen = { etag: page.value('etag')!, opened: page.value('opened')! }
    await submit(admin, email, 'change', { ...FORM, company: 'Theirs' })
    const typed = { ...seen, ...FORM, company: 'Mine', notes: 'My notes' }
    const late = await approver.post(pathOf(email, '/change'), typed)
    expect(late.status).toBe(412)
    for (const text of [say.conflict[0], adminEmail, 'Theirs', 'My notes']) {
      expect(late.text).toContain(text)
    }
    expect(late.value('company')).toBe('Mine')
    expect((await approvalRow(app, email))!['metadata']).toMatchObject({ company: 'Theirs' })
    const again = { ...typed, etag: late.value('etag')!, opened: late.value('opened')! }
    expect((await approver.post(pathOf(email, '/change'), again)).status).toBe(303)
    const question = await approver.get(pathOf(email, '/withdraw'))
    await submit(admin, email, 'extend', { end: 'none' })
    const stale = {
      etag: question.value('etag')!,
      opened: question.value('opened')!,
      reason: 'Why',
    }
    const refused = await approver.post(pathOf(email, '/withdraw'), stale)
    expect([refused.status, refused.value('reason')]).toEqual([412, 'Why'])
    expect((await approvalRow(app, email))!['revokedAt']).toBeUndefined()
  })

  it('T73: to an approver more days than allowed, approvals made by others, and the devices of a session', async () => {
    const { app, admin, approver } = await office()
    const [own, other] = [newGuest(), newGuest()]
    const form = await approver.get('/approvals/new')
    expect(form.text).toContain(say.atMost(90))
    expect(form.html).not.toContain('value="none"')
    for (const more of [{ end: 'none' }, { end: '91' }, { end: 'until', until: '2099-01-01' }]) {
      const page = await approve(approver, own, more)
      expect([page.status, page.text.includes(say.tooLong(90))]).toEqual([400, true])
    }
    const last = new Date((nowSeconds(app) + 90 * DAY) * 1000).toISOString().slice(0, 10)
    expect((await approve(approver, own, { end: 'until', until: last })).status).toBe(303)
    await approve(admin, other)
    const page = await approver.get(pathOf(other))
    expect(page.text).toContain(say.refusals.not_yours)
    expect(page.html).not.toContain(`action="${pathOf(other)}`)
    expect((await approver.get(pathOf(other, '/withdraw'))).to).toBe(pathOf(other))
    const forced = await approver.post(pathOf(other, '/withdraw'), { etag: 'x' })
    expect([forced.status, forced.text.includes(say.refusals.not_yours)]).toEqual([409, true])
    await signIn(app.auth, undefined, own)
    const question = await approver.get(pathOf(own, '/withdraw'))
    expect(question.text).toContain(say.confirm.sessions(1, own))
    expect(question.text).not.toContain(say.confirm.lastUsed)
  })

  it('an address that is approved already, with a way to it; and one’s own', async () => {
    const { admin, adminEmail } = await office()
    const email = newGuest()
    await approve(admin, email)
    const page = await approve(admin, email, { reason: 'Another' })
    expect(page.status).toBe(409)
    expect(page.text).toContain(say.refusals.already_approved)
    expect(page.html).toContain(`href="${pathOf(email)}"`)
    expect((await approve(admin, adminEmail)).text).toContain(say.refusals.own_address)
    expect((await admin.get(pathOf(adminEmail))).text).not.toContain(say.withdraw)
  })

  it('an end in the past; and one that is sooner, without a fresh sign-in', async () => {
    const { app, admin, adminEmail } = await office()
    const email = newGuest()
    await approve(admin, email)
    const past = await submit(admin, email, 'extend', { end: 'until', until: '2020-01-01' })
    expect([past.status, past.text.includes(say.refusals.past_end)]).toEqual([400, true])
    expect(past.html).toMatch(/<details class="card"\s+open/)
    app.clock.offsetMs += 16 * 60_000
    const sooner = await submit(admin, email, 'extend', { end: '7', sooner: 'yes' })
    const back = pathOf(email, '?end=7&until=')
    expect(sooner.to).toBe(`/sign-in?return=${encodeURIComponent(back)}&why=recent`)
    // What was chosen is still there after the sign-in.
    expect((await admin.get(back)).html).toMatch(/value="7"\s+checked/)
    const withdraw = await admin.get(pathOf(email, '/withdraw'))
    expect(withdraw.to).toBe(
      `/sign-in?return=${encodeURIComponent(pathOf(email, '/withdraw'))}&why=recent`,
    )
    expect((await admin.post(pathOf(email, '/withdraw'), { etag: 'x' })).to).toBe(withdraw.to)
    expect((await admin.get(pathOf(adminEmail))).status).toBe(200)
  })

  it('a length and a day at once, of which only one can be meant', async () => {
    const { app, admin } = await office()
    const email = newGuest()
    const page = await approve(admin, email, { end: '30', until: '2099-12-31' })
    expect([page.status, page.text.includes(say.errors.two)]).toEqual([400, true])
    expect(await approvalRow(app, email)).toBeUndefined()
    await approve(admin, email)
    for (const form of ['extend', 'restore']) {
      const sent = await submit(admin, email, form, { end: 'keep', until: '2099-12-31' })
      expect([sent.status, sent.text.includes(say.errors.two)]).toEqual([400, true])
    }
  })

  it('what is no address, and one without an approval', async () => {
    const { admin } = await office()
    expect((await admin.get('/approvals/nobody')).status).toBe(404)
    const email = newGuest()
    const page = await admin.get(pathOf(email))
    expect([page.status, page.text.includes(say.absent[1])]).toEqual([404, true])
    expect(page.html).toContain(`/approvals/new?email=${encodeURIComponent(email)}`)
    const gone = await admin.get('/nowhere')
    expect([gone.status, gone.headers.get('Content-Type')]).toEqual([
      404,
      'text/html; charset=utf-8',
    ])
  })
})

describe('withstands', () => {
  it('T72: text that would be HTML, in every field that a page shows', async () => {
    const { app, admin } = await office()
    const evil = `"'><script>alert(1)</script><img src=x onerror=alert(1)>{{`
    const email = `o'brien+&${crypto.randomUUID().slice(0, 8)}@guests.example`
    await typeByHand(app, {
      email,
      approvedBy: evil,
      approvedAt: 1,
      expiresAt: null,
      phoneNumber: evil,
      metadata: { company: evil, reason: evil, notes: `</textarea>${evil}` },
    })
    const typed = await admin.post(pathOf(email, '/change'), {
      company: evil,
      reason: evil,
      notes: `</textarea>${evil}`,
      phoneNumber: evil,
      etag: evil,
    })
    const pages = [
      typed,
      await admin.get(pathOf(email)),
      await admin.get(pathOf(email, '/withdraw')),
      await admin.get(`/approvals?q=${encodeURIComponent(evil.slice(0, 40))}`),
      await admin.get(`/approvals?q=${encodeURIComponent(email)}`),
      await admin.get(`/approvals/new?email=${encodeURIComponent(evil)}`),
      await admin.get(`${pathOf(email)}?done=__proto__`),
      await approve(admin, evil, { company: evil, reason: evil, end: evil, until: evil }),
    ]
    for (const { html } of pages) {
      expect(html).toContain('</html>')
      expect(html.match(/<script/g)).toHaveLength(1)
      expect(html).not.toContain('<img')
      expect(html).not.toContain('</textarea>"')
    }
  })

  it('numbers of a row that was typed by hand', async () => {
    const { app, admin } = await office()
    for (const expiresAt of [0, -5, 1_700_000_000_000, 9e15]) {
      const email = newGuest()
      await typeByHand(app, {
        email,
        approvedAt: 9e15,
        expiresAt,
        metadata: { company: 5, notes: [] },
      })
      expect((await admin.get(pathOf(email))).status, String(expiresAt)).toBe(200)
      expect((await admin.get(`/approvals?q=${email}`)).status).toBe(200)
    }
  })

  it('T71: forms from other sites, and forms that name a field twice or are too large', async () => {
    const { app, admin } = await office()
    const email = newGuest()
    await approve(admin, email)
    for (const Origin of ['https://evil.example', 'null', '']) {
      for (const path of [
        '/approvals',
        ...['extend', 'change', 'restore', 'withdraw'].map((form) => pathOf(email, `/${form}`)),
      ]) {
        const page = await admin.post(path, { email: newGuest(), ...FORM }, { Origin })
        expect(page.status, `${path} from ${Origin}`).toBe(403)
      }
    }
    const raw = (body: BodyInit, headers: Record<string, string> = {}) =>
      app.fetch(pathOf(email, '/change'), {
        method: 'POST',
        body,
        headers: {
          Origin: CONSOLE_ORIGIN,
          Cookie: [...admin.cookies].map((pair) => pair.join('=')).join('; '),
          'Content-Type': 'application/x-www-form-urlencoded',
          ...headers,
        },
      })
    expect((await raw('reason=a&reason=b')).status).toBe(400)
    expect((await raw(`reason=${'a'.repeat(17_000)}`)).status).toBe(413)
    expect((await raw('{}', { 'Content-Type': 'application/json' })).status).toBe(415)
    expect(
      (
        await raw('nonsense', {
          'Content-Type': 'multipart/form-data; boundary=x',
          'Content-Length': '8',
        })
      ).status,
    ).toBe(400)
    expect((await approvalRow(app, email))!['version']).toBe(1)
  })

  it('a form as a browser sends it with much text', async () => {
    const { app, admin } = await office()
    const email = newGuest()
    await approve(admin, email)
    const page = await admin.get(pathOf(email))
    const form = new FormData()
    const notes = '書'.repeat(2000)
    for (const [name, value] of Object.entries({ ...FORM, notes, etag: page.value('etag')! })) {
      form.append(name, value)
    }
    const request = new Request('https://x.example', { method: 'POST', body: form })
    const body = await request.arrayBuffer()
    const answer = await app.fetch(pathOf(email, '/change'), {
      method: 'POST',
      body,
      headers: {
        Origin: CONSOLE_ORIGIN,
        Cookie: [...admin.cookies].map((pair) => pair.join('=')).join('; '),
        'Content-Type': request.headers.get('Content-Type')!,
        'Content-Length': String(body.byteLength),
      },
    })
    expect(answer.status, await answer.text()).toBe(303)
    expect((await approvalRow(app, email))!['metadata']).toMatchObject({ notes })
  })

  it('a sign-in that ended meanwhile: the page leads to the sign-in, and nothing is done', async () => {
    const { app, admin, adminEmail } = await office()
    const other = newBrowser(app)
    for (const [name, value] of admin.cookies) other.cookies.set(name, value)
    await admin.post('/sign-out')
    const email = newGuest()
    expect((await approve(other, email)).to).toBe('/sign-in?why=ended')
    expect(await approvalRow(app, email)).toBeUndefined()
    expect((await other.get(pathOf(email))).to).toContain('why=ended')
    expect(adminEmail).toContain('@')
  })
})
