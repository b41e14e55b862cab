import { describe, expect, it } from 'vitest'
import type { World } from '../../src/base/world.ts'
import { newEmail, startLatchkey, type Latchkey } from '../support/workers/latchkey.ts'
import { size } from '../support/workers/size.ts'
import {
  ask,
  askForLink,
  newDevice,
  postForm,
  postJson,
  redeem,
  redeemCode,
  signIn,
  withToken,
  type Device,
  type Tokens,
} from '../support/workers/sign-in.ts'
import { addressOf, putRow } from '../support/workers/rows.ts'
import { unixMs } from '../../src/base/time.ts'
import { approve, withdraw } from '../support/workers/approvals.ts'
import { nowSeconds } from '../support/workers/clock.ts'
import {
  ALIVE,
  askAgain,
  check,
  DEAD,
  generationOf,
  heldBack,
  jsonOf,
  lastLine,
  linesOf,
  refresh,
  refreshed,
  revoke,
  rowOf,
  signInAgain,
  signsOfLife,
} from '../support/workers/tokens.ts'

const RACES = size({ usual: 4, long: 40 })

const end = (app: Latchkey, by: Tokens, path: string) =>
  withToken(app, by.access_token, path, { method: 'DELETE' })
const endOne = (app: Latchkey, by: Tokens, id: string) => end(app, by, `/v1/sessions/${id}`)
const endAll = (app: Latchkey, by: Tokens) => end(app, by, '/v1/sessions')
const endOthers = (app: Latchkey, by: Tokens) => end(app, by, '/v1/sessions?keep=current')

type OnPhone = Tokens & { device: Device }
type Ending = (app: Latchkey, victim: OnPhone, other: OnPhone) => Promise<unknown>

/** A person with `count` phones. */
async function phones(app: Latchkey, count: number): Promise<OnPhone[]> {
  const first = await signIn(app)
  const all: OnPhone[] = [first]
  while (all.length < count) all.push(await signInAgain(app, first.user))
  await app.settle()
  return all
}

describe('works', () => {
  it.each(['access_token', 'refresh_token'] as const)(
    'T21: an %s ends its session at POST /v1/revoke, in one round trip',
    async (kind) => {
      const app = startLatchkey()
      const tokens = await signIn(app)
      const answer = await postForm(app, '/v1/revoke', {
        token: tokens[kind],
        token_type_hint: 'no such hint',
      })
      expect(answer.status).toBe(200)
      expect(await answer.text()).toBe('')
      expect(lastLine(app, '/v1/revoke')).toMatchObject({
        event: 'session_ended',
        outcome: 'ok',
        dynamoRoundTrips: 1,
        dynamoCalls: 1,
      })
      expect(await rowOf(app, tokens.session_id)).toMatchObject({
        revokedReason: 'signed_out',
        revokedBy: tokens.user.id,
      })
      expect(await signsOfLife(app, tokens)).toEqual(DEAD)
    },
  )

  it('answers 200 for an invalid token or an ended session, and changes nothing (RFC 7009 2.2)', async () => {
    const app = startLatchkey()
    const tokens = await signIn(app)
    expect((await revoke(app, 'no token at all')).status).toBe(200)
    expect(lastLine(app, '/v1/revoke')).toMatchObject({ outcome: 'nothing', dynamoRoundTrips: 0 })
    await revoke(app, tokens.refresh_token)
    const row = await rowOf(app, tokens.session_id)
    app.clock.offsetMs += 5000
    expect((await revoke(app, tokens.refresh_token)).status).toBe(200)
    expect(await rowOf(app, tokens.session_id)).toEqual(row)
    expect((await postForm(app, '/v1/revoke', {})).status).toBe(400)
  })

  it('ends the session even by a JWT that is generations old', async () => {
    const app = startLatchkey()
    const tokens = await signIn(app)
    let current: Tokens = tokens
    for (let i = 0; i < 3; i++) current = await refreshed(app, current.refresh_token)
    await revoke(app, tokens.refresh_token)
    expect(await signsOfLife(app, current)).toEqual(DEAD)
  })

  it('lets a person end one phone from another', async () => {
    const app = startLatchkey()
    const [mine, lost] = (await phones(app, 2)) as [OnPhone, OnPhone]
    const answer = await endOne(app, mine, lost.session_id)
    expect(answer.status).toBe(204)
    expect(await signsOfLife(app, lost)).toEqual(DEAD)
    expect(await signsOfLife(app, mine)).toEqual(ALIVE)
  })

  it('signs out everywhere with one write on the person’s row, whatever the number of sessions', async () => {
    const app = startLatchkey()
    const all = await phones(app, 4)
    const from = (await app.calls()).length
    expect((await endAll(app, all[0]!)).status).toBe(204)
    expect(lastLine(app, '/v1/sessions')).toMatchObject({ event: 'sessions_ended', kept: false })
    const writes = (await app.calls()).slice(from).filter(({ operation }) => operation !== 'Query')
    expect(writes[0]).toMatchObject({ operation: 'TransactWriteItems' })
    const { TransactItems } = writes[0]!.body as { TransactItems: object[] }
    expect(TransactItems.filter((item) => 'Update' in item)).toHaveLength(1)
    for (const one of all) expect(await signsOfLife(app, one)).toEqual(DEAD)
    await app.settle()
    for (const one of all) {
      expect(await rowOf(app, one.session_id)).toMatchObject({
        revokedReason: 'signed_out_everywhere',
        revokedBy: one.user.id,
      })
    }
    expect(linesOf(app, 'sessions_marked')).toMatchObject([{ outcome: 'ok', count: 4 }])
  })

  it('takes one round trip for check and end together, for one session or all', async () => {
    const app = startLatchkey()
    const [a, b, c] = (await phones(app, 3)) as [OnPhone, OnPhone, OnPhone]
    await endOne(app, a, b.session_id)
    expect(lastLine(app, '/v1/sessions/:id')).toMatchObject({ dynamoRoundTrips: 1, dynamoCalls: 1 })
    await endOthers(app, a)
    expect(lastLine(app, '/v1/sessions')).toMatchObject({ dynamoRoundTrips: 1, dynamoCalls: 1 })
    expect((await check(app, c.access_token)).status).toBe(401)
    await endAll(app, a)
    expect(lastLine(app, '/v1/sessions')).toMatchObject({ dynamoRoundTrips: 1, dynamoCalls: 1 })
  })

  it('keeps only the current session on request; ending all afterwards ends it too', async () => {
    const app = startLatchkey()
    const [mine, ...others] = (await phones(app, 3)) as [OnPhone, ...OnPhone[]]
    expect((await endOthers(app, mine)).status).toBe(204)
    for (const one of others) expect(await signsOfLife(app, one)).toEqual(DEAD)
    const next = await refreshed(app, mine.refresh_token)
    expect((await endOthers(app, next)).status).toBe(204)
    expect((await check(app, next.access_token)).status).toBe(200)
    expect((await endAll(app, next)).status).toBe(204)
    expect(await signsOfLife(app, next)).toEqual(DEAD)
  })

  it('lets the person sign in again right after signing out everywhere', async () => {
    const app = startLatchkey()
    const tokens = await signIn(app)
    await endAll(app, tokens)
    const again = await signInAgain(app, tokens.user, tokens.device)
    expect(again.session_id).not.toBe(tokens.session_id)
    expect(await signsOfLife(app, again)).toEqual(ALIVE)
    expect(await signsOfLife(app, tokens)).toEqual(DEAD)
  })
})

describe('refuses', () => {
  const ENDINGS: [string, Ending][] = [
    ['POST /v1/revoke with the session JWT', (app, victim) => revoke(app, victim.refresh_token)],
    ['POST /v1/revoke with the access token', (app, victim) => revoke(app, victim.access_token)],
    ['DELETE of itself', (app, victim) => endOne(app, victim, victim.session_id)],
    ['DELETE from another phone', (app, victim, other) => endOne(app, other, victim.session_id)],
    ['DELETE of all', (app, victim) => endAll(app, victim)],
    ['DELETE of all from another phone', (app, _, other) => endAll(app, other)],
    ['DELETE of all others', (app, _, other) => endOthers(app, other)],
    [
      'a newer sign-in on its device',
      (app, victim) => signInAgain(app, victim.user, victim.device),
    ],
    ['withdrawal of the approval', (app, victim) => withdraw(app, victim.user.email)],
    [
      'reuse of an old session JWT',
      async (app, victim) => {
        const spent = victim.refresh_token
        const next = await refreshed(app, spent)
        Object.assign(victim, await refreshed(app, next.refresh_token))
        await refresh(app, spent)
      },
    ],
  ]

  it.each(ENDINGS)(
    'T21: refresh, request and introspection after the response to %s',
    async (_, ending) => {
      const app = startLatchkey()
      const [victim, other] = (await phones(app, 2)) as [OnPhone, OnPhone]
      const bystander = await signIn(app)
      expect((await check(app, victim.access_token)).status).toBe(200)
      await ending(app, victim, other)
      // Nothing of the background has been waited for.
      expect(await signsOfLife(app, victim)).toEqual(DEAD)
      await app.settle()
      expect(await signsOfLife(app, victim)).toEqual(DEAD)
      expect(await signsOfLife(app, bystander)).toEqual(ALIVE)
    },
  )

  it.each([
    ['not_approved', (app: Latchkey, victim: OnPhone) => withdraw(app, victim.user.email)],
    ['revoked', (app: Latchkey, victim: OnPhone) => revoke(app, victim.refresh_token)],
  ] as const)(
    'T21: a caller who is no longer signed in, and the log says why: %s',
    async (reason, ending) => {
      const app = startLatchkey()
      const [victim, other] = (await phones(app, 2)) as [OnPhone, OnPhone]
      await ending(app, victim)
      for (const path of [victim.session_id, other.session_id].map((id) => `/v1/sessions/${id}`)) {
        expect((await end(app, victim, path)).status).toBe(401)
        expect(app.lines.at(-1)).toMatchObject({ outcome: 'unauthorized', reason })
      }
      for (const path of ['/v1/sessions', '/v1/sessions?keep=current']) {
        expect((await end(app, victim, path)).status).toBe(401)
        expect(app.lines.at(-1)).toMatchObject({ outcome: 'unauthorized', reason })
      }
    },
  )

  it('T21: a session whose approval expires, from that second on', async () => {
    const app = startLatchkey()
    const email = newEmail('guest.test')
    await approve(app, email, { expiresAt: nowSeconds(app) + 300 })
    const tokens = await signIn(app, undefined, email)
    app.clock.offsetMs += 295_000
    const next = await refreshed(app, tokens.refresh_token)
    app.clock.offsetMs += 6000
    expect(await signsOfLife(app, next)).toEqual(DEAD)
    await approve(app, email, { expiresAt: nowSeconds(app) + 300 })
    expect((await check(app, next.access_token)).status).toBe(200)
  })

  it('T14: a link that was sent before the person signed out everywhere', async () => {
    const app = startLatchkey()
    const tokens = await signIn(app)
    const device = await newDevice()
    app.clock.offsetMs += 61_000
    const asked = await askForLink(app, device, tokens.user.email)
    await endAll(app, tokens)
    const answer = await redeem(app, asked.linkToken, device)
    expect(answer.status).toBe(400)
    expect(await jsonOf(answer)).toMatchObject({ latchkey_reason: 'superseded' })
  })

  it('T25: another person’s session id exactly like a missing, an ended and a malformed one', async () => {
    const app = startLatchkey()
    const [mine, ended] = (await phones(app, 2)) as [OnPhone, OnPhone]
    const theirs = await signIn(app)
    await endOne(app, mine, ended.session_id)
    // Within the same second it would pass for a retry of the first request, whose answer was lost.
    app.clock.offsetMs += 2000
    const ids = [
      theirs.session_id,
      ended.session_id,
      'ses_0123456789012345678901',
      mine.user.id,
      theirs.linkToken,
      'x',
      '..%2f',
      `${theirs.session_id}%00`,
    ]
    const answers = await Promise.all(
      ids.map(async (id) => {
        const answer = await endOne(app, mine, id)
        const { requestId: _, ...body } = await jsonOf(answer)
        const headers = [...answer.headers].filter(([name]) => name !== 'x-request-id')
        return { status: answer.status, headers, body }
      }),
    )
    expect(answers[0]!.status).toBe(404)
    for (const answer of answers) expect(answer).toEqual(answers[0])
    expect(await signsOfLife(app, theirs)).toEqual(ALIVE)
  })

  it('an unknown or duplicate query parameter', async () => {
    const app = startLatchkey()
    const tokens = await signIn(app)
    for (const query of [
      '?keep=all',
      '?keep=',
      '?keep=current&keep=current',
      '?x=1',
      '?Keep=current',
    ]) {
      expect((await end(app, tokens, `/v1/sessions${query}`)).status).toBe(400)
    }
    expect((await endOne(app, tokens, `${tokens.session_id}?keep=current`)).status).toBe(400)
    expect(await signsOfLife(app, tokens)).toEqual(ALIVE)
  })
})

describe('withstands', () => {
  it('T24: a refresh whose write arrives after the response to the revocation', async () => {
    for (const ending of [revokeIt, endAll]) {
      const gate = heldBack('UpdateItem')
      const [app, slow] = [startLatchkey(), startLatchkey({ world: gate.world })]
      const tokens = await signIn(app)
      const late = refresh(slow, tokens.refresh_token)
      await gate.arrived
      expect((await ending(app, tokens)).ok).toBe(true)
      gate.open()
      const answer = await late
      if (answer.ok) expect(await signsOfLife(app, await jsonOf(answer))).toEqual(DEAD)
      expect(await signsOfLife(app, tokens)).toEqual(DEAD)
    }
    // By its own row: not even the generation moves.
    const gate = heldBack('UpdateItem')
    const [app, slow] = [startLatchkey(), startLatchkey({ world: gate.world })]
    const tokens = await signIn(app)
    const late = refresh(slow, tokens.refresh_token)
    await gate.arrived
    await revoke(app, tokens.access_token)
    gate.open()
    expect((await late).status).toBe(400)
    expect(await generationOf(app, tokens.session_id)).toBe(0)
  })

  it('T21: an ended session that asks to be kept: it stays ended', async () => {
    for (const ending of [endAll, endOthers]) {
      const gate = heldBack('TransactWriteItems')
      const [app, slow] = [startLatchkey(), startLatchkey({ world: gate.world })]
      const dying = startLatchkey({ world: NOTHING_AFTERWARDS })
      // Else the order of the two times alone would tell.
      slow.clock.offsetMs = 2000
      const [mine, stolen] = (await phones(app, 2)) as [OnPhone, OnPhone]
      // The thief was checked while the session lived; its write comes after the owner's answer.
      const late = endOthers(slow, stolen)
      await gate.arrived
      expect((await ending(dying, mine)).status).toBe(204)
      gate.open()
      expect((await late).status).toBe(401)
      expect(await signsOfLife(app, stolen)).toEqual(DEAD)
      const { check } = await signsOfLife(app, mine)
      expect(check).toBe(ending === endAll ? 401 : 200)
    }
  })

  it(
    'T21: two phones that end all others at once: at most one stays signed in',
    { tags: 'long', timeout: 30_000 + RACES * 3000 },
    async () => {
      for (let round = 0; round < RACES; round++) {
        const app = startLatchkey()
        const [a, b] = (await phones(app, 2)) as [OnPhone, OnPhone]
        const answers = await Promise.all([endOthers(app, a), endOthers(app, b)])
        const lives = [await signsOfLife(app, a), await signsOfLife(app, b)]
        expect(lives.filter((life) => life.check === 200)).toHaveLength(1)
        expect(answers.filter((answer) => answer.status === 204).length).toBeGreaterThanOrEqual(1)
      }
    },
  )

  it.each<[string, Ending]>([
    ['revoked', (app, stolen) => revoke(app, stolen.refresh_token)],
    ['replaced on its device', (app, { user, device }) => signInAgain(app, user, device)],
    ['left out when all others were ended', (app, _, mine) => endOthers(app, mine)],
    ['shut out', (app, stolen) => withdraw(app, stolen.user.email)],
  ])(
    'T21: a session that was %s in the meantime: it can end neither one, all nor all others',
    async (_, ending) => {
      const acts = [
        endAll,
        endOthers,
        (app: Latchkey, by: Tokens, id: string) => endOne(app, by, id),
        (app: Latchkey, by: Tokens) => endOne(app, by, by.session_id),
      ]
      for (const act of acts) {
        const gate = heldBack('TransactWriteItems')
        const [app, slow] = [startLatchkey(), startLatchkey({ world: gate.world })]
        const [mine, stolen] = (await phones(app, 2)) as [OnPhone, OnPhone]
        const late = act(slow, stolen, mine.session_id)
        await gate.arrived
        await ending(app, stolen, mine)
        gate.open()
        expect((await late).status).toBe(401)
        await approve(app, mine.user.email)
        expect(await signsOfLife(app, mine)).toEqual(ALIVE)
      }
    },
  )

  it(
    'T21: ending others concurrently with a new sign-in on the same device: one of the two, never both',
    { tags: 'long', timeout: 30_000 + RACES * 3000 },
    async () => {
      const app = startLatchkey()
      for (let round = 0; round < RACES; round++) {
        const [older, elsewhere] = (await phones(app, 2)) as [OnPhone, OnPhone]
        const { linkToken } = await askAgain(app, older.device, older.user.email)
        const [ended, redeemed] = await Promise.all([
          scheduler.wait(round % 3).then(() => endOthers(app, older)),
          redeem(app, linkToken, older.device),
        ])
        expect([ended.status, redeemed.status]).toEqual(ended.ok ? [204, 400] : [401, 200])
        expect(await signsOfLife(app, older)).toEqual(ended.ok ? ALIVE : DEAD)
        expect(await signsOfLife(app, elsewhere)).toEqual(ended.ok ? DEAD : ALIVE)
      }
    },
  )

  it('T21: a sign-out everywhere from a clock that is behind: it ends all sessions and revives none', async () => {
    const [app, slow] = [startLatchkey(), startLatchkey()]
    const [first] = (await phones(app, 1)) as [OnPhone]
    app.clock.offsetMs += 20_000
    const second = await signInAgain(app, first.user)
    app.clock.offsetMs += 1000
    const third = await signInAgain(app, first.user)
    app.clock.offsetMs += 1000
    await app.settle()
    // For `slow`, twenty seconds behind, neither of the two is opened yet.
    expect((await endOthers(app, third)).status).toBe(204)
    expect((await endOthers(slow, third)).status).toBe(204)
    for (const one of [first, second]) expect(await signsOfLife(app, one)).toEqual(DEAD)
    expect((await check(app, third.access_token)).status).toBe(200)
    expect((await endAll(slow, third)).status).toBe(204)
    for (const one of [first, second, third]) expect(await signsOfLife(app, one)).toEqual(DEAD)
  })

  it.each(['sessionsNotBefore', 'linksNotBefore'])(
    'T21: a sign-out everywhere from a clock that is behind, when only %s is later',
    async (later) => {
      const app = startLatchkey()
      const tokens = await signIn(app)
      const { email } = tokens.user
      const address = (await addressOf(app, email))!
      const until = unixMs(Date.now() + 20_000)
      const { openedAtMs: from } = (await rowOf(app, tokens.session_id))!
      const keep = {
        sessionsNotBefore: from,
        linksNotBefore: from,
        keepSessionId: tokens.session_id,
      }
      await putRow(app, { ...address, ...keep, [later]: until })
      expect((await endAll(app, tokens)).status).toBe(204)
      const { sessionsNotBefore, linksNotBefore } = (await addressOf(app, email))!
      expect([sessionsNotBefore, linksNotBefore]).toEqual([until, until])
      expect(await signsOfLife(app, tokens)).toEqual(DEAD)
    },
  )

  it('T21: a Worker that dies before it marks the rows, and a delayed index (T48)', async () => {
    const dying = startLatchkey({ world: NOTHING_AFTERWARDS })
    const app = startLatchkey()
    for (const [worker, faults] of [
      [dying, []],
      [app, [{ fault: 'hideindex' } as const]],
    ] as const) {
      const [mine, ...others] = (await phones(app, 3)) as [OnPhone, ...OnPhone[]]
      await worker.setFaults([...faults])
      expect((await endOthers(worker, mine)).status).toBe(204)
      if (worker === app) await app.settle()
      for (const one of others) {
        expect((await rowOf(app, one.session_id))?.['revokedAt']).toBeUndefined()
        expect(await signsOfLife(app, one)).toEqual(DEAD)
      }
      await worker.setFaults([])
      expect(await signsOfLife(app, mine)).toEqual(ALIVE)
    }
  })

  it('T69: a flood of asks, resends, codes and garbage for an address, whose sessions stay live', async () => {
    const app = startLatchkey()
    const tokens = await signIn(app)
    const attacker = await newDevice()
    const { email } = tokens.user
    app.clock.offsetMs += 61_000
    const { handle } = await jsonOf<{ handle: string }>(await ask(app, email, attacker))
    const attempts = Array.from({ length: 60 }, (_, i) => {
      const kinds = [
        () => ask(app, email, attacker),
        () => postJson(app, '/v1/links/resend', { handle }),
        () => redeem(app, 'tok_ml_garbage', attacker),
        () => refresh(app, `${tokens.refresh_token.slice(0, -6)}AAAAAA`),
        () => revoke(app, `${tokens.access_token.slice(0, -6)}AAAAAA`),
        () =>
          redeemCode(app, { handle }, String(i).padStart(6, '0'), {
            ...attacker,
            deviceId: tokens.device.deviceId,
          }),
      ]
      return kinds[i % kinds.length]!()
    })
    for (const answer of await Promise.all(attempts)) expect(answer.status).toBeLessThan(500)
    await app.settle()
    expect(await signsOfLife(app, tokens)).toEqual(ALIVE)
  })
})

const revokeIt = (app: Latchkey, tokens: Tokens) => revoke(app, tokens.refresh_token)

/** A Worker that ends with its answer: no row is marked. */
const NOTHING_AFTERWARDS: Partial<World> = {
  sleep: (ms) => (ms === 0 ? new Promise<void>(() => {}) : scheduler.wait(ms)),
}
