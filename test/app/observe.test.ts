import { describe, expect, it } from 'vitest'
import { approve } from '../support/workers/approvals.ts'
import { newEmail, startLatchkey, type Latchkey } from '../support/workers/latchkey.ts'
import {
  ask,
  askForLink,
  newDevice,
  postJson,
  redeem,
  redeemCode,
  signIn,
  withToken,
} from '../support/workers/sign-in.ts'
import { check, introspect, lastLine, refresh } from '../support/workers/tokens.ts'

const TIMING = 'Server-Timing'
const TRACE = '0af7651916cd43dd8448eb211c80319c'
const traced = (traceparent: string) => ({ headers: { traceparent } })
const tracesOf = (app: Latchkey) => app.lines.map((line) => line['traceId'])

describe('works', () => {
  it('says how long a request took, and DynamoDB in it, to a caller who has proven who they are', async () => {
    const app = startLatchkey()
    const tokens = await signIn(app)
    const answers = {
      session: await check(app, tokens.access_token),
      sessions: await withToken(app, tokens.access_token, '/v1/sessions'),
      introspect: await introspect(app, tokens.access_token),
      refresh: await refresh(app, tokens.refresh_token),
    }
    for (const [name, answer] of Object.entries(answers)) {
      expect(answer.status, name).toBe(200)
      expect(answer.headers.get(TIMING), name).toMatch(
        /^total;dur=\d+, dynamodb;dur=\d+;desc="round trips: 1"$/,
      )
    }
  })

  it('its numbers are those of the log', async () => {
    const app = startLatchkey()
    const { access_token } = await signIn(app)
    await app.setFaults([{ operation: 'BatchGetItem', fault: 'slow', delayMs: 120 }])
    const [, total, dynamodb] = /dur=(\d+), dynamodb;dur=(\d+)/.exec(
      (await check(app, access_token)).headers.get(TIMING)!,
    )!
    const line = lastLine(app, '/v1/session')!
    expect(Number(dynamodb)).toBe(line['dynamoMs'])
    expect(Number(dynamodb)).toBeGreaterThanOrEqual(119)
    expect(Number(total)).toBeLessThanOrEqual(Number(line['ms']))
    expect(Number(total)).toBeGreaterThanOrEqual(Number(dynamodb) - 1)
  })

  it('continues the trace of a caller in all lines of the request, also after the response', async () => {
    const app = startLatchkey()
    const email = newEmail()
    const traceparent = `00-${TRACE}-b7ad6b7169203331-01`
    const { codeChallenge } = await newDevice()
    await postJson(app, '/v1/links', { email, codeChallenge }, { traceparent })
    await app.settle()
    expect(app.lines.map(({ event }) => event)).toEqual(['link_asked', 'link_sent'])
    expect(tracesOf(app)).toEqual([TRACE, TRACE])
    await app.fetch('/healthz')
    expect(tracesOf(app).at(-1)).toBeUndefined()
  })
})

describe('refuses', () => {
  it('T68: to say times to anyone who has not proven who they are: approved, unknown or withdrawn', async () => {
    const app = startLatchkey()
    const [phone, guest] = [await newDevice(), newEmail('example.org')]
    await approve(app, guest)
    const asked = await askForLink(app, phone)
    const answers = [
      await ask(app, guest, phone),
      await ask(app, newEmail('example.org'), phone),
      await ask(app, asked.email, phone),
      await postJson(app, '/v1/links/resend', { handle: asked.handle }),
      await redeemCode(app, asked, asked.code === '000000' ? '111111' : '000000', phone),
      await redeem(app, asked.linkToken, await newDevice()),
      await refresh(app, 'nonsense'),
      await check(app, 'nonsense'),
      await app.fetch('/v1/session'),
      await app.fetch('/readyz'),
      await app.fetch('/.well-known/jwks.json'),
      await app.fetch(`/link/${asked.linkToken}`),
      await app.fetch('/v1/introspect', { method: 'POST' }),
    ]
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202, 429, 400, 401, 200]))
    for (const answer of answers) expect(answer.headers.get(TIMING)).toBeNull()
  })

  it('T25: to say times with a refusal, where they could tell whose session it is', async () => {
    const app = startLatchkey()
    const [mine, other] = [await signIn(app), await signIn(app)]
    for (const id of [other.session_id, 'ses_none']) {
      const path = `/v1/sessions/${id}`
      const answer = await withToken(app, mine.access_token, path, { method: 'DELETE' })
      expect([answer.status, answer.headers.get(TIMING)]).toEqual([404, null])
    }
  })

  it.each([
    '',
    TRACE,
    `00-${TRACE}-b7ad6b7169203331`,
    `00-${TRACE}-b7ad6b7169203331-01-more`,
    `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE.toUpperCase()}-b7ad6b7169203331-01`,
    `ff-${TRACE}-b7ad6b7169203331-01`,
    `00-${TRACE}0-b7ad6b7169203331-01`,
    `00-ada@example.com0000000000000000-b7ad6b7169203331-01`,
    `00-${'a'.repeat(300)}-b7ad6b7169203331-01`,
  ])('T54: the traceparent %j: it is ignored, and nothing of it is logged', async (traceparent) => {
    const app = startLatchkey()
    const answer = await app.fetch('/healthz', traced(traceparent))
    expect(answer.status).toBe(200)
    expect(tracesOf(app)).toEqual([undefined])
    if (traceparent !== '')
      expect(JSON.stringify(app.lines)).not.toContain(traceparent.slice(3, 30))
  })

  it('to answer differently because of a trace', async () => {
    const app = startLatchkey()
    const { access_token } = await signIn(app)
    const bodyWith = async (headers: Record<string, string>) => {
      const answer = await withToken(app, access_token, '/v1/sessions/ses_none', {
        method: 'DELETE',
        headers,
      })
      const { requestId: _, ...problem } = (await answer.json()) as { requestId: string }
      return [answer.status, problem, [...answer.headers.keys()]]
    }
    const traceparent = `00-${TRACE}-b7ad6b7169203331-01`
    expect(await bodyWith({ traceparent })).toEqual(await bodyWith({}))
  })

  it('T61: to write a line about a request whose path holds a link, because Cloudflare stores the path with it', async () => {
    const app = startLatchkey()
    const { linkToken } = await askForLink(app, await newDevice())
    const before = app.lines.length
    for (const path of [`/link/${linkToken}`, `/link/${linkToken}.`, `/LINK/${linkToken}`]) {
      await (await app.fetch(path)).text()
    }
    await app.fetch(`/link/${linkToken}`, { method: 'POST' })
    await app.settle()
    expect(app.lines).toHaveLength(before)
    // Another path cannot hide itself with a link.
    await app.fetch(`/v1/session?/link/${linkToken}`)
    expect(app.lines).toHaveLength(before + 1)
  })
})
