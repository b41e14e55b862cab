import { describe, expect, it } from 'vitest'
import { approve } from '../support/workers/approvals.ts'
import { askToBeLetIn, forgetRequests } from '../support/workers/console-requests.ts'
import { newEmail, startLatchkey, type Latchkey } from '../support/workers/latchkey.ts'
import { addressOf, linksOf, putRow, sessionsOf } from '../support/workers/rows.ts'
import { newDevice, signIn, withToken } from '../support/workers/sign-in.ts'
import {
  askAgain,
  forgetSends,
  lastLine,
  newProofKey,
  revoke,
  signInAgain,
  signInBound,
  withProof,
} from '../support/workers/tokens.ts'

const PATH = '/v1/account/export'

type Rows = Record<string, unknown>[]
type Export = {
  now: number
  user: { id: string; email: string }
  approval: Record<string, unknown> | null
  address: Record<string, unknown>
  sessions: Rows
  links: Rows
  requests: Rows
  changes: Rows
  nextCursor?: string
}

async function exported(app: Latchkey, token: string, query = ''): Promise<Export> {
  const answer = await withToken(app, token, PATH + query)
  expect(answer.status).toBe(200)
  return answer.json()
}

describe('works', () => {
  it('gives everything that is stored about the person, in one round trip', async () => {
    const app = startLatchkey({ env: { ACCESS_REQUESTS: 'on' } })
    const email = newEmail('example.org')
    await forgetRequests(app)
    await askToBeLetIn(app, email, { deviceName: 'Ada’s phone' })
    await approve(app, email, { phoneNumber: '+14155551234' })
    await forgetSends(app, email)
    const one = await signIn(app, undefined, email)
    const two = await signInAgain(app, one.user)
    await revoke(app, one.refresh_token)
    await askAgain(app, await newDevice(), email)
    await putRow(app, {
      tokenId: `aud_${crypto.randomUUID()}`,
      tokenType: 'audit',
      email,
      createdAt: 1,
      changedAtMs: 1000,
      expiresAt: 4_000_000_000,
      action: 'approval_changed',
      by: 'boss@example.org',
      reason: 'a longer project',
      before: null,
      // As the console writes it.
      after: {
        company: 'Acme',
        reason: 'a longer project',
        notes: 'Met in Berlin',
        expiresAt: 5,
        phoneNumber: '+14155551234',
        withdrawn: false,
      },
    })

    const page = await exported(app, two.access_token)
    expect(page.user).toEqual(two.user)
    expect(page.approval).toMatchObject({ phoneNumber: '+14155551234', expiresAt: null })
    const address = await addressOf(app, email)
    expect(page.address).toMatchObject({
      createdAt: address!.createdAt,
      linksNotBefore: address!.linksNotBefore,
      devices: address!.devices,
      sentAt1: address!['sentAt1'],
    })
    expect(page.sessions).toHaveLength(2)
    expect(new Set(page.sessions.map(({ deviceId }) => deviceId))).toEqual(
      new Set([one.device.deviceId, two.device.deviceId]),
    )
    expect(page.sessions).toContainEqual(
      expect.objectContaining({ revokedReason: 'signed_out', revokedAt: expect.any(Number) }),
    )
    expect(page.links.filter(({ used }) => used)).toHaveLength(2)
    expect(page.links).toHaveLength(4)
    expect(page.requests).toMatchObject([{ asks: 1, deviceName: 'Ada’s phone' }])
    expect(page.changes).toEqual([
      {
        createdAt: 1,
        action: 'approval_changed',
        reason: 'a longer project',
        before: null,
        after: {
          company: 'Acme',
          reason: 'a longer project',
          notes: 'Met in Berlin',
          expiresAt: 5,
          phoneNumber: '+14155551234',
          withdrawn: false,
        },
      },
    ])
    expect(page.nextCursor).toBeUndefined()
    expect(lastLine(app, PATH)).toMatchObject({
      event: 'account_exported',
      outcome: 'ok',
      dynamoRoundTrips: 1,
      dynamoCalls: 2,
    })
  })

  it('needs no recent sign-in', async () => {
    const app = startLatchkey()
    const { access_token, user } = await signIn(app)
    app.clock.offsetMs += 9 * 60_000
    expect((await exported(app, access_token)).user).toEqual(user)
  })

  it('gives 200 rows at a time, and all of them page by page', async () => {
    const app = startLatchkey()
    const { access_token, user } = await signIn(app)
    const [row] = await linksOf(app, user.email)
    const ids = Array.from({ length: 230 }, () => `tok_ml_${crypto.randomUUID()}`)
    for (let from = 0; from < ids.length; from += 50) {
      const batch = ids.slice(from, from + 50)
      await Promise.all(batch.map((tokenId) => putRow(app, { ...row!, tokenId })))
    }
    const first = await exported(app, access_token)
    expect(first.links.length + first.sessions.length).toBe(200)
    const second = await exported(app, access_token, `?cursor=${first.nextCursor}`)
    expect(second.nextCursor).toBeUndefined()
    const links = [...first.links, ...second.links]
    expect([links.length, first.sessions.length + second.sessions.length]).toEqual([231, 1])
    // A cursor of another list, or of another person, is refused.
    const other = await signIn(app)
    for (const [token, path] of [
      [other.access_token, PATH],
      [access_token, '/v1/activity'],
    ] as const) {
      const answer = await withToken(app, token, `${path}?cursor=${first.nextCursor}`)
      expect(answer.status).toBe(400)
    }
  })
})

describe('refuses', () => {
  it('T93: to give a secret, an id that Latchkey derived, another person’s address, or a previous owner’s rows', async () => {
    const app = startLatchkey({ env: { ACCESS_REQUESTS: 'on' } })
    const email = newEmail('example.org')
    await forgetRequests(app)
    await askToBeLetIn(app, email)
    await approve(app, email, { approvedBy: 'boss@example.org' })
    await forgetSends(app, email)
    const { access_token } = await signIn(app, undefined, email)
    const [session] = await sessionsOf(app, email)
    const previous = { ...session!, tokenId: `ses_${crypto.randomUUID()}`, userId: 'usr_previous' }
    await putRow(app, { ...previous, deviceName: 'of the previous owner' })
    const page = await exported(app, access_token)
    expect(page.sessions).toHaveLength(1)
    const text = JSON.stringify(page)
    const [link] = await linksOf(app, email)
    for (const secret of [session!.sessionJWT, session!.tokenId, link!.tokenId, 'boss@']) {
      expect(text).not.toContain(secret)
    }
    expect(text).not.toMatch(/"(?:ses|tok_ml|adr|req|aud)_|sealedLink|sessionJWT|AtId|AttemptId/)
  })

  it('a session that has ended, a bound token without a proof, and unknown parameters', async () => {
    const app = startLatchkey()
    const { access_token, refresh_token } = await signIn(app)
    expect((await withToken(app, access_token, `${PATH}?all=1`)).status).toBe(400)
    await revoke(app, refresh_token)
    expect((await withToken(app, access_token, PATH)).status).toBe(401)
    const key = await newProofKey()
    const bound = await signInBound(app, key)
    expect((await withToken(app, bound.access_token, PATH)).status).toBe(401)
    expect((await withProof(app, key, bound.access_token, PATH)).status).toBe(200)
  })
})

describe('withstands', () => {
  it.each(['BatchGetItem', 'Query'])(
    'T49: a failing %s: 503, and nothing of the rows',
    async (operation) => {
      const app = startLatchkey()
      const { access_token, user } = await signIn(app)
      await app.setFaults([{ operation, fault: 'error500' }])
      const answer = await withToken(app, access_token, PATH)
      expect(answer.status).toBe(503)
      expect(await answer.text()).not.toContain(user.email)
    },
  )
})
