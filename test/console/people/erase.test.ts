import { describe, expect, it } from 'vitest'
import { TOKENS_TABLE } from '../../../src/base/tables.ts'
import type { World } from '../../../src/base/world.ts'
import {
  act,
  approvalRow,
  approved,
  auditRows,
  newGuest,
} from '../../support/workers/console-approvals.ts'
import { endOne, erase, personPath, readPerson } from '../../support/workers/console-people.ts'
import { machine, send, staffedConsole } from '../../support/workers/console.ts'
import { newEmail } from '../../support/workers/latchkey.ts'
import { addressOf, eraseRow, linksOf, rowsNaming, sessionsOf } from '../../support/workers/rows.ts'
import { ask, askForLink, newDevice, redeem, signIn } from '../../support/workers/sign-in.ts'
import {
  DEAD,
  forgetSends,
  linesOf,
  signInAgain,
  signsOfLife,
} from '../../support/workers/tokens.ts'

describe('works', () => {
  it('T79: shuts a person out at once, and leaves nothing of them', async () => {
    const { app, admin, adminEmail } = await staffedConsole()
    const one = await signIn(app.auth)
    const { email, id } = one.user
    const two = await signInAgain(app.auth, one.user)
    await endOne(app, admin, email, two.session_id)
    await forgetSends(app.auth, email)
    const device = await newDevice()
    const waiting = await askForLink(app.auth, device, email)

    const answer = await erase(app, admin, email)
    expect(answer.status).toBe(202)
    expect(await signsOfLife(app.auth, one)).toEqual(DEAD)
    expect((await redeem(app.auth, waiting.linkToken, device)).status).toBe(400)
    await app.settle()
    expect(await rowsNaming(app, TOKENS_TABLE, email, id)).toEqual([])
    expect((await send(app, 'GET', personPath(id), admin)).status).toBe(404)

    const [line, ...more] = linesOf(app, 'person_erased')
    expect(more).toEqual([])
    const audit = await app.db.get({
      TableName: TOKENS_TABLE,
      Key: { tokenId: String(line!['auditId']) },
    })
    expect(audit).toMatchObject({
      tokenType: 'audit',
      action: 'person_erased',
      by: adminEmail,
      reason: 'Ticket 4711',
    })
    expect(linesOf(app, 'person_scrubbed')).toEqual([
      expect.objectContaining({ outcome: 'ok', count: expect.any(Number) }),
    ])
  })

  it('lets the person come back as somebody new, with a budget that is not new', async () => {
    const { app, admin } = await staffedConsole()
    const { user } = await signIn(app.auth)
    expect((await erase(app, admin, user.email)).status).toBe(202)
    expect((await ask(app.auth, user.email, await newDevice())).status).toBe(429)
    await forgetSends(app.auth, user.email)
    const again = await signIn(app.auth, undefined, user.email)
    expect(again.user.id).not.toBe(user.id)
  })

  it('keeps the approval and its history, or erases both', async () => {
    const { app, admin } = await staffedConsole()
    const { email } = await approved(app, admin)
    await signIn(app.auth, undefined, email)
    await erase(app, admin, email)
    await app.settle()
    expect(await approvalRow(app, email)).toMatchObject({ email })
    expect(await auditRows(app, email)).toHaveLength(1)
    expect((await erase(app, admin, email, { approval: true })).status).toBe(202)
    await app.settle()
    expect(await approvalRow(app, email)).toBeUndefined()
    expect(await rowsNaming(app, TOKENS_TABLE, email)).toEqual([])
    expect((await ask(app.auth, email, await newDevice())).status).toBe(429)
  })

  it('T80: lets a machine erase the approval only with the scope that writes approvals', async () => {
    const { app, admin } = await staffedConsole()
    const { email } = await approved(app, admin)
    const people = await machine(app, 'people')
    expect((await erase(app, people, email, { approval: true })).status).toBe(403)
    expect(await approvalRow(app, email)).toBeDefined()
    expect((await erase(app, people, email)).status).toBe(202)
    expect(await approvalRow(app, email)).toBeDefined()
  })

  it('T79: goes on where it was stopped: the person is shut out already, and a repeat deletes the rest', async () => {
    const { app, admin } = await staffedConsole()
    const one = await signIn(app.auth)
    const { email, id } = one.user
    await signInAgain(app.auth, one.user)
    // The Query of the scrub fails for as long as the client tries.
    await app.setFaults([{ operation: 'Query', fault: 'error500' }])
    expect((await erase(app, admin, email)).status).toBe(202)
    await app.settle()
    expect(linesOf(app, 'person_scrubbed')).toEqual([
      expect.objectContaining({ outcome: 'failed' }),
    ])
    expect(await signsOfLife(app.auth, one)).toEqual(DEAD)
    expect((await rowsNaming(app, TOKENS_TABLE, email)).length).toBeGreaterThan(2)

    await app.setFaults([])
    // The person has come back meanwhile: what is new stays.
    await forgetSends(app.auth, email)
    expect((await erase(app, admin, id)).status).toBe(202)
    const back = await signIn(app.auth, undefined, email)
    await app.settle()
    expect(await rowsNaming(app, TOKENS_TABLE, id)).toEqual([])
    const { person } = await readPerson(app, admin, email)
    expect(person).toMatchObject({ userId: back.user.id, sessions: [{ alive: true }] })
    expect(linesOf(app, 'person_erased').map(({ outcome }) => outcome)).toEqual(['ok', 'again'])
  })

  it('goes on for a machine that names the old user id, when the address belongs to a new person', async () => {
    const { app, admin } = await staffedConsole()
    const { email, id } = (await signIn(app.auth)).user
    await app.setFaults([{ operation: 'Query', fault: 'error500' }])
    expect((await erase(app, admin, email)).status).toBe(202)
    await app.settle()
    await app.setFaults([])
    await forgetSends(app.auth, email)
    const back = await signIn(app.auth, undefined, email)
    expect((await erase(app, await machine(app, 'people'), id)).status).toBe(202)
    await app.settle()
    expect(await rowsNaming(app, TOKENS_TABLE, id)).toEqual([])
    expect(await signsOfLife(app.auth, back)).not.toEqual(DEAD)
  })

  it('T79: deletes and counts the other rows when TTL deletes one of them meanwhile', async () => {
    let transactions = 0
    let beforeScrub = async (): Promise<void> => {}
    const world: Partial<World> = {
      fetch: async (url, init) => {
        const target = new Headers(init.headers).get('X-Amz-Target')
        // The first transaction erases the identity, the second one deletes the rows.
        if (target?.endsWith('TransactWriteItems') && ++transactions === 2) await beforeScrub()
        return fetch(url, init)
      },
    }
    const { app, admin } = await staffedConsole({ world })
    const one = await signIn(app.auth)
    const { email } = one.user
    const two = await signInAgain(app.auth, one.user)
    await endOne(app, admin, email, two.session_id)
    await app.settle()
    const [audit] = await auditRows(app, email)
    const left = (await linksOf(app, email)).length + (await sessionsOf(app, email)).length
    transactions = 0
    beforeScrub = async () => void (await eraseRow(app, audit!.tokenId))
    expect((await erase(app, admin, email)).status).toBe(202)
    await app.settle()
    expect(await rowsNaming(app, TOKENS_TABLE, email)).toEqual([])
    expect(linesOf(app, 'person_scrubbed')).toEqual([
      expect.objectContaining({ outcome: 'ok', count: left }),
    ])
  })

  it('T79: a sign-in at the same moment is either erased with the person, or refused', async () => {
    const { app, admin } = await staffedConsole()
    const email = newEmail()
    const device = await newDevice()
    const { linkToken } = await askForLink(app.auth, device, email)
    const [redeemed] = await Promise.all([
      redeem(app.auth, linkToken, device),
      erase(app, admin, email),
    ])
    await app.settle()
    if (redeemed.status === 200) {
      expect(await signsOfLife(app.auth, await redeemed.json())).toEqual(DEAD)
    }
    expect((await addressOf(app.auth, email))?.userId).toBeUndefined()
    expect(await rowsNaming(app, TOKENS_TABLE, email)).toEqual([])
  })

  it('is no error for an address of which there is nothing', async () => {
    const { app, admin } = await staffedConsole()
    expect((await erase(app, admin, newGuest())).status).toBe(202)
    expect((await erase(app, admin, newGuest(), { approval: true })).status).toBe(202)
    await app.settle()
    expect(linesOf(app, 'person_erased').map(({ outcome }) => outcome)).toEqual(['again', 'again'])
  })

  it('erases a withdrawn approval of a guest: without a row, too, nobody gets in', async () => {
    const { app, admin } = await staffedConsole()
    const { email, etag } = await approved(app, admin)
    await act(app, admin, 'withdraw', email, etag)
    expect((await erase(app, admin, email, { approval: true })).status).toBe(202)
    expect(await approvalRow(app, email)).toBeUndefined()
  })
})

describe('refuses', () => {
  it('to erase the row that keeps a company address out', async () => {
    const { app, admin } = await staffedConsole()
    const email = newEmail()
    const path = `/v1/approvals/${email}/withdraw`
    await send(app, 'POST', path, admin, { reason: 'Left' }, { 'If-None-Match': '*' })
    const answer = await erase(app, admin, email, { approval: true })
    expect(answer.status).toBe(409)
    expect(await approvalRow(app, email)).toMatchObject({ revokedAt: expect.any(Number) })
    expect((await erase(app, admin, email)).status).toBe(202)
  })

  it('an administrator who would erase themselves, and a request without a reason', async () => {
    const { app, admin, adminEmail } = await staffedConsole()
    expect((await erase(app, admin, adminEmail)).status).toBe(403)
    expect((await erase(app, admin, newGuest(), { reason: undefined })).status).toBe(400)
    expect((await erase(app, admin, newGuest(), { approval: 'yes' })).status).toBe(400)
  })
})
