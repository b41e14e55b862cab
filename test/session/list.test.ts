import { describe, expect, it } from 'vitest'
import { addressIdOf } from '../../src/model/address.ts'
import { nowSeconds } from '../support/workers/clock.ts'
import { startLatchkey, type Latchkey } from '../support/workers/latchkey.ts'
import { eraseRow, manySessions } from '../support/workers/rows.ts'
import {
  askForLink,
  newDevice,
  redeem,
  signIn,
  withToken,
  type Tokens,
} from '../support/workers/sign-in.ts'
import {
  check,
  jsonOf,
  lastLine,
  newProofKey,
  revoke,
  rowOf,
  signInAgain,
  signInBound,
  withProof,
} from '../support/workers/tokens.ts'

type Session = { id: string; current: boolean; createdAt: number } & Record<string, unknown>
type SessionsPage = { sessions: Session[]; nextCursor?: string }
type Activity = { kind: string; createdAt: number } & Record<string, unknown>
type ActivityPage = { activity: Activity[]; nextCursor?: string }

const page = async <T>(app: Latchkey, by: Tokens, path: string, cursor?: string): Promise<T> => {
  const query = cursor === undefined ? '' : `?cursor=${encodeURIComponent(cursor)}`
  const answer = await withToken(app, by.access_token, path + query)
  expect(answer.status, await answer.clone().text()).toBe(200)
  return jsonOf<T>(answer)
}
const sessionsOf = (app: Latchkey, by: Tokens, cursor?: string) =>
  page<SessionsPage>(app, by, '/v1/sessions', cursor)
const activityOf = (app: Latchkey, by: Tokens, cursor?: string) =>
  page<ActivityPage>(app, by, '/v1/activity', cursor)

describe('works', () => {
  it('shows a person their current session and the server’s time', async () => {
    const app = startLatchkey()
    const tokens = await signIn(app)
    app.clock.offsetMs += 5000
    const { session, user, now } = await page<Record<string, unknown>>(app, tokens, '/v1/session')
    expect(session).toMatchObject({ id: tokens.session_id, sourceFlow: 'email' })
    expect(user).toEqual(tokens.user)
    expect(Math.abs((now as number) - nowSeconds(app))).toBeLessThan(10)
  })

  it('lists a person’s live sessions, the current one marked', async () => {
    const app = startLatchkey()
    const device = await newDevice()
    const asked = await askForLink(app, device, undefined, { dashboardId: 'db_9' })
    const answer = await redeem(app, asked.linkToken, device, { device_name: 'Ada’s iPad' })
    const mine = await jsonOf<Tokens>(answer)
    const other = await signInAgain(app, mine.user)
    const { sessions, nextCursor } = await sessionsOf(app, mine)
    expect(nextCursor).toBeUndefined()
    expect(Object.fromEntries(sessions.map(({ id, current }) => [id, current]))).toEqual({
      [mine.session_id]: true,
      [other.session_id]: false,
    })
    expect(sessions.find((one) => one.current)).toEqual({
      id: mine.session_id,
      current: true,
      deviceId: device.deviceId,
      deviceName: 'Ada’s iPad',
      createdAt: expect.any(Number),
      lastUsedAt: expect.any(Number),
      expiresAt: expect.any(Number),
      sourceFlow: 'email',
      dashboardId: 'db_9',
      ipAddress: expect.any(String),
      userAgent: expect.any(String),
      dpopBound: false,
    })
  })

  it('leaves out sessions that have ended, by whichever way, at once', async () => {
    const app = startLatchkey()
    const mine = await signIn(app)
    const [one, two] = [await signInAgain(app, mine.user), await signInAgain(app, mine.user)]
    await revoke(app, one.refresh_token)
    expect((await sessionsOf(app, mine)).sessions.map(({ id }) => id).toSorted()).toEqual(
      [mine.session_id, two.session_id].toSorted(),
    )
    await withToken(app, mine.access_token, '/v1/sessions?keep=current', { method: 'DELETE' })
    // Before the rows are marked: the person's own row says it.
    expect((await sessionsOf(app, mine)).sessions.map(({ id }) => id)).toEqual([mine.session_id])
  })

  it('lists a person’s recent activity, newest first: links and sessions, and how they ended', async () => {
    const app = startLatchkey()
    const first = await signIn(app)
    app.clock.offsetMs += 61_000
    const second = await signInAgain(app, first.user)
    app.clock.offsetMs += 61_000
    await revoke(app, first.refresh_token)
    const { activity } = await activityOf(app, second)
    const times = activity.map(({ createdAt }) => createdAt)
    expect(times).toEqual(times.toSorted((a, b) => b - a))
    expect(activity.map(({ kind }) => kind).toSorted()).toEqual([
      'link',
      'link',
      'session',
      'session',
    ])
    const ended = activity.find((one) => one['revokedAt'] !== undefined)
    expect(ended).toMatchObject({ kind: 'session', revokedReason: 'signed_out' })
    expect(activity.filter(({ kind }) => kind === 'link').every((one) => one['usedAt'])).toBe(true)
  })

  it('shows that a newer sign-in replaced a session, which only the address row knows', async () => {
    const app = startLatchkey()
    const older = await signIn(app)
    app.clock.offsetMs += 61_000
    const newer = await signInAgain(app, older.user, older.device)
    expect((await sessionsOf(app, newer)).sessions.map(({ id }) => id)).toEqual([newer.session_id])
    const { activity } = await activityOf(app, newer)
    const sessions = activity.filter(({ kind }) => kind === 'session')
    expect(sessions.map((one) => one['revokedReason'])).toEqual([undefined, 'replaced'])
    expect(sessions[1]!['revokedAt']).toBe(sessions[0]!.createdAt)
  })

  it('pages through hundreds of rows by cursor, each exactly once', async () => {
    const app = startLatchkey()
    const tokens = await signIn(app)
    await manySessions(app, tokens.session_id, 60)
    for (const list of ['sessions', 'activity'] as const) {
      const seen: string[] = []
      let cursor: string | undefined
      let pages = 0
      do {
        const got = await page<Record<string, Session[]> & { nextCursor?: string }>(
          app,
          tokens,
          `/v1/${list}`,
          cursor,
        )
        seen.push(...got[list]!.map((one) => one.id ?? JSON.stringify(one)))
        cursor = got.nextCursor
        pages++
      } while (cursor !== undefined)
      expect(pages, list).toBe(3)
      expect(seen, list).toHaveLength(list === 'sessions' ? 61 : 62)
      expect(new Set(seen).size, list).toBe(seen.length)
      expect(lastLine(app, `/v1/${list}`)).toMatchObject({ dynamoRoundTrips: 1 })
    }
  })

  it('takes one round trip to check and list together', async () => {
    const app = startLatchkey()
    const tokens = await signIn(app)
    await sessionsOf(app, tokens)
    expect(lastLine(app, '/v1/sessions')).toMatchObject({ dynamoRoundTrips: 1, dynamoCalls: 2 })
    await activityOf(app, tokens)
    expect(lastLine(app, '/v1/activity')).toMatchObject({ dynamoRoundTrips: 1, dynamoCalls: 2 })
    await check(app, tokens.access_token)
    expect(lastLine(app, '/v1/session')).toMatchObject({ dynamoRoundTrips: 1, dynamoCalls: 1 })
  })
})

describe('refuses', () => {
  it('T32: a cursor that was changed, belongs to another list or person, or is not a cursor', async () => {
    const app = startLatchkey()
    const [mine, theirs] = [await signIn(app), await signIn(app)]
    await manySessions(app, mine.session_id, 30)
    await manySessions(app, theirs.session_id, 30)
    const cursor = (await sessionsOf(app, mine)).nextCursor!
    const activityCursor = (await activityOf(app, mine)).nextCursor!
    const foreign = (await sessionsOf(app, theirs)).nextCursor!
    const foreignActivity = (await activityOf(app, theirs)).nextCursor!
    const flips = [0, 1, 5, 20, 40, cursor.length - 1].map(
      (at) => cursor.slice(0, at) + (cursor[at] === 'A' ? 'B' : 'A') + cursor.slice(at + 1),
    )
    const { handle, linkToken } = await askForLink(app, await newDevice())
    const plain = btoa(JSON.stringify(['sessions', mine.user.id, { tokenId: mine.session_id }]))
    const bad = [
      ...flips,
      foreign,
      foreignActivity,
      '',
      'x',
      `${cursor}=`,
      `${cursor}A`,
      cursor.slice(0, -4),
      plain,
      handle,
      linkToken,
      mine.refresh_token,
      'A'.repeat(2048),
      'A'.repeat(2049),
      '{"tokenId":"x"}',
      '\u0000',
    ]
    for (const [list, wrong] of [
      ['sessions', [...bad, activityCursor]],
      ['activity', [...bad, cursor]],
    ] as const) {
      for (const one of wrong) {
        const query = `?cursor=${encodeURIComponent(one)}`
        const answer = await withToken(app, mine.access_token, `/v1/${list}${query}`)
        expect(answer.status, `${list} ${one.slice(0, 40)}`).toBe(400)
        expect((await jsonOf(answer))['type']).toBe('urn:latchkey:problem:invalid_request')
      }
    }
    for (const query of [`?cursor=${cursor}&cursor=${cursor}`, '?limit=1000', '?cursor']) {
      const answer = await withToken(app, mine.access_token, `/v1/sessions${query}`)
      expect(answer.status, query).toBe(400)
    }
    expect((await sessionsOf(app, mine, cursor)).sessions.length).toBeGreaterThan(0)
    expect((await activityOf(app, mine, activityCursor)).activity.length).toBeGreaterThan(0)
  })

  it('T25: to show another person’s rows in a list', async () => {
    const app = startLatchkey()
    const [mine, theirs] = [await signIn(app), await signIn(app)]
    const lists = await Promise.all([sessionsOf(app, mine), activityOf(app, mine)])
    const text = JSON.stringify(lists)
    expect(text).toContain(mine.session_id)
    for (const canary of [
      theirs.session_id,
      theirs.user.id,
      theirs.user.email,
      theirs.device.deviceId,
    ]) {
      expect(text).not.toContain(canary)
    }
  })
})

describe('withstands', () => {
  it('T25: a new owner of an address: they see nothing about the previous owner', async () => {
    const app = startLatchkey()
    const before = await signIn(app)
    await eraseRow(app, await addressIdOf(before.user.email))
    const after = await signIn(app, undefined, before.user.email)
    expect(after.user.id).not.toBe(before.user.id)
    expect((await sessionsOf(app, after)).sessions.map(({ id }) => id)).toEqual([after.session_id])
    const { activity } = await activityOf(app, after)
    expect(activity.map(({ kind }) => kind).toSorted()).toEqual(['link', 'session'])
    for (const path of ['/v1/session', '/v1/sessions', '/v1/activity']) {
      expect((await withToken(app, before.access_token, path)).status, path).toBe(401)
    }
  })

  it('T53: a look at the lists and cursors: they contain no credential and nothing that leads to one', async () => {
    const app = startLatchkey()
    const key = await newProofKey()
    const bound = await signInBound(app, key)
    await manySessions(app, bound.session_id, 30)
    const unbound = await signIn(app)
    const row = (await rowOf(app, bound.session_id))!
    const answers = await Promise.all([
      withProof(app, key, bound.access_token, '/v1/session'),
      withProof(app, key, bound.access_token, '/v1/sessions'),
      withProof(app, key, bound.access_token, '/v1/activity'),
      withToken(app, unbound.access_token, '/v1/session'),
      withToken(app, unbound.access_token, '/v1/sessions'),
      withToken(app, unbound.access_token, '/v1/activity'),
    ])
    for (const answer of answers) {
      expect(answer.status).toBe(200)
      const headers = JSON.stringify([...answer.headers])
      const text = headers + (await answer.text())
      for (const secret of [
        bound.access_token,
        bound.refresh_token,
        bound.linkToken,
        unbound.access_token,
        unbound.refresh_token,
        unbound.linkToken,
        bound.device.codeVerifier,
        bound.device.codeChallenge,
        row['sessionJWT'] as string,
        row['dpopJkt'] as string,
        'sessionJWT',
        'codeChallenge',
        'eyJ',
        'tok_ml_',
      ]) {
        expect(text).not.toContain(secret)
      }
    }
  })

  it('T48: a delayed index: it hides rows from the list, and changes no decision', async () => {
    const app = startLatchkey()
    const tokens = await signIn(app)
    await app.setFaults([{ fault: 'hideindex' }])
    expect((await sessionsOf(app, tokens)).sessions).toEqual([])
    expect((await activityOf(app, tokens)).activity).toEqual([])
    expect((await check(app, tokens.access_token)).status).toBe(200)
  })

  it('T48: expired rows that TTL has not deleted: they are not listed as live', async () => {
    const app = startLatchkey()
    const older = await signIn(app)
    app.clock.offsetMs += 14 * 86_400_000
    const newer = await signInAgain(app, older.user)
    expect(await rowOf(app, older.session_id)).toBeDefined()
    expect((await sessionsOf(app, newer)).sessions.map(({ id }) => id)).toEqual([newer.session_id])
  })
})
