import { describe, expect, it } from 'vitest'
import { importWords } from '../../../src/console/pages/approvals/import-words.ts'
import { approvalWords } from '../../../src/console/pages/approvals/words.ts'
import { IMPORT_PAGE } from '../../../src/console/pages/approvals/import-routes.ts'
import { signedIn, type Browser } from '../../support/workers/browser.ts'
import { approvalRow, newGuest } from '../../support/workers/console-approvals.ts'
import { newAdmin, startConsole } from '../../support/workers/console.ts'

const say = importWords.en

async function office() {
  const email = newAdmin()
  const app = await startConsole({ admins: [email] })
  return { app, browser: await signedIn(app, email) }
}

const upload = (browser: Browser, content: string | Uint8Array, headers = {}) => {
  const form = new FormData()
  form.append('file', new File([content], 'approvals.csv', { type: 'text/csv' }))
  return browser.send(IMPORT_PAGE, form, headers)
}

/** The form that the report of a file has. */
function again(html: string): FormData {
  const form = new FormData()
  for (const [, name, value] of html.matchAll(
    /<input type="hidden" name="(fromLine|created|changed|unchanged|refused)" value="(\d+)"/g,
  )) {
    form.append(name!, value!)
  }
  for (const name of ['text', 'lines']) {
    const value = new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1]
    if (value !== undefined) {
      form.append(name, value.replaceAll('&quot;', '"').replaceAll('&amp;', '&'))
    }
  }
  return form
}

const linesOf = (emails: readonly string[]) =>
  `\uFEFFemail,company,reason,notes\r\n${emails
    .map((email) => `${email},"Acme & ""Sons""",Trial,"One\nTwo"\r\n`)
    .join('')}`

describe('works', () => {
  it('says first what a file would do, and does it when told', async () => {
    const { app, browser } = await office()
    const [first, second] = [newGuest(), newGuest()]
    const report = await upload(browser, `${linesOf([first, second])}nobody,A,B,\r\n`)
    expect(report.status).toBe(200)
    for (const text of [say.checked, say.run(2), say.refused, `${say.line} 6`]) {
      expect(report.text).toContain(text)
    }
    expect(await approvalRow(app, first)).toBeUndefined()
    expect(report.text).toContain(`${say.line} 2 ${first}: ${say.counts.created}`)
    const done = await browser.send(IMPORT_PAGE, again(report.html))
    expect(done.text).toContain(say.done)
    expect(await approvalRow(app, second)).toMatchObject({
      metadata: { company: 'Acme & "Sons"', reason: 'Trial', notes: 'One\nTwo' },
    })
    const twice = await upload(browser, linesOf([first, second]))
    expect(twice.text).toContain(say.nothing)
  })

  it('says of a line that was imported before that nothing changes, however its day and number are written', async () => {
    const { browser } = await office()
    const day = new Date(Date.now() + 40 * 86_400_000).toISOString().slice(0, 10)
    const file = `email,reason,expiresAt,phoneNumber\n${newGuest()},Trial,${day},+1 (415) 555-1234\n`
    const report = await upload(browser, file)
    expect((await browser.send(IMPORT_PAGE, again(report.html))).text).toContain(say.done)
    const twice = await upload(browser, file)
    expect(twice.text).toContain(say.nothing)
    expect(twice.text).toMatch(/No change\s+1/)
  })

  it('leads to a recent sign-in from a line that would end access sooner', async () => {
    const { app, browser } = await office()
    const email = newGuest()
    const days = (n: number) => new Date(Date.now() + n * 86_400_000).toISOString().slice(0, 10)
    const report = await upload(browser, `email,reason,expiresAt\n${email},Trial,${days(40)}\n`)
    await browser.send(IMPORT_PAGE, again(report.html))
    app.clock.offsetMs += 16 * 60_000
    const sooner = await upload(browser, `email,reason,expiresAt\n${email},Trial,${days(20)}\n`)
    expect(sooner.text).toContain(say.signInAgain)
    expect(sooner.html).toContain('/sign-in?return=%2Fapprovals%2Fimport&amp;why=recent')
  })

  it('goes on where a call stopped, and counts all of them', async () => {
    const { app, browser } = await office()
    const emails = [newGuest(), 'nobody', ...Array.from({ length: 260 }, newGuest), 'nobody else']
    const report = await upload(browser, linesOf(emails))
    const part = await browser.send(IMPORT_PAGE, again(report.html))
    expect(part.text).toContain(say.goOn)
    expect(part.html).toContain('data-go-on')
    expect(await approvalRow(app, emails[261]!)).toBeUndefined()
    const done = await browser.send(IMPORT_PAGE, again(part.html))
    expect(done.text).toContain(say.done)
    expect(done.text).toMatch(/New\s+261/)
    // The refused lines of the first call, and of the second.
    expect(done.text).toMatch(/Line 4 Enter an email.*Line 526 Enter an email/s)
    expect(await approvalRow(app, emails[261]!)).toBeDefined()
  }, 60_000)
})

describe('refuses', () => {
  it('no file, what is no text, and a file without the columns', async () => {
    const { browser } = await office()
    for (const [content, text] of [
      ['', say.noFile],
      [new Uint8Array([0xff, 0xfe, 0x41, 0]), say.notText],
      ['a,b\n1,2\n', say.fileErrors.unknown_column('a')],
    ] as const) {
      const page = await upload(browser, content)
      expect([page.status, page.text.includes(text)]).toEqual([400, true])
      expect(page.html).toMatch(/aria-describedby="import-file-hint import-file-error"/)
    }
  })

  it('lines and files in the reader’s language', async () => {
    const { browser } = await office()
    const german = importWords.de
    const guest = newGuest()
    const file = `email,reason,expiresAt,state\n${guest},,,\n${guest},x,,\n${newGuest()},x,,withdrawn\n${newGuest()},x,2020-01-01,\nx,y,z\n${newGuest()},x,31.12.2026,\nno address,x,,\n`
    const page = await upload(browser, file, { 'Accept-Language': 'de' })
    const { lineErrors } = german
    for (const text of [
      approvalWords.de.errors.reason,
      lineErrors.repeated,
      lineErrors.withdrawal,
      approvalWords.de.refusals.past_end,
      `${approvalWords.de.errors.until} (31.12.2026)`,
      `${approvalWords.de.errors.email} (no address)`,
      lineErrors.cells,
    ]) {
      expect(page.text).toContain(text)
    }
    const { fileErrors } = german
    for (const [content, text] of [
      ['email\n"x', fileErrors.open_quote(2)],
      ['email\n"x"y', fileErrors.text_after_quote(2)],
      ['email,x', fileErrors.unknown_column('x')],
      ['email,Email', fileErrors.repeated_column('email')],
      ['reason', fileErrors.no_email_column(1)],
    ] as const) {
      expect((await upload(browser, content, { 'Accept-Language': 'de' })).text).toContain(text)
    }
  })

  it('a form with lines that no report has', async () => {
    const { browser } = await office()
    for (const lines of ['x', '{}', '[{}]']) {
      const form = new FormData()
      form.append('fromLine', '2')
      form.append('text', linesOf([newGuest()]))
      form.append('lines', lines)
      expect((await browser.send(IMPORT_PAGE, form)).status).toBe(400)
    }
  })

  it('a file that is too large, and one of another site', async () => {
    const { browser } = await office()
    expect((await upload(browser, 'a'.repeat(4_400_000))).status).toBe(413)
    const form = new FormData()
    form.append('file', new File([linesOf([newGuest()])], 'x.csv'))
    const page = await browser.send(IMPORT_PAGE, form, { Origin: 'https://evil.example' })
    expect(page.status).toBe(403)
  })
})
