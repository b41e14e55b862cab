import { env as workerEnv } from 'cloudflare:workers'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { unixMs } from '../../src/base/time.ts'
import { approve } from '../support/workers/approvals.ts'
import { newEmail, startLatchkey, type Latchkey } from '../support/workers/latchkey.ts'
import { SES_TAKES_IT, watchSes } from '../support/workers/ses.ts'
import { size } from '../support/workers/size.ts'
import { newDevice, postJson } from '../support/workers/sign-in.ts'

const FLOOD_SIZE = size({ usual: 50, long: 10_000 })
const BURST = size({ usual: 10, long: 30 })
const HOURS = size({ usual: 1, long: 2 })
const SPREAD_ASKS = size({ usual: 50, long: 500 })
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const { codeChallenge } = await newDevice()

const patientTicks = () => performance.now() / 10

/**
 * A Worker whose clock stands still until a test moves it, and whose mails are counted, not sent. It waits
 * ten times as long for DynamoDB: here it is about budgets, and a busy machine is no outage.
 */
function startCounted(env: Record<string, unknown> = {}) {
  const ses = watchSes(SES_TAKES_IT)
  const clock = { nowMs: Date.now() }
  const world = { now: () => unixMs(clock.nowMs), ticks: patientTicks, fetch: ses.fetch }
  const app = startLatchkey({ env, world })
  return { app, ses, clock }
}

const askAs = (app: Latchkey, email: string, headers: Record<string, string> = {}) =>
  postJson(app, '/v1/links', { email, codeChallenge }, headers)

/** At most 16 under way, as from a fast attacker. @returns how often each status was answered. */
async function flood(count: number, send: (n: number) => Promise<Response>) {
  const statuses: Record<number, number> = {}
  let next = 0
  const runner = async () => {
    while (next < count) {
      const answer = await send(next++)
      await answer.body?.cancel()
      statuses[answer.status] = (statuses[answer.status] ?? 0) + 1
    }
  }
  await Promise.all(Array.from({ length: 16 }, runner))
  return statuses
}

/** Another network each time: IPv4 addresses and IPv6 /64s. */
const someIp = (n: number) => ({
  'CF-Connecting-IP':
    n % 2 ? `203.0.${(n >> 8) & 255}.${n & 255}` : `2001:db8:${n.toString(16)}:1::1`,
})

const TAGS = ['tag', 'x+y', '1', '-']

/** Lets every tag of a company address sign in, as an admin would have to. */
async function approveTags(app: Latchkey, email: string, tags: readonly string[] = TAGS) {
  for (const tag of tags) await approve(app, email.replace('@', `+${tag}@`))
}

/** Another way to write the same mailbox each time. */
function spelled(email: string, n: number): string {
  const [local = '', domain = ''] = email.split('@')
  const mixed = Array.from(local)
    .map((c, i) => ((n >> (i % 12)) & 1 ? c.toUpperCase() : c))
    .join('')
  return [
    `${mixed}@${domain}`,
    `${local}+${TAGS[n % TAGS.length]}@${domain}`,
    `${local}@${domain.toUpperCase()}`,
    ` ${local}@${domain}  `,
    `${mixed}+${TAGS[n % TAGS.length]!.toUpperCase()}@${domain}`,
  ][n % 5]!
}

/** Asks once and returns what the two bindings were asked. */
async function keysFor(headers: Record<string, string>, email = newEmail(), status = 202) {
  const keys: string[] = []
  const binding = {
    limit: async ({ key }: { key: string }) => {
      keys.push(key)
      return { success: true }
    },
  }
  const { app } = startCounted({ LIMIT_BY_IP: binding, LIMIT_BY_IP_AND_ADDRESS: binding })
  expect((await askAs(app, email, headers)).status).toBe(status)
  return { keys, app, email }
}

const firstKey = async (ip: string) => (await keysFor({ 'CF-Connecting-IP': ip })).keys[0]

describe('works', () => {
  it('T64: lets a person ask again after a minute, five times in an hour', async () => {
    const { app, ses, clock } = startCounted()
    const email = newEmail()
    for (let sent = 1; sent <= 5; sent++) {
      expect((await askAs(app, email)).status).toBe(202)
      await app.settle()
      expect(ses.recipients()).toEqual(Array(sent).fill(email))
      clock.nowMs += MINUTE
    }
    expect((await askAs(app, email)).status).toBe(429)
  })

  it('T64: returns in Retry-After the exact second at which the next ask succeeds', async () => {
    const { app, clock } = startCounted()
    const email = newEmail()
    for (let asks = 0; asks < 8; asks++) {
      expect((await askAs(app, email)).status).toBe(202)
      const refused = await askAs(app, email)
      expect(refused.status).toBe(429)
      const retryAfter = Number(refused.headers.get('Retry-After'))
      expect(retryAfter).toBe(asks === 4 ? 3600 - 4 * 60 : 60)
      clock.nowMs += retryAfter * 1000 - 1
      expect((await askAs(app, email)).status).toBe(429)
      clock.nowMs += 1
    }
  })

  it('T64: counts different people separately', async () => {
    const { app, ses } = startCounted()
    const people = Array.from({ length: 20 }, () => newEmail())
    const statuses = await flood(80, (n) => askAs(app, people[n % 20]!))
    await app.settle()
    expect(statuses).toEqual({ 202: 20, 429: 60 })
    expect(ses.recipients().toSorted()).toEqual(people.toSorted())
  })
})

describe('refuses', () => {
  it.each(['LIMIT_BY_IP', 'LIMIT_BY_IP_AND_ADDRESS'])(
    'T65: a caller over the limit of %s, before any DynamoDB call',
    async (binding) => {
      const { app, ses } = startCounted({ [binding]: { limit: async () => ({ success: false }) } })
      const answer = await askAs(app, newEmail())
      expect(answer.status).toBe(429)
      expect(answer.headers.get('Retry-After')).toBe('60')
      await app.settle()
      expect(await app.calls()).toEqual([])
      expect(ses.mails).toEqual([])
      expect(app.lines).toEqual([
        expect.objectContaining({ event: 'link_asked', status: 429, dynamoCalls: 0 }),
      ])
    },
  )

  it('T65: a flood on one address from one network, with Cloudflare’s own binding', async () => {
    const name = 'LIMIT_BY_IP_AND_ADDRESS'
    const { app } = startCounted({ [name]: (workerEnv as Record<string, unknown>)[name] })
    const email = newEmail('unknown.example')
    const ip = { 'CF-Connecting-IP': '2001:db8:64:64::1' }
    const statuses = await flood(40, () => askAs(app, email, ip))
    expect(statuses).toEqual({ 202: 1, 429: 39 })
    // Ten in a minute reach DynamoDB, of a flood that lies in two minutes at most.
    const writes = (await app.calls()).filter(({ operation }) => operation === 'UpdateItem')
    expect(writes.length).toBeGreaterThanOrEqual(10)
    expect(writes.length).toBeLessThan(40)
  })
})

describe('withstands', () => {
  it.each(['sigmacomputing.com', 'unknown.example'])(
    `T64: ${FLOOD_SIZE} concurrent asks in every spelling from many networks: one passes (%s)`,
    { tags: 'long', timeout: 20_000 + FLOOD_SIZE * 30 },
    async (domain) => {
      // A test is one request to workerd, which may set 10,000 timers and no more.
      vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => new AbortController().signal)
      onTestFinished(() => void vi.restoreAllMocks())
      const { app, ses } = startCounted()
      const email = newEmail(domain)
      if (domain === 'sigmacomputing.com') await approveTags(app, email)
      const statuses = await flood(FLOOD_SIZE, (n) => askAs(app, spelled(email, n), someIp(n)))
      expect(statuses).toEqual({ 202: 1, 429: FLOOD_SIZE - 1 })
      await app.settle()
      expect(ses.mails).toHaveLength(domain === 'sigmacomputing.com' ? 1 : 0)
    },
  )

  it.each([
    ['sigmacomputing.com', HOURS + 1],
    ['unknown.example', HOURS],
  ])(
    'T64: an ask every minute for hours: at most five pass in any hour (%s, %d h)',
    { tags: 'long', timeout: 20_000 + HOURS * 10_000 },
    async (domain, hours) => {
      const { app, ses, clock } = startCounted()
      const email = newEmail(domain)
      if (domain === 'sigmacomputing.com') await approveTags(app, email)
      const passed: number[] = []
      for (let minute = 0; minute <= hours * 60; minute++) {
        const answer = await askAs(app, spelled(email, minute), someIp(minute))
        if (answer.status === 202) passed.push(minute)
        else expect(answer.status).toBe(429)
        clock.nowMs += MINUTE
      }
      const five = Array.from({ length: hours * 5 }, (_, n) => Math.floor(n / 5) * 60 + (n % 5))
      expect(passed).toEqual([...five, hours * 60])
      await app.settle()
      expect(ses.mails).toHaveLength(domain === 'sigmacomputing.com' ? passed.length : 0)
    },
  )

  it(
    'T64: asks at any times: the window slides, exact to the millisecond',
    { tags: 'long', timeout: 20_000 + SPREAD_ASKS * 200 },
    async () => {
      const { app, clock } = startCounted()
      const email = newEmail()
      const startMs = clock.nowMs
      const times: number[] = []
      for (let n = 0; n < SPREAD_ASKS; n++) {
        const [last = -Infinity] = times
        const fifth = times[4] ?? -Infinity
        const free = Math.max(last + MINUTE, fifth + HOUR)
        // Half of the asks come a few milliseconds around the moment from which one passes.
        const edge = Number.isFinite(free) && n % 2 === 0
        const stepped = clock.nowMs + Math.floor(Math.random() * 15 * MINUTE)
        clock.nowMs = edge
          ? Math.max(clock.nowMs, free + Math.floor(Math.random() * 5) - 2)
          : stepped
        const passes = clock.nowMs >= free
        const { status } = await askAs(app, email)
        const when = `ask ${n} at ${clock.nowMs - startMs}, last ones at ${times.map((t) => t - startMs).join()}`
        expect(status, when).toBe(passes ? 202 : 429)
        if (passes) times.unshift(clock.nowMs)
      }
      expect(times.length).toBeGreaterThan(SPREAD_ASKS / 7)
    },
  )

  it(
    'T64: a burst whenever the next take becomes possible',
    { tags: 'long', timeout: 30_000 },
    async () => {
      const { app, ses, clock } = startCounted()
      const email = newEmail()
      await approveTags(app, email)
      for (let minute = 0; minute < 8; minute++) {
        const expected = minute < 5 ? { 202: 1, 429: BURST - 1 } : { 429: BURST }
        expect(await flood(BURST, (n) => askAs(app, spelled(email, n), someIp(n)))).toEqual(
          expected,
        )
        clock.nowMs += MINUTE
      }
      await app.settle()
      expect(ses.mails).toHaveLength(5)
    },
  )

  it('T64: tags, letter case and spaces of one mailbox, and sends to a tag only with its own approval', async () => {
    const { app, ses, clock } = startCounted()
    const [local, domain] = newEmail().split('@')
    await approve(app, `${local}+two@${domain}`)
    expect((await askAs(app, `${local}+One@${domain}`)).status).toBe(202)
    expect((await askAs(app, `${local}+two@${domain}`)).status).toBe(429)
    expect((await askAs(app, `${local}@${domain}`)).status).toBe(429)
    clock.nowMs += MINUTE
    expect((await askAs(app, `${local}+two@${domain}`)).status).toBe(202)
    await app.settle()
    expect(ses.recipients()).toEqual([`${local}+two@${domain}`])
  })

  it('T65: rate limit bindings that let everyone pass: the budget holds', async () => {
    const everyone = { limit: async () => ({ success: true }) }
    const { app, ses } = startCounted({
      LIMIT_BY_IP: everyone,
      LIMIT_BY_IP_AND_ADDRESS: everyone,
    })
    const email = newEmail()
    const statuses = await flood(50, (n) => askAs(app, email, someIp(n)))
    expect(statuses).toEqual({ 202: 1, 429: 49 })
    await app.settle()
    expect(ses.mails).toHaveLength(1)
  })

  it('T65: a rate limit binding that fails lets the exact budget decide', async () => {
    const broken = { limit: () => Promise.reject(new Error('no binding today')) }
    const { app } = startCounted({ LIMIT_BY_IP: broken, LIMIT_BY_IP_AND_ADDRESS: broken })
    const email = newEmail()
    expect((await askAs(app, email)).status).toBe(202)
    expect((await askAs(app, email)).status).toBe(429)
  })

  describe('T66: headers in which a caller claims an IP address', () => {
    const spoofed = {
      'X-Forwarded-For': '198.51.100.66',
      'X-Real-IP': '198.51.100.66',
      'True-Client-IP': '198.51.100.66',
      'X-Client-IP': '198.51.100.66',
      'X-Cluster-Client-IP': '198.51.100.66',
      'CF-Connecting-IPv6': '2001:db8:66::66',
      'CF-Pseudo-IPv4': '198.51.100.66',
      'Fastly-Client-IP': '198.51.100.66',
      Forwarded: 'for=198.51.100.66',
    }
    it('change neither the keys of the limits nor the stored values', async () => {
      const ip = { 'CF-Connecting-IP': '203.0.113.9' }
      const { keys, app, email } = await keysFor({ ...ip, ...spoofed })
      expect(keys[0]).toBe('203.0.113.9')
      expect(keys[1]).toMatch(/^203\.0\.113\.9 \S{43}$/)
      expect(keys[1]).not.toContain(email)
      await app.settle()
      const [put] = (await app.calls()).filter((call) => call.operation === 'TransactWriteItems')
      expect(JSON.stringify(put)).toContain('203.0.113.9')
      expect(JSON.stringify(put)).not.toContain('198.51.100.66')
    })

    it('without Cloudflare’s own header: all callers share one key', async () => {
      expect((await keysFor(spoofed)).keys[0]).toBe('unknown')
    })

    it('one IPv6 subscriber has one key, another subscriber has another', async () => {
      const first = await firstKey('2001:db8:1:2::1')
      expect(await firstKey('2001:DB8:0001:0002:ffff:ffff:ffff:ffff')).toBe(first)
      expect(await firstKey('2001:db8:1:2:0:0:0:9')).toBe(first)
      expect(await firstKey('2001:db8:1:3::1')).not.toBe(first)
    })

    it('all spellings of an address have one key', async () => {
      const ip = { 'CF-Connecting-IP': '203.0.113.10' }
      const { keys, email } = await keysFor(ip)
      const [, second] = keys
      const { keys: spelledOtherwise } = await keysFor(ip, ` ${email.toUpperCase()} `, 429)
      expect(spelledOtherwise[1]).toBe(second)
      expect((await keysFor(ip)).keys[1]).not.toBe(second)
    })
  })
})
