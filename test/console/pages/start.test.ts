import { describe, expect, it } from 'vitest'
import { LOCALES } from '../../../src/base/locale.ts'
import { realWorld } from '../../../src/base/world.ts'
import { startWords } from '../../../src/console/pages/start/words.ts'
import { newBrowser, signedIn } from '../../support/workers/browser.ts'
import { nowSeconds } from '../../support/workers/clock.ts'
import { DAY, newGuest, typeByHand } from '../../support/workers/console-approvals.ts'
import { putWaiting } from '../../support/workers/console-requests.ts'
import { newAdmin, newApprover, startConsole, type Console } from '../../support/workers/console.ts'
import { newEmail, startLatchkey } from '../../support/workers/latchkey.ts'
import { askForLink, newDevice, redeem, signIn } from '../../support/workers/sign-in.ts'

const say = startWords.en
const ACCOUNT = '0123456789abcdef0123456789abcdef'
const BOUND = { ANALYTICS_ACCOUNT_ID: ACCOUNT, ANALYTICS_API_TOKEN: 'a-token-of-cloudflare' }

type Asked = { url: string; init: RequestInit }

/**
 * Analytics Engine, as strict as it is documented: one address and method, a bearer token, SQL of functions that it has,
 * and 64-bit numbers as text.
 */
function analytics(answer: (sql: string) => Response) {
  const asked: Asked[] = []
  const fetch = async (url: string, init: RequestInit): Promise<Response> => {
    if (!url.includes('api.cloudflare.com')) return realWorld.fetch(url, init)
    asked.push({ url, init })
    expect(url).toBe(
      `https://api.cloudflare.com/client/v4/accounts/${ACCOUNT}/analytics_engine/sql`,
    )
    expect(init.method).toBe('POST')
    const headers = new Headers(init.headers)
    if (headers.get('Authorization') !== `Bearer ${BOUND.ANALYTICS_API_TOKEN}`) {
      return new Response('no', { status: 403 })
    }
    const sql = init.body as string
    expect(sql).toMatch(
      /^SELECT intDiv\(toUInt32\(timestamp\), 86400\) AS day, index1 AS event, blob2 AS outcome, SUM\(_sample_interval\) AS count FROM \w+ WHERE timestamp >= toDateTime\(\d{10}\) AND index1 IN \('\w+'(?:, '\w+')*\) GROUP BY day, event, outcome FORMAT JSON$/,
    )
    return answer(sql)
  }
  return { asked, fetch }
}

const counted = (rows: [day: number, event: string, outcome: string, count: string | number][]) =>
  Response.json({
    meta: [
      { name: 'day', type: 'UInt32' },
      { name: 'event', type: 'String' },
      { name: 'outcome', type: 'String' },
      { name: 'count', type: 'UInt64' },
    ],
    data: rows.map(([day, event, outcome, count]) => ({ day, event, outcome, count })),
    rows: rows.length,
    rows_before_limit_at_least: rows.length,
  })

async function office(options: Parameters<typeof startConsole>[1] = {}) {
  const [adminEmail, approverEmail] = [newAdmin(), newApprover()]
  const app = await startConsole({ admins: [adminEmail], approvers: [approverEmail] }, options)
  return { app, adminEmail, approverEmail, admin: await signedIn(app, adminEmail) }
}

/** The numbers of one series as the table has them, the newest day first. */
function columnOf(html: string, name: string): string[] {
  const table = /<table>[^]*<\/table>/.exec(html)![0]
  const cells = (row: string) =>
    [...row.matchAll(/<t[hd][^>]*>\s*([^<]*?)\s*<\/t[hd]>/g)].map(([, text]) => text!)
  const [head = [], ...rows] = table.split('</tr>').map(cells)
  const column = head.indexOf(name)
  expect(column).toBeGreaterThan(0)
  return rows.filter((row) => row.length > 0).map((row) => row[column]!)
}

const today = (app: Console) => Math.floor(nowSeconds(app) / DAY)
const roundTrips = (app: Console) => app.lines.at(-1)!['dynamoRoundTrips']

describe('works', () => {
  it('shows who waits and what ends soon, in one round trip', async () => {
    const { app, admin } = await office()
    const [waiting, ending, later] = [newGuest(), newGuest(), newGuest()]
    // All tests share the tables: these are before all others.
    await putWaiting(app, waiting, { agoMs: [13 * DAY * 1000], deviceName: 'iPhone of Ada' })
    await typeByHand(app, { email: ending, approvedBy: 'x', expiresAt: nowSeconds(app) + 90 })
    await typeByHand(app, { email: later, approvedBy: 'x', expiresAt: nowSeconds(app) + 8 * DAY })
    const page = await admin.get('/')
    expect(roundTrips(app)).toBe(1)
    expect(page.status).toBe(200)
    for (const text of [waiting, 'iPhone of Ada', '13 days ago', ending, 'in 1 minute']) {
      expect(page.text).toContain(text)
    }
    expect(page.text).not.toContain(later)
    expect(page.html).toContain(`href="/approvals/${encodeURIComponent(ending)}"`)
    expect(page.html).toContain('href="/approvals?state=ending&sort=expiresAt"')
    expect((await admin.get('/approvals?state=ending&sort=expiresAt')).status).toBe(200)
    expect((await admin.get('/requests')).text).toContain(waiting)
  })

  it('lets administrators look for a person, and nobody else', async () => {
    const { app, admin, approverEmail } = await office()
    expect((await admin.get('/')).html).toMatch(/<form[^>]*action="\/people"[^]*?name="q"/)
    const approver = await signedIn(app, approverEmail)
    const page = await approver.get('/')
    expect(page.html).not.toContain('/people')
    expect(page.html).toContain('href="/approvals/new"')
    // What an operator would have to set up is for administrators.
    expect(page.text).not.toContain(say.unbound)
  })

  it('without Analytics Engine, draws what rows tell, and says what is missing', async () => {
    const { app, admin } = await office()
    const before = await admin.get('/')
    const [approved, withdrawn] = [newGuest(), newGuest()]
    const approvedAt = nowSeconds(app) - 3 * DAY
    await typeByHand(app, { email: approved, approvedBy: 'x', approvedAt })
    await typeByHand(app, {
      email: withdrawn,
      approvedBy: 'x',
      approvedAt: 5,
      revokedAt: approvedAt,
    })
    await putWaiting(app, newGuest(), { agoMs: [3 * DAY * 1000] })
    const page = await admin.get('/')
    expect(page.text).toContain(say.unbound)
    for (const name of [say.series.approved, say.series.withdrawn, say.series.asked]) {
      const [was, is] = [columnOf(before.html, name), columnOf(page.html, name)]
      expect(is).toHaveLength(14)
      expect(Number(is[3])).toBeGreaterThan(Number(was[3]))
    }
    expect(page.html.match(/<svg/g)).toHaveLength(3)
    expect(page.html.match(/<rect/g)).toHaveLength(3 * 14)
    expect(page.html).not.toMatch(/\sstyle=|<script[^>]*>[^<]/)
    expect(app.lines.some(({ event }) => event === 'analytics_not_read')).toBe(false)
  })

  it('with Analytics Engine, draws sign-ins, refusals and messages, sampled ones too', async () => {
    const engine = analytics(() =>
      counted([
        [day, 'link_redeemed', 'ok', '1200'],
        [day, 'code_redeemed', 'ok', 34],
        [day - 13, 'code_redeemed', 'ok', '7'],
        [day - 1, 'link_redeemed', 'refused', '3'],
        [day - 1, 'link_not_sent', 'refused', '2'],
        [day - 1, 'link_not_sent', 'failed', '9'],
        [day, 'link_sent', 'ok', '55'],
        [day - 14, 'link_sent', 'ok', '99'],
      ]),
    )
    const { app, admin } = await office({ env: BOUND, world: { fetch: engine.fetch } })
    const day = today(app)
    const page = await admin.get('/')
    expect(roundTrips(app)).toBe(1)
    expect(engine.asked).toHaveLength(1)
    const sql = engine.asked[0]!.init.body as string
    expect(sql).toContain(`toDateTime(${(day - 13) * DAY})`)
    expect(sql).toContain('FROM latchkey_events ')
    const signIns = columnOf(page.html, say.series.signedIn)
    expect([signIns[0], signIns[1], signIns[13]]).toEqual(['1,234', '0', '7'])
    expect(columnOf(page.html, say.series.refused).slice(0, 3)).toEqual(['0', '5', '0'])
    const sent = columnOf(page.html, say.series.sent)
    expect(sent.filter((count) => count !== '0')).toEqual(['55'])
    expect(page.html).toMatch(/aria-label="1,241 in 14 days, most on [^"]+: 1,234"/)
    expect(page.text).not.toContain(say.unbound)
    expect(page.text).not.toContain(say.series.approved)
  })

  it.each(LOCALES)('speaks %s', async (locale) => {
    const email = newAdmin()
    const app = await startConsole({ admins: [email] })
    await putWaiting(app, newGuest())
    const browser = await signedIn(app, email, locale)
    const words = startWords[locale]
    const page = await browser.get('/')
    for (const text of [words.title, words.lately, words.waits, words.ends, words.unbound]) {
      expect(page.text).toContain(text)
    }
    expect(page.text).not.toMatch(/undefined|\[object|NaN/)
  })
})

describe('withstands', () => {
  it.each([
    ['a refused token', () => new Response('no', { status: 403 }), 'status_403'],
    ['no dataset yet', () => new Response('unknown table', { status: 422 }), 'status_422'],
    ['an answer of another form', () => Response.json({ data: [{ day: 'x' }] }), '$ZodError'],
    ['no JSON', () => new Response('<html>'), 'SyntaxError'],
    ['a number that is none', () => counted([[1, 'link_sent', 'ok', '-1']]), '$ZodError'],
  ])('Analytics Engine with %s: the page shows what rows tell', async (_, answer, error) => {
    const { fetch } = analytics(answer)
    const { app, admin } = await office({ env: BOUND, world: { fetch } })
    const page = await admin.get('/')
    expect(page.status).toBe(200)
    expect(page.text).toContain(say.unread)
    expect(page.text).toContain(say.series.approved)
    const line = app.lines.find(({ event }) => event === 'analytics_not_read')!
    expect(line).toMatchObject({ outcome: 'failed', error })
    expect(JSON.stringify(app.lines)).not.toContain(BOUND.ANALYTICS_API_TOKEN)
  })

  it('an Analytics Engine that does not answer: nobody waits longer than two seconds', async () => {
    const waited: number[] = []
    const { app, admin } = await office({
      env: BOUND,
      world: {
        fetch: (url, init) =>
          url.includes('api.cloudflare.com')
            ? new Promise((_, reject) => {
                init.signal!.addEventListener('abort', () =>
                  reject(new DOMException('late', 'TimeoutError')),
                )
              })
            : realWorld.fetch(url, init),
        timeout: (ms) => {
          waited.push(ms)
          return AbortSignal.timeout(ms === 2000 ? 20 : ms)
        },
      },
    })
    const page = await admin.get('/')
    expect(page.text).toContain(say.unread)
    expect(waited).toContain(2000)
    expect(app.lines.some(({ event }) => event === 'analytics_not_read')).toBe(true)
  })
})

describe('refuses', () => {
  it('who is not signed in', async () => {
    const { app } = await office()
    expect((await newBrowser(app).get('/')).to).toBe('/sign-in')
  })

  it('one of the two variables without the other', async () => {
    const app = await startConsole({}, { env: { ANALYTICS_ACCOUNT_ID: ACCOUNT } })
    expect((await app.fetch('/readyz')).status).toBe(503)
    expect(JSON.stringify(app.lines)).toContain('ANALYTICS_ACCOUNT_ID and ANALYTICS_API_TOKEN')
  })
})

describe('the public Worker, where a dataset is bound', () => {
  type Point = { indexes: [string]; blobs: string[] }

  /** As strict as the real one. */
  function dataset() {
    const points: Point[] = []
    const writeDataPoint = (point: Point): void => {
      expect(Object.keys(point).toSorted()).toEqual(['blobs', 'indexes'])
      expect(point.indexes).toHaveLength(1)
      expect(new TextEncoder().encode(point.indexes[0]).length).toBeLessThanOrEqual(96)
      expect(point.blobs.every((blob) => typeof blob === 'string')).toBe(true)
      points.push(point)
    }
    return { points, ANALYTICS: { writeDataPoint } }
  }

  it('counts what the start page asks for: event, outcome and reason, and nothing of anybody', async () => {
    const { points, ANALYTICS } = dataset()
    const app = startLatchkey({ env: { ANALYTICS } })
    const device = await newDevice()
    const email = newEmail()
    await signIn(app, device, email)
    const { linkToken } = await askForLink(app, device)
    await redeem(app, linkToken, await newDevice())
    await app.fetch('/v1/links', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ email: newGuest(), codeChallenge: device.codeChallenge }),
    })
    await app.settle()
    const written = points.map(({ blobs }) => blobs.join(' ').trim())
    expect(written).toContain('link_redeemed ok')
    expect(written).toContain('link_sent ok')
    expect(written).toContain('link_not_sent refused not_approved')
    expect(written.some((one) => one.startsWith('link_redeemed refused '))).toBe(true)
    expect(points.every(({ indexes: [index], blobs }) => index === blobs[0])).toBe(true)
    expect(points).toHaveLength(app.lines.length)
    for (const one of written) expect(one).toMatch(/^[a-z_]+(?: [a-z_]+)*$/)
  })

  it('refuses a binding that is none', async () => {
    const app = startLatchkey({ env: { ANALYTICS: 'latchkey_events' } })
    expect((await app.fetch('/readyz')).status).toBe(503)
  })
})
