import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT, type JWK } from 'jose'
import { describe, expect, it } from 'vitest'
import { newDpopNonce, verifyDpopProof } from '../../src/crypto/dpop.ts'
import { encodeBase64url, sha256, utf8 } from '../../src/base/encoding.ts'
import { unixMs } from '../../src/base/time.ts'
import { createSeals, type Seals } from '../../src/crypto/seal.ts'
import { realWorld } from '../../src/base/world.ts'

const NOW = unixMs(1_800_000_000_000)
const URL = 'https://auth.latchkey.test/v1/token'
const later = (ms: number) => unixMs(NOW + ms)
const POST = { method: 'POST', url: URL }

const newSeals = (id = 1): Promise<Seals> =>
  createSeals([{ id, secret: crypto.getRandomValues(new Uint8Array(32)), nbf: 0 }], realWorld)

async function newProver(alg = 'ES256') {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  const jwk: JWK = await exportJWK(publicKey)
  const prove = (claims: Record<string, unknown> = {}, header: Record<string, unknown> = {}) =>
    new SignJWT({ jti: 'j', htm: 'POST', htu: URL, iat: NOW / 1000, ...claims })
      .setProtectedHeader({ alg, typ: 'dpop+jwt', jwk, ...header })
      .sign(privateKey)
  return { prove, jkt: await calculateJwkThumbprint(jwk) }
}

const INVALID = { ok: false, code: 'invalid_dpop_proof' }
const ASKED = { ok: false, code: 'use_dpop_nonce' }

describe('works', () => {
  it.each(['ES256', 'EdDSA', 'Ed25519'])('T38: returns the key of a %s proof', async (alg) => {
    const { prove, jkt } = await newProver(alg)
    const verdict = await verifyDpopProof(await newSeals(), await prove(), POST, NOW)
    expect(verdict).toEqual({ ok: true, jkt, usedNonce: false })
  })

  it('T38: requires the hash of the access token in the proof', async () => {
    const { prove, jkt } = await newProver()
    const seals = await newSeals()
    const expected = { ...POST, accessToken: 'token' }
    const ath = encodeBase64url(await sha256('token'))
    const good = await verifyDpopProof(seals, await prove({ ath }), expected, NOW)
    expect(good).toEqual({ ok: true, jkt, usedNonce: false })
    for (const wrong of [undefined, '', 'token', encodeBase64url(await sha256('other'))]) {
      const proof = await prove({ ath: wrong })
      expect(await verifyDpopProof(seals, proof, expected, NOW)).toEqual(INVALID)
    }
  })

  it('T41: accepts 60 seconds before and after, to the millisecond', async () => {
    const { prove } = await newProver()
    const seals = await newSeals()
    const at = async (offsetMs: number) =>
      (await verifyDpopProof(seals, await prove({ iat: (NOW + offsetMs) / 1000 }), POST, NOW)).ok
    expect(await at(-60_000)).toBe(true)
    expect(await at(60_000)).toBe(true)
    expect(await at(-60_001)).toBe(false)
    expect(await at(60_001)).toBe(false)
  })

  it('T41: accepts a nonce of the last minute with any clock, and reports its use', async () => {
    const { prove, jkt } = await newProver()
    const seals = await newSeals()
    const nonce = await newDpopNonce(seals, NOW)
    const proof = await prove({ iat: 1, nonce })
    const verdict = { ok: true, jkt, usedNonce: true }
    expect(await verifyDpopProof(seals, proof, POST, later(60_000))).toEqual(verdict)
    expect(await verifyDpopProof(seals, proof, POST, later(60_001))).toEqual(ASKED)
    const timely = await prove({ iat: NOW / 1000 + 300, nonce })
    expect(await verifyDpopProof(seals, timely, POST, later(300_000))).toEqual(verdict)
  })

  it('T41: accepts nonces after a rotation of the sealing keys', async () => {
    const { prove } = await newProver()
    const keys = [1, 2].map((id) => ({
      id,
      secret: crypto.getRandomValues(new Uint8Array(32)),
      nbf: 0,
    }))
    const before = await createSeals([keys[0]!], realWorld)
    const after = await createSeals(keys.toReversed(), realWorld)
    const proof = await prove({ iat: 1, nonce: await newDpopNonce(before, NOW) })
    expect((await verifyDpopProof(after, proof, POST, NOW)).ok).toBe(true)
  })
})

describe('refuses', () => {
  it('T38: a nonce sealed with another key or for another purpose, or that is not text', async () => {
    const { prove } = await newProver()
    const seals = await newSeals()
    const foreign = await newDpopNonce(await newSeals(), NOW)
    const cursor = await seals.seal('cursor', utf8('12345678'))
    for (const nonce of [foreign, cursor, '', 'x', `${await newDpopNonce(seals, NOW)}=`]) {
      expect(await verifyDpopProof(seals, await prove({ nonce }), POST, NOW)).toEqual(ASKED)
    }
    expect(await verifyDpopProof(seals, await prove({ nonce: 1 }), POST, NOW)).toEqual(INVALID)
  })

  it('T38: endless, negative and missing times', async () => {
    const { prove } = await newProver()
    const seals = await newSeals()
    for (const iat of [undefined, null, '0', true]) {
      expect(await verifyDpopProof(seals, await prove({ iat }), POST, NOW)).toEqual(INVALID)
    }
    expect(await verifyDpopProof(seals, await prove({ iat: -1e15 }), POST, NOW)).toEqual(ASKED)
  })

  it('T38: garbage of every length', async () => {
    const seals = await newSeals()
    for (const proof of [
      '',
      '.',
      '..',
      '...',
      'a.b.c',
      'e30.e30.e30',
      'null.null.null',
      '\u0000',
    ]) {
      expect(await verifyDpopProof(seals, proof, POST, NOW)).toEqual(INVALID)
    }
  })
})
