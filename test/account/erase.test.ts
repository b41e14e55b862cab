import { describe, expect, it } from 'vitest'
import { APPROVALS_TABLE, TOKENS_TABLE } from '../../src/base/tables.ts'
import type { World } from '../../src/base/world.ts'
import { approve, withdraw } from '../support/workers/approvals.ts'
import { startFrozen } from '../support/workers/clock.ts'
import { askToBeLetIn, forgetRequests } from '../support/workers/console-requests.ts'
import { newEmail, startLatchkey, type Latchkey } from '../support/workers/latchkey.ts'
import { addressOf, linksOf, putRow, rowsNaming } from '../support/workers/rows.ts'
import {
  ask,
  askForLink,
  newDevice,
  redeem,
  signIn,
  withToken,
} from '../support/workers/sign-in.ts'
import {
  ALIVE,
  askAgain,
  DEAD,
  forgetSends,
  lastLine,
  linesOf,
  newProofKey,
  prove,
  signInAgain,
  signInBound,
  signsOfLife,
  withProof,
  type ProofKey,
} from '../support/workers/tokens.ts'

const PATH = '/v1/account'
const FIVE_MINUTES_MS = 5 * 60_000

const erase = (app: Latchkey, accessToken: string) =>
  withToken(app, accessToken, PATH, { method: 'DELETE' })

const problemOf = async (answer: Response): Promise<string> =>
  (await answer.json<{ type: string }>()).type.replace('urn:latchkey:problem:', '')

/** A person with rows of every kind: two sessions, a link, an access request, and what an administrator did. */
async function somebody(app: Latchkey, email = newEmail('example.org')) {
  await approve(app, email, { phoneNumber: '+14155551234' })
  const one = await signIn(app, undefined, email)
  const two = await signInAgain(app, one.user)
  const device = await newDevice()
  const waiting = await askAgain(app, device, email)
  const base = { email, createdAt: 1, expiresAt: 4_000_000_000 }
  const audit = {
    ...base,
    tokenType: 'audit',
    changedAtMs: 1000,
    by: 'boss@example.org',
    reason: 'r',
  }
  const ids = { ended: `aud_${crypto.randomUUID()}`, approved: `aud_${crypto.randomUUID()}` }
  await putRow(app, { ...audit, tokenId: ids.ended, action: 'person_session_ended' })
  await putRow(app, { ...audit, tokenId: ids.approved, action: 'approval_created' })
  return { email, one, two, device, waiting, ids }
}

describe('works', () => {
  it('T92: nothing of the person works after the response, and no row names them but the approval', async () => {
    const app = startLatchkey()
    const { email, one, two, device, waiting, ids } = await somebody(app)
    const { id } = one.user
    const before = await rowsNaming(app, TOKENS_TABLE, email, id)
    expect(before.length).toBeGreaterThanOrEqual(8)
    const approval = await rowsNaming(app, APPROVALS_TABLE, email)
    expect(approval).toHaveLength(1)

    const answer = await erase(app, two.access_token)
    expect(answer.status).toBe(204)
    expect(await answer.text()).toBe('')
    // Before the work after the response.
    const left = await rowsNaming(app, TOKENS_TABLE, email, id)
    expect(left).toEqual([expect.objectContaining({ tokenId: ids.approved })])
    for (const tokens of [one, two]) expect(await signsOfLife(app, tokens)).toEqual(DEAD)
    expect((await redeem(app, waiting.linkToken, device)).status).toBe(400)
    await app.settle()
    expect(await rowsNaming(app, TOKENS_TABLE, email, id)).toEqual(left)
    expect(await rowsNaming(app, APPROVALS_TABLE, email)).toEqual(approval)
    expect(lastLine(app, PATH)).toMatchObject({
      event: 'account_deleted',
      outcome: 'ok',
      userId: id,
    })
    expect(linesOf(app, 'person_scrubbed')).toMatchObject([{ outcome: 'ok' }])
  })

  it('deletes an access request in the same transaction, and says in an audit row only that somebody was erased', async () => {
    const app = startLatchkey({ env: { ACCESS_REQUESTS: 'on' } })
    const email = newEmail('example.org')
    await forgetRequests(app)
    await askToBeLetIn(app, email)
    await approve(app, email)
    await forgetSends(app, email)
    const { access_token, user } = await signIn(app, undefined, email)
    expect((await rowsNaming(app, TOKENS_TABLE, email)).map((row) => row['tokenType'])).toContain(
      'access_request',
    )
    const from = (await app.calls()).length
    expect((await erase(app, access_token)).status).toBe(204)
    expect(await rowsNaming(app, TOKENS_TABLE, email, user.id)).toEqual([])
    const [first] = (await app.calls()).slice(from)
    const parts = (first!.body as { TransactItems: { Put?: { Item: object } }[] }).TransactItems
    const audit = parts.find(({ Put }) => Put)!.Put!.Item
    expect(audit).toMatchObject({ action: { S: 'person_erased' }, by: { S: 'self' } })
    expect(Object.keys(audit).toSorted()).toEqual(
      'action by changedAtMs createdAt expiresAt tokenId tokenType'.split(' '),
    )
  })

  it('lets the person come back as somebody new, with a budget that is not new', async () => {
    const app = startLatchkey()
    const { access_token, user } = await signIn(app)
    expect((await erase(app, access_token)).status).toBe(204)
    expect((await ask(app, user.email, await newDevice())).status).toBe(429)
    await forgetSends(app, user.email)
    expect((await signIn(app, undefined, user.email)).user.id).not.toBe(user.id)
  })

  it('T92: a repeat with the same access token gets 204 again, also when the sign-in is too old by then', async () => {
    const app = startLatchkey()
    const { access_token, user } = await signIn(app)
    expect((await erase(app, access_token)).status).toBe(204)
    expect((await erase(app, access_token)).status).toBe(204)
    app.clock.offsetMs += FIVE_MINUTES_MS + 1000
    expect((await erase(app, access_token)).status).toBe(204)
    expect(lastLine(app, PATH)).toMatchObject({ outcome: 'again', userId: user.id })
    app.clock.offsetMs += FIVE_MINUTES_MS
    const expired = await erase(app, access_token)
    expect([expired.status, await problemOf(expired)]).toEqual([401, 'unauthorized'])
  })

  it('leaves the person alone who has the address since then, when the old token is used again', async () => {
    const app = startLatchkey()
    const { access_token, user } = await signIn(app)
    expect((await erase(app, access_token)).status).toBe(204)
    await forgetSends(app, user.email)
    const back = await signIn(app, undefined, user.email)
    const audit = { tokenId: `aud_${crypto.randomUUID()}`, tokenType: 'audit', email: user.email }
    await putRow(app, { ...audit, createdAt: 1, changedAtMs: 1, action: 'person_session_ended' })
    const before = await rowsNaming(app, TOKENS_TABLE, user.email)
    expect((await erase(app, access_token)).status).toBe(204)
    await app.settle()
    expect(await rowsNaming(app, TOKENS_TABLE, user.email)).toEqual(before)
    expect(await signsOfLife(app, back)).toEqual(ALIVE)
  })

  it('accepts a session that is bound to a key with its proof', async () => {
    const app = startLatchkey({ env: { DPOP: 'required' } })
    const key = await newProofKey()
    const { access_token, user } = await signInBound(app, key)
    expect((await withProof(app, key, access_token, PATH, { method: 'DELETE' })).status).toBe(204)
    expect(await rowsNaming(app, TOKENS_TABLE, user.email)).toEqual([])
  })
})

describe('refuses', () => {
  it('T27: a sign-in of more than five minutes ago, to the millisecond, with the challenge of RFC 9470', async () => {
    const { app, clock } = startFrozen()
    const { access_token, user } = await signIn(app)
    const before = await rowsNaming(app, TOKENS_TABLE, user.email)
    clock.nowMs += FIVE_MINUTES_MS + 1
    const answer = await erase(app, access_token)
    expect(answer.status).toBe(401)
    expect(answer.headers.get('WWW-Authenticate')).toBe(
      'Bearer error="insufficient_user_authentication", max_age="300", ' +
        'DPoP error="insufficient_user_authentication", max_age="300", algs="ES256 Ed25519 EdDSA"',
    )
    expect(await problemOf(answer)).toBe('stale_session')
    expect(lastLine(app, PATH)).toMatchObject({ outcome: 'refused', reason: 'stale' })
    expect(await rowsNaming(app, TOKENS_TABLE, user.email)).toEqual(before)
    clock.nowMs -= 1
    expect((await erase(app, access_token)).status).toBe(204)
  })

  it('T27: a refresh does not make a sign-in recent', async () => {
    const app = startLatchkey()
    const tokens = await signIn(app)
    app.clock.offsetMs += FIVE_MINUTES_MS + 1000
    const form = new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: tokens.refresh_token,
    })
    const answer = await app.fetch('/v1/token', {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: form.toString(),
    })
    const { access_token } = await answer.json<{ access_token: string }>()
    expect(await problemOf(await erase(app, access_token))).toBe('stale_session')
  })

  it('a session that has ended, an approval that is withdrawn, and parameters', async () => {
    const app = startLatchkey()
    const { access_token, session_id, user } = await signIn(app)
    const other = await signInAgain(app, user)
    expect(
      (await withToken(app, access_token, `${PATH}?force=1`, { method: 'DELETE' })).status,
    ).toBe(400)
    await withToken(app, other.access_token, `/v1/sessions/${session_id}`, { method: 'DELETE' })
    const ended = await erase(app, access_token)
    expect([ended.status, await problemOf(ended)]).toEqual([401, 'unauthorized'])
    await withdraw(app, user.email)
    expect((await erase(app, other.access_token)).status).toBe(401)
    expect(lastLine(app, PATH)).toMatchObject({ reason: 'not_approved' })
    expect((await addressOf(app, user.email))?.userId).toBe(user.id)
  })

  it('T40: a bound token without a proof, with another key’s, or with the proof of another request', async () => {
    const app = startLatchkey()
    const [key, other] = [await newProofKey(), await newProofKey()] as [ProofKey, ProofKey]
    const { access_token: accessToken, user } = await signInBound(app, key)
    const by = (who: ProofKey, method = 'DELETE', path = PATH) =>
      prove(app, who, { method, path, accessToken })
    for (const headers of [
      { Authorization: `Bearer ${accessToken}` },
      { Authorization: `DPoP ${accessToken}` },
      { Authorization: `DPoP ${accessToken}`, DPoP: await by(other) },
      { Authorization: `DPoP ${accessToken}`, DPoP: await by(key, 'GET') },
      { Authorization: `DPoP ${accessToken}`, DPoP: await by(key, 'DELETE', '/v1/sessions') },
    ]) {
      expect((await app.fetch(PATH, { method: 'DELETE', headers })).status).toBe(401)
    }
    expect((await addressOf(app, user.email))?.userId).toBe(user.id)
  })

  it('a flood from one network, before it reads or writes a row', async () => {
    const limit = { limit: () => Promise.resolve({ success: false }) }
    const app = startLatchkey()
    const { access_token, user } = await signIn(app)
    const busy = startLatchkey({ env: { LIMIT_BY_IP: limit } })
    const answer = await erase(busy, access_token)
    expect([answer.status, answer.headers.get('Retry-After')]).toEqual([429, '60'])
    expect(lastLine(busy, PATH)).toMatchObject({ dynamoCalls: 0 })
    expect((await withToken(busy, access_token, '/v1/account/export')).status).toBe(429)
    expect((await addressOf(app, user.email))?.userId).toBe(user.id)
  })
})

describe('withstands', () => {
  it('T92: two at once, and two phones at once: each gets 204', async () => {
    const app = startLatchkey()
    const { email, one, two } = await somebody(app)
    const answers = await Promise.all([
      erase(app, one.access_token),
      erase(app, one.access_token),
      erase(app, two.access_token),
    ])
    expect(answers.map(({ status }) => status)).toEqual([204, 204, 204])
    await app.settle()
    expect(await rowsNaming(app, TOKENS_TABLE, email, one.user.id)).toHaveLength(1)
    const outcomes = app.lines.filter((line) => line['event'] === 'account_deleted')
    expect(outcomes.filter(({ outcome }) => outcome === 'ok')).toHaveLength(1)
    expect(outcomes.filter(({ outcome }) => outcome === 'again')).toHaveLength(2)
  })

  it('T92: a sign-in at the same moment is either erased with the person, or refused', async () => {
    const app = startLatchkey()
    const { access_token, user } = await signIn(app)
    const device = await newDevice()
    const { linkToken } = await askAgain(app, device, user.email)
    const [redeemed, erased] = await Promise.all([
      redeem(app, linkToken, device),
      erase(app, access_token),
    ])
    expect(erased.status).toBe(204)
    await app.settle()
    if (redeemed.status === 200) expect(await signsOfLife(app, await redeemed.json())).toEqual(DEAD)
    expect((await addressOf(app, user.email))?.userId).toBeUndefined()
    expect(await rowsNaming(app, TOKENS_TABLE, user.email)).toEqual([])
  })

  it('keeps the link of a person who asks with the address while the rows are deleted', async () => {
    let armed = false
    let asked: Promise<unknown> | undefined
    const device = await newDevice()
    const world: Partial<World> = {
      fetch: async (url, init) => {
        const target = new Headers(init.headers).get('X-Amz-Target')
        if (armed && target?.endsWith('.Query')) {
          armed = false
          asked = forgetSends(other, user.email).then(() => askForLink(other, device, user.email))
          await asked
        }
        return fetch(url, init)
      },
    }
    const app = startLatchkey({ world })
    const other = startLatchkey()
    const { access_token, user } = await signIn(app)
    armed = true
    expect((await erase(app, access_token)).status).toBe(204)
    await asked
    await app.settle()
    expect(await linksOf(app, user.email)).toHaveLength(1)
  })

  it('T48: an index that does not list the rows yet: the pass after the response deletes them', async () => {
    const app = startLatchkey()
    const { access_token, user } = await signIn(app)
    await app.settle()
    await app.setFaults([{ fault: 'hideindex', times: 1 }])
    expect((await erase(app, access_token)).status).toBe(204)
    expect((await rowsNaming(app, TOKENS_TABLE, user.email)).length).toBeGreaterThan(0)
    await app.settle()
    expect(await rowsNaming(app, TOKENS_TABLE, user.email)).toEqual([])
  })
})
