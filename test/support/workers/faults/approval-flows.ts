import { expect } from 'vitest'
import type { Item } from '../../../../src/dynamo/items.ts'
import { newBrowser } from '../browser.ts'
import { act, approvalRow, approveBy, approved, auditRows, change } from '../console-approvals.ts'
import { askToBeLetIn, forgetRequests, letIn, requestRow, turnAway } from '../console-requests.ts'
import { messagesTo } from '../latchkey.ts'
import { askForLink, expectTokens, redeemCode, signIn, tokenOf, redeem } from '../sign-in.ts'
import { asResponse } from './console-flows.ts'
import type { Flow } from './flow.ts'
import { expectAlive, expectEnded, expectOneSessionPerUsedLink } from './invariants.ts'
import type { Stage } from './stage.ts'

export type Subject = { email: string; etag: string }

export const given = (stage: Stage): Promise<Subject> =>
  approved(stage.console, stage.admin.headers, stage.newGuest())

export async function withdrawn(stage: Stage): Promise<Subject> {
  const { email, etag } = await given(stage)
  const answer = await act(stage.console, stage.admin.headers, 'withdraw', email, etag)
  return { email, etag: answer.headers.get('ETag')! }
}

const nobody = async (stage: Stage): Promise<Subject> => ({ email: stage.newGuest(), etag: '' })

/** The change is made once, together with its audit row. */
export const changing = (
  name: string,
  who: (stage: Stage) => Promise<Subject>,
  sendIt: (stage: Stage, one: Subject) => Promise<Response>,
  after: { action: string; row: Item },
  statuses: { done: readonly number[]; doneBefore?: readonly number[] },
): Flow => ({
  name: `console: ${name}`,
  worker: 'console',
  async prepare(stage) {
    const { console: app } = stage
    const one = await who(stage)
    const before = await auditRows(app, one.email)
    const version = Number((await approvalRow(app, one.email))?.['version'] ?? 0)
    return {
      send: () => sendIt(stage, one),
      ...statuses,
      async holds() {
        expect(await approvalRow(app, one.email)).toMatchObject({
          ...after.row,
          version: version + 1,
        })
        const rows = (await auditRows(app, one.email)).filter(
          ({ tokenId }) => !before.some((row) => row.tokenId === tokenId),
        )
        expect(rows.map(({ action }) => action)).toEqual([after.action])
      },
    }
  },
})

const CSV = (email: string, old: string) =>
  ['email,company,reason', `${email},New Corp,Trial`, `${old},Changed Corp,Trial`].join('\r\n')

/** A person with a session, whose approval is withdrawn. */
const withdrawal: Flow = {
  name: 'console: withdraw an approval with a session',
  worker: 'console',
  async prepare(stage) {
    const { console: app, auth, admin } = stage
    const { email, etag } = await given(stage)
    const theirs = await signIn(auth, undefined, email)
    return {
      send: () => act(app, admin.headers, 'withdraw', email, etag),
      done: [200],
      async holds() {
        const row = await approvalRow(app, email)
        expect(row).toMatchObject({ revokedBy: admin.email })
        const actions = (await auditRows(app, email)).map(({ action }) => action)
        expect(actions.toSorted()).toEqual(['approval_created', 'approval_withdrawn'])
        await expectEnded(auth, theirs, theirs)
        // Restoring the approval does not revive the session.
        const again = await act(app, admin.headers, 'restore', email, '*')
        expect(again.status).toBe(200)
        await expectEnded(auth, theirs, theirs)
      },
    }
  },
}

/** An address that waits to be let in, on its device. */
export async function waiting(stage: Stage) {
  const email = stage.newGuest()
  for (let tries = 0; tries < 3; tries++) {
    await forgetRequests(stage.auth)
    const asked = await askToBeLetIn(stage.auth, email)
    if ((await requestRow(stage.auth, email)) !== undefined) return { email, ...asked }
    stage.clock.offsetMs += 61_000
  }
  throw new Error('other tests use up the budget of requests')
}

/** The person is approved once, gets the link, and signs in on the device that waits. */
const letting = (
  name: string,
  ageMs: number,
  sendIt: (stage: Stage, email: string) => Promise<Response>,
  done: number,
): Flow => ({
  name: `console: ${name}`,
  worker: 'console',
  env: { ACCESS_REQUESTS: 'on' },
  async prepare(stage) {
    const { console: app, auth } = stage
    const { email, device, handle } = await waiting(stage)
    stage.clock.offsetMs += ageMs
    return {
      send: () => sendIt(stage, email),
      done: [done],
      async holds({ overcome, faults }) {
        expect(await requestRow(app, email)).toMatchObject({ decided: 'approved' })
        expect(await approvalRow(app, email)).toMatchObject({ version: 1 })
        const rows = await auditRows(app, email)
        expect(rows.map(({ action }) => action)).toEqual(['request_approved'])
        let sent = await messagesTo(email)
        expect(sent.length).toBeLessThanOrEqual(1 + stage.unheardMessages())
        if (overcome) expect(sent.length).toBeGreaterThan(0)
        if (sent.length === 0) {
          // The message was lost after the decision. The administrator sends the decision again.
          expect((await sendIt(stage, email)).status).toBe(done)
          await stage.settle()
          sent = await messagesTo(email)
        }
        expect(await auditRows(app, email)).toHaveLength(1)
        let asked = handle
        if (sent.length === 0 && faults > 1) {
          // Neither the message was accepted nor the note that it was not. The person may sign in now, and asks again.
          stage.clock.offsetMs += 61_000
          asked = (await askForLink(auth, device, email)).handle
          sent = await messagesTo(email)
        }
        const { code, link } = sent[0]!
        const tokens = await expectTokens(await redeemCode(auth, { handle: asked }, code, device))
        const again = await expectTokens(await redeem(auth, tokenOf(link), device))
        expect(again.session_id).toBe(tokens.session_id)
        await expectOneSessionPerUsedLink(auth, email)
        await expectAlive(auth, tokens)
      },
    }
  },
})

const pathOf = (email: string) => `/requests/${encodeURIComponent(email)}`

export const APPROVAL_FLOWS: Flow[] = [
  changing(
    'approve',
    nobody,
    ({ console: app, admin }, { email }) =>
      approveBy(app, admin.headers, email, { expiresAt: null }),
    { action: 'approval_created', row: { expiresAt: null } },
    { done: [201], doneBefore: [200] },
  ),
  changing(
    'approve on the page',
    nobody,
    async ({ console: app, admin }, { email }) => {
      const browser = newBrowser(app)
      const form = { email, company: 'Acme', reason: 'Trial', end: '30' }
      return asResponse(await browser.post('/approvals', form, admin.headers))
    },
    // The page counts the days from the time of each try.
    { action: 'approval_created', row: {} },
    { done: [303], doneBefore: [409] },
  ),
  changing(
    'change an approval',
    given,
    ({ console: app, admin }, { email, etag }) =>
      change(app, admin.headers, email, etag, { company: 'Other Corp' }),
    {
      action: 'approval_changed',
      row: { metadata: { company: 'Other Corp', reason: 'Enterprise trial' } },
    },
    { done: [200] },
  ),
  changing(
    'extend an approval',
    given,
    ({ console: app, admin }, { email, etag }) =>
      change(app, admin.headers, email, etag, { expiresAt: null }),
    { action: 'approval_extended', row: { expiresAt: null } },
    { done: [200] },
  ),
  changing(
    'withdraw an approval',
    given,
    ({ console: app, admin }, { email, etag }) => act(app, admin.headers, 'withdraw', email, etag),
    { action: 'approval_withdrawn', row: {} },
    { done: [200] },
  ),
  changing(
    'restore an approval',
    withdrawn,
    ({ console: app, admin }, { email, etag }) => act(app, admin.headers, 'restore', email, etag),
    { action: 'approval_restored', row: {} },
    { done: [200] },
  ),
  withdrawal,
  {
    name: 'console: import approvals',
    worker: 'console',
    async prepare(stage) {
      const { console: app, admin } = stage
      const [fresh, old] = [stage.newGuest(), (await given(stage)).email]
      const headers = { ...admin.headers, 'Content-Type': 'text/csv' }
      const body = CSV(fresh, old)
      return {
        send: () => app.fetch('/v1/approvals/import', { method: 'POST', headers, body }),
        done: [200],
        async holds() {
          const dryRun = '/v1/approvals/import?dryRun=true'
          const again = await app.fetch(dryRun, { method: 'POST', headers, body })
          expect(await again.json()).toMatchObject({ counts: { unchanged: 2 } })
          const actions = async (email: string) =>
            (await auditRows(app, email)).map(({ action }) => action).toSorted()
          expect(await actions(fresh)).toEqual(['approval_created'])
          expect(await actions(old)).toEqual(['approval_changed', 'approval_created'])
        },
      }
    },
  },
  letting(
    'let somebody in',
    0,
    ({ console: app, admin }, email) => letIn(app, admin.headers, email),
    200,
  ),
  letting(
    'let somebody in whose link is old',
    11 * 60_000,
    ({ console: app, admin }, email) => letIn(app, admin.headers, email),
    200,
  ),
  letting(
    'let somebody in on the page',
    0,
    async ({ console: app, admin }, email) => {
      const form = { end: '30', reason: 'Enterprise trial' }
      return asResponse(await newBrowser(app).post(`${pathOf(email)}/approve`, form, admin.headers))
    },
    303,
  ),
  {
    name: 'console: decline a request',
    worker: 'console',
    env: { ACCESS_REQUESTS: 'on' },
    async prepare(stage) {
      const { console: app, admin } = stage
      const { email } = await waiting(stage)
      return {
        send: () => turnAway(app, admin.headers, email),
        done: [200],
        async holds() {
          expect(await requestRow(app, email)).toMatchObject({ decided: 'declined' })
          const rows = await auditRows(app, email)
          expect(rows.map(({ action }) => action)).toEqual(['request_declined'])
          expect(await approvalRow(app, email)).toBeUndefined()
          expect(await messagesTo(email)).toEqual([])
        },
      }
    },
  },
]
