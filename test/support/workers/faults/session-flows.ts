import { expect } from 'vitest'
import { TOKENS_TABLE, EMAIL_INDEX } from '../../../../src/base/tables.ts'
import { toAttributes } from '../../../../src/dynamo/items.ts'
import type { Latchkey } from '../latchkey.ts'
import { addressOf, callDynamo, linksOf, sessionsOf } from '../rows.ts'
import { signIn, withToken, type Device, type Tokens } from '../sign-in.ts'
import {
  generationOf,
  introspect,
  jsonOf,
  linesOf,
  newProofKey,
  proveToken,
  refresh,
  refreshed,
  revoke,
  rowOf,
  signInAgain,
  signInBound,
  check,
} from '../tokens.ts'
import type { Flow } from './flow.ts'
import { expectAlive, expectBoundAlive, expectEnded } from './invariants.ts'
import type { Stage } from './stage.ts'

type OnPhone = Tokens & { device: Device; linkToken: string }

/** A request that changes nothing, by somebody who has signed in. */
const reading = (
  name: string,
  send: (app: Latchkey, tokens: OnPhone) => Promise<Response>,
  said: (body: Record<string, unknown>, tokens: OnPhone) => void,
): Flow => ({
  name,
  worker: 'public',
  async prepare({ auth }) {
    const tokens = await signIn(auth)
    return {
      send: () => send(auth, tokens),
      done: [200],
      async holds({ answer }) {
        said(await jsonOf(answer), tokens)
        await expectAlive(auth, tokens)
      },
    }
  },
})

/** Two phones of one person: one ends something. */
const ending = (
  name: string,
  send: (app: Latchkey, mine: OnPhone, other: Tokens) => Promise<Response>,
  ends: { mine: boolean; other: boolean },
  statuses: { done: readonly number[]; doneBefore?: readonly number[] },
): Flow => ({
  name,
  worker: 'public',
  async prepare(stage) {
    const { auth } = stage
    const mine = await signIn(auth)
    const other = await signInAgain(auth, mine.user)
    return {
      send: () => send(auth, mine, other),
      ...statuses,
      async holds() {
        if (ends.mine) await expectEnded(auth, mine, mine)
        else await expectAlive(auth, mine)
        if (ends.other) await expectEnded(auth, other)
        else await expectAlive(auth, other)
      },
    }
  },
})

const remove = (app: Latchkey, { access_token }: Tokens, path: string) =>
  withToken(app, access_token, path, { method: 'DELETE' })

/** Every row that `email-index` has of an address. */
async function indexedRows({ auth }: Stage, email: string): Promise<unknown[]> {
  const { Items } = await callDynamo<{ Items: unknown[] }>(auth.env, 'Query', {
    TableName: TOKENS_TABLE,
    IndexName: EMAIL_INDEX,
    KeyConditionExpression: 'email = :email',
    ExpressionAttributeValues: toAttributes({ ':email': email }),
  })
  return Items
}

export const SESSION_FLOWS: Flow[] = [
  {
    name: 'refresh',
    worker: 'public',
    async prepare({ auth }) {
      const tokens = await signIn(auth)
      return {
        send: () => refresh(auth, tokens.refresh_token),
        done: [200],
        async holds({ answer }) {
          const next = await jsonOf<Tokens>(answer)
          expect(next.session_id).toBe(tokens.session_id)
          expect(await generationOf(auth, tokens.session_id)).toBe(1)
          expect(linesOf(auth, 'session_reuse_detected')).toEqual([])
          // The phone that did not hear of it sends the same again.
          const again = await refreshed(auth, tokens.refresh_token)
          expect(again.refresh_token).toBe(next.refresh_token)
          await expectAlive(auth, next)
        },
      }
    },
  },
  {
    name: 'refresh with a key',
    worker: 'public',
    async prepare({ auth }) {
      const key = await newProofKey()
      const tokens = await signInBound(auth, key)
      const proof = () => proveToken(auth, key)
      return {
        send: async () => refresh(auth, tokens.refresh_token, { DPoP: await proof() }),
        done: [200],
        async holds({ answer }) {
          const next = await jsonOf<Tokens>(answer)
          expect(await generationOf(auth, tokens.session_id)).toBe(1)
          await expectBoundAlive(auth, next, proof)
          await expectBoundAlive(auth, tokens, proof)
        },
      }
    },
  },
  {
    name: 'refresh after a lost response',
    worker: 'public',
    async prepare({ auth }) {
      const tokens = await signIn(auth)
      const lost = await refreshed(auth, tokens.refresh_token)
      return {
        send: () => refresh(auth, tokens.refresh_token),
        done: [200],
        async holds({ answer }) {
          const next = await jsonOf<Tokens>(answer)
          expect(next.refresh_token).toBe(lost.refresh_token)
          expect(await generationOf(auth, tokens.session_id)).toBe(1)
          await expectAlive(auth, next)
        },
      }
    },
  },
  {
    name: 'refresh by a copied JWT',
    worker: 'public',
    async prepare({ auth }) {
      const stolen = await signIn(auth)
      let tokens: Tokens = stolen
      for (let i = 0; i < 2; i++) tokens = await refreshed(auth, tokens.refresh_token)
      return {
        send: () => refresh(auth, stolen.refresh_token),
        done: [400],
        async holds() {
          expect(await rowOf(auth, stolen.session_id)).toMatchObject({ revokedReason: 'reuse' })
          await expectEnded(auth, tokens, stolen)
        },
      }
    },
  },
  reading(
    'check a session',
    (app, { access_token }) => check(app, access_token),
    (body, { user }) => expect(body['user']).toEqual(user),
  ),
  reading(
    'introspect an access token',
    (app, { access_token }) => introspect(app, access_token),
    (body) => expect(body['active']).toBe(true),
  ),
  reading(
    'introspect a session JWT',
    (app, { refresh_token }) => introspect(app, refresh_token),
    (body) => expect(body['active']).toBe(true),
  ),
  {
    name: 'introspect an ended session',
    worker: 'public',
    async prepare({ auth }) {
      const tokens = await signIn(auth)
      await revoke(auth, tokens.refresh_token)
      return {
        send: () => introspect(auth, tokens.access_token),
        done: [200],
        holds: async ({ answer }) => expect(await jsonOf(answer)).toEqual({ active: false }),
      }
    },
  },
  reading(
    'list sessions',
    (app, { access_token }) => withToken(app, access_token, '/v1/sessions'),
    (body, { session_id: id }) =>
      expect(body['sessions']).toEqual([expect.objectContaining({ id, current: true })]),
  ),
  reading(
    'list recent activity',
    (app, { access_token }) => withToken(app, access_token, '/v1/activity'),
    (body) => expect(body['activity']).toHaveLength(2),
  ),
  reading(
    'export an account',
    (app, { access_token }) => withToken(app, access_token, '/v1/account/export'),
    (body, { user }) => expect(body).toMatchObject({ user, sessions: [{}], links: [{}] }),
  ),
  reading(
    'ask whether the Worker is ready',
    (app) => app.fetch('/readyz'),
    () => {},
  ),
  ending(
    'revoke by a session JWT',
    (app, { refresh_token }) => revoke(app, refresh_token),
    { mine: true, other: false },
    { done: [200] },
  ),
  ending(
    'revoke by an access token',
    (app, { access_token }) => revoke(app, access_token),
    { mine: true, other: false },
    { done: [200] },
  ),
  ending(
    'end another session',
    (app, mine, other) => remove(app, mine, `/v1/sessions/${other.session_id}`),
    { mine: false, other: true },
    { done: [204], doneBefore: [404] },
  ),
  ending(
    'end the current session',
    (app, mine) => remove(app, mine, `/v1/sessions/${mine.session_id}`),
    { mine: true, other: false },
    { done: [204], doneBefore: [401] },
  ),
  ending(
    'sign out everywhere',
    (app, mine) => remove(app, mine, '/v1/sessions'),
    { mine: true, other: true },
    { done: [204], doneBefore: [401] },
  ),
  ending(
    'sign out everywhere else',
    (app, mine) => remove(app, mine, '/v1/sessions?keep=current'),
    { mine: false, other: true },
    { done: [204] },
  ),
  {
    name: 'delete an account',
    worker: 'public',
    async prepare(stage) {
      const { auth } = stage
      const mine = await signIn(auth)
      const other = await signInAgain(auth, mine.user)
      const { email } = mine.user
      const [links, sessions] = [await linksOf(auth, email), await sessionsOf(auth, email)]
      return {
        send: () => remove(auth, mine, '/v1/account'),
        done: [204],
        async holds() {
          expect((await addressOf(auth, email))?.userId).toBeUndefined()
          for (const { tokenId } of [...links, ...sessions]) {
            expect(await rowOf(auth, tokenId)).toBeUndefined()
          }
          expect(await indexedRows(stage, email)).toEqual([])
          await expectEnded(auth, mine, mine)
          await expectEnded(auth, other)
        },
      }
    },
  },
]
