import { describe, expect, it } from 'vitest'
import { parseCsv } from '../../../src/console/approvals/csv.ts'
import {
  LINES_PER_CALL,
  MAX_LINES,
  type ImportReport,
} from '../../../src/console/approvals/import.ts'
import { nowSeconds } from '../../support/workers/clock.ts'
import {
  act,
  approvalRow,
  approved,
  auditRows,
  DAY,
  newGuest,
  readApproval,
  typeByHand,
} from '../../support/workers/console-approvals.ts'
import {
  machine,
  staffedConsole,
  type Console,
  type Headers,
} from '../../support/workers/console.ts'
import { patientWorld } from '../../support/workers/rows.ts'
import { IS_LONG, size } from '../../support/workers/size.ts'
import { jsonOf, linesOf } from '../../support/workers/tokens.ts'
import { newEmail } from '../../support/workers/latchkey.ts'

const post = (
  app: Console,
  who: Headers,
  body: string,
  query = '',
  type = 'text/csv',
): Promise<Response> =>
  app.fetch(`/v1/approvals/import${query}`, {
    method: 'POST',
    headers: { ...who, 'Content-Type': type },
    body,
  })

async function imported(
  app: Console,
  who: Headers,
  body: string,
  query = '',
): Promise<ImportReport> {
  const answer = await post(app, who, body, query)
  expect(answer.status, await answer.clone().text()).toBe(200)
  return jsonOf<ImportReport>(answer)
}

const isoIn = (app: Console, days: number): string =>
  new Date((nowSeconds(app) + days * DAY) * 1000).toISOString().slice(0, 10)

describe('works', () => {
  it('reports line by line in a dry run, and changes nothing', async () => {
    const { app, admin } = await staffedConsole()
    const [fresh, old, bad] = [newGuest(), newGuest(), newGuest()]
    await approved(app, admin, old, { company: 'Acme' })
    const file = [
      '\uFEFFemail,company,reason,expiresAt,phoneNumber',
      `${fresh},"Acme, Inc.","Say ""hi""",${isoIn(app, 30)},'+14155551234`,
      `${old},Other,Trial,${isoIn(app, 60)},`,
      '',
      `nobody,Acme,Trial,,`,
      `${bad},Acme,,,`,
      `${bad},Acme,Trial,2020-01-01,`,
      `${newGuest()},Acme,Trial,soon,`,
      `${newGuest()},Acme,Trial`,
      `${fresh.toUpperCase()},Acme,Again,,`,
      '',
    ].join('\r\n')
    const report = await imported(app, admin, file, '?dryRun=true')
    expect(report.dryRun).toBe(true)
    expect(report.counts).toEqual({ created: 1, changed: 1, unchanged: 0, refused: 6 })
    expect(
      report.lines.map(({ line, outcome, errors: [error] = [] }) => [
        line,
        outcome,
        error?.column,
        error?.code,
      ]),
    ).toEqual([
      [2, 'created', undefined, undefined],
      [3, 'changed', undefined, undefined],
      [5, 'refused', 'email', 'invalid'],
      [6, 'refused', 'reason', 'missing'],
      [7, 'refused', 'email', 'repeated'],
      [8, 'refused', 'expiresAt', 'invalid'],
      [9, 'refused', '', 'cells'],
      [10, 'refused', 'email', 'repeated'],
    ])
    expect(await approvalRow(app, fresh)).toBeUndefined()
    expect((await readApproval(app, admin, old)).approval.company).toBe('Acme')

    const done = await imported(app, admin, file)
    expect(done.lines).toEqual(report.lines)
    expect(await approvalRow(app, fresh)).toMatchObject({
      metadata: { company: 'Acme, Inc.', reason: 'Say "hi"' },
      phoneNumber: '+14155551234',
    })
    expect(await auditRows(app, fresh)).toHaveLength(1)
    const again = await imported(app, admin, file)
    expect(again.counts).toEqual({ created: 0, changed: 0, unchanged: 2, refused: 6 })
    expect(await auditRows(app, fresh)).toHaveLength(1)
    // T55: each change once, and each import once, without a word of the file.
    expect(linesOf(app, 'approvals_imported')).toHaveLength(3)
    expect(linesOf(app, 'approval_created')).toHaveLength(2)
    expect(JSON.stringify(app.lines)).not.toContain(fresh)
  })

  it('imports its own export without changes', async () => {
    const { app, admin } = await staffedConsole()
    const tag = crypto.randomUUID().slice(0, 8)
    const rows = ['=1+1', '+1', '-2', '@x', "'q", 'a,"b"', 'Łódź 🎉'].map((text, i) => ({
      email: newGuest(),
      approvedBy: 'sales@sigmacomputing.com',
      approvedAt: 1698765432,
      expiresAt: i % 2 === 0 ? null : nowSeconds(app) + (i - 3) * DAY,
      phoneNumber: '+14155551234',
      metadata: { company: `${text} ${tag}`, reason: text, notes: `${text}\n${text}` },
      ...(i === 5 ? { revokedAt: 1698765433, revokedBy: 'admin@sigmacomputing.com' } : {}),
    }))
    for (const row of rows) await typeByHand(app, row)
    const answer = await app.fetch(`/v1/approvals.csv?q=${tag}`, { headers: admin })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('Content-Type')).toBe('text/csv; charset=utf-8; header=present')
    expect(answer.headers.get('Content-Disposition')).toContain('approvals.csv')
    const text = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true }).decode(
      await answer.arrayBuffer(),
    )
    expect(text.startsWith('\uFEFFemail,')).toBe(true)
    expect(text.split('\r\n')).toHaveLength(rows.length + 2)
    // No cell begins with what a spreadsheet would compute.
    const file = parseCsv(text)
    if (!file.ok) throw new Error(file.error.code)
    const cells = file.records.flatMap((record) => record.cells)
    expect(cells.filter((cell) => /^[=+\-@\t\r\n]/.test(cell))).toEqual([])
    const report = await imported(app, admin, text)
    expect(report.counts).toEqual({ created: 0, changed: 0, unchanged: rows.length, refused: 0 })
    // In an empty table the withdrawn line would not become an approval.
    const moved = text.replaceAll('guests.example', 'moved.example')
    const elsewhere = await imported(app, admin, moved, '?dryRun=true')
    expect(elsewhere.lines.filter(({ outcome }) => outcome === 'refused').length).toBeGreaterThan(0)
    const withdrawn = rows[5]!.email.replace('guests.example', 'moved.example')
    expect(elsewhere.lines.find(({ email }) => email === withdrawn)).toMatchObject({
      outcome: 'refused',
      errors: [{ column: 'state' }],
    })
  })

  it('refuses a line that only its column withdrawnAt calls withdrawn', async () => {
    const { app, admin } = await staffedConsole()
    const email = newGuest()
    const text = `email,company,reason,withdrawnAt\n${email},Acme,Trial,2026-01-02T03:04:05Z`
    expect((await imported(app, admin, text)).lines).toMatchObject([
      { email, outcome: 'refused', errors: [{ column: 'state' }] },
    ])
  })

  it('keeps members without a column, and keeps a withdrawn approval withdrawn', async () => {
    const { app, admin } = await staffedConsole()
    const one = await approved(app, admin, newGuest(), {
      notes: 'Stays',
      phoneNumber: '+14155551234',
    })
    const gone = await approved(app, admin)
    await act(app, admin, 'withdraw', gone.email, gone.etag)
    const file = `email;company\n${one.email};Other\n${gone.email};Other\n`
    const { lines } = await imported(app, admin, file)
    expect(lines.map(({ outcome }) => outcome)).toEqual(['changed', 'refused'])
    expect(await approvalRow(app, one.email)).toMatchObject({
      phoneNumber: '+14155551234',
      metadata: { company: 'Other', notes: 'Stays', reason: 'Enterprise trial' },
    })
    expect((await readApproval(app, admin, gone.email)).approval.state).toBe('withdrawn')
  })

  it('T73: applies an approver’s limits to each line', async () => {
    const { app, admin, approver, approverEmail } = await staffedConsole()
    const other = await approved(app, admin)
    const file = [
      'email,reason,expiresAt',
      `${newGuest()},Trial,${isoIn(app, 30)}`,
      `${newGuest()},Trial,`,
      `${newGuest()},Trial,${isoIn(app, 200)}`,
      `${other.email},Mine now,${isoIn(app, 30)}`,
      `${newEmail()},Colleague,${isoIn(app, 30)}`,
      `${approverEmail},Me,${isoIn(app, 30)}`,
    ].join('\n')
    const { lines } = await imported(app, approver, file)
    expect(lines.map(({ outcome, errors }) => errors?.[0]?.detail ?? outcome)).toEqual([
      'created',
      'must be within 90 days',
      'must be within 90 days',
      'may only be changed by its approver or an administrator',
      'is a company address, which needs no approval',
      'is your own address',
    ])
    const byMachine = await imported(
      app,
      await machine(app, 'writer'),
      `email,reason\n${newGuest()},x\n`,
    )
    expect(byMachine.counts.created).toBe(1)
  })

  it('stops after the maximum number of changes, and continues from the line that it reported', async () => {
    const { app, admin } = await staffedConsole({ world: patientWorld })
    const count = LINES_PER_CALL + 10
    const emails = Array.from({ length: count }, () => newGuest())
    const file = `email,reason\r\n${emails.map((email) => `${email},Trial\r\n`).join('')}`
    const first = await imported(app, admin, file)
    expect(first.counts.created).toBe(LINES_PER_CALL)
    expect(first.nextLine).toBe(LINES_PER_CALL + 2)
    const second = await imported(app, admin, file, `?fromLine=${first.nextLine}`)
    expect(second.counts).toEqual({ created: 10, changed: 0, unchanged: 0, refused: 0 })
    expect(second.nextLine).toBeUndefined()
    expect((await imported(app, admin, file)).counts.unchanged).toBe(count)
  }, 120_000)
})

describe('refuses', () => {
  it('a file that is not CSV, and names the line that is wrong', async () => {
    const { app, admin } = await staffedConsole()
    const files: [string, RegExp][] = [
      ['', /first line/],
      ['company,reason\nAcme,x\n', /include email/],
      ['email,approvedby,role\n', /column role/],
      ['email,email\n', /twice/],
      ['email,__proto__\n', /column __proto__/],
      ['email,,reason\n', /column 2/],
      ['email,reason\n"a@b.example,x\n', /Line 2: a quote is not closed/],
      [`email\n${'x\n'.repeat(MAX_LINES)}`, /more than 20000 lines/],
    ]
    for (const [file, why] of files) {
      const answer = await post(app, admin, file)
      expect(answer.status, file).toBe(400)
      expect((await jsonOf(answer))['detail'], file).toMatch(why)
    }
    expect((await post(app, admin, 'email\n', '', 'application/json')).status).toBe(415)
    expect((await post(app, admin, 'email\n', '?dryRun=yes')).status).toBe(400)
    expect((await post(app, admin, 'email\n', '?fromLine=0')).status).toBe(400)
    expect((await post(app, admin, 'x'.repeat(4 * 1024 * 1024 + 1))).status).toBe(413)
  })

  it('T30: to import who approved, when, and in which state', async () => {
    const { app, admin, adminEmail } = await staffedConsole()
    const email = newGuest()
    const file = `email,reason,approvedBy,approvedAt,state\n${email},Trial,ceo@sigmacomputing.com,2020-01-01T00:00:00Z,active\n`
    await imported(app, admin, file)
    expect(await approvalRow(app, email)).toMatchObject({
      approvedBy: adminEmail,
      approvedAt: expect.closeTo(nowSeconds(app), -1),
    })
  })
})

describe('withstands', () => {
  it(
    'T75: a kill halfway: each line is complete or not done, and importing the file again finishes',
    { tags: 'long', timeout: 600_000 },
    async () => {
      const count = size({ usual: LINES_PER_CALL + 10, long: 10_000 })
      const { app, admin } = await staffedConsole({ world: patientWorld })
      const emails = Array.from({ length: count }, () => newGuest())
      const hostile = ['=cmd|x', '"quoted ""twice"""', '"two\r\nlines"', 'Łódź', 'plain']
      const lines = emails.map((email, i) => `${email},Trial,${hostile[i % hostile.length]}\r\n`)
      const file = `\uFEFFemail,reason,notes\r\n${lines.join('')}`
      // In the middle of the first call DynamoDB is gone: the Worker is as good as dead.
      const before = (await app.calls()).length
      const killed = post(app, admin, file)
      await expect
        .poll(async () => (await app.calls()).length, { timeout: 60_000 })
        .toBeGreaterThan(before + 100)
      await app.setFaults([{ fault: 'reset' }])
      expect((await killed).status).toBe(503)
      await app.setFaults([])
      const done: string[] = []
      for (const email of emails.slice(0, 300)) {
        // DynamoDB may still commit a transaction that it already had, between these two reads.
        // So look again: a line that is half done would stay half done.
        let isDone = false
        await expect
          .poll(async () => {
            isDone = (await approvalRow(app, email)) !== undefined
            return (await auditRows(app, email)).length
          })
          .toSatisfy((audits) => audits === (isDone ? 1 : 0))
        if (isDone) done.push(email)
      }
      expect(done.length).toBeGreaterThan(50)
      expect(done.length).toBeLessThan(LINES_PER_CALL)
      let next: number | undefined
      let created = 0
      let calls = 0
      const who = IS_LONG ? await machine(app, 'writer') : admin
      do {
        const report = await imported(
          app,
          IS_LONG ? await machine(app, 'writer') : who,
          file,
          next === undefined ? '' : `?fromLine=${next}`,
        )
        created += report.counts.created
        next = report.nextLine
        calls++
      } while (next !== undefined)
      const end = await imported(app, IS_LONG ? await machine(app, 'writer') : who, file)
      expect(end.counts).toEqual({ created: 0, changed: 0, unchanged: count, refused: 0 })
      console.log(
        `${count} lines: ${calls} calls, ${created} created after ${done.length} before the kill, ${(await app.calls()).length - before} DynamoDB calls`,
      )
      for (const email of emails.filter((_, i) => i % Math.ceil(count / 50) === 0)) {
        expect(await auditRows(app, email)).toHaveLength(1)
      }
    },
  )

  it('two concurrent imports of one file: each address is approved once', async () => {
    const { app, admin } = await staffedConsole()
    const emails = Array.from({ length: 20 }, () => newGuest())
    const file = `email,reason\n${emails.map((email) => `${email},Trial\n`).join('')}`
    const reports = await Promise.all([imported(app, admin, file), imported(app, admin, file)])
    const created = reports.reduce((sum, { counts }) => sum + counts.created, 0)
    expect(created).toBe(20)
    for (const email of emails) expect(await auditRows(app, email)).toHaveLength(1)
  })
})
