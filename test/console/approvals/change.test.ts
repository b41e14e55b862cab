import { describe, expect, it } from 'vitest'
import { APPROVALS_TABLE } from '../../../src/base/tables.ts'
import { nowSeconds } from '../../support/workers/clock.ts'
import {
  act,
  approvalRow,
  approveBody,
  approveBy,
  approved,
  auditRows,
  change,
  DAY,
  newGuest,
  pathOf,
  readApproval,
  typeByHand,
} from '../../support/workers/console-approvals.ts'
import { readPerson } from '../../support/workers/console-people.ts'
import {
  asBrowser,
  cookieOf,
  fromOwnPage,
  machine,
  newAdmin,
  send,
  staffedConsole,
  startConsole,
} from '../../support/workers/console.ts'
import { newEmail } from '../../support/workers/latchkey.ts'
import { ask, askForLink, newDevice, redeem, signIn } from '../../support/workers/sign-in.ts'
import {
  ALIVE,
  askAgain,
  DEAD,
  heldBack,
  jsonOf,
  linesOf,
  revoke,
  signInAgain,
  signsOfLife,
} from '../../support/workers/tokens.ts'
import { approve, withdraw } from '../../support/workers/approvals.ts'

const problemOf = async (answer: Response): Promise<unknown> =>
  (await jsonOf(answer))['type']?.toString().replace('urn:latchkey:problem:', '')

describe('works', () => {
  it('approves an address, which can then sign in, with an audit row that says who, when and why', async () => {
    const { app, admin, adminEmail } = await staffedConsole()
    const email = newGuest()
    expect(await approvalRow(app, email)).toBeUndefined()
    const answer = await approveBy(app, admin, email, {
      notes: 'VP of Analytics\r\nMet in Berlin',
      phoneNumber: '+1 (415) 555-1234',
    })
    expect(answer.status).toBe(201)
    expect(answer.headers.get('Location')).toBe(pathOf(email))
    expect(answer.headers.get('ETag')).toMatch(/^"[\w-]{22}"$/)
    const now = nowSeconds(app)
    expect(await approvalRow(app, email)).toEqual({
      email,
      approvedBy: adminEmail,
      approvedAt: expect.closeTo(now, -1),
      expiresAt: expect.closeTo(now + 30 * DAY, -1),
      phoneNumber: '+14155551234',
      metadata: {
        company: 'Acme Corp',
        reason: 'Enterprise trial',
        notes: 'VP of Analytics\nMet in Berlin',
      },
      version: 1,
    })
    expect(await auditRows(app, email)).toEqual([
      expect.objectContaining({
        tokenId: expect.stringMatching(/^aud_[\w-]{22}$/),
        tokenType: 'audit',
        action: 'approval_created',
        by: adminEmail,
        reason: 'Enterprise trial',
        before: null,
        expiresAt: expect.closeTo(now + 400 * DAY, -1),
      }),
    ])
    expect((await signIn(app.auth, undefined, email)).user.email).toBe(email)
  })

  it('T29: approves the normalised address, as asking and redeeming use it', async () => {
    const { app, admin } = await staffedConsole()
    const email = newEmail('xn--mnchen-3ya.example')
    const typed = ` ${email.toUpperCase().replace('XN--MNCHEN-3YA', 'München')}`
    expect((await approveBy(app, admin, typed)).status).toBe(201)
    expect(await approvalRow(app, email)).toMatchObject({ email })
    await signIn(app.auth, undefined, email)
    expect((await readApproval(app, admin, email.toUpperCase())).approval.email).toBe(email)
  })

  it('changes, extends, withdraws, restores and approves again, each with its audit row', async () => {
    const { app, admin } = await staffedConsole()
    const { email, etag } = await approved(app, admin)
    const later = nowSeconds(app) + 60 * DAY
    const steps: [Promise<Response> | ((etag: string) => Promise<Response>), object][] = [
      [
        (tag) => change(app, admin, email, tag, { notes: 'Big', company: null }),
        { notes: 'Big', company: null, reason: 'Enterprise trial' },
      ],
      [(tag) => change(app, admin, email, tag, { expiresAt: later }), { expiresAt: later }],
      [
        (tag) => act(app, admin, 'withdraw', email, tag, { reason: 'Left' }),
        { state: 'withdrawn', withdrawnReason: 'Left' },
      ],
      [
        (tag) => act(app, admin, 'restore', email, tag),
        { state: 'active', withdrawnAt: null, withdrawnReason: null, expiresAt: later },
      ],
      [(tag) => act(app, admin, 'withdraw', email, tag), { state: 'withdrawn' }],
    ]
    let tag = etag
    for (const [step, expected] of steps) {
      const answer = await (step as (etag: string) => Promise<Response>)(tag)
      expect(answer.status, await answer.clone().text()).toBe(200)
      expect(answer.headers.get('ETag')).not.toBe(tag)
      tag = answer.headers.get('ETag')!
      const read = await readApproval(app, admin, email)
      expect(read.approval).toMatchObject({ ...expected, etag: tag })
    }
    // Approving again clears the mark.
    expect((await approveBy(app, admin, email, { expiresAt: null })).status).toBe(201)
    const { approval, history } = await readApproval(app, admin, email)
    expect(approval).toMatchObject({ state: 'active', withdrawnAt: null, expiresAt: null })
    expect(history.map(({ action }) => action)).toEqual([
      'approval_created',
      'approval_withdrawn',
      'approval_restored',
      'approval_withdrawn',
      'approval_extended',
      'approval_changed',
      'approval_created',
    ])
    expect(history[4]).toMatchObject({ before: { notes: 'Big' }, after: { expiresAt: later } })
  })

  it('changes rows that were written by hand: without version, without metadata, or with other members', async () => {
    const { app, admin } = await staffedConsole()
    const rows = [
      { email: newGuest() },
      {
        email: newGuest(),
        approvedBy: 'sales@sigmacomputing.com',
        approvedAt: 1698765432,
        expiresAt: null,
      },
      {
        email: newGuest(),
        expiresAt: null,
        revokedAt: null,
        phoneNumber: null,
        metadata: { company: 'Acme', crm: { id: 7, tags: ['a'] } },
      },
      { email: newGuest(), metadata: 'not a map' },
    ]
    for (const row of rows) {
      await typeByHand(app, row)
      const { approval } = await readApproval(app, admin, row.email)
      expect(approval.state).toBe('active')
      const answer = await change(app, admin, row.email, approval.etag, { notes: 'Seen' })
      expect(answer.status, await answer.clone().text()).toBe(200)
      const changed = (await approvalRow(app, row.email))!
      expect(changed).toMatchObject({ version: 1, metadata: { notes: 'Seen' } })
      if ('metadata' in row && typeof row.metadata === 'object') {
        expect(changed['metadata']).toEqual({ ...row.metadata, notes: 'Seen' })
      }
      const withdrawn = await act(app, admin, 'withdraw', row.email, answer.headers.get('ETag')!)
      expect(withdrawn.status).toBe(200)
    }
  })

  it('shuts out a company address without an approval, and restores it', async () => {
    const { app, admin, approver } = await staffedConsole()
    const email = newEmail()
    const tokens = await signIn(app.auth, undefined, email)
    const shutOut = (who: typeof admin, headers: Record<string, string>) =>
      send(app, 'POST', `${pathOf(email)}/withdraw`, who, { reason: 'Left' }, headers)
    expect((await shutOut(admin, {})).status).toBe(428)
    expect((await shutOut(approver, { 'If-None-Match': '*' })).status).toBe(403)
    expect((await shutOut(admin, { 'If-Match': '*' })).status).toBe(412)
    const answer = await shutOut(admin, { 'If-None-Match': '*' })
    expect(answer.status).toBe(200)
    expect(
      (
        await app.auth.fetch('/v1/session', {
          headers: { Authorization: `Bearer ${tokens.access_token}` },
        })
      ).status,
    ).toBe(401)
    const guest = await send(
      app,
      'POST',
      `${pathOf(newGuest())}/withdraw`,
      admin,
      {},
      { 'If-None-Match': '*' },
    )
    expect(guest.status).toBe(404)
    const back = await act(app, admin, 'restore', email, answer.headers.get('ETag')!)
    expect(back.status).toBe(200)
    expect((await jsonOf(back))['approval']).toMatchObject({ state: 'active' })
  })

  it('gives a repeated request the same response, and writes nothing twice', async () => {
    const { app, admin } = await staffedConsole()
    const email = newGuest()
    const body = approveBody(app, email)
    const post = () => send(app, 'POST', '/v1/approvals', admin, body)
    const [one, two] = [await post(), await post()]
    expect([one.status, two.status]).toEqual([201, 200])
    const etag = one.headers.get('ETag')!
    expect(two.headers.get('ETag')).toBe(etag)
    const patch = () => change(app, admin, email, etag, { notes: 'Once' })
    expect([(await patch()).status, (await patch()).status]).toEqual([200, 200])
    const { approval } = await readApproval(app, admin, email)
    const withdraw = () => act(app, admin, 'withdraw', email, approval.etag)
    const withdrawn = await withdraw()
    expect([withdrawn.status, (await withdraw()).status]).toEqual([200, 200])
    const end = { expiresAt: nowSeconds(app) + 7 * DAY }
    const restore = (body: object) =>
      act(app, admin, 'restore', email, withdrawn.headers.get('ETag')!, body)
    expect([(await restore(end)).status, (await restore(end)).status]).toEqual([200, 200])
    // Another end is another change, of a row that is not as it was read.
    expect((await restore({ expiresAt: null })).status).toBe(409)
    expect(await auditRows(app, email)).toHaveLength(4)
  })

  it('takes one round trip to approve, and two to change', async () => {
    const { app, admin } = await staffedConsole()
    const { email, etag } = await approved(app, admin)
    await change(app, admin, email, etag, { notes: 'x' })
    const trips = (event: string) => linesOf(app, event).map((line) => line['dynamoRoundTrips'])
    expect(trips('approval_created')).toEqual([1])
    expect(trips('approval_changed')).toEqual([2])
    await readApproval(app, admin, email)
    expect(app.lines.at(-1)).toMatchObject({ dynamoRoundTrips: 1 })
  })

  it('accepts a form of the console’s own page, and a machine’s request', async () => {
    const email = newAdmin()
    const app = await startConsole({ admins: [email] })
    const cookie = await cookieOf(app, await signIn(app.auth, undefined, email))
    await approved(app, { ...cookie, ...fromOwnPage })
    const byMachine = await approved(app, await machine(app, 'writer'))
    expect(await approvalRow(app, byMachine.email)).toMatchObject({ approvedBy: 'client:writer' })
  })
})

describe('refuses', () => {
  it('T74: the second of two concurrent edits, without overwriting the first', async () => {
    const { app, admin } = await staffedConsole()
    const { email, etag } = await approved(app, admin)
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        change(app, admin, email, etag, { notes: `Editor ${i}` }),
      ),
    )
    const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b)
    expect(statuses).toEqual([200, ...Array<number>(7).fill(412)])
    expect(await auditRows(app, email)).toHaveLength(2)
    const late = await act(app, admin, 'withdraw', email, etag)
    expect(late.status).toBe(412)
    expect(late.headers.get('ETag')).toBe((await readApproval(app, admin, email)).approval.etag)
    expect(await problemOf(late)).toBe('changed_meanwhile')
  })

  it('T74: an edit based on a row that an operator has changed in the table since', async () => {
    const { app, admin } = await staffedConsole()
    const { email, etag } = await approved(app, admin)
    const row = (await approvalRow(app, email))!
    await typeByHand(app, { ...row, metadata: { company: 'Other' } })
    expect((await change(app, admin, email, etag, { notes: 'x' })).status).toBe(412)
  })

  it('a change without If-Match', async () => {
    const { app, admin } = await staffedConsole()
    const { email } = await approved(app, admin)
    for (const answer of [
      await change(app, admin, email, undefined, { notes: 'x' }),
      await act(app, admin, 'withdraw', email, undefined),
    ]) {
      expect(answer.status).toBe(428)
      expect(await problemOf(answer)).toBe('precondition_required')
    }
  })

  it('T74: a change with If-None-Match of an address that has an approval by now', async () => {
    const { app, admin } = await staffedConsole()
    const { email } = await approved(app, admin)
    const none = { 'If-None-Match': '*' }
    const answer = await send(app, 'POST', `${pathOf(email)}/withdraw`, admin, {}, none)
    expect(answer.status).toBe(412)
    expect(await problemOf(answer)).toBe('changed_meanwhile')
    expect((await approvalRow(app, email))!).not.toHaveProperty('revokedAt')
  })

  it('the second of two concurrent approvals of one address', async () => {
    const { app, admin, approver } = await staffedConsole()
    const email = newGuest()
    const answers = await Promise.all([
      approveBy(app, admin, email, { reason: 'One' }),
      approveBy(app, approver, email, { reason: 'Two' }),
    ])
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409])
    expect(await auditRows(app, email)).toHaveLength(1)
  })

  it('T30: unknown members, and members that are not for the caller to set', async () => {
    const { app, admin } = await staffedConsole()
    const email = newGuest()
    const { email: existing, etag } = await approved(app, admin)
    const now = nowSeconds(app)
    const hostile: [string, unknown][] = [
      ['approvedBy', 'ceo@sigmacomputing.com'],
      ['approvedAt', 1],
      ['version', 7],
      ['revokedAt', null],
      ['role', 'admin'],
      ['metadata', { company: 'x' }],
      ['state', 'active'],
    ]
    for (const [name, value] of hostile) {
      const answer = await approveBy(app, admin, email, { [name]: value })
      expect(answer.status, name).toBe(400)
      const patched = await change(app, admin, existing, etag, { [name]: value })
      expect(patched.status, name).toBe(400)
      expect((await jsonOf(patched))['errors'], name).toEqual([
        { pointer: `#/${name}`, detail: 'is not a known member of this request' },
      ])
    }
    const proto = await app.fetch('/v1/approvals', {
      method: 'POST',
      headers: { ...admin, 'Content-Type': 'application/json' },
      body: `{"email":"${email}","reason":"x","expiresAt":null,"__proto__":{"role":"admin"}}`,
    })
    expect(proto.status).toBe(400)
    const bad: [string, unknown][] = [
      ['expiresAt', now - 1],
      ['expiresAt', now * 1000],
      ['expiresAt', 1.5],
      ['expiresAt', '2027-01-01'],
      ['expiresAt', undefined],
      ['reason', ''],
      ['reason', undefined],
      ['reason', 'a\nb'],
      ['reason', 'x'.repeat(501)],
      ['company', 'x'.repeat(201)],
      ['company', 'a\u202eb'],
      ['company', 'a\u0000'],
      ['notes', 'x'.repeat(2001)],
      ['notes', 'a\u001b[31m'],
      ['phoneNumber', '12345'],
      ['phoneNumber', '+1415555123x'],
      ['email', 'a@x,b@y'],
      ['email', 'nobody'],
    ]
    for (const [name, value] of bad) {
      const answer = await approveBy(app, admin, email, { [name]: value })
      expect(answer.status, `${name} ${String(value).slice(0, 20)}`).toBe(400)
    }
    expect(await approvalRow(app, email)).toBeUndefined()
  })

  it('T73: an approver who does what only administrators may: no end, a late end, others’ approvals', async () => {
    const { app, admin, approver, approverEmail } = await staffedConsole()
    const now = nowSeconds(app)
    const tooLong = [null, now + 91 * DAY]
    for (const expiresAt of tooLong) {
      const answer = await approveBy(app, approver, newGuest(), { expiresAt })
      expect(answer.status).toBe(403)
      expect((await jsonOf(answer))['errors']).toMatchObject([{ pointer: '#/expiresAt' }])
    }
    const own = await approved(app, approver, newGuest(), { expiresAt: now + 89 * DAY })
    expect(
      (await change(app, approver, own.email, own.etag, { expiresAt: now + 100 * DAY })).status,
    ).toBe(403)
    expect((await change(app, approver, own.email, own.etag, { expiresAt: null })).status).toBe(403)
    const later = await change(app, approver, own.email, own.etag, { expiresAt: now + 90 * DAY })
    expect(later.status).toBe(200)
    expect(
      (await act(app, approver, 'withdraw', own.email, later.headers.get('ETag')!)).status,
    ).toBe(200)
    expect((await act(app, approver, 'restore', own.email, '*')).status).toBe(200)

    const other = await approved(app, admin)
    for (const answer of [
      await change(app, approver, other.email, other.etag, { notes: 'x' }),
      await act(app, approver, 'withdraw', other.email, other.etag),
    ]) {
      expect(answer.status).toBe(403)
    }
    // What an administrator withdrew stays withdrawn, also when the approver had approved it.
    expect((await act(app, admin, 'withdraw', own.email, '*')).status).toBe(200)
    expect((await act(app, approver, 'restore', own.email, '*')).status).toBe(403)
    expect((await approveBy(app, approver, own.email)).status).toBe(403)
    // What has ended may be approved anew by anybody.
    const ended = newGuest()
    await typeByHand(app, {
      email: ended,
      approvedBy: 'sales@sigmacomputing.com',
      expiresAt: now - DAY,
    })
    expect((await approveBy(app, approver, ended)).status).toBe(201)
    expect(await approvalRow(app, ended)).toMatchObject({ approvedBy: approverEmail })
  })

  it('T73: to an approver every company address and everyone with a role, and what follows from such a row', async () => {
    const { app, admin, adminEmail, approver, approverEmail } = await staffedConsole()
    const phoneNumber = '+14155550100'
    const soon = nowSeconds(app) + DAY
    const tag = (email: string) => email.replace('@', '+x@')
    for (const email of [newEmail(), adminEmail, tag(newEmail()), tag(adminEmail)]) {
      const tried = await approveBy(app, approver, email, { expiresAt: soon, phoneNumber })
      expect(await problemOf(tried)).toBe('forbidden')
      expect(await approvalRow(app, email)).toBeUndefined()
    }
    // An administrator approved a colleague. The approver may neither change that row nor withdraw it.
    const { email, etag } = await approved(app, admin, newEmail())
    expect((await change(app, approver, email, etag, { phoneNumber })).status).toBe(403)
    expect((await act(app, approver, 'withdraw', email, etag)).status).toBe(403)
    // The approver's own mailbox, under another name.
    const tagged = approverEmail.replace('@', '+again@')
    expect((await approveBy(app, approver, tagged, { expiresAt: soon })).status).toBe(403)
  })

  it('T73: to an approver the phone number of an approval that already exists', async () => {
    const { app, admin, approver } = await staffedConsole()
    const phoneNumber = '+14155550100'
    const soon = nowSeconds(app) + DAY
    const own = await approved(app, approver, newGuest(), { expiresAt: soon, phoneNumber })
    const other = { phoneNumber: '+14155550101' }
    const tried = await change(app, approver, own.email, own.etag, other)
    expect(await jsonOf(tried)).toMatchObject({ errors: [{ pointer: '#/phoneNumber' }] })
    // The number may stay, and go.
    const same = { phoneNumber, notes: 'x' }
    expect((await change(app, approver, own.email, own.etag, same)).status).toBe(200)
    expect((await change(app, approver, own.email, '*', { phoneNumber: null })).status).toBe(200)
    expect((await change(app, approver, own.email, '*', { phoneNumber })).status).toBe(403)
    expect((await change(app, admin, own.email, '*', other)).status).toBe(200)
    // Somebody else's guest, whose approval has ended.
    const ended = newGuest()
    await typeByHand(app, {
      email: ended,
      approvedBy: 'sales@x.example',
      expiresAt: soon - 2 * DAY,
    })
    expect((await approveBy(app, approver, ended, { expiresAt: soon, phoneNumber })).status).toBe(
      403,
    )
    expect((await approveBy(app, approver, ended, { expiresAt: soon })).status).toBe(201)
    // An account whose approval was deleted by hand.
    const { email } = await approved(app, admin)
    await signIn(app.auth, undefined, email)
    await app.db.transact({
      approval: { Delete: { TableName: APPROVALS_TABLE, Key: { email } } },
    })
    expect((await approveBy(app, approver, email, { expiresAt: soon, phoneNumber })).status).toBe(
      403,
    )
    expect(await approvalRow(app, email)).toBeUndefined()
    expect((await approveBy(app, approver, email, { expiresAt: soon })).status).toBe(201)
  })

  it('T73, T80: to a machine the phone number of a person with a role', async () => {
    const { app, adminEmail } = await staffedConsole()
    const writer = await machine(app, 'writer')
    const phoneNumber = '+14155550100'
    expect((await approveBy(app, writer, adminEmail, { phoneNumber })).status).toBe(403)
    expect(await approvalRow(app, adminEmail)).toBeUndefined()
    expect((await approveBy(app, writer, newGuest(), { phoneNumber })).status).toBe(201)
  })

  it('T73: a change of one’s own approval', async () => {
    const { app, admin, adminEmail, approver, approverEmail } = await staffedConsole()
    for (const [who, email] of [
      [admin, adminEmail],
      [approver, approverEmail],
    ] as const) {
      expect((await approveBy(app, who, email)).status).toBe(403)
      const headers = { 'If-None-Match': '*' }
      const out = await send(app, 'POST', `${pathOf(email)}/withdraw`, who, {}, headers)
      expect(out.status).toBe(403)
    }
  })

  it('T27: an earlier end, and another phone number, after a sign-in older than 15 minutes', async () => {
    const email = newAdmin()
    const app = await startConsole({ admins: [email] })
    const cookie = {
      ...(await cookieOf(app, await signIn(app.auth, undefined, email))),
      ...fromOwnPage,
    }
    const one = await approved(app, cookie)
    const endless = await approved(app, cookie, newGuest(), { expiresAt: null })
    const phoneNumber = '+14155550100'
    const numbered = await approved(app, cookie, newGuest(), { phoneNumber })
    app.clock.offsetMs += 15 * 60_000 + 1000
    const now = nowSeconds(app)
    for (const answer of [
      await act(app, cookie, 'withdraw', one.email, one.etag),
      await change(app, cookie, one.email, one.etag, { expiresAt: now + DAY }),
      await change(app, cookie, endless.email, endless.etag, { expiresAt: now + 900 * DAY }),
      await change(app, cookie, one.email, one.etag, { phoneNumber }),
      await change(app, cookie, numbered.email, numbered.etag, { phoneNumber: null }),
    ]) {
      expect(answer.status).toBe(401)
      expect(answer.headers.get('WWW-Authenticate')).toContain('max_age="900"')
      expect(await problemOf(answer)).toBe('stale_session')
    }
    // What ends nothing may still be done, until the day is over.
    expect(
      (await change(app, cookie, one.email, one.etag, { expiresAt: null, notes: 'x' })).status,
    ).toBe(200)
    await approved(app, cookie)
    app.clock.offsetMs += 12 * 3600_000
    expect((await approveBy(app, cookie, newGuest())).status).toBe(401)
  })

  it('an approval that does not exist, or is not in the state that the change needs', async () => {
    const { app, admin } = await staffedConsole()
    const nobody = newGuest()
    expect((await send(app, 'GET', pathOf(nobody), admin)).status).toBe(404)
    expect((await send(app, 'GET', '/v1/approvals/not-an-address', admin)).status).toBe(404)
    expect((await change(app, admin, nobody, '"x"', { notes: 'x' })).status).toBe(404)
    expect((await act(app, admin, 'restore', nobody, '"x"')).status).toBe(404)
    const { email, etag } = await approved(app, admin)
    expect(await problemOf(await act(app, admin, 'restore', email, etag))).toBe('not_withdrawn')
    expect(await problemOf(await approveBy(app, admin, email, { reason: 'Other' }))).toBe(
      'already_approved',
    )
    await act(app, admin, 'withdraw', email, etag)
    expect(await problemOf(await change(app, admin, email, '*', { notes: 'x' }))).toBe('withdrawn')
    expect((await send(app, 'DELETE', pathOf(email), admin)).status).toBe(405)
  })
})

describe('withstands', () => {
  it('T85: a session from before a withdrawal stays ended after the approval is restored', async () => {
    const { app, admin } = await staffedConsole()
    const byHand = async (email: string) => void (await withdraw(app.auth, email))
    const here = async (email: string) => {
      const { etag } = (await readApproval(app, admin, email)).approval
      expect((await act(app, admin, 'withdraw', email, etag)).status).toBe(200)
    }
    const restore = async (email: string) => {
      const { etag } = (await readApproval(app, admin, email)).approval
      expect((await act(app, admin, 'restore', email, etag)).status).toBe(200)
    }
    const again = async (email: string) => {
      expect((await approveBy(app, admin, email)).status).toBe(201)
    }
    // As an operator does who removes the mark in the table.
    const unmark = (email: string) => approve(app.auth, email)
    for (const [withdrawn, restored] of [
      [here, restore],
      [here, again],
      [here, unmark],
      [byHand, restore],
      [byHand, again],
    ] as const) {
      const { email } = await approved(app, admin)
      const old = await signIn(app.auth, undefined, email)
      const device = await newDevice()
      const asked = await askAgain(app.auth, device, email)
      await withdrawn(email)
      await restored(email)
      expect(await signsOfLife(app.auth, old)).toEqual(DEAD)
      expect((await redeem(app.auth, asked.linkToken, device)).status).toBe(400)
      const fresh = await signInAgain(app.auth, { id: '', email })
      expect(fresh.user.id).toBe(old.user.id)
      expect(await signsOfLife(app.auth, fresh)).toEqual(ALIVE)
    }
  })

  it('T85: says of a session that the company ended it, also after a restore', async () => {
    const { app, admin } = await staffedConsole()
    const { email, etag } = await approved(app, admin)
    await signIn(app.auth, undefined, email)
    const ended = async () => {
      const { person } = await readPerson(app, admin, email)
      return person.sessions[0]!.end?.reason
    }
    await act(app, admin, 'withdraw', email, etag)
    expect(await ended()).toBe('approval_withdrawn')
    await app.settle()
    expect(await ended()).toBe('approval_withdrawn')
    await act(app, admin, 'restore', email, '*')
    expect(await ended()).toBe('ended_by_company')
  })

  it('T85: ends sessions that a Worker with a faster clock opened', async () => {
    const { app, admin } = await staffedConsole()
    const { email, etag } = await approved(app, admin)
    app.clock.offsetMs += 5000
    const old = await signIn(app.auth, undefined, email)
    await app.auth.fetch('/v1/sessions', {
      method: 'DELETE',
      headers: { Authorization: `Bearer ${old.access_token}` },
    })
    app.clock.offsetMs -= 5000
    expect((await act(app, admin, 'withdraw', email, etag)).status).toBe(200)
    expect(await signsOfLife(app.auth, old)).toEqual(DEAD)
  })

  it('T21: a change by a session that ends at the same moment', async () => {
    const email = newAdmin()
    const gate = heldBack('TransactWriteItems')
    const app = await startConsole({ admins: [email] }, { world: gate.world })
    const tokens = await signIn(app.auth, undefined, email)
    const guest = newGuest()
    const late = approveBy(app, await asBrowser(app, tokens), guest)
    await gate.arrived
    await revoke(app.auth, tokens.refresh_token)
    gate.open()
    expect((await late).status).toBe(401)
    expect(await approvalRow(app, guest)).toBeUndefined()
    expect(await auditRows(app, guest)).toEqual([])
  })

  it('T43, T75: a lost DynamoDB response: one approval, one audit row and one log line', async () => {
    const { app, admin } = await staffedConsole()
    const email = newGuest()
    for (const fault of ['lost', 'cut', 'conflict', 'throttle'] as const) {
      await app.setFaults([{ operation: 'TransactWriteItems', fault, times: 1 }])
      const guest = `${fault}.${email}`
      expect((await approveBy(app, admin, guest)).status, fault).toBe(201)
      expect(await auditRows(app, guest), fault).toHaveLength(1)
    }
    expect(linesOf(app, 'approval_created')).toHaveLength(4)
  })

  it('T16: a withdrawal concurrent with a sign-in: no live session survives', async () => {
    const { app, admin } = await staffedConsole()
    for (let round = 0; round < 5; round++) {
      const { email, etag } = await approved(app, admin)
      const device = await newDevice()
      const { linkToken } = await askForLink(app.auth, device, email)
      const [withdrawn, redeemed] = await Promise.all([
        act(app, admin, 'withdraw', email, etag),
        redeem(app.auth, linkToken, device),
      ])
      expect(withdrawn.status).toBe(200)
      if (redeemed.status === 200) {
        const life = await signsOfLife(app.auth, await redeemed.json())
        expect(life).toEqual({ check: 401, access: false, session: false, refresh: 400 })
      } else {
        expect(await jsonOf(redeemed)).toMatchObject({ latchkey_reason: 'not_approved' })
      }
    }
  })

  it('T16: a withdrawal between ask and redemption: the link stays spent, also after a restore', async () => {
    const { app, admin } = await staffedConsole()
    const { email, etag } = await approved(app, admin)
    const device = await newDevice()
    const { linkToken } = await askForLink(app.auth, device, email)
    await act(app, admin, 'withdraw', email, etag)
    expect((await redeem(app.auth, linkToken, device)).status).toBe(400)
    await act(app, admin, 'restore', email, '*')
    expect((await redeem(app.auth, linkToken, device)).status).toBe(400)
    // The withdrawal gives back no budget.
    expect((await ask(app.auth, email, device)).status).toBe(429)
  })

  it('T53, T55: changes of every kind: each is logged once, with ids only', async () => {
    const { app, admin, adminEmail } = await staffedConsole()
    const { email, etag } = await approved(app, admin, newGuest(), {
      notes: 'canary-notes',
      company: 'canary-company',
    })
    await change(app, admin, email, etag, { expiresAt: null })
    await change(app, admin, email, '*', { notes: 'canary-notes two' })
    await act(app, admin, 'withdraw', email, '*', { reason: 'canary-reason' })
    await act(app, admin, 'restore', email, '*')
    const events = app.lines.map((line) => line['event']).filter((event) => event !== 'request')
    expect(events).toEqual([
      'approval_created',
      'approval_extended',
      'approval_changed',
      'approval_withdrawn',
      'approval_restored',
    ])
    const audit = await auditRows(app, email)
    expect(linesOf(app, 'approval_created')[0]).toMatchObject({
      outcome: 'ok',
      userId: expect.stringMatching(/^usr_/),
      auditId: audit.find(({ action }) => action === 'approval_created')!.tokenId,
      requestId: expect.any(String),
    })
    const log = JSON.stringify(app.lines)
    for (const canary of ['canary', email, adminEmail, email.split('@')[0]!]) {
      expect(log).not.toContain(canary)
    }
  })
})
