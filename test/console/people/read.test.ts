import { describe, expect, it } from 'vitest'
import { nowSeconds } from '../../support/workers/clock.ts'
import { approved, change, newGuest } from '../../support/workers/console-approvals.ts'
import { endOne, personPath, readPerson } from '../../support/workers/console-people.ts'
import { machine, send, staffedConsole } from '../../support/workers/console.ts'
import { ask, newDevice, signIn } from '../../support/workers/sign-in.ts'
import { forgetSends, refresh, revoke, signInAgain } from '../../support/workers/tokens.ts'

describe('works', () => {
  it('shows a person: approval, budgets, sessions and what happened, newest first', async () => {
    const { app, admin, adminEmail } = await staffedConsole()
    const { email, etag } = await approved(app, admin)
    await change(app, admin, email, etag, { notes: 'Met in Berlin' })
    const tokens = await signIn(app.auth, undefined, email)
    await refresh(app.auth, tokens.refresh_token)
    const { person, events } = await readPerson(app, admin, email)
    const now = nowSeconds(app)
    expect(person).toMatchObject({
      email,
      userId: tokens.user.id,
      company: false,
      mailbox: email,
      standing: { approved: true, why: 'approval', by: adminEmail },
      hasSignedIn: true,
      budgets: {
        messages: { left: 4, size: 5, nextAt: expect.any(Number) },
        codes: { left: 10, size: 10, nextAt: null },
      },
      approval: { state: 'active', notes: 'Met in Berlin' },
      request: null,
      sessions: [
        {
          id: tokens.session_id,
          userId: tokens.user.id,
          alive: true,
          end: null,
          endsAt: expect.closeTo(now + 1_209_600, -1),
          refreshes: 1,
        },
      ],
    })
    expect(events.map(({ kind }) => kind).toSorted()).toEqual(
      ['changed', 'changed', 'asked', 'used', 'opened', 'refreshed'].toSorted(),
    )
    const times = events.map(({ at }) => at)
    expect(times).toEqual(times.toSorted((a, b) => b - a))
    // Never a credential.
    expect(JSON.stringify({ person, events })).not.toMatch(/sessionJWT|codeChallenge|sealed/)
  })

  it('finds a person by user id, and by any spelling of the address', async () => {
    const { app, admin } = await staffedConsole()
    const tokens = await signIn(app.auth)
    const { email, id } = tokens.user
    for (const name of [id, email, ` ${email.toUpperCase()}`]) {
      expect((await readPerson(app, admin, name)).person).toMatchObject({ email, userId: id })
    }
  })

  it('takes one round trip by address, and one call more by user id', async () => {
    const { app, admin } = await staffedConsole()
    const { user } = await signIn(app.auth)
    await readPerson(app, admin, user.email)
    expect(app.lines.at(-1)).toMatchObject({ dynamoRoundTrips: 1, dynamoCalls: 3 })
    await readPerson(app, admin, user.id)
    expect(app.lines.at(-1)).toMatchObject({ dynamoCalls: 4 })
  })

  it('says of each session why it ended, by whom and when', async () => {
    const { app, admin } = await staffedConsole()
    const signedOut = await signIn(app.auth)
    const { user } = signedOut
    const { email } = user
    await revoke(app.auth, signedOut.refresh_token)
    const device = await newDevice()
    const replaced = await signInAgain(app.auth, user, device)
    const alive = await signInAgain(app.auth, user, device)
    const ended = await signInAgain(app.auth, user)
    await endOne(app, admin, email, ended.session_id)
    const { person, events } = await readPerson(app, admin, email)
    expect(person.sessions[0]).toMatchObject({ id: alive.session_id, alive: true })
    const ends = Object.fromEntries(person.sessions.map(({ id, end }) => [id, end?.reason]))
    expect(ends).toEqual({
      [alive.session_id]: undefined,
      [signedOut.session_id]: 'signed_out',
      [replaced.session_id]: 'replaced',
      [ended.session_id]: 'ended_by_company',
    })
    const byCompany = person.sessions.find(({ end }) => end?.reason === 'ended_by_company')
    expect(byCompany!.end!.by).toMatch(/^usr_/)
    expect(events.filter(({ kind }) => kind === 'ended')).toHaveLength(3)
    expect(events).toContainEqual(
      expect.objectContaining({
        kind: 'changed',
        action: 'person_session_ended',
        reason: 'A lost phone',
      }),
    )
  })

  it('says when a session ran out, unused or at its end', async () => {
    const { app } = await staffedConsole()
    const { user } = await signIn(app.auth)
    const start = nowSeconds(app)
    app.clock.offsetMs += 14 * 86_400_000
    const { person } = await readPerson(app, await machine(app, 'people'), user.email)
    expect(person.sessions[0]!.end).toMatchObject({
      reason: 'idle',
      at: expect.closeTo(start + 14 * 86_400, -1),
    })
  })

  it('pages the timeline, and neither repeats nor hides an event when more happens meanwhile', async () => {
    const { app, admin } = await staffedConsole()
    const { user } = await signIn(app.auth)
    const { email } = user
    await signInAgain(app.auth, user)
    const all = (await readPerson(app, admin, email)).events
    expect(all.length).toBe(6)
    const seen = []
    let query = '?limit=2'
    for (;;) {
      const page = await readPerson(app, admin, email, query)
      seen.push(...page.events)
      if (page.nextCursor === undefined) break
      query = `?limit=2&cursor=${page.nextCursor}`
      app.clock.offsetMs += 2000
      await forgetSends(app.auth, email)
      await ask(app.auth, email, await newDevice())
      await app.auth.settle()
    }
    expect(seen).toEqual(all)
  })

  it('tells the budget of the mailbox for an address with a tag', async () => {
    const { app, admin } = await staffedConsole()
    const email = newGuest()
    const tagged = email.replace('@', '+tag@')
    await ask(app.auth, email, await newDevice())
    await app.auth.settle()
    await approved(app, admin, tagged)
    const { person } = await readPerson(app, admin, tagged)
    expect(person).toMatchObject({ mailbox: email, budgets: { messages: { left: 4 } } })
  })

  it('says of an address that may not sign in that its link was not sent, and why', async () => {
    const { app, admin } = await staffedConsole()
    const email = newGuest()
    await ask(app.auth, email, await newDevice())
    await app.auth.settle()
    const { person, events } = await readPerson(app, admin, email)
    expect(person).toMatchObject({ standing: { approved: false, why: 'none' }, hasSignedIn: false })
    expect(events).toEqual([
      expect.objectContaining({ kind: 'asked', channel: 'email', notSent: 'not_approved' }),
    ])
  })
})

describe('refuses', () => {
  it('what is nobody: an address without rows, a user id without rows, no address at all', async () => {
    const { app, admin } = await staffedConsole()
    for (const name of [newGuest(), `usr_${'A'.repeat(22)}`, 'usr_', 'nobody', '@', '%zz']) {
      const answer = await send(app, 'GET', personPath(name), admin)
      expect(answer.status, name).toBe(404)
    }
  })

  it('T32: a cursor of another person, or one that was changed', async () => {
    const { app, admin } = await staffedConsole()
    const one = await signIn(app.auth)
    const other = await signIn(app.auth)
    const { nextCursor } = await readPerson(app, admin, one.user.email, '?limit=1')
    for (const cursor of [nextCursor!, `${nextCursor!.slice(0, -2)}AA`, 'x']) {
      const path = `${personPath(other.user.email)}?cursor=${cursor}`
      const answer = await send(app, 'GET', path, admin)
      expect(answer.status).toBe(400)
      expect(await answer.json()).toMatchObject({ errors: [{ pointer: '#/cursor' }] })
    }
  })
})
