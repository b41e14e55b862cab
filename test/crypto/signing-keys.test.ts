import { exportJWK, generateKeyPair } from 'jose'
import { describe, expect, it } from 'vitest'
import type { JwtKey } from '../../src/base/key-rings.ts'
import { unixSeconds } from '../../src/base/time.ts'
import { createSigningKeys } from '../../src/crypto/signing-keys.ts'

async function key(alg: 'ES256' | 'EdDSA', kid: string, nbf?: number): Promise<JwtKey> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true })
  const more = nbf === undefined ? {} : { nbf }
  return { ...(await exportJWK(privateKey)), alg, kid, ...more } as JwtKey
}
const secretKey = (kid: string): JwtKey => ({
  kty: 'oct',
  alg: 'HS256',
  kid,
  k: 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIj',
})

describe('works', () => {
  it('T36: signs with the first key whose nbf has passed, to the second', async () => {
    const keys = await createSigningKeys([
      await key('ES256', 'c', 300),
      await key('ES256', 'b', 200),
      await key('ES256', 'a'),
    ])
    const kids = [0, 199, 200, 299, 300, 1e9].map((now) => keys.signing(unixSeconds(now)).kid)
    expect(kids).toEqual(['a', 'a', 'b', 'b', 'c', 'c'])
  })

  it('T36: signs with the oldest key if no key’s nbf has passed', async () => {
    const keys = await createSigningKeys([
      await key('ES256', 'newer', 300),
      await key('ES256', 'older', 200),
    ])
    expect(keys.signing(unixSeconds(0)).kid).toBe('older')
  })

  it('T36: publishes keys that do not sign yet, and names each algorithm once', async () => {
    const keys = await createSigningKeys([
      await key('ES256', 'b', 2e9),
      await key('ES256', 'a'),
      await key('EdDSA', 'c'),
    ])
    expect(keys.jwks.keys.map(({ kid }) => kid)).toEqual(['b', 'a', 'c'])
    expect(keys.algorithms).toEqual(['ES256', 'EdDSA'])
  })
})

describe('refuses', () => {
  it('T36: to publish a private member or a symmetric key', async () => {
    const keys = await createSigningKeys([
      secretKey('s'),
      await key('ES256', 'e'),
      await key('EdDSA', 'd'),
    ])
    expect(keys.jwks.keys.map((jwk) => Object.keys(jwk).toSorted())).toEqual([
      ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'],
      ['alg', 'crv', 'kid', 'kty', 'use', 'x'],
    ])
  })

  it('T33: a header whose kid and alg do not belong to one key', async () => {
    const keys = await createSigningKeys([await key('ES256', 'a'), secretKey('b')])
    expect(() => keys.verifying({ alg: 'ES256', kid: 'a' })).not.toThrow()
    for (const header of [
      { alg: 'HS256', kid: 'a' },
      { alg: 'ES256', kid: 'b' },
      { alg: 'ES256' },
      { alg: 'none', kid: 'a' },
      { alg: 'ES256', kid: '../a' },
    ]) {
      expect(() => keys.verifying(header)).toThrow('no key of the ring')
    }
  })

  it('T33: to sign with the key that verifies an asymmetric token', async () => {
    const keys = await createSigningKeys([await key('ES256', 'a'), await key('EdDSA', 'b')])
    for (const [alg, kid] of [
      ['ES256', 'a'],
      ['EdDSA', 'b'],
    ] as const) {
      expect(keys.verifying({ alg, kid }).type).toBe('public')
    }
  })

  it('T31: a key whose parts do not match its alg', async () => {
    const good = await key('ES256', 'a')
    await expect(createSigningKeys([{ ...good, x: 'AAAA' } as JwtKey])).rejects.toThrow()
    await expect(createSigningKeys([{ ...good, d: 'AAAA' } as JwtKey])).rejects.toThrow()
  })
})
