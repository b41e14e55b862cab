import { exportJWK, generateKeyPair, jwtVerify, SignJWT, type JWTHeaderParameters } from 'jose'
import { describe, expect, it } from 'vitest'
import type { Config } from '../../src/base/config.ts'
import { deviceKeyOf } from '../../src/base/device-key.ts'
import { decodeBase64url, encodeBase64url, fromUtf8, utf8 } from '../../src/base/encoding.ts'
import type { JwtKey, SealKey } from '../../src/base/key-rings.ts'
import { unixMs, unixSeconds } from '../../src/base/time.ts'
import { realWorld } from '../../src/base/world.ts'
import { signAccessToken, verifyAccessToken } from '../../src/crypto/access-token.ts'
import { createSeals, type Seals } from '../../src/crypto/seal.ts'
import type { SessionClaims } from '../../src/crypto/session-claims.ts'
import { signSessionJwt, verifySessionJwt } from '../../src/crypto/session-jwt.ts'
import { createSigningKeys } from '../../src/crypto/signing-keys.ts'
import { jws, signWith, type SignJws } from '../support/workers/tokens.ts'

const CONFIG = {
  ISSUER: 'https://auth.latchkey.test',
  AUDIENCE: 'https://api.latchkey.test',
  APP_SCHEME: 'app',
  ACCESS_TOKEN_TTL_SECONDS: 600,
} as Config

const SESSION: SessionClaims = {
  sessionId: 'ses_a',
  userId: 'usr_a',
  email: 'ada@latchkey.test',
  deviceId: 'dev_a',
  deviceKey: await deviceKeyOf('dev_a'),
  generation: 3,
  amr: ['email', 'otp'],
  openedAtMs: unixMs(900_123),
  jkt: undefined,
}
const NOW = unixSeconds(1000)
const NOW_MS = unixMs(NOW * 1000)
const END = unixSeconds(5000)

const newKey = (id: number): SealKey => ({ id, secret: realWorld.randomBytes(32), nbf: 0 })
const ringOf = (...keys: SealKey[]): Promise<Seals> => createSeals(keys, realWorld)

const sign = (seals: Seals, session = SESSION) => signSessionJwt(CONFIG, seals, session, END, NOW)
const verify = (seals: Seals, token: string, nowMs = NOW_MS) =>
  verifySessionJwt(CONFIG, seals, token, nowMs)

const partOf = (token: string, index: number) =>
  JSON.parse(atob(token.split('.')[index]!.replace(/-/g, '+').replace(/_/g, '/'))) as object

const hmacOf = async (secret: Uint8Array<ArrayBuffer>): Promise<SignJws> => {
  const hmac = { name: 'HMAC', hash: 'SHA-256' }
  return signWith('HMAC', await crypto.subtle.importKey('raw', secret, hmac, false, ['sign']))
}

describe('works', () => {
  it('contains the given claims, signed with the current sealing key’s session JWT key', async () => {
    const seals = await ringOf(newKey(7), newKey(1))
    for (const jkt of [undefined, 'thumbprint']) {
      const token = await sign(seals, { ...SESSION, jkt })
      expect(partOf(token, 0)).toEqual({ alg: 'HS256', kid: '7', typ: 'JWT' })
      expect(partOf(token, 1)).toEqual({
        iss: CONFIG.ISSUER,
        aud: CONFIG.ISSUER,
        sub: 'usr_a',
        jti: 'ses_a',
        gen: 3,
        email: 'ada@latchkey.test',
        did: 'dev_a',
        device_key: SESSION.deviceKey,
        amr: ['email', 'otp'],
        auth_time: 900,
        opened_ms: 900_123,
        iat: NOW,
        exp: END,
        ...(jkt === undefined ? {} : { cnf: { jkt } }),
      })
      expect(await verify(seals, token)).toEqual({ ...SESSION, jkt, expiresAt: END })
    }
  })

  it('T36: verifies with every key of the ring, and signs with a new key from its nbf on', async () => {
    const [old, next] = [newKey(1), { ...newKey(2), nbf: 2000 }]
    let nowMs = 1_999_999
    const world = { ...realWorld, now: () => unixMs(nowMs) }
    const seals = await createSeals([next, old], world)
    const before = await sign(seals)
    nowMs += 1
    const after = await sign(seals)
    expect([before, after].map((token) => partOf(token, 0))).toMatchObject([
      { kid: '1' },
      { kid: '2' },
    ])
    for (const token of [before, after]) expect(await verify(seals, token)).not.toBeNull()
  })

  it.each([0, 9, 10, 255])('verifies with a sealing key of the id %d', async (id) => {
    const seals = await ringOf(newKey(id))
    expect(await verify(seals, await sign(seals))).not.toBeNull()
  })

  it('T22: expires exactly at its second', async () => {
    const seals = await ringOf(newKey(1))
    const token = await sign(seals)
    expect(await verify(seals, token, unixMs(END * 1000 - 1))).not.toBeNull()
    expect(await verify(seals, token, unixMs(END * 1000))).toBeNull()
  })
})

describe('refuses', () => {
  it('T36: a token whose key was removed from the ring, or whose key id now has another secret', async () => {
    const token = await sign(await ringOf(newKey(1)))
    expect(await verify(await ringOf(newKey(2)), token)).toBeNull()
    expect(await verify(await ringOf(newKey(1)), token)).toBeNull()
  })

  it('T33: a token signed with the secret itself, or with a key derived from it for another use', async () => {
    const key = newKey(1)
    const seals = await ringOf(key)
    const good = await sign(seals)
    const master = await crypto.subtle.importKey('raw', key.secret, 'HKDF', false, ['deriveBits'])
    const derivedFor = async (info: string) => {
      const text = new TextEncoder().encode(info)
      const hkdf = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: text }
      return new Uint8Array(await crypto.subtle.deriveBits(hkdf, master, 256))
    }
    const forge = async (secret: Uint8Array<ArrayBuffer>) =>
      jws(partOf(good, 0), partOf(good, 1), await hmacOf(secret))
    // The right one passes, so that the refusals below mean something.
    expect(
      await verify(seals, await forge(await derivedFor('latchkey session jwt'))),
    ).not.toBeNull()
    for (const secret of [
      key.secret,
      await derivedFor('latchkey seal'),
      await derivedFor('latchkey derive'),
      await derivedFor(''),
      await seals.derive(1, 'session-id', ''),
    ]) {
      expect(await verify(seals, await forge(secret))).toBeNull()
    }
  })

  it('T33: another algorithm, and a kid that is not in the ring', async () => {
    const seals = await ringOf(newKey(1), newKey(2))
    const good = await sign(seals)
    const forge = (header: Record<string, unknown>, kid = 1) =>
      jws(
        { ...partOf(good, 0), ...header },
        partOf(good, 1),
        signWith('HMAC', seals.sessionJwtKey(kid)!),
      )
    expect(await verify(seals, await forge({}))).not.toBeNull()
    for (const header of [
      { alg: 'none' },
      { alg: 'HS512' },
      { alg: 'ES256' },
      { kid: undefined },
      { kid: '' },
      { kid: '2' },
      { kid: '3' },
      { kid: '256' },
      { kid: '1e0' },
      { kid: ' 1' },
      { kid: '0x1' },
      { kid: '__proto__' },
      { typ: 'at+jwt' },
      { typ: 'dpop+jwt' },
      { typ: undefined },
      { crit: ['exp'] },
    ]) {
      expect(await verify(seals, await forge(header)), JSON.stringify(header)).toBeNull()
    }
    const hmac = signWith('HMAC', seals.sessionJwtKey(1)!)
    const [header, payload] = good.split('.') as [string, string]
    const text = fromUtf8(decodeBase64url(header)!)
    for (const other of [`${text} `, `${text}{}`, ` ${text}`, text.replace(',', ', ')]) {
      const signed = `${encodeBase64url(utf8(other))}.${payload}`
      expect(await verify(seals, `${signed}.${await hmac(signed)}`), other).toBeNull()
    }
    const unsigned = await jws({ ...partOf(good, 0), alg: 'none' }, partOf(good, 1), () => '')
    expect(await verify(seals, unsigned)).toBeNull()
  })

  it('T35: each token in place of the other, even if both are signed with HS256 and the same kid', async () => {
    const seals = await ringOf(newKey(1))
    const { k } = (await exportJWK(realWorld.randomBytes(32))) as { k: string }
    for (const jwk of [
      { kty: 'oct', alg: 'HS256', kid: '1', k } as JwtKey,
      {
        ...(await exportJWK((await generateKeyPair('ES256', { extractable: true })).privateKey)),
        alg: 'ES256',
        kid: '1',
      } as JwtKey,
    ]) {
      const keys = await createSigningKeys([jwk])
      const sessionJwt = await sign(seals)
      const { accessToken } = await signAccessToken(CONFIG, keys, realWorld, SESSION, END, NOW)
      expect(await verifyAccessToken(CONFIG, keys, sessionJwt, NOW_MS)).toBeNull()
      expect(await verify(seals, accessToken)).toBeNull()
      // Nor does a published or shared signing key sign a session.
      const header = partOf(sessionJwt, 0) as JWTHeaderParameters
      const { key } = keys.signing(NOW)
      const alg = keys.algorithms[0]!
      const forged = await new SignJWT({ ...partOf(sessionJwt, 1) })
        .setProtectedHeader({ ...header, alg })
        .sign(key)
      await jwtVerify(forged, keys.verifying({ alg, kid: '1' }), { currentDate: new Date(NOW_MS) })
      expect(await verify(seals, forged)).toBeNull()
    }
  })

  it('T35: a token of another issuer with the same keys', async () => {
    const seals = await ringOf(newKey(1))
    const other = { ...CONFIG, ISSUER: 'https://auth.other.test' }
    expect(await verifySessionJwt(other, seals, await sign(seals), NOW_MS)).toBeNull()
  })

  it('T35: a token with a missing claim or a claim of another type, and a valid signature', async () => {
    const seals = await ringOf(newKey(1))
    const good = await sign(seals)
    const signer = signWith('HMAC', seals.sessionJwtKey(1)!)
    const forge = (change: object) =>
      jws(partOf(good, 0), { ...partOf(good, 1), ...change }, signer)
    for (const name of [
      'iss',
      'aud',
      'sub',
      'jti',
      'email',
      'did',
      'amr',
      'gen',
      'opened_ms',
      'iat',
      'exp',
    ]) {
      for (const value of [undefined, null, true, {}, -1.5]) {
        const token = await forge({ [name]: value })
        // A time of issue has no other rule than that it is a number.
        if (name === 'iat' && value === -1.5) continue
        expect(await verify(seals, token), `${name} ${JSON.stringify(value)}`).toBeNull()
      }
    }
    for (const change of [{ gen: -1 }, { amr: ['pwd'] }, { cnf: null }, { cnf: { jkt: 1 } }]) {
      expect(await verify(seals, await forge(change)), JSON.stringify(change)).toBeNull()
    }
  })

  it('T33: another encoding of a valid token: padding, spaces, stray bits, the other alphabet', async () => {
    const seals = await ringOf(newKey(1))
    const token = await sign(seals)
    const [header, payload, signature] = token.split('.') as [string, string, string]
    // 32 bytes in 43 characters: the last one has two bits to spare.
    const stray = String.fromCharCode(signature.at(-1)!.charCodeAt(0) + 1)
    for (const spelling of [
      `${token}=`,
      `${token}==`,
      `${token} `,
      ` ${token}`,
      `${token}\n`,
      `${header}.${payload}.${signature.slice(0, 20)} ${signature.slice(20)}`,
      `${header}.${payload}=.${signature}`,
      `${header}.${payload}.${signature.slice(0, -1)}${stray}`,
      `${header}.${payload}.${signature}.`,
      `${header}.${payload}.${signature.replace(/-/g, '+').replace(/_/g, '/')}+`,
    ]) {
      expect(await verify(seals, spelling), spelling).toBeNull()
    }
  })
})

describe('withstands', () => {
  it('T33: any flipped bit in the signature: a session JWT has only one valid text', async () => {
    const seals = await ringOf(newKey(1))
    const token = await sign(seals)
    const [header, payload, signature] = token.split('.') as [string, string, string]
    const bytes = Uint8Array.from(atob(signature.replace(/-/g, '+').replace(/_/g, '/')), (c) =>
      c.charCodeAt(0),
    )
    expect(bytes).toHaveLength(32)
    for (let bit = 0; bit < 256; bit++) {
      const flipped = Uint8Array.from(bytes)
      flipped[bit >> 3]! ^= 1 << (bit & 7)
      const text = btoa(String.fromCharCode(...flipped))
      const encoded = text.replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '')
      expect(await verify(seals, `${header}.${payload}.${encoded}`), `bit ${bit}`).toBeNull()
    }
  })
})
