import { approvalKey, type ApprovalRow } from '../model/approval.ts'
import { DPOP_ALGORITHMS, newDpopNonce, verifyDpopProof } from '../crypto/dpop.ts'
import { verifyAccessToken, type AccessClaims } from '../crypto/jwt.ts'
import type { Deps } from '../http/deps.ts'
import type { AppContext } from '../http/read.ts'
import { Problem } from '../http/problem.ts'
import { userKey, type Guarded, type UserRow } from '../model/address.ts'
import { judgeSession, type SessionRefusal, type SessionRows } from '../model/judge.ts'
import { sessionKey, type SessionRow } from '../model/session.ts'

/** The session that asks, as its access token names it. */
export type Asking = Guarded & { email: string }

export type Live = { session: SessionRow; user: UserRow | undefined }

/** The rows that decide about a session, in one strongly consistent read. */
export async function readSessionRows(
  deps: Deps,
  ids: { sessionId: string; userId: string; email: string },
): Promise<SessionRows> {
  const [session, user, approval] = await deps.db.batchGet([
    sessionKey(deps.config, ids.sessionId),
    userKey(deps.config, ids.userId),
    approvalKey(deps.config, ids.email),
  ])
  // A row answers only for the person that the token names.
  const owned = session?.['userId'] === ids.userId && session['email'] === ids.email
  return {
    session: owned ? (session as SessionRow) : undefined,
    user: user as UserRow | undefined,
    approval: approval as ApprovalRow | undefined,
  }
}

/**
 * The session that a request's access token names, by signature and proof alone. Whether it lives, only the
 * rows can say: readLive, or the conditions of a write.
 * @throws Problem 401.
 */
export async function authenticate(c: AppContext): Promise<Asking> {
  const { token, claims } = await presentedToken(c)
  await requireProof(c, token, claims)
  const { sid: sessionId, sub: userId, email, opened_ms: openedAtMs } = claims
  return { sessionId, userId, email, openedAtMs }
}

/** The rows of the asking session, in one consistent read. @throws Problem 401 when it does not live. */
export async function readLive(c: AppContext, asking: Asking): Promise<Live> {
  const { deps } = c.var
  const rows = await readSessionRows(deps, asking)
  const verdict = judgeSession(deps.config, rows, deps.world.now())
  if (!verdict.ok) throw refuse(c, 'invalid_token', verdict.reason)
  return { session: verdict.session, user: rows.user }
}

type Presented = { token: string; claims: AccessClaims }

async function presentedToken(c: AppContext): Promise<Presented> {
  const { config, keys, world } = c.var.deps
  const header = c.req.header('Authorization')
  if (header === undefined) throw refuse(c)
  // The b64token of RFC 6750 section 2.1: two headers arrive joined by a comma, and do not match.
  const match = /^(Bearer|DPoP) +([A-Za-z0-9._~+/-]+=*)$/i.exec(header)
  const token = match?.[2]
  const claims = token && (await verifyAccessToken(config, keys, token, world.now()))
  if (!token || !claims) throw refuse(c, 'invalid_token')
  // A bound token passes only with its proof (RFC 9449 section 7.1), an unbound one never as bound.
  const bound = claims.cnf !== undefined
  if (bound !== (match[1]!.toLowerCase() === 'dpop')) throw refuse(c, 'invalid_token')
  return { token, claims }
}

async function requireProof(c: AppContext, token: string, claims: AccessClaims): Promise<void> {
  if (claims.cnf === undefined) return
  const { seals, config, world } = c.var.deps
  const proof = c.req.header('DPoP')
  if (proof === undefined) throw refuse(c, 'invalid_dpop_proof')
  const url = new URL(c.req.path, config.ISSUER)
  const expected = { method: c.req.method, url: url.origin + url.pathname, accessToken: token }
  const verdict = await verifyDpopProof(seals, proof, expected, world.now())
  if (!verdict.ok && verdict.code === 'use_dpop_nonce') {
    throw refuse(c, 'use_dpop_nonce', undefined, {
      'DPoP-Nonce': await newDpopNonce(seals, world.now()),
    })
  }
  if (!verdict.ok || verdict.jkt !== claims.cnf.jkt) throw refuse(c, 'invalid_dpop_proof')
  if (verdict.usedNonce) c.header('DPoP-Nonce', await newDpopNonce(seals, world.now()))
}

/** 401 with the challenges of RFC 6750 section 3 and RFC 9449 section 7.1. */
export function refuse(
  c: AppContext,
  error?: string,
  reason?: SessionRefusal,
  headers: Record<string, string> = {},
): Problem {
  c.var.deps.log.event('request', { outcome: 'unauthorized', reason: reason ?? error })
  const suffix = error === undefined ? '' : `error="${error}"`
  const dpopOnly = error?.includes('dpop')
  const challenges = [
    ...(dpopOnly ? [] : [`Bearer ${suffix}`.trim()]),
    `DPoP ${suffix && `${suffix}, `}algs="${DPOP_ALGORITHMS.join(' ')}"`,
  ]
  return new Problem('unauthorized', {
    headers: { 'WWW-Authenticate': challenges.join(', '), ...headers },
  })
}
