import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT, type JWK } from 'jose'
import { expect } from 'vitest'
import { decodeBase64url, encodeBase64url, sha256, utf8 } from '../../../src/base/encoding.ts'
import { TOKENS_TABLE } from '../../../src/base/tables.ts'
import type { Item } from '../../../src/dynamo/items.ts'
import { parseConfig } from '../../../src/base/config.ts'
import { realWorld, type World } from '../../../src/base/world.ts'
import { createSeals } from '../../../src/crypto/seal.ts'
import { addressIdOf } from '../../../src/model/address.ts'
import { nowSeconds } from './clock.ts'
import type { Call, Latchkey } from './latchkey.ts'
import {
  askForLink,
  expectTokens,
  newDevice,
  postForm,
  redeem,
  withToken,
  type AskedLink,
  type Device,
  type Tokens,
} from './sign-in.ts'

export const ISSUER = 'https://auth.latchkey.test'
export const AUDIENCE = 'https://api.latchkey.test'

export const jsonOf = async <T = Record<string, unknown>>(answer: Response): Promise<T> =>
  (await answer.json()) as T

// --- sessions

export const refresh = (
  app: Latchkey,
  refreshToken: string,
  headers: Record<string, string> = {},
): Promise<Response> =>
  postForm(app, '/v1/token', { grant_type: 'refresh_token', refresh_token: refreshToken }, headers)

/** Asks again while the answer is 503, as a phone does after Retry-After: a busy machine is no failure. */
export async function persist(send: () => Promise<Response>): Promise<Response> {
  for (let tries = 1; ; tries++) {
    const answer = await send()
    if (answer.status !== 503 || tries === 10) return answer
    expect(answer.headers.get('Retry-After')).toMatch(/^\d+$/)
    await answer.body?.cancel()
    await scheduler.wait(100)
  }
}

/** A refresh that must succeed. */
export async function refreshed(
  app: Latchkey,
  refreshToken: string,
  headers: Record<string, string> = {},
): Promise<Tokens> {
  const answer = await refresh(app, refreshToken, headers)
  expect(answer.status, await answer.clone().text()).toBe(200)
  return jsonOf<Tokens>(answer)
}

export const check = (app: Latchkey, accessToken: string): Promise<Response> =>
  withToken(app, accessToken, '/v1/session')

export const revoke = (app: Latchkey, token: string): Promise<Response> =>
  postForm(app, '/v1/revoke', { token })

export function resourceServer(app: Latchkey): { name: string; secret: string; basic: string } {
  const servers = JSON.parse(app.env['RESOURCE_SERVERS'] as string) as Record<string, string>
  const [[name, secret]] = Object.entries(servers) as [[string, string]]
  return { name, secret, basic: `Basic ${btoa(`${name}:${secret}`)}` }
}

export const introspect = (app: Latchkey, token: string): Promise<Response> =>
  postForm(app, '/v1/introspect', { token }, { Authorization: resourceServer(app).basic })

/** What still works of an unbound session. A refresh moves it on: ask last. */
export async function signsOfLife(app: Latchkey, tokens: Tokens) {
  const [checked, access, session] = await Promise.all([
    check(app, tokens.access_token),
    introspect(app, tokens.access_token).then((answer) => jsonOf(answer)),
    introspect(app, tokens.refresh_token).then((answer) => jsonOf(answer)),
  ])
  const answer = await refresh(app, tokens.refresh_token)
  return {
    check: checked.status,
    access: access['active'],
    session: session['active'],
    refresh: answer.status,
  }
}
export const ALIVE = { check: 200, access: true, session: true, refresh: 200 }
export const DEAD = { check: 401, access: false, session: false, refresh: 400 }

/** The row itself, past the Worker. */
export const rowOf = (app: Latchkey, tokenId: string): Promise<Item | undefined> =>
  app.db.get<Item>({ TableName: TOKENS_TABLE, Key: { tokenId } })

export const generationOf = async (app: Latchkey, sessionId: string): Promise<unknown> =>
  (await rowOf(app, sessionId))?.['generation']

/** Lets the person ask for another link at once. */
export const forgetSends = async (app: Latchkey, email: string): Promise<unknown> =>
  app.db.update({
    Update: {
      TableName: TOKENS_TABLE,
      Key: { tokenId: await addressIdOf(email) },
      UpdateExpression: 'REMOVE sentAt1, sentAt2, sentAt3, sentAt4, sentAt5',
    },
  })

/** Another link for the same person. */
export async function askAgain(app: Latchkey, device: Device, email: string): Promise<AskedLink> {
  await forgetSends(app, email)
  return askForLink(app, device, email)
}

/** One more sign-in of the same person, on another device or the same. */
export async function signInAgain(
  app: Latchkey,
  person: { id: string; email: string },
  device?: Device,
): Promise<Tokens & { device: Device }> {
  const phone = device ?? (await newDevice())
  const { linkToken } = await askAgain(app, phone, person.email)
  return { ...(await expectTokens(await redeem(app, linkToken, phone))), device: phone }
}

// --- the log

/** The log's line about the last request of a route. */
export const lastLine = (app: Latchkey, route: string): Record<string, unknown> | undefined =>
  app.lines.findLast((line) => line['route'] === route)

export const linesOf = (app: Latchkey, event: string): Record<string, unknown>[] =>
  app.lines.filter((line) => line['event'] === event)

// --- DPoP

export type ProofKey = { alg: string; privateKey: CryptoKey; jwk: JWK; jkt: string }

export async function newProofKey(alg = 'ES256'): Promise<ProofKey> {
  const pair = await generateKeyPair(alg, { extractable: true })
  const jwk = await exportJWK(pair.publicKey)
  return { alg, privateKey: pair.privateKey, jwk, jkt: await calculateJwkThumbprint(jwk) }
}

export type ProofMutation = {
  header?: Record<string, unknown>
  claims?: Record<string, unknown>
  nonce?: string
}

/** A proof for one request (RFC 9449 section 4.2), by the app's clock; a claim set to undefined is left out. */
export async function prove(
  app: Latchkey,
  key: ProofKey,
  request: { method: string; path: string; accessToken?: string | undefined },
  { header, claims, nonce }: ProofMutation = {},
): Promise<string> {
  const { accessToken } = request
  const ath = accessToken && encodeBase64url(await sha256(accessToken))
  const payload = {
    jti: crypto.randomUUID(),
    htm: request.method,
    htu: ISSUER + request.path,
    iat: nowSeconds(app),
    ...(ath && { ath }),
    ...(nonce && { nonce }),
    ...claims,
  }
  return new SignJWT(payload)
    .setProtectedHeader({ alg: key.alg, typ: 'dpop+jwt', jwk: key.jwk, ...header })
    .sign(key.privateKey)
}

export const proveToken = (app: Latchkey, key: ProofKey, mutation: ProofMutation = {}) =>
  prove(app, key, { method: 'POST', path: '/v1/token' }, mutation)

/** Signs in with a proof; the session is bound to `key`. */
export async function signInBound(app: Latchkey, key: ProofKey) {
  const device = await newDevice()
  const asked = await askForLink(app, device)
  const DPoP = await proveToken(app, key)
  const tokens = await expectTokens(await redeem(app, asked.linkToken, device, {}, { DPoP }))
  return { ...tokens, device, linkToken: asked.linkToken }
}

/** A request with a bound access token and its proof. */
export async function withProof(
  app: Latchkey,
  key: ProofKey,
  accessToken: string,
  path: string,
  init: RequestInit & { mutation?: ProofMutation } = {},
): Promise<Response> {
  const method = init.method ?? 'GET'
  const DPoP = await prove(
    app,
    key,
    { method, path: path.split('?')[0]!, accessToken },
    init.mutation,
  )
  return app.fetch(path, { method, headers: { Authorization: `DPoP ${accessToken}`, DPoP } })
}

// --- forging

export type SignJws = (input: string) => Promise<string> | string

const part = (value: unknown) =>
  encodeBase64url(utf8(typeof value === 'string' ? value : JSON.stringify(value)))

/** Any JWS at all, from a header and a payload (an object, or JSON text as it shall stand there). */
export async function jws(header: unknown, payload: unknown, sign: SignJws): Promise<string> {
  const input = `${part(header)}.${part(payload)}`
  return `${input}.${await sign(input)}`
}

export const signWith =
  (algorithm: string | SubtleCryptoSignAlgorithm, key: CryptoKey): SignJws =>
  async (input) =>
    encodeBase64url(new Uint8Array(await crypto.subtle.sign(algorithm, key, utf8(input))))

/**
 * The second spelling of an ES256 token: (r, n - s) is as good a signature as (r, s), and anyone can write it.
 * n is the order of P-256 (SEC 2, section 2.4.2).
 */
export function otherSpelling(token: string): string {
  const [header, payload, signature] = token.split('.') as [string, string, string]
  const bytes = decodeBase64url(signature)!
  const toHex = (part: Uint8Array) =>
    Array.from(part, (byte) => byte.toString(16).padStart(2, '0')).join('')
  const n = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
  const s = (n - BigInt(`0x${toHex(bytes.subarray(32))}`)).toString(16).padStart(64, '0')
  bytes.set(
    s.match(/../g)!.map((byte) => Number.parseInt(byte, 16)),
    32,
  )
  return `${header}.${payload}.${encodeBase64url(bytes)}`
}

export const ECDSA_SHA256: SubtleCryptoSignAlgorithm = { name: 'ECDSA', hash: 'SHA-256' }

/** The Worker's own first signing key, as a thief holds it. */
export async function ownKey(app: Latchkey): Promise<{ jwk: JWK; kid: string; sign: SignJws }> {
  const { keys } = JSON.parse(app.env['JWT_KEYS'] as string) as { keys: JWK[] }
  const jwk = keys[0]!
  const { alg: _, use: __, kid, ...bare } = jwk
  const key = await crypto.subtle.importKey(
    'jwk',
    bare as JsonWebKey,
    { name: 'ECDSA', namedCurve: 'P-256' },
    false,
    ['sign'],
  )
  return { jwk, kid: kid!, sign: signWith(ECDSA_SHA256, key) }
}

/** The key that signs session JWTs now, as a thief of SEAL_KEYS derives it. */
export async function ownSessionKey(
  app: Latchkey,
): Promise<{ key: CryptoKey; kid: string; sign: SignJws }> {
  const seals = await createSeals(parseConfig(app.env).SEAL_KEYS, realWorld)
  const key = seals.sessionJwtKey(seals.currentKeyId)!
  return { key, kid: String(seals.currentKeyId), sign: signWith('HMAC', key) }
}

// --- the order of things

/** A world whose first call of `operation` waits at the door until it is opened. */
export function heldBack(operation: string) {
  const arrived = Promise.withResolvers<void>()
  const opened = Promise.withResolvers<void>()
  let held = false
  const world: Partial<World> = {
    fetch: async (url, init) => {
      if (!held && new Headers(init.headers).get('X-Amz-Target')?.endsWith(operation)) {
        held = true
        arrived.resolve()
        await opened.promise
      }
      // A try that waited too long was given up; this test is about one that was not.
      return fetch(url, { ...init, signal: null })
    },
  }
  return { world, arrived: arrived.promise, open: opened.resolve }
}

/** The faults that struck since the `from`th call. */
export const struck = (calls: Call[], from: number): string[] =>
  calls.slice(from).flatMap((call) => (call.fault === undefined ? [] : [call.fault]))
