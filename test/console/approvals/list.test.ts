import { describe, expect, it } from 'vitest'
import { nowSeconds } from '../../support/workers/clock.ts'
import {
  DAY,
  newGuest,
  typeByHand,
  type Approval,
} from '../../support/workers/console-approvals.ts'
import { send, staffedConsole, type Console, type Headers } from '../../support/workers/console.ts'
import { signIn } from '../../support/workers/sign-in.ts'
import { jsonOf } from '../../support/workers/tokens.ts'

type Page = {
  approvals: Approval[]
  total: number
  counts: Record<string, number>
  nextCursor?: string
}

const list = async (app: Console, who: Headers, query: Record<string, string>): Promise<Page> => {
  const answer = await send(
    app,
    'GET',
    `/v1/approvals?${new URLSearchParams(query).toString()}`,
    who,
  )
  expect(answer.status, await answer.clone().text()).toBe(200)
  return answer.json()
}

/** Approvals that only this test finds: by a word in their company. */
async function someApprovals(app: Console, count = 8) {
  const tag = `tag-${crypto.randomUUID().slice(0, 8)}`
  const now = nowSeconds(app)
  const ends = [null, now + 30 * DAY, now + 3 * DAY, now - DAY]
  const rows = Array.from({ length: count }, (_, i) => ({
    email: newGuest(),
    approvedBy: i % 2 === 0 ? 'sales@sigmacomputing.com' : 'demo@sigmacomputing.com',
    approvedAt: now - i * 1000,
    expiresAt: ends[i % 4]!,
    metadata: {
      company: `${tag} ${String.fromCharCode(65 + ((i * 5) % 26))}`,
      reason: `Reason ${i}`,
    },
    ...(i === 0 ? { revokedAt: now - 5, revokedBy: 'admin@sigmacomputing.com' } : {}),
  }))
  for (const row of rows) await typeByHand(app, row)
  return { tag, rows }
}

const everyPage = async (app: Console, who: Headers, query: Record<string, string>) => {
  const found: Approval[] = []
  let cursor: string | undefined
  do {
    const page = await list(app, who, { ...query, ...(cursor === undefined ? {} : { cursor }) })
    found.push(...page.approvals)
    cursor = page.nextCursor
  } while (cursor !== undefined)
  return found
}

describe('works', () => {
  it('finds by state and by words of the address, company, reason and who approved', async () => {
    const { app, admin } = await staffedConsole()
    const { tag, rows } = await someApprovals(app)
    const found = async (query: Record<string, string>) =>
      (await list(app, admin, { q: tag, ...query })).approvals.map(({ email }) => email).toSorted()
    const emails = (which: number[]) => which.map((i) => rows[i]!.email).toSorted()
    expect(await found({})).toEqual(emails([0, 1, 2, 3, 4, 5, 6, 7]))
    expect(await found({ state: 'withdrawn' })).toEqual(emails([0]))
    expect(await found({ state: 'ended' })).toEqual(emails([3, 7]))
    expect(await found({ state: 'ending' })).toEqual(emails([2, 6]))
    expect(await found({ state: 'active' })).toEqual(emails([1, 2, 4, 5, 6]))
    for (const q of [rows[5]!.email.toUpperCase(), `${tag} Z`]) {
      const page = await list(app, admin, { q })
      expect(page.approvals.map(({ email }) => email)).toEqual(emails([5]))
    }
    const bySales = await list(app, admin, { q: 'SALES@', limit: '200' })
    expect(bySales.approvals.length).toBeGreaterThanOrEqual(4)
    const { total, counts } = await list(app, admin, { q: tag, limit: '2' })
    expect(total).toBe(8)
    expect(counts['withdrawn']).toBeGreaterThanOrEqual(1)
    expect((await list(app, admin, { q: tag, limit: '1' })).approvals[0]).toEqual({
      email: expect.any(String),
      state: expect.any(String),
      company: expect.stringContaining(tag),
      reason: expect.any(String),
      notes: null,
      expiresAt: expect.toSatisfy((value) => value === null || typeof value === 'number'),
      phoneNumber: null,
      approvedBy: expect.any(String),
      approvedAt: expect.any(Number),
      withdrawnAt: expect.toSatisfy((value) => value === null || typeof value === 'number'),
      withdrawnBy: expect.toSatisfy((value) => value === null || typeof value === 'string'),
      withdrawnReason: null,
      etag: expect.stringMatching(/^"[\w-]{22}"$/),
    })
  })

  it.each(['email', 'approvedAt', 'expiresAt', 'company'] as const)(
    'sorts by %s in both directions across pages',
    async (sort) => {
      const { app, admin } = await staffedConsole()
      const { tag } = await someApprovals(app, 11)
      const ascending = await everyPage(app, admin, { q: tag, sort, limit: '3' })
      const keys = ascending.map((row) => row[sort] ?? (sort === 'expiresAt' ? Infinity : ''))
      expect(keys).toEqual(keys.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0)))
      expect(new Set(ascending.map(({ email }) => email)).size).toBe(11)
      const descending = await everyPage(app, admin, { q: tag, sort, order: 'desc', limit: '4' })
      expect(descending.map(({ email }) => email)).toEqual(
        ascending.map(({ email }) => email).toReversed(),
      )
    },
  )

  it('pages correctly while approvals are added and removed: none twice, none missed', async () => {
    const { app, admin } = await staffedConsole()
    const { tag, rows } = await someApprovals(app, 9)
    const first = await list(app, admin, { q: tag, sort: 'approvedAt', limit: '4' })
    const seen = first.approvals.map(({ email }) => email)
    // One that comes before the cursor, one after it, and the cursor's own row leaves the list.
    const before = { ...rows[8]!, email: newGuest(), approvedAt: nowSeconds(app) - 9500 }
    const after = { ...rows[1]!, email: newGuest(), approvedAt: nowSeconds(app) - 500 }
    await typeByHand(app, before)
    await typeByHand(app, after)
    const last = rows.find(({ email }) => email === seen.at(-1))!
    await typeByHand(app, { ...last, metadata: { company: 'elsewhere', reason: 'x' } })
    const rest: string[] = []
    let cursor = first.nextCursor
    while (cursor !== undefined) {
      const page = await list(app, admin, { q: tag, sort: 'approvedAt', limit: '2', cursor })
      rest.push(...page.approvals.map(({ email }) => email))
      cursor = page.nextCursor
    }
    const all = [...rows.map(({ email }) => email), after.email]
    expect([...seen, ...rest].toSorted()).toEqual(all.toSorted())
  })

  it('costs one round trip, which also reads the rows of the caller’s session', async () => {
    const { app, admin } = await staffedConsole()
    await list(app, admin, { limit: '1' })
    expect(app.lines.at(-1)).toMatchObject({
      route: '/v1/approvals',
      dynamoRoundTrips: 1,
      dynamoCalls: 2,
    })
  })
})

describe('refuses', () => {
  it('T32: a cursor that was changed, belongs to another list or person, or is not a cursor', async () => {
    const { app, admin, approver } = await staffedConsole()
    const { tag } = await someApprovals(app)
    const query = { q: tag, sort: 'company', limit: '2' }
    const cursor = (await list(app, admin, query)).nextCursor!
    const theirs = (await list(app, approver, query)).nextCursor!
    const other = (await list(app, admin, { ...query, sort: 'email' })).nextCursor!
    const flipped = cursor.slice(0, 30) + (cursor[30] === 'A' ? 'B' : 'A') + cursor.slice(31)
    const user = await signIn(app.auth)
    for (const bad of [theirs, other, flipped, '', 'x', `${cursor}A`, user.refresh_token]) {
      const answer = await send(
        app,
        'GET',
        `/v1/approvals?${new URLSearchParams({ ...query, cursor: bad }).toString()}`,
        admin,
      )
      expect(answer.status, bad.slice(0, 20)).toBe(400)
      expect(await jsonOf(answer)).toMatchObject({ type: 'urn:latchkey:problem:invalid_request' })
    }
    expect((await list(app, admin, { ...query, cursor })).approvals).toHaveLength(2)
  })

  it.each([
    'limit=0',
    'limit=201',
    'limit=1e2',
    'state=all',
    'sort=notes',
    'order=up',
    'x=1',
    `q=${'x'.repeat(201)}`,
    'q=a&q=b',
  ])('the query %s', async (query) => {
    const { app, admin } = await staffedConsole()
    expect((await send(app, 'GET', `/v1/approvals?${query}`, admin)).status).toBe(400)
  })
})
