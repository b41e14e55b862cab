import { expect } from 'vitest'
import { sessionIdOf } from '../../../../src/model/sealed-link.ts'
import type { Latchkey } from '../latchkey.ts'
import { rowsOf } from '../rows.ts'
import { sealsOf } from '../seals.ts'
import { redeem, type Device, type Tokens } from '../sign-in.ts'
import { DEAD, jsonOf, refreshed, signsOfLife, check } from '../tokens.ts'

// The four promises at the head of docs/threats.md, each as the tables and the responses show it.

/** I1: a link never opens more than one session. And none is used without its session (T44). */
export async function expectOneSessionPerUsedLink(app: Latchkey, email: string) {
  const [rows, seals] = await Promise.all([rowsOf(app, email), sealsOf(app)])
  const links = rows.filter(({ tokenType }) => tokenType === 'magic_link')
  const sessions = rows.filter(({ tokenType }) => tokenType === 'session')
  const ofLinks = await Promise.all(
    links
      .filter(({ used }) => used)
      .map(({ tokenId }) =>
        sessionIdOf(seals, { linkId: tokenId as string, keyId: seals.currentKeyId }),
      ),
  )
  expect(sessions.map(({ tokenId }) => tokenId as string).toSorted()).toEqual(ofLinks.toSorted())
  return { links, sessions }
}

/** I2: the device that used a link repeats its request, and gets the same session. */
export async function expectSameSessionAgain(
  app: Latchkey,
  linkToken: string,
  device: Device,
  tokens: Tokens,
  headers: Record<string, string> = {},
): Promise<void> {
  const answer = await redeem(app, linkToken, device, {}, headers)
  expect(answer.status, await answer.clone().text()).toBe(200)
  expect((await jsonOf<Tokens>(answer)).session_id).toBe(tokens.session_id)
}

/** I3: a session that was confirmed is never lost. It moves the session on: check this last. */
export async function expectAlive(app: Latchkey, tokens: Tokens): Promise<void> {
  expect((await check(app, tokens.access_token)).status).toBe(200)
  expect((await refreshed(app, tokens.refresh_token)).session_id).toBe(tokens.session_id)
}

/** I3 for a session that is bound to a key. */
export async function expectBoundAlive(
  app: Latchkey,
  tokens: Tokens,
  proof: () => Promise<string>,
): Promise<void> {
  const next = await refreshed(app, tokens.refresh_token, { DPoP: await proof() })
  expect(next.session_id).toBe(tokens.session_id)
}

/** I4: an end of a session that was confirmed is never undone, whatever the device sends again. */
export async function expectEnded(
  app: Latchkey,
  tokens: Tokens,
  by?: { linkToken: string; device: Device },
): Promise<void> {
  expect(await signsOfLife(app, tokens)).toEqual(DEAD)
  if (by === undefined) return
  expect((await redeem(app, by.linkToken, by.device)).status).toBe(400)
  expect((await check(app, tokens.access_token)).status).toBe(401)
}
