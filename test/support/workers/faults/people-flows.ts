import { expect } from 'vitest'
import { parseConfig } from '../../../../src/base/config.ts'
import { addressIdOf } from '../../../../src/model/address.ts'
import { markMailRefused } from '../../../../src/model/mail-refusal.ts'
import { approvalRow, approved, auditRows } from '../console-approvals.ts'
import { allowMails, endEvery, endOne, erase } from '../console-people.ts'
import { addressOf, linksOf, sessionsOf } from '../rows.ts'
import { newDevice, signIn, type Device, type Tokens } from '../sign-in.ts'
import { askAgain, rowOf, signInAgain } from '../tokens.ts'
import { redeem } from '../sign-in.ts'
import type { End, Flow } from './flow.ts'
import { expectAlive, expectEnded } from './invariants.ts'
import type { Stage } from './stage.ts'

export type Two = {
  one: Tokens & { device: Device; linkToken: string }
  other: Tokens
  email: string
}

async function twoPhones({ auth }: Stage, email?: string): Promise<Two> {
  const one = await signIn(auth, undefined, email)
  const other = await signInAgain(auth, one.user)
  return { one, other, email: one.user.email }
}

export const about = (
  name: string,
  sendIt: (stage: Stage, two: Two) => Promise<Response>,
  done: number,
  holds: (stage: Stage, two: Two, end: End) => Promise<void>,
): Flow => ({
  name: `console: ${name}`,
  worker: 'console',
  async prepare(stage) {
    const two = await twoPhones(stage)
    return {
      send: () => sendIt(stage, two),
      done: [done],
      holds: (end) => holds(stage, two, end),
    }
  },
})

/** The mailbox of somebody who signed in refuses emails, until `sendIt` allows them again. */
export const allowing = (
  name: string,
  sendIt: (stage: Stage, email: string) => Promise<Response>,
  done: number,
): Flow => ({
  name: `console: ${name}`,
  worker: 'console',
  async prepare(stage) {
    const { auth } = stage
    const { user } = await signIn(auth)
    await refuseMails(stage, user.email)
    return {
      send: () => sendIt(stage, user.email),
      done: [done],
      async holds() {
        expect(await addressOf(auth, user.email)).not.toHaveProperty('mailRefusedAt')
        const rows = await auditRows(stage.console, user.email)
        expect(rows.map(({ action }) => action)).toEqual(['mail_allowed'])
      },
    }
  },
})

export async function refuseMails({ auth, world }: Stage, email: string): Promise<void> {
  const now = world.now()
  const addressId = await addressIdOf(email)
  const { ok } = await auth.db.update(
    markMailRefused(parseConfig(auth.env), addressId, 'bounce', now, now),
  )
  expect(ok).toBe(true)
}

/** Nothing of the person works, and no row of theirs is left. If the deletion was cut short, a repeat goes on with it. */
export async function expectErased(
  stage: Stage,
  { one, other, email }: Two,
  rows: string[],
  again: { send: () => Promise<Response>; done: number },
): Promise<void> {
  const { auth } = stage
  await expectEnded(auth, one, one)
  await expectEnded(auth, other)
  expect((await addressOf(auth, email))?.userId).toBeUndefined()
  const left = async () => (await Promise.all(rows.map((id) => rowOf(auth, id)))).filter(Boolean)
  if ((await left()).length > 0) {
    expect((await again.send()).status).toBe(again.done)
    await stage.settle()
  }
  expect(await left()).toEqual([])
}

export const PEOPLE_FLOWS: Flow[] = [
  allowing(
    'allow emails again',
    ({ console: app, admin }, email) => allowMails(app, admin.headers, email),
    204,
  ),
  about(
    'end one session',
    ({ console: app, admin }, { one, email }) => endOne(app, admin.headers, email, one.session_id),
    204,
    async ({ console: app, auth }, { one, other, email }) => {
      const rows = await auditRows(app, email)
      expect(rows.map(({ action }) => action)).toEqual(['person_session_ended'])
      await expectEnded(auth, one, one)
      await expectAlive(auth, other)
    },
  ),
  about(
    'end all sessions',
    ({ console: app, admin }, { email }) => endEvery(app, admin.headers, email),
    204,
    async ({ console: app, auth }, { one, other, email }, { unanswered }) => {
      // Each request that ends them again is a change of its own.
      const rows = await auditRows(app, email)
      expect(rows.length).toBeGreaterThan(0)
      expect(rows.length).toBeLessThanOrEqual(1 + unanswered)
      await expectEnded(auth, one, one)
      await expectEnded(auth, other)
      const device = await newDevice()
      const { linkToken } = await askAgain(auth, device, email)
      expect((await redeem(auth, linkToken, device)).status).toBe(200)
      await expectEnded(auth, one, one)
    },
  ),
  ...[false, true].map((approval): Flow => ({
    name: `console: erase a person${approval ? ' with the approval' : ''}`,
    worker: 'console',
    async prepare(stage) {
      const { console: app, admin, auth } = stage
      const { email } = await approved(app, admin.headers, stage.newGuest())
      const two = await twoPhones(stage, email)
      const [links, sessions] = [await linksOf(auth, email), await sessionsOf(auth, email)]
      const ids = [...links, ...sessions].map(({ tokenId }) => tokenId)
      const sendIt = () => erase(app, admin.headers, email, { approval })
      return {
        send: sendIt,
        done: [202],
        async holds() {
          await expectErased(stage, two, ids, { send: sendIt, done: 202 })
          expect((await approvalRow(app, email)) === undefined).toBe(approval)
          // The history of an approval stays with it.
          expect(await auditRows(app, email)).toHaveLength(approval ? 0 : 1)
        },
      }
    },
  })),
]
