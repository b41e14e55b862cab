import { describe, expect, it } from 'vitest'
import { LOCALES } from '../../../src/base/locale.ts'
import { approvalWords } from '../../../src/console/pages/approvals/words.ts'
import { frameWords } from '../../../src/console/pages/frame-words.ts'
import { SCRIPT } from '../../../src/console/pages/script.ts'
import { peopleWords } from '../../../src/console/pages/people/words.ts'
import { whyWords } from '../../../src/console/why/words.ts'
import { newBrowser, signedIn, type Browser } from '../../support/workers/browser.ts'
import {
  approvalRow,
  approved,
  auditRows,
  newGuest,
} from '../../support/workers/console-approvals.ts'
import {
  asBrowser,
  machine,
  newAdmin,
  newApprover,
  send,
  startConsole,
  type Console,
} from '../../support/workers/console.ts'
import { newEmail } from '../../support/workers/latchkey.ts'
import { addressOf } from '../../support/workers/rows.ts'
import {
  ask,
  askForLink,
  expectTokens,
  newDevice,
  redeem,
  signIn,
} from '../../support/workers/sign-in.ts'
import {
  ALIVE,
  DEAD,
  forgetSends,
  refresh,
  revoke,
  signInAgain,
  signsOfLife,
} from '../../support/workers/tokens.ts'

const say = peopleWords.en

async function office(language = 'en') {
  const [adminEmail, approverEmail] = [newAdmin(), newApprover()]
  const app = await startConsole({ admins: [adminEmail], approvers: [approverEmail] })
  const admin = await signedIn(app, adminEmail, language)
  return { app, admin, adminEmail, approverEmail }
}

async function twoSessions(app: Console) {
  const one = await signIn(app.auth)
  const other = await signInAgain(app.auth, one.user)
  return { one, other, email: one.user.email, userId: one.user.id }
}

const pathOf = (email: string, more = '') => `/people/${encodeURIComponent(email)}${more}`
const sessionPath = (email: string, id: string) => pathOf(email, `/sessions/${id}/end`)

/** How many calls of DynamoDB one after the other the last request took. */
const roundTrips = (app: Console) => app.lines.at(-1)!['dynamoRoundTrips']

/** Sends the form of a confirmation page, as the page gives it. */
async function confirm(browser: Browser, path: string, fields: Record<string, string>) {
  const page = await browser.get(path)
  expect(page.status, page.text).toBe(200)
  const userId = page.value('userId')
  return browser.post(path, { ...(userId === undefined ? {} : { userId }), ...fields })
}

describe('works', () => {
  it('shows a person in one round trip: approval, the three answers, sessions and what happened', async () => {
    const { app, admin } = await office()
    const { email } = await approved(app, await machine(app, 'writer'))
    const tokens = await signIn(app.auth, undefined, email)
    await refresh(app.auth, tokens.refresh_token)
    const page = await admin.get(pathOf(email))
    expect(page.status).toBe(200)
    expect(app.lines.at(-1)).toMatchObject({ dynamoRoundTrips: 1, dynamoCalls: 3 })
    for (const text of [
      email,
      tokens.user.id,
      approvalWords.en.states.active,
      ...Object.values(say.questions),
      say.state.alive,
      say.left(4, 5),
      say.left(10, 10),
      say.events.asked,
      say.sent('email'),
      say.events.opened,
      say.events.refreshed,
      approvalWords.en.actions.approval_created,
    ]) {
      expect(page.text).toContain(text)
    }
    expect(page.html).toContain(`href="/approvals/${encodeURIComponent(email)}"`)
    expect(page.html).toMatch(
      /role="img"\s+aria-label="[^"]*Asked 1; Sent 1; Signed in 1; Refreshed 1/,
    )
    expect(page.text).not.toContain(say.events.used)
    expect(page.html).not.toMatch(/sealed|codeChallenge|eyJ/)
    expect(JSON.stringify(app.lines)).not.toContain(email)
  })

  it('names the zone of every time, in the answers and in the timeline', async () => {
    const { app, admin } = await office()
    const tokens = await signIn(app.auth)
    const page = await admin.get(pathOf(tokens.user.email))
    const times = [...page.html.matchAll(/<time[^>]*>([^<]*)<\/time/g)].map(([, text]) => text!)
    expect(times.length).toBeGreaterThan(4)
    expect(times.filter((text) => !text.endsWith(' UTC'))).toEqual([])
    expect(SCRIPT).toContain("timeZoneName: 'short'")
  })

  it('answers each complaint with a sign, a word and a sentence, and folds the findings', async () => {
    const { app, admin } = await office()
    const email = newGuest()
    await ask(app.auth, email, await newDevice())
    await app.auth.settle()
    const page = await admin.get(pathOf(email))
    const [notApproved, noMail, thrownOut] = page.html.split('class="card tight answer ').slice(1)
    expect(notApproved).toMatch(/^bad/)
    expect(notApproved).toContain(
      whyWords.en.findings.not_approved({ topic: 'approval', code: 'not_approved' }),
    )
    expect(noMail).toMatch(/^bad/)
    expect(noMail).toContain(whyWords.en.answers.nothingSent)
    expect(noMail).toContain(whyWords.en.notSent.not_approved)
    expect(thrownOut).toMatch(/^good/)
    for (const answer of [notApproved, noMail, thrownOut]) {
      expect(answer).toMatch(/<svg[^>]*aria-hidden="true"/)
      expect(answer).toContain('<details>')
    }
    expect(page.text).toContain(say.keptBack(whyWords.en.notSent.not_approved))
    expect(page.html).toContain(`/approvals/new?email=${encodeURIComponent(email)}`)
  })

  it('finds a person by any spelling of the address and by user id, also one nobody has heard of', async () => {
    const { app, admin } = await office()
    const { user } = await signIn(app.auth)
    expect((await admin.get('/people')).text).toContain(say.lead)
    for (const q of [user.email, ` ${user.email.toUpperCase()} `, user.id]) {
      const found = await admin.get(`/people?q=${encodeURIComponent(q)}`)
      expect([found.status, found.to]).toEqual([303, pathOf(user.email)])
    }
    expect((await admin.get(`/people/${user.id}`)).to).toBe(pathOf(user.email))
    const nobody = await admin.get(pathOf(newGuest()))
    expect(nobody.status).toBe(200)
    for (const text of [say.notApproved, say.nobodyYet, say.noSessions, say.noEvents]) {
      expect(nobody.text).toContain(text)
    }
    expect(nobody.text).not.toContain(say.eraseTitle)
  })

  it('T21: ends one session, after a page that names it, and is safe to repeat', async () => {
    const { app, admin, adminEmail } = await office()
    const { one, other, email } = await twoSessions(app)
    const path = sessionPath(email, one.session_id)
    expect((await admin.get(pathOf(email))).html).toContain(`href="${path}"`)
    const question = await admin.get(path)
    expect(roundTrips(app)).toBe(1)
    expect(question.text).toContain(say.confirmOne.title(email))
    expect(question.text).toContain(say.since)
    const ended = await confirm(admin, path, { reason: 'A lost phone' })
    expect(ended.to).toBe(pathOf(email, '?done=session_ended'))
    // The rows of who asks are read beside: one after the other are two.
    expect(app.lines.findLast(({ route }) => route !== undefined)).toMatchObject({ dynamoCalls: 3 })
    expect(await signsOfLife(app.auth, one)).toEqual(DEAD)
    expect(await signsOfLife(app.auth, other)).toEqual(ALIVE)
    expect((await admin.post(path, { reason: 'A lost phone' })).to).toBe(ended.to)
    expect(await auditRows(app, email)).toEqual([
      expect.objectContaining({
        action: 'person_session_ended',
        by: adminEmail,
        reason: 'A lost phone',
      }),
    ])
    const page = await admin.get(ended.to!)
    for (const text of [
      say.done.session_ended,
      say.endedSessions(1),
      'A lost phone',
      whyWords.en.ended.ended_by_company,
    ]) {
      expect(page.text).toContain(text)
    }
    expect((await admin.get(path)).to).toBe(pathOf(email))
  })

  it('T21: ends all sessions and links, after a page that names and counts them', async () => {
    const { app, admin } = await office()
    const { one, other, email } = await twoSessions(app)
    await forgetSends(app.auth, email)
    const device = await newDevice()
    const waiting = await askForLink(app.auth, device, email)
    const path = pathOf(email, '/end')
    const question = await admin.get(path)
    expect(question.text).toContain(say.confirmAll.sessions(2, email))
    const ended = await confirm(admin, path, { reason: 'A lost laptop' })
    expect(ended.to).toBe(pathOf(email, '?done=sessions_ended'))
    expect(await signsOfLife(app.auth, one)).toEqual(DEAD)
    expect(await signsOfLife(app.auth, other)).toEqual(DEAD)
    expect((await redeem(app.auth, waiting.linkToken, device)).status).toBe(400)
    expect((await confirm(admin, path, { reason: 'Again' })).to).toBe(ended.to)
    expect((await admin.get(path)).text).toContain(say.confirmAll.noSessions(email))
  })

  it('erases a person, and their approval only when that is chosen', async () => {
    const { app, admin } = await office()
    const { email } = await approved(app, await machine(app, 'writer'))
    const tokens = await signIn(app.auth, undefined, email)
    const path = pathOf(email, '/erase')
    const question = await admin.get(path)
    for (const text of [
      say.confirmErase.identity,
      say.confirmErase.sessions(1),
      say.confirmErase.links(1),
    ]) {
      expect(question.text).toContain(text)
    }
    const fields = { reason: 'Ticket 4711', again: ` ${email.toUpperCase()}` }
    const erased = await confirm(admin, path, fields)
    expect(erased.to).toBe('/people?done=erased')
    expect((await admin.get(erased.to!)).text).toContain(say.erased[0])
    expect(await signsOfLife(app.auth, tokens)).toEqual(DEAD)
    await app.settle()
    expect((await addressOf(app.auth, email))?.userId).toBeUndefined()
    expect(await approvalRow(app, email)).toBeDefined()
    // Safe to repeat, also with what the first page showed.
    expect((await admin.post(path, { ...fields, userId: tokens.user.id })).to).toBe(erased.to)
    expect((await confirm(admin, path, { ...fields, approval: 'yes' })).to).toBe(erased.to)
    await app.settle()
    expect(await approvalRow(app, email)).toBeUndefined()
  })

  it('is led to from the pages of an approval, for administrators', async () => {
    const { app, admin, approverEmail } = await office()
    const approver = await signedIn(app, approverEmail)
    for (const email of [newGuest(), newEmail()]) {
      const path = `/approvals/${encodeURIComponent(email)}`
      expect((await admin.get(path)).html).toContain(`href="${pathOf(email)}"`)
      expect((await approver.get(path)).html).not.toContain('/people')
    }
  })

  it('turns the pages of a long timeline', async () => {
    const { app, admin } = await office()
    const { user } = await signIn(app.auth)
    for (let i = 0; i < 18; i++) {
      app.clock.offsetMs += 20_000
      await signInAgain(app.auth, user)
    }
    const first = await admin.get(pathOf(user.email))
    const next = /rel="next"\s+href="([^"#]+)#timeline"/.exec(first.html)![1]!
    const second = await admin.get(next)
    expect(roundTrips(app)).toBe(1)
    expect(second.text).toContain(say.newest)
    const count = (html: string) => html.match(/<span class="spot">/g)!.length
    // 19 asks and 19 sign-ins; the use of a link is one with its sign-in.
    expect(count(first.html) + count(second.html)).toBe(38)
    expect((await admin.get(pathOf(user.email, '?cursor=x'))).to).toBe(pathOf(user.email))
  })

  it.each(LOCALES)('speaks %s on every page', async (locale) => {
    const { app, admin } = await office(locale)
    const { one, email } = await twoSessions(app)
    const words = peopleWords[locale]
    for (const [path, text] of [
      ['/people', words.lead],
      ['/people?q=nobody', words.badPerson],
      [pathOf(email), words.questions.thrownOut],
      [pathOf(email), whyWords[locale].answers.noneEnded],
      [pathOf(email, '/end'), words.confirmAll.after],
      [sessionPath(email, one.session_id), words.confirmOne.after],
      [pathOf(email, '/erase'), words.confirmErase.after],
      [pathOf(newGuest()), words.noSessions],
    ] as const) {
      const page = await admin.get(path)
      expect(page.text, path).toContain(text.replaceAll('\u00a0', ' '))
      expect(page.html).toContain(`<html lang="${locale}">`)
      expect(page.text).not.toMatch(/undefined|\[object|NaN/)
    }
  })
})

describe('for an approver', () => {
  const whyPath = (email: string) => `/approvals/${encodeURIComponent(email)}/why`

  it('answers the three complaints about a guest, in one round trip, and shows nothing else', async () => {
    const { app, admin, approverEmail } = await office()
    const approver = await signedIn(app, approverEmail)
    const { email } = await approved(app, await machine(app, 'writer'))
    const tokens = await signIn(app.auth, undefined, email)
    const shown = await approver.get(`/approvals/${encodeURIComponent(email)}`)
    expect(shown.html).toContain(`href="${whyPath(email)}"`)
    const page = await approver.get(whyPath(email))
    expect([page.status, roundTrips(app)]).toEqual([200, 1])
    for (const text of [email, ...Object.values(say.questions), say.whyMore]) {
      expect(page.text).toContain(text)
    }
    expect(page.text).toMatch(/A link was last requested on/)
    // No session, device, user id or IP address, and no way to end anything.
    const full = await admin.get(pathOf(email))
    for (const secret of [tokens.user.id, '192.0.2.', 'ses_', 'usr_', 'IP address', '/people']) {
      expect(page.html).not.toContain(secret)
    }
    expect(full.text).toContain(tokens.user.id)
    expect(page.html).not.toContain('<details')
    expect(page.html.match(/<form/g)).toHaveLength(1)
  })

  it('says nothing of a colleague, of an administrator or of a +tag of these', async () => {
    const { app, adminEmail, approverEmail } = await office()
    const approver = await signedIn(app, approverEmail)
    const tagged = adminEmail.replace('@', '+x@')
    for (const email of [adminEmail, approverEmail, tagged, newEmail(), newAdmin()]) {
      const page = await approver.get(whyPath(email))
      expect([page.status, page.text.includes(say.questions.noMail)], email).toEqual([403, false])
      const shown = await approver.get(`/approvals/${encodeURIComponent(email)}`)
      expect(shown.html).not.toContain(whyPath(email))
    }
    expect((await approver.get(whyPath('nobody'))).status).toBe(404)
  })

  it('leads an administrator to the whole page', async () => {
    const { admin } = await office()
    const email = newGuest()
    expect((await admin.get(whyPath(email))).to).toBe(pathOf(email))
  })
})

describe('refuses', () => {
  it('what is neither an address nor a user id, and a user id that nobody has', async () => {
    const { admin } = await office()
    for (const q of ['', 'nobody', 'usr_x', '@', '<b>']) {
      const page = await admin.get(`/people?q=${encodeURIComponent(q)}`)
      expect([page.status, page.text.includes(say.badPerson)], q).toEqual([400, true])
      expect([page.value('q'), page.html.includes('id="find-q-error"')]).toEqual([q, true])
    }
    // People cannot be searched by a part of an address, and approvals can.
    const part = await admin.get('/people?q=acme%20co')
    expect(part.html).toContain('href="/approvals?q=acme%20co"')
    expect(part.text).toContain(say.searchApprovals('acme co'))
    const id = `usr_${'A'.repeat(22)}`
    for (const path of [`/people?q=${id}`, `/people/${id}`]) {
      const page = await admin.get(path)
      expect([page.status, page.text.includes(say.unknownUser), page.value('q')]).toEqual([
        404,
        true,
        id,
      ])
    }
    expect((await admin.get('/people/nobody')).status).toBe(404)
  })

  it('a form without a reason, beside its field; what was typed is kept', async () => {
    const { app, admin } = await office()
    const { one, email } = await twoSessions(app)
    for (const path of [sessionPath(email, one.session_id), pathOf(email, '/end')]) {
      for (const reason of [' ', 'x'.repeat(501), 'a\nb']) {
        const page = await confirm(admin, path, { reason })
        expect([page.status, page.text.includes(say.badReason)], path).toEqual([400, true])
        expect(page.html).toMatch(/aria-describedby="[^"]*end-reason-error"/)
        expect(page.html).toContain(`<title>${frameWords.en.error}: `)
      }
    }
    const path = pathOf(email, '/erase')
    const wrong = await confirm(admin, path, {
      reason: 'Ticket 4711',
      again: 'else@guests.example',
    })
    expect([wrong.status, wrong.text.includes(say.confirmErase.notAgain)]).toEqual([400, true])
    expect([wrong.value('reason'), wrong.value('again')]).toEqual([
      'Ticket 4711',
      'else@guests.example',
    ])
    expect(await signsOfLife(app.auth, one)).toEqual(ALIVE)
    expect(await auditRows(app, email)).toEqual([])
  })

  it('T27: a sign-in of more than 15 minutes ago is sent to sign in, and back', async () => {
    const { app, admin } = await office()
    const { one, email } = await twoSessions(app)
    app.clock.offsetMs += 16 * 60_000
    for (const path of [
      sessionPath(email, one.session_id),
      pathOf(email, '/end'),
      pathOf(email, '/erase'),
    ]) {
      const to = `/sign-in?return=${encodeURIComponent(path)}&why=recent`
      expect((await admin.get(path)).to).toBe(to)
      expect((await admin.post(path, { reason: 'x', again: email })).to).toBe(to)
    }
    expect((await admin.get(pathOf(email))).status).toBe(200)
    expect((await addressOf(app.auth, email))?.userId).toBe(one.user.id)
    expect(await auditRows(app, email)).toEqual([])
  })

  it('T31: forms of another origin', async () => {
    const { app, admin } = await office()
    const { one, email } = await twoSessions(app)
    for (const path of [
      sessionPath(email, one.session_id),
      pathOf(email, '/end'),
      pathOf(email, '/erase'),
    ]) {
      for (const Origin of ['https://evil.example', 'null', '']) {
        expect((await admin.post(path, { reason: 'x', again: email }, { Origin })).status).toBe(403)
      }
    }
    expect(await signsOfLife(app.auth, one)).toEqual(ALIVE)
  })

  it('to end one’s own access: the page says so in place of the buttons', async () => {
    const { app, admin, adminEmail } = await office()
    const page = await admin.get(pathOf(adminEmail))
    expect(page.text).toContain(say.own)
    expect(page.html).not.toMatch(/href="[^"]*\/(?:end|erase)"/)
    const [session] = (await jsonSessions(app, adminEmail)).map(({ id }) => id)
    for (const path of [
      sessionPath(adminEmail, session!),
      pathOf(adminEmail, '/end'),
      pathOf(adminEmail, '/erase'),
    ]) {
      expect((await admin.get(path)).to).toBe(pathOf(adminEmail))
      const forced = await admin.post(path, { reason: 'x', again: adminEmail })
      expect([forced.status, forced.text.includes(say.own)]).toEqual([403, true])
    }
    expect((await admin.get('/people')).status).toBe(200)
  })

  it('T25: a session of somebody else, and a person who is another by now', async () => {
    const { app, admin } = await office()
    const { one, email } = await twoSessions(app)
    const stranger = await signIn(app.auth)
    const path = sessionPath(email, stranger.session_id)
    expect((await admin.get(path)).status).toBe(404)
    const refused = await admin.post(path, { reason: 'x' })
    expect([refused.status, refused.text.includes(say.gone)]).toEqual([409, true])
    expect(await signsOfLife(app.auth, stranger)).toEqual(ALIVE)
    const other = await admin.post(pathOf(email, '/end'), { reason: 'x', userId: stranger.user.id })
    expect([other.status, other.text.includes(say.gone)]).toEqual([409, true])
    expect(await signsOfLife(app.auth, one)).toEqual(ALIVE)
    expect((await admin.get(pathOf(newGuest(), '/end'))).status).toBe(303)
    expect((await admin.get(pathOf(email, '/sessions/ses_x/end'))).status).toBe(404)
  })

  it('to erase the approval that keeps a company address out', async () => {
    const { app, admin } = await office()
    const email = newEmail()
    const who = await machine(app, 'writer')
    await send(
      app,
      'POST',
      `/v1/approvals/${email}/withdraw`,
      who,
      { reason: 'Left' },
      { 'If-None-Match': '*' },
    )
    const path = pathOf(email, '/erase')
    const question = await admin.get(path)
    expect(question.text).toContain(say.confirmErase.shutOut)
    expect(question.html).not.toContain('type="checkbox"')
    const forced = await admin.post(path, { reason: 'x', again: email, approval: 'yes' })
    expect([forced.status, forced.text.includes(say.confirmErase.shutOut)]).toEqual([409, true])
    expect(await approvalRow(app, email)).toMatchObject({ revokedAt: expect.any(Number) })
  })

  it('T21: an administrator whose own session has ended', async () => {
    const { app, admin } = await office()
    const { one, email } = await twoSessions(app)
    const ended = await signInAgain(app.auth, one.user)
    await confirm(admin, sessionPath(email, ended.session_id), { reason: 'x' })
    const late = newBrowser(app)
    for (const [name, value] of admin.cookies) late.cookies.set(name, value)
    await admin.post('/sign-out')
    for (const path of [
      sessionPath(email, one.session_id),
      sessionPath(email, ended.session_id),
      pathOf(email, '/end'),
      pathOf(email, '/erase'),
    ]) {
      expect((await late.get(path)).to).toContain('why=ended')
      expect((await late.post(path, { reason: 'x', again: email })).to).toContain('why=ended')
    }
    expect(await signsOfLife(app.auth, one)).toEqual(ALIVE)
  })

  it('T28: approvers see in an approval’s history nothing of sessions', async () => {
    const { app, admin, approverEmail } = await office()
    const { email } = await approved(app, await machine(app, 'writer'))
    const tokens = await signIn(app.auth, undefined, email)
    await confirm(admin, sessionPath(email, tokens.session_id), { reason: 'A lost phone' })
    const approver = await signedIn(app, approverEmail)
    const page = await approver.get(`/approvals/${encodeURIComponent(email)}`)
    expect(page.text).toContain(approvalWords.en.actions.approval_created)
    expect(page.text).not.toContain(say.actions.person_session_ended)
    const who = await asBrowser(app, await signInAgain(app.auth, { id: '', email: approverEmail }))
    const told = await (await send(app, 'GET', `/v1/approvals/${email}`, who)).text()
    expect(told).toContain('approval_created')
    expect(told).not.toContain('person_session_ended')
  })
})

describe('withstands', () => {
  it('text that would be HTML: a device’s name, a reason, and what is typed', async () => {
    const { app, admin } = await office()
    const evil = `"'><script>alert(1)</script><img src=x onerror=alert(1)>`
    const device = await newDevice()
    const { linkToken } = await askForLink(app.auth, device)
    const redeemed = await redeem(app.auth, linkToken, device, { device_name: evil })
    const tokens = await expectTokens(redeemed)
    const { email } = tokens.user
    await forgetSends(app.auth, email)
    const other = await signInAgain(app.auth, tokens.user)
    await confirm(admin, sessionPath(email, other.session_id), { reason: evil })
    await revoke(app.auth, other.refresh_token)
    const pages = [
      await admin.get(pathOf(email)),
      await admin.get(pathOf(email, '/end')),
      await admin.get(sessionPath(email, tokens.session_id)),
      await admin.get(pathOf(email, '/erase')),
      await admin.get(`/people?q=${encodeURIComponent(evil)}`),
      await admin.get(pathOf(email, '?done=__proto__')),
      await admin.post(pathOf(email, '/erase'), { reason: evil, again: evil, userId: evil }),
    ]
    for (const { html } of pages) {
      expect(html).toContain('</html>')
      expect(html.match(/<script/g)).toHaveLength(1)
      expect(html).not.toContain('<img')
    }
    expect(pages[0]!.text).toContain('alert(1)')
  })
})

/** The sessions of a person, as the API tells them to a machine. */
async function jsonSessions(app: Console, email: string): Promise<{ id: string }[]> {
  const answer = await send(app, 'GET', `/v1/people/${email}`, await machine(app, 'people'))
  const { person } = (await answer.json()) as { person: { sessions: { id: string }[] } }
  return person.sessions
}
