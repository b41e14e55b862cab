import { describe, expect, it } from 'vitest'
import { LOCALES } from '../../../src/base/locale.ts'
import { TOKENS_TABLE } from '../../../src/base/tables.ts'
import { realWorld } from '../../../src/base/world.ts'
import { actionText } from '../../../src/console/pages/action-text.ts'
import { approvalWords } from '../../../src/console/pages/approvals/words.ts'
import { requestWords } from '../../../src/console/pages/requests/words.ts'
import { newBrowser, signedIn, type Browser } from '../../support/workers/browser.ts'
import { nowSeconds } from '../../support/workers/clock.ts'
import {
  approvalRow,
  approved,
  auditRows,
  DAY,
  newGuest,
} from '../../support/workers/console-approvals.ts'
import { putWaiting, requestRow } from '../../support/workers/console-requests.ts'
import {
  machine,
  newAdmin,
  newApprover,
  startConsole,
  type Console,
} from '../../support/workers/console.ts'
import { messagesTo } from '../../support/workers/latchkey.ts'
import { redeem, tokenOf } from '../../support/workers/sign-in.ts'

const say = requestWords.en
const ON = { shared: { ACCESS_REQUESTS: 'on' } }

async function office(options: Parameters<typeof startConsole>[1] = ON) {
  const [adminEmail, approverEmail] = [newAdmin(), newApprover()]
  const app = await startConsole({ admins: [adminEmail], approvers: [approverEmail] }, options)
  const admin = await signedIn(app, adminEmail)
  const approver = await signedIn(app, approverEmail)
  return { app, admin, approver, adminEmail, approverEmail }
}

const pathOf = (email: string, action: string) => `/requests/${encodeURIComponent(email)}/${action}`

const personPath = (email: string) => `/people/${encodeURIComponent(email)}`

const approve = (browser: Browser, email: string, more: Record<string, string> = {}) =>
  browser.post(pathOf(email, 'approve'), { end: '30', reason: 'Enterprise trial', ...more })

const decline = (browser: Browser, email: string, more: Record<string, string> = {}) =>
  browser.post(pathOf(email, 'decline'), { reason: 'Nobody knows them', ...more })

/** All tests share one queue: somebody may be on a later page. */
async function pageWith(browser: Browser, email: string) {
  let path: string | undefined = '/requests'
  while (path !== undefined) {
    const page = await browser.get(path)
    if (page.text.includes(email)) return { path, page }
    path = /rel="next"\s+href="([^"]+)"/.exec(page.html)?.[1]?.replaceAll('&amp;', '&')
  }
  throw new Error(`${email} is on no page`)
}

const cardOf = (html: string, email: string): string =>
  html
    .split('<li class="card request"')
    .slice(1)
    .find((card) => card.includes(email)) ?? ''

const roundTrips = (app: Console) => app.lines.at(-1)!['dynamoRoundTrips']

describe('works', () => {
  it('shows who asks, how often, from where, on what and since when; and approves, with a link for the phone', async () => {
    const { app, admin, adminEmail } = await office()
    const email = newGuest()
    const caller = { ipAddress: '2001:db8::7', userAgent: 'MobileDashboard/1.1' }
    const { device, handle } = await putWaiting(app, email, {
      agoMs: [20 * 60_000, 15 * 60_000],
      deviceName: 'Ada’s <iPhone>',
      caller,
    })
    const { page } = await pageWith(admin, email)
    expect(roundTrips(app)).toBe(1)
    const card = cardOf(page.html, email)
    for (const text of [
      '20 minutes ago',
      say.times(2),
      say.last('15 minutes ago'),
      'Ada’s &lt;iPhone&gt;',
      caller.userAgent,
      caller.ipAddress,
      'in 14 days',
    ]) {
      expect(card).toContain(text)
    }
    const cursor = page.value('cursor')
    const done = await approve(admin, email, cursor === undefined ? {} : { cursor })
    expect(done.status).toBe(303)
    expect(new URL(done.to!, 'https://x').searchParams.get('done')).toBe('approved')
    expect(await approvalRow(app, email)).toMatchObject({
      approvedBy: adminEmail,
      expiresAt: expect.closeTo(nowSeconds(app) + 30 * DAY, -1),
      metadata: { reason: 'Enterprise trial' },
    })
    const after = await admin.get(done.to!)
    expect(roundTrips(app)).toBe(1)
    expect(after.text).toContain(say.done.approved(email))
    expect(cardOf(after.html, email)).toBe('')

    await app.settle()
    const [mail] = await messagesTo(email)
    const signedInNow = await redeem(app.auth, tokenOf(mail!.link), device, { handle })
    expect(signedInNow.status).toBe(200)
    const history = await admin.get(`/approvals/${encodeURIComponent(email)}`)
    expect(history.text).toContain(actionText('en', 'request_approved'))
  })

  it('A request whose address was approved in another way counts as no decision, and one press sends its link', async () => {
    const { app, admin, approver } = await office()
    const email = newGuest()
    const { device, handle } = await putWaiting(app, email, { agoMs: [13 * DAY * 1000] })
    await approved(app, await machine(app, 'writer'), email)
    const start = await approver.get('/')
    expect(start.text).not.toContain(email)
    expect(start.text).toMatch(/approved p\w+ still waits? for a link/)
    const { tokenId } = (await requestRow(app, email))!
    const card = `/requests?who=${encodeURIComponent(email)}#${tokenId}`
    for (const path of [`/approvals/${encodeURIComponent(email)}`, personPath(email)]) {
      const page = await admin.get(path)
      expect(page.text).toContain(say.waitsForLink)
      expect(page.html).toContain(`href="${card}"`)
    }
    const queue = await approver.get(card)
    expect(roundTrips(app)).toBe(1)
    const shown = cardOf(queue.html, email)
    expect(shown).toContain(`id="${tokenId}"`)
    expect(shown).toContain(say.already)
    expect(shown).not.toContain('name="reason"')
    const before = await approvalRow(app, email)
    // An approver may do this for anybody's approval: it changes no row of it.
    const done = await approver.post(pathOf(email, 'approve'), { already: 'yes' })
    expect((await approver.get(done.to!)).text).toContain(say.done.approved(email))
    expect(await approvalRow(app, email)).toEqual(before)
    await app.settle()
    const [mail, ...more] = await messagesTo(email)
    expect(more).toEqual([])
    expect((await redeem(app.auth, tokenOf(mail!.link), device, { handle })).status).toBe(200)
    expect((await admin.get(personPath(email))).text).not.toContain(say.waitsForLink)
  })

  it('leads from the start page and from the pages of an address to the request, on whatever page of the queue', async () => {
    const { app, admin } = await office()
    const guests = Array.from({ length: 22 }, newGuest)
    for (const [i, guest] of guests.entries()) {
      await putWaiting(app, guest, { agoMs: [12 * DAY * 1000 - i * 1000] })
    }
    const last = guests.at(-1)!
    const { tokenId } = (await requestRow(app, last))!
    const card = `/requests?who=${encodeURIComponent(last)}#${tokenId}`
    const person = await admin.get(personPath(last))
    expect(person.text).toContain(say.waitsForDecision)
    expect(person.html).toContain(`href="${card}"`)
    expect(person.text).not.toContain(approvalWords.en.approve)
    const absent = await admin.get(`/approvals/${encodeURIComponent(last)}`)
    expect([absent.status, absent.text.includes(say.waitsForDecision)]).toEqual([404, true])
    expect(absent.html).toContain(`href="${card}"`)
    expect((await admin.get('/')).html).toMatch(/href="\/requests\?who=[^"]+#req_[^"]+"/)
    const page = await admin.get(card)
    expect(cardOf(page.html, last)).not.toBe('')
    expect(page.text).toContain(say.first)
  })

  it('keeps the company that was typed, which is optional', async () => {
    const { app, approver } = await office()
    const email = newGuest()
    await putWaiting(app, email)
    const wrong = await approve(approver, email, { company: 'x'.repeat(201) })
    expect([wrong.status, wrong.text.includes(approvalWords.en.errors.company)]).toEqual([
      400,
      true,
    ])
    await approve(approver, email, { company: ' Acme Corp ' })
    expect(await approvalRow(app, email)).toMatchObject({
      metadata: { company: 'Acme Corp', reason: 'Enterprise trial' },
    })
  })

  it('declines with a reason, and tells nobody', async () => {
    const { app, approver } = await office()
    const email = newGuest()
    await putWaiting(app, email)
    const done = await decline(approver, email)
    expect(done.status).toBe(303)
    expect((await approver.get(done.to!)).text).toContain(say.done.declined(email))
    expect((await requestRow(app, email))!.decided).toBe('declined')
    expect((await auditRows(app, email))[0]).toMatchObject({
      action: 'request_declined',
      reason: 'Nobody knows them',
    })
    await app.settle()
    expect(await messagesTo(email)).toEqual([])
  })

  it('approves until a day, and without an end where the role allows it', async () => {
    const { app, admin, approver } = await office()
    const [one, other] = [newGuest(), newGuest()]
    await putWaiting(app, one)
    await putWaiting(app, other)
    const until = new Date((nowSeconds(app) + 20 * DAY) * 1000).toISOString().slice(0, 10)
    expect((await approve(approver, one, { end: 'until', until })).status).toBe(303)
    expect((await approvalRow(app, one))!['expiresAt']).toBe(
      Date.parse(`${until}T23:59:59Z`) / 1000,
    )
    expect((await approve(admin, other, { end: 'none' })).status).toBe(303)
    expect((await approvalRow(app, other))!['expiresAt']).toBeNull()
  })

  it('turns pages, the oldest first, and goes on where it was', async () => {
    const { app, admin } = await office()
    const guests = Array.from({ length: 23 }, newGuest)
    for (const [i, guest] of guests.entries()) {
      await putWaiting(app, guest, { agoMs: [60_000 - 1000 * i] })
    }
    const first = await admin.get('/requests')
    expect(first.html.split('<li class="card request"')).toHaveLength(21)
    const { page, path } = await pageWith(admin, guests[22]!)
    expect(path).toContain('cursor=')
    expect(page.text).toContain(say.first)
    const order = guests.filter((guest) => page.text.includes(guest))
    expect(order.map((guest) => page.text.indexOf(guest))).toEqual(
      order.map((guest) => page.text.indexOf(guest)).toSorted((a, b) => a - b),
    )
    const wrong = await approve(admin, guests[22]!, { reason: '', cursor: page.value('cursor')! })
    expect([wrong.status, cardOf(wrong.html, guests[22]!)]).toEqual([
      400,
      expect.stringContaining(approvalWords.en.errors.reason),
    ])
    expect((await admin.get('/requests?cursor=x')).to).toBe('/requests')
  })

  it.each(LOCALES)('speaks %s', async (locale) => {
    const email = newAdmin()
    const app = await startConsole({ admins: [email] }, ON)
    const guest = newGuest()
    await putWaiting(app, guest, { flow: 'sms' })
    const browser = await signedIn(app, email, locale)
    const words = requestWords[locale]
    const { page } = await pageWith(browser, guest)
    for (const text of [words.title, words.approve, words.declineLead, words.channel]) {
      expect(page.text).toContain(text)
    }
    expect(page.html).toContain(`<html lang="${locale}">`)
    expect(page.text).not.toMatch(/undefined|\[object|NaN/)
    const done = await decline(browser, guest)
    expect((await browser.get(done.to!)).text).toContain(words.done.declined(guest))
  })
})

describe('says where nobody waits', () => {
  it.each(['on', 'off'] as const)('that requests are %s', async (setting) => {
    const { app, admin } = await office({ shared: { ACCESS_REQUESTS: setting } })
    await app.setFaults([{ operation: 'Query', fault: 'hideindex' }])
    const page = await admin.get('/requests')
    const [title, text] = setting === 'on' ? say.none : say.off
    expect(page.text).toContain(title)
    expect(page.text).toContain(text)
  })
})

describe('refuses', () => {
  it('what is wrong, beside its field and in a summary; what was typed is kept', async () => {
    const { app, approver } = await office()
    const email = newGuest()
    await putWaiting(app, email)
    const { page } = await pageWith(approver, email)
    const cursor = page.value('cursor')
    const typed = {
      end: 'until',
      until: '2027-02-31',
      reason: ' x'.repeat(300),
      ...(cursor === undefined ? {} : { cursor }),
    }
    const wrong = await approve(approver, email, typed)
    expect(wrong.status).toBe(400)
    expect(wrong.html).toContain('<title>Error: ')
    const { tokenId } = (await requestRow(app, email))!
    for (const [name, text] of Object.entries({
      end: approvalWords.en.errors.until,
      reason: approvalWords.en.errors.reason,
    })) {
      expect(wrong.html).toContain(`href="#${tokenId}-approve-${name}"`)
      expect(wrong.html).toMatch(
        new RegExp(`id="${tokenId}-approve-${name}-error">\\s*${text.slice(0, 20)}`),
      )
      expect(wrong.html).toContain(`id="${tokenId}-approve-${name}"`)
    }
    expect(cardOf(wrong.html, email)).toContain(`value="${typed.reason}"`)
    expect(cardOf(wrong.html, email)).toContain('value="2027-02-31"')
    const noReason = await decline(approver, email, { ...typed, reason: '' })
    expect(noReason.status).toBe(400)
    expect(cardOf(noReason.html, email)).toMatch(/<details\s+open/)
    expect((await requestRow(app, email))!.decided).toBeUndefined()
  })

  it('an approver: more days than theirs; and offers none', async () => {
    const { app, approver } = await office()
    const email = newGuest()
    await putWaiting(app, email)
    const { page } = await pageWith(approver, email)
    expect(cardOf(page.html, email)).toContain(approvalWords.en.atMost(90))
    expect(cardOf(page.html, email)).not.toContain('value="none"')
    for (const more of [{ end: 'none' }, { end: '91' }, { end: 'until', until: '2099-01-01' }]) {
      const refused = await approve(approver, email, {
        ...more,
        cursor: page.value('cursor') ?? '',
      })
      expect([refused.status, refused.text.includes(approvalWords.en.tooLong(90))]).toEqual([
        400,
        true,
      ])
    }
    expect(await approvalRow(app, email)).toBeUndefined()
  })

  it('two approvers at once: the second is told what the first did', async () => {
    const { app, admin, approver, adminEmail, approverEmail } = await office()
    const [one, other] = [newGuest(), newGuest()]
    await putWaiting(app, one)
    await putWaiting(app, other)
    expect((await approve(admin, one)).status).toBe(303)
    for (const late of [await approve(approver, one), await decline(approver, one)]) {
      expect(late.status).toBe(409)
      expect(late.text).toContain(say.fasterApproved(one, adminEmail))
      expect(late.text).toContain('Enterprise trial')
    }
    expect((await decline(approver, other)).status).toBe(303)
    const late = await approve(admin, other)
    expect(late.status).toBe(409)
    expect(late.text).toContain(say.fasterDeclined(other, approverEmail))
    expect(await approvalRow(app, other)).toBeUndefined()
    const again = await approve(admin, one)
    expect(new URL(again.to!, 'https://x').searchParams.get('done')).toBe('approved')
    await app.settle()
    expect(await messagesTo(one)).toHaveLength(1)
  })

  it('to take a sign-in to the console for a request', async () => {
    const { app } = await office()
    const email = newGuest()
    expect((await newBrowser(app).post('/sign-in', { email })).to).toBe('/sign-in/code')
    await app.settle()
    expect(app.lines.some(({ event }) => event === 'link_not_sent')).toBe(true)
    expect(await requestRow(app, email)).toBeUndefined()
  })

  it('to send a link only, when the address may not sign in (any more)', async () => {
    const { app, admin } = await office()
    const email = newGuest()
    await putWaiting(app, email)
    const page = await admin.post(pathOf(email, 'approve'), { already: 'yes' })
    expect([page.status, page.text.includes(say.notApproved)]).toEqual([409, true])
    expect(await approvalRow(app, email)).toBeUndefined()
    await app.settle()
    expect(await messagesTo(email)).toEqual([])
  })

  it('an address that does not wait, and what is none', async () => {
    const { admin } = await office()
    const email = newGuest()
    const page = await approve(admin, email)
    expect([page.status, page.text.includes(say.gone(email))]).toEqual([409, true])
    expect((await decline(admin, email)).status).toBe(409)
    expect((await approve(admin, 'nobody')).status).toBe(404)
  })

  it('a notice that somebody else’s link would show, when it is not so', async () => {
    const { app, admin } = await office()
    const email = newGuest()
    await putWaiting(app, email)
    const page = await admin.get(`/requests?done=approved&who=${encodeURIComponent(email)}`)
    expect(page.text).not.toContain(say.done.approved(email))
    expect((await admin.get('/requests?done=approved&who=%3Cb%3E')).html).not.toContain('<b>')
  })
})

describe('withstands', () => {
  it('an approval whose link cannot go out: the page says so', async () => {
    const { app, admin } = await office()
    const email = newGuest()
    await putWaiting(app, email)
    const { tokenId } = (await requestRow(app, email))!
    // As if the key that sealed it had left the ring.
    await app.db.update({
      Update: {
        TableName: TOKENS_TABLE,
        Key: { tokenId },
        UpdateExpression: 'SET sealedLink = :broken',
        ExpressionAttributeValues: { ':broken': 'x' },
      },
    })
    const done = await approve(admin, email)
    expect((await admin.get(done.to!)).text).toContain(say.done.approvedWithoutLink(email))
  })

  it('an index that is behind: who was decided a moment ago is not shown as waiting', async () => {
    let kept: string | undefined
    let behind = false
    const fetch = async (url: string, init: RequestInit) => {
      const isQueue = new TextDecoder()
        .decode(await new Response(init.body).arrayBuffer())
        .includes('access_requests')
      if (isQueue && behind) return new Response(kept)
      const answer = await realWorld.fetch(url, init)
      if (isQueue) kept = await answer.clone().text()
      return answer
    }
    const { app, admin } = await office({ ...ON, world: { fetch } })
    const email = newGuest()
    await putWaiting(app, email)
    await pageWith(admin, email)
    behind = true
    const done = await decline(admin, email)
    const page = await admin.get(done.to!)
    expect(page.text).toContain(say.done.declined(email))
    expect(cardOf(page.html, email)).toBe('')
    // The index alone would still show it.
    expect(kept).toContain(email)
  })

  it('shows nothing to who is not signed in', async () => {
    const { app } = await office()
    expect((await newBrowser(app).get('/requests')).to).toBe('/sign-in?return=%2Frequests')
  })
})
