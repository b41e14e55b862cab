import { exportJWK, generateKeyPair } from 'jose'
import { describe, expect, it } from 'vitest'
import type { JwtKey } from '../../src/base/key-rings.ts'
import { unixSeconds } from '../../src/base/time.ts'
import { createSigningKeys } from '../../src/crypto/signing-keys.ts'

async function key(alg: 'ES256' | 'EdDSA' | 'RS256', kid: string, nbf?: number): Promise<JwtKey> {
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
      secretKey('d'),
      await key('RS256', 'e'),
    ])
    expect(keys.jwks.keys.map(({ kid }) => kid)).toEqual(['b', 'a', 'c', 'e'])
    expect(keys.algorithms).toEqual(['ES256', 'EdDSA', 'HS256', 'RS256'])
    expect(keys.published).toEqual(['ES256', 'EdDSA', 'RS256'])
  })
})

describe('signs the token for AWS', () => {
  it('with the newest usable key of an algorithm that AWS accepts', async () => {
    const keys = await createSigningKeys([
      secretKey('d'),
      await key('EdDSA', 'c'),
      await key('RS256', 'b', 200),
      await key('ES256', 'a'),
    ])
    const signing = [199, 200].map((now) => keys.signingForAws(unixSeconds(now)))
    expect(signing.map(({ kid, alg }) => `${kid} ${alg}`)).toEqual(['a ES256', 'b RS256'])
    expect(keys.signing(unixSeconds(200)).kid).toBe('d')
  })
})

describe('refuses', () => {
  it('to hand out a key', async () => {
    const algorithms = ['ES256', 'EdDSA', 'RS256'] as const
    const ring = [secretKey('s'), ...(await Promise.all(algorithms.map((alg) => key(alg, alg))))]
    for (const one of ring) {
      const { key: secret } = (await createSigningKeys([one])).signing(unixSeconds(0))
      await expect(crypto.subtle.exportKey('jwk', secret), one.alg).rejects.toThrow()
    }
  })

  it('T36: to publish a private member or a symmetric key', async () => {
    const keys = await createSigningKeys([
      secretKey('s'),
      await key('ES256', 'e'),
      await key('EdDSA', 'd'),
      await key('RS256', 'r'),
    ])
    expect(keys.jwks.keys.map((jwk) => Object.keys(jwk).toSorted())).toEqual([
      ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'],
      ['alg', 'crv', 'kid', 'kty', 'use', 'x'],
      ['alg', 'e', 'kid', 'kty', 'n', 'use'],
    ])
  })

  it('T33: a header whose kid and alg do not belong to one key', async () => {
    const ring = [await key('ES256', 'a'), secretKey('b'), await key('RS256', 'c')]
    const keys = await createSigningKeys(ring)
    expect(() => keys.verifying({ alg: 'ES256', kid: 'a' })).not.toThrow()
    expect(() => keys.verifying({ alg: 'RS256', kid: 'c' })).not.toThrow()
    for (const header of [
      { alg: 'HS256', kid: 'a' },
      { alg: 'ES256', kid: 'b' },
      { alg: 'RS256', kid: 'a' },
      { alg: 'RS256', kid: 'b' },
      { alg: 'ES256', kid: 'c' },
      { alg: 'HS256', kid: 'c' },
      { alg: 'RS384', kid: 'c' },
      { alg: 'PS256', kid: 'c' },
      { alg: 'ES256' },
      { alg: 'none', kid: 'a' },
      { alg: 'ES256', kid: '../a' },
    ]) {
      expect(() => keys.verifying(header)).toThrow('no key of the ring')
    }
  })

  it('T33: to sign with the key that verifies an asymmetric token', async () => {
    const algorithms = ['ES256', 'EdDSA', 'RS256'] as const
    const keys = await createSigningKeys(await Promise.all(algorithms.map((alg) => key(alg, alg))))
    for (const alg of algorithms) {
      const { type, usages } = keys.verifying({ alg, kid: alg })
      expect([type, usages]).toEqual(['public', ['verify']])
    }
  })

  it('T31: a key whose parts do not match its alg', async () => {
    const good = await key('ES256', 'a')
    await expect(createSigningKeys([{ ...good, x: 'AAAA' } as JwtKey])).rejects.toThrow()
    await expect(createSigningKeys([{ ...good, d: 'AAAA' } as JwtKey])).rejects.toThrow()
    const [edOne, edOther] = [await key('EdDSA', 'a'), await key('EdDSA', 'b')]
    await expect(createSigningKeys([edOne])).resolves.toBeDefined()
    const edMixed = { ...edOne, x: (edOther as { x?: string }).x } as JwtKey
    await expect(createSigningKeys([edMixed])).rejects.toThrow('do not match')
    const [one, other] = [await key('RS256', 'a'), await key('RS256', 'b')]
    await expect(createSigningKeys([one])).resolves.toBeDefined()
    // Not d: with the others, it is not used.
    for (const member of ['n', 'p', 'q', 'dp', 'dq', 'qi'] as const) {
      const mixed = { ...one, [member]: (other as unknown as Record<string, string>)[member] }
      await expect(createSigningKeys([mixed]), member).rejects.toThrow()
    }
  })
})
