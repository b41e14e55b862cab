import { exportJWK, generateKeyPair, importJWK, type JWK } from 'jose'
import { describe, expect, it } from 'vitest'
import type { Config } from '../../src/base/config.ts'
import type { JwtKey } from '../../src/base/key-rings.ts'
import { unixMs, unixSeconds } from '../../src/base/time.ts'
import { realWorld } from '../../src/base/world.ts'
import { signAccessToken, verifyAccessToken } from '../../src/crypto/access-token.ts'
import type { SessionClaims } from '../../src/crypto/session-claims.ts'
import { createSigningKeys, type SigningKeys } from '../../src/crypto/signing-keys.ts'
import { ECDSA_SHA256, jws, otherSpelling, signWith } from '../support/workers/tokens.ts'

const CONFIG = {
  ISSUER: 'https://auth.latchkey.test',
  AUDIENCE: 'https://api.latchkey.test',
  APP_SCHEME: 'app',
  ACCESS_TOKEN_TTL_SECONDS: 600,
} as Config

async function key(alg: 'ES256' | 'EdDSA', kid: string): Promise<JwtKey> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true })
  return { ...(await exportJWK(privateKey)), alg, kid } as JwtKey
}
const SECRET = {
  kty: 'oct',
  alg: 'HS256',
  kid: 'hs',
  k: 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIj',
} as JwtKey
const RINGS = [
  ['ES256', () => key('ES256', 'es')],
  ['EdDSA', () => key('EdDSA', 'ed')],
  ['HS256', () => SECRET],
] as const

const SESSION: SessionClaims = {
  sessionId: 'ses_a',
  userId: 'usr_a',
  email: 'ada@latchkey.test',
  deviceId: 'dev_a',
  deviceKey: 'a_device-key',
  generation: 3,
  amr: ['email'],
  openedAtMs: unixMs(900_123),
  jkt: undefined,
}
const NOW = unixSeconds(1000)
const NOW_MS = unixMs(NOW * 1000)
const END = unixSeconds(5000)

const partOf = (token: string, index: number) =>
  JSON.parse(atob(token.split('.')[index]!.replace(/-/g, '+').replace(/_/g, '/'))) as object

const sign = async (keys: SigningKeys, session = SESSION, end = END) =>
  (await signAccessToken(CONFIG, keys, realWorld, session, end, NOW)).accessToken

describe('works', () => {
  it.each(RINGS)('signs an access token as in RFC 9068 with %s', async (alg, make) => {
    const keys = await createSigningKeys([await make()])
    const session = { ...SESSION, jkt: 'thumbprint' }
    const { accessToken, expiresIn } = await signAccessToken(
      CONFIG,
      keys,
      realWorld,
      session,
      END,
      NOW,
    )
    expect(expiresIn).toBe(600)
    expect(partOf(accessToken, 0)).toMatchObject({ alg, typ: 'at+jwt' })
    const claims = {
      iss: CONFIG.ISSUER,
      aud: [CONFIG.AUDIENCE, CONFIG.ISSUER],
      sub: 'usr_a',
      client_id: 'app',
      sid: 'ses_a',
      jti: expect.stringMatching(/^[A-Za-z0-9_-]{22}$/),
      email: 'ada@latchkey.test',
      amr: ['email'],
      auth_time: 900,
      opened_ms: 900_123,
      device_key: 'a_device-key',
      iat: NOW,
      exp: NOW + 600,
      cnf: { jkt: 'thumbprint' },
    }
    expect(partOf(accessToken, 1)).toEqual(claims)
    const { iss: _iss, amr: _amr, ...read } = claims
    expect(await verifyAccessToken(CONFIG, keys, accessToken, NOW_MS)).toEqual(read)
  })

  it('does not contain the device id that the app chose', async () => {
    const keys = await createSigningKeys([await key('ES256', 'a')])
    expect(JSON.stringify(partOf(await sign(keys), 1))).not.toContain('dev_a')
  })

  it('T22: expires no later than its session', async () => {
    const keys = await createSigningKeys([await key('ES256', 'a')])
    const end = unixSeconds(NOW + 7)
    const { expiresIn } = await signAccessToken(CONFIG, keys, realWorld, SESSION, end, NOW)
    expect(expiresIn).toBe(7)
  })

  it('T22: expires exactly at its second', async () => {
    const keys = await createSigningKeys([await key('ES256', 'a')])
    const token = await sign(keys)
    const endMs = (NOW + 600) * 1000
    expect(await verifyAccessToken(CONFIG, keys, token, unixMs(endMs - 1))).not.toBeNull()
    expect(await verifyAccessToken(CONFIG, keys, token, unixMs(endMs))).toBeNull()
  })

  it('T33: treats the second valid text of an ES256 token, (r, n - s), as the same token: same jti, same session', async () => {
    const keys = await createSigningKeys([await key('ES256', 'a')])
    // Every signature has one, on whichever side of n / 2 its s lies.
    for (let n = 0; n < 20; n++) {
      const token = await sign(keys)
      const spelling = otherSpelling(token)
      expect(spelling).not.toBe(token)
      expect(otherSpelling(spelling)).toBe(token)
      const claims = await verifyAccessToken(CONFIG, keys, token, NOW_MS)
      expect(claims).toMatchObject({ sid: 'ses_a', sub: 'usr_a' })
      expect(await verifyAccessToken(CONFIG, keys, spelling, NOW_MS)).toEqual(claims)
    }
  })
})

describe('refuses', () => {
  it('T33: another encoding of a valid token: padding, spaces, stray bits, the other alphabet', async () => {
    const keys = await createSigningKeys([await key('ES256', 'a')])
    const token = await sign(keys)
    expect(await verifyAccessToken(CONFIG, keys, token, NOW_MS)).not.toBeNull()
    for (const spelling of spellingsOf(token)) {
      expect(await verifyAccessToken(CONFIG, keys, spelling, NOW_MS), spelling).toBeNull()
    }
  })

  it('T35: a token of another issuer or for another audience with the same keys', async () => {
    const keys = await createSigningKeys([await key('ES256', 'a')])
    const token = await sign(keys)
    const other = { ...CONFIG, ISSUER: 'https://auth.other.test' }
    expect(await verifyAccessToken(other, keys, token, NOW_MS)).toBeNull()
    const { accessToken } = await signAccessToken(other, keys, realWorld, SESSION, END, NOW)
    expect(await verifyAccessToken(CONFIG, keys, accessToken, NOW_MS)).toBeNull()
  })

  it('T35: a token with a missing claim or a claim of another type, and a valid signature', async () => {
    const jwk = await key('ES256', 'a')
    const keys = await createSigningKeys([jwk])
    const signer = signWith(ECDSA_SHA256, (await importJWK(jwk as JWK, 'ES256')) as CryptoKey)
    const good = await sign(keys, { ...SESSION, jkt: 'thumbprint' })
    const forge = (change: object) =>
      jws(partOf(good, 0), { ...partOf(good, 1), ...change }, signer)
    expect(await verifyAccessToken(CONFIG, keys, await forge({}), NOW_MS)).not.toBeNull()
    for (const name of [
      'iss',
      'aud',
      'sub',
      'sid',
      'jti',
      'email',
      'client_id',
      'device_key',
      'auth_time',
      'opened_ms',
      'iat',
      'exp',
    ]) {
      for (const value of [undefined, null, true, {}, name === 'exp' ? '5000' : 1.5]) {
        const token = await forge({ [name]: value })
        expect(
          await verifyAccessToken(CONFIG, keys, token, NOW_MS),
          `${name} ${JSON.stringify(value)}`,
        ).toBeNull()
      }
    }
    for (const cnf of [null, 'thumbprint', {}, { jkt: 1 }]) {
      const token = await forge({ cnf })
      expect(await verifyAccessToken(CONFIG, keys, token, NOW_MS)).toBeNull()
    }
  })
})

/** Other texts of the same bytes, or nearly, that a forgiving reader would take. */
function spellingsOf(token: string): string[] {
  const [header, payload, signature] = token.split('.') as [string, string, string]
  // 64 bytes in 86 characters: the last one has four bits to spare.
  const stray = String.fromCharCode(signature.at(-1)!.charCodeAt(0) + 1)
  return [
    `${token}=`,
    `${token}==`,
    `${token} `,
    ` ${token}`,
    `${token}\n`,
    `${header}.${payload}.${signature.slice(0, 40)} ${signature.slice(40)}`,
    `${header}.${payload}=.${signature}`,
    `${header}.${payload}.${signature.slice(0, -1)}${stray}`,
    `${header}.${payload}.${signature}.`,
    `${header}.${payload}.${signature.replace(/-/g, '+').replace(/_/g, '/')}+`,
  ]
}
