import { exportJWK, generateKeyPair } from 'jose'
import { describe, expect, it } from 'vitest'
import type { Config, JwtKey } from '../../src/base/config.ts'
import {
  signAccessToken,
  signSessionJwt,
  verifyAccessToken,
  verifySessionJwt,
  type SessionClaims,
} from '../../src/crypto/jwt.ts'
import { createKeys } from '../../src/crypto/keys.ts'
import { realWorld } from '../../src/base/world.ts'

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
  email: 'ada@example.com',
  deviceId: 'dev_a',
  generation: 3,
  amr: ['email'],
  openedAtMs: 900_123,
  jkt: undefined,
}
const NOW = 1000
const END = 5000

const payloadOf = (token: string) =>
  JSON.parse(atob(token.split('.')[1]!.replace(/-/g, '+').replace(/_/g, '/'))) as object

describe('works', () => {
  it.each(RINGS)('%s signs a session JWT that says what went in', async (alg, make) => {
    const keys = await createKeys([await make()])
    for (const jkt of [undefined, 'thumbprint']) {
      const token = await signSessionJwt(CONFIG, keys, { ...SESSION, jkt }, END, NOW)
      expect(await verifySessionJwt(CONFIG, keys, token, NOW * 1000)).toEqual({
        ...SESSION,
        jkt,
        expiresAt: END,
      })
      expect(JSON.parse(atob(token.split('.')[0]!))).toMatchObject({ alg, typ: 'JWT' })
    }
  })

  it.each(RINGS)('%s signs an access token as RFC 9068 has it', async (alg, make) => {
    const keys = await createKeys([await make()])
    const { accessToken, expiresIn } = await signAccessToken(
      CONFIG,
      keys,
      realWorld,
      { ...SESSION, jkt: 'thumbprint' },
      END,
      NOW,
    )
    expect(expiresIn).toBe(600)
    expect(JSON.parse(atob(accessToken.split('.')[0]!))).toMatchObject({ alg, typ: 'at+jwt' })
    expect(payloadOf(accessToken)).toEqual({
      iss: CONFIG.ISSUER,
      aud: [CONFIG.AUDIENCE, CONFIG.ISSUER],
      sub: 'usr_a',
      client_id: 'app',
      sid: 'ses_a',
      jti: expect.any(String),
      email: 'ada@example.com',
      amr: ['email'],
      auth_time: 900,
      opened_ms: 900_123,
      iat: NOW,
      exp: NOW + 600,
      cnf: { jkt: 'thumbprint' },
    })
    expect(await verifyAccessToken(CONFIG, keys, accessToken, NOW * 1000)).not.toBeNull()
  })

  it('T22: no access token outlives its session', async () => {
    const keys = await createKeys([await key('ES256', 'a')])
    const { expiresIn } = await signAccessToken(CONFIG, keys, realWorld, SESSION, NOW + 7, NOW)
    expect(expiresIn).toBe(7)
  })

  it('T22: a token ends at its second, not one later', async () => {
    const keys = await createKeys([await key('ES256', 'a')])
    const token = await signSessionJwt(CONFIG, keys, SESSION, END, NOW)
    expect(await verifySessionJwt(CONFIG, keys, token, END * 1000 - 1)).not.toBeNull()
    expect(await verifySessionJwt(CONFIG, keys, token, END * 1000)).toBeNull()
  })
})

describe('refuses', () => {
  it('T35: each of the two tokens where the other is asked for', async () => {
    const keys = await createKeys([await key('ES256', 'a')])
    const sessionJwt = await signSessionJwt(CONFIG, keys, SESSION, END, NOW)
    const { accessToken } = await signAccessToken(CONFIG, keys, realWorld, SESSION, END, NOW)
    expect(await verifyAccessToken(CONFIG, keys, sessionJwt, NOW * 1000)).toBeNull()
    expect(await verifySessionJwt(CONFIG, keys, accessToken, NOW * 1000)).toBeNull()
  })

  it('T35: a token of another issuer with the same keys', async () => {
    const keys = await createKeys([await key('ES256', 'a')])
    const token = await signSessionJwt(CONFIG, keys, SESSION, END, NOW)
    const other = { ...CONFIG, ISSUER: 'https://auth.example.org' }
    expect(await verifySessionJwt(other, keys, token, NOW * 1000)).toBeNull()
  })

  it('T33: a second spelling of a good token: padding, spaces, stray bits, the other alphabet', async () => {
    const keys = await createKeys([await key('ES256', 'a')])
    const token = await signSessionJwt(CONFIG, keys, SESSION, END, NOW)
    const [header, payload, signature] = token.split('.') as [string, string, string]
    // 64 bytes in 86 characters: the last one has four bits to spare.
    const stray = String.fromCharCode(signature.at(-1)!.charCodeAt(0) + 1)
    for (const spelling of [
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
    ]) {
      expect(await verifySessionJwt(CONFIG, keys, spelling, NOW * 1000), spelling).toBeNull()
    }
  })
})
