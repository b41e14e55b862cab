import { describe, expect, it } from 'vitest'
import { auditRows } from '../../support/workers/console-approvals.ts'
import { endEvery, endOne, readPerson } from '../../support/workers/console-people.ts'
import {
  machine,
  newAdmin,
  send,
  staffedConsole,
  startConsole,
  asBrowser,
} from '../../support/workers/console.ts'
import { sessionsOf } from '../../support/workers/rows.ts'
import { askForLink, newDevice, redeem, signIn } from '../../support/workers/sign-in.ts'
import {
  ALIVE,
  DEAD,
  forgetSends,
  jsonOf,
  linesOf,
  revoke,
  signInAgain,
  signsOfLife,
} from '../../support/workers/tokens.ts'

const problemOf = async (answer: Response): Promise<unknown> =>
  (await jsonOf(answer))['type']?.toString().replace('urn:latchkey:problem:', '')

describe('works', () => {
  it('T21: ends one session of a person, and no other, with an audit row and one log event', async () => {
    const { app, admin, adminEmail } = await staffedConsole()
    const { email, userId, one, other } = await twoSessions(app)
    const answer = await endOne(app, admin, email, one.session_id)
    expect(answer.status).toBe(204)
    expect(await signsOfLife(app.auth, one)).toEqual(DEAD)
    expect(await signsOfLife(app.auth, other)).toEqual(ALIVE)
    expect(await auditRows(app, email)).toEqual([
      expect.objectContaining({
        action: 'person_session_ended',
        by: adminEmail,
        reason: 'A lost phone',
        after: expect.objectContaining({ sessionId: one.session_id }),
      }),
    ])
    const [row] = (await sessionsOf(app.auth, email)).filter(
      ({ tokenId }) => tokenId === one.session_id,
    )
    expect(row).toMatchObject({
      revokedReason: 'ended_by_company',
      revokedBy: expect.stringMatching(/^usr_/),
    })
    const [line, ...more] = linesOf(app, 'person_session_ended')
    expect(more).toEqual([])
    expect(line).toMatchObject({ outcome: 'ok', subjectId: userId, sessionId: one.session_id })
    expect(JSON.stringify(app.lines)).not.toContain(email)
  })

  it('T21: ends every session at once and spends every link, and marks the rows afterwards', async () => {
    const { app, admin } = await staffedConsole()
    const { email, one, other } = await twoSessions(app)
    await forgetSends(app.auth, email)
    const device = await newDevice()
    const waiting = await askForLink(app.auth, device, email)
    expect((await endEvery(app, admin, email)).status).toBe(204)
    expect(await signsOfLife(app.auth, one)).toEqual(DEAD)
    expect(await signsOfLife(app.auth, other)).toEqual(DEAD)
    expect((await redeem(app.auth, waiting.linkToken, device)).status).toBe(400)
    await app.settle()
    for (const row of await sessionsOf(app.auth, email)) {
      expect(row.revokedReason).toBe('ended_by_company')
    }
    const { person } = await readPerson(app, admin, email)
    expect(person.sessions.map(({ alive }) => alive)).toEqual([false, false])
    expect(await auditRows(app, email)).toHaveLength(1)
    expect(linesOf(app, 'person_sessions_ended')).toHaveLength(1)
    // The person may come back.
    await forgetSends(app.auth, email)
    expect(await signsOfLife(app.auth, await signIn(app.auth, undefined, email))).toEqual(ALIVE)
  })

  it('by user id, and by a machine with people:write', async () => {
    const { app } = await staffedConsole()
    const { userId, one, other, email } = await twoSessions(app)
    const people = await machine(app, 'people')
    expect((await endOne(app, people, userId, one.session_id)).status).toBe(204)
    expect((await endEvery(app, people, userId)).status).toBe(204)
    expect(await signsOfLife(app.auth, other)).toEqual(DEAD)
    expect((await auditRows(app, email)).map(({ by }) => by)).toEqual([
      'client:people',
      'client:people',
    ])
  })

  it('a repeat does nothing more', async () => {
    const { app, admin } = await staffedConsole()
    const { email, one } = await twoSessions(app)
    for (let i = 0; i < 3; i++) {
      expect((await endOne(app, admin, email, one.session_id)).status).toBe(204)
    }
    expect(await auditRows(app, email)).toHaveLength(1)
  })

  it('T43: a lost answer of DynamoDB makes one change and one audit row', async () => {
    const { app, admin } = await staffedConsole()
    const { email, one } = await twoSessions(app)
    await app.setFaults([{ operation: 'TransactWriteItems', fault: 'lost', times: 1 }])
    expect((await endOne(app, admin, email, one.session_id)).status).toBe(204)
    await app.setFaults([{ operation: 'TransactWriteItems', fault: 'lost', times: 1 }])
    expect((await endEvery(app, admin, email)).status).toBe(204)
    expect(await auditRows(app, email)).toHaveLength(2)
  })
})

describe('refuses', () => {
  it('T27: a sign-in of more than 15 minutes ago', async () => {
    const { app, email, one, admin } = await agedAdmin(16)
    for (const answer of [
      await endOne(app, admin, email, one.session_id),
      await endEvery(app, admin, email),
    ]) {
      expect(answer.status).toBe(401)
      expect(answer.headers.get('WWW-Authenticate')).toContain('max_age="900"')
      expect(await problemOf(answer)).toBe('stale_session')
    }
    expect(await auditRows(app, email)).toEqual([])
  })

  it('a request without a reason, or with members that are not known (T30)', async () => {
    const { app, admin } = await staffedConsole()
    const { email, one } = await twoSessions(app)
    for (const body of [{}, { reason: '' }, { reason: 'x', by: 'boss@sigmacomputing.com' }]) {
      expect((await endOne(app, admin, email, one.session_id, body)).status).toBe(400)
      expect((await endEvery(app, admin, email, body)).status).toBe(400)
    }
    expect(await signsOfLife(app.auth, one)).toEqual(ALIVE)
  })

  it('T25: a session of another person, one that does not exist, and a person who does not', async () => {
    const { app, admin } = await staffedConsole()
    const { email, userId } = await twoSessions(app)
    const other = await signIn(app.auth)
    const nobody = `ses_${'A'.repeat(22)}`
    for (const name of [email, userId]) {
      for (const id of [other.session_id, nobody, 'ses_x', 'tok_ml_x']) {
        expect((await endOne(app, admin, name, id)).status, id).toBe(404)
      }
    }
    expect((await endEvery(app, admin, 'nobody@guests.example')).status).toBe(404)
    expect((await endEvery(app, admin, `usr_${'A'.repeat(22)}`)).status).toBe(404)
    expect(await signsOfLife(app.auth, other)).toEqual(ALIVE)
  })

  it('the caller’s own sessions, which end by signing out', async () => {
    const { app, admin, adminEmail } = await staffedConsole()
    const answer = await endEvery(app, admin, adminEmail)
    expect(answer.status).toBe(403)
    expect(await problemOf(answer)).toBe('own_person')
  })

  it('T21: a caller whose own session has ended', async () => {
    const adminEmail = newAdmin()
    const app = await startConsole({ admins: [adminEmail] })
    const tokens = await signIn(app.auth, undefined, adminEmail)
    const { email, one } = await twoSessions(app)
    await revoke(app.auth, tokens.refresh_token)
    expect((await endOne(app, await asBrowser(app, tokens), email, one.session_id)).status).toBe(
      401,
    )
    expect((await endEvery(app, await asBrowser(app, tokens), email)).status).toBe(401)
    expect(await signsOfLife(app.auth, one)).toEqual(ALIVE)
  })

  it('approvers, and machines that may not', async () => {
    const { app, approver } = await staffedConsole()
    const { email } = await twoSessions(app)
    for (const who of [approver, await machine(app, 'writer'), await machine(app, 'reader')]) {
      expect((await endEvery(app, who, email)).status).toBe(403)
      expect((await send(app, 'GET', `/v1/people/${email}`, who)).status).toBe(403)
    }
  })
})

async function twoSessions(app: Awaited<ReturnType<typeof startConsole>>) {
  const one = await signIn(app.auth)
  const other = await signInAgain(app.auth, one.user)
  return { one, other, email: one.user.email, userId: one.user.id }
}

/** An administrator whose sign-in is so many minutes old, with a token that was refreshed since. */
async function agedAdmin(minutes: number) {
  const adminEmail = newAdmin()
  const app = await startConsole({ admins: [adminEmail] })
  const { refresh_token } = await signIn(app.auth, undefined, adminEmail)
  const people = await twoSessions(app)
  app.clock.offsetMs += minutes * 60_000
  const answer = await app.auth.fetch('/v1/token', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ grant_type: 'refresh_token', refresh_token }),
  })
  return { app, ...people, admin: await asBrowser(app, await answer.json()) }
}
