import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeBase64url, encodeBase64url, utf8 } from '../../src/base/encoding.ts'
import type { SealKey } from '../../src/base/key-rings.ts'
import { unixMs } from '../../src/base/time.ts'
import { createSeals, type SealPurpose } from '../../src/crypto/seal.ts'
import { realWorld } from '../../src/base/world.ts'

const newKey = (id: number): SealKey => ({ id, secret: realWorld.randomBytes(32), nbf: 0 })
const PURPOSES: SealPurpose[] = [
  'sealed-link',
  'link-handle',
  'session-jwt',
  'dpop-nonce',
  'cursor',
]
const bytesOf = fc.uint8Array({ maxLength: 200 }).map((bytes) => new Uint8Array(bytes))

describe('works', () => {
  it('opens what it sealed', async () => {
    const seals = await createSeals([newKey(1)], realWorld)
    await fc.assert(
      fc.asyncProperty(bytesOf, fc.constantFrom(...PURPOSES), async (bytes, purpose) => {
        const opened = await seals.open(purpose, await seals.seal(purpose, bytes))
        expect(opened).toEqual({ bytes, keyId: 1 })
      }),
    )
  })

  it('T36: opens with every key of the ring and seals with the first, so that a rotation is safe', async () => {
    const [old, next] = [newKey(1), newKey(200)]
    const before = await createSeals([old], realWorld)
    const sealed = await before.seal('sealed-link', utf8('sealed before the rotation'))
    const after = await createSeals([next, old], realWorld)
    expect(after.currentKeyId).toBe(200)
    expect(await after.open('sealed-link', sealed)).toMatchObject({ keyId: 1 })
    expect(decodeBase64url(await after.seal('sealed-link', utf8('new')))![0]).toBe(200)
    expect(decodeBase64url(await after.seal('sealed-link', utf8('stays'), 1))![0]).toBe(1)
  })

  it('derives the same value only for the same key, purpose and text', async () => {
    const ring = [newKey(1), newKey(2)]
    const seals = await createSeals(ring, realWorld)
    const again = await createSeals(ring.toReversed(), realWorld)
    const one = await seals.derive(1, 'session-id', 'tok_ml_a')
    expect(one).toHaveLength(32)
    expect(await again.derive(1, 'session-id', 'tok_ml_a')).toEqual(one)
    const others = [
      await seals.derive(2, 'session-id', 'tok_ml_a'),
      await seals.derive(1, 'code', 'tok_ml_a'),
      await seals.derive(1, 'session-id', 'tok_ml_b'),
    ]
    expect(new Set([one, ...others].map(encodeBase64url)).size).toBe(4)
  })

  // Made with Node's crypto. With other keys, a new release would end every session and every link.
  it('derives the same keys from a secret in every release', async () => {
    const secret = Uint8Array.from({ length: 32 }, (_, i) => i)
    const seals = await createSeals([{ id: 1, secret, nbf: 0 }], realWorld)
    const derived = await seals.derive(1, 'code', 'text')
    const signed = await crypto.subtle.sign('HMAC', seals.sessionJwtKey(1)!, utf8('text'))
    const opened = await seals.open('sealed-link', 'AQcHBwcHBwcHBwcHB3WqDsLmyZmjpdupdE5jlGe41xem')
    expect(encodeBase64url(derived)).toBe('C8-jYptCVR1etgzhtq01WMChtyZ4oL1nxLva4wBkdQI')
    expect(encodeBase64url(new Uint8Array(signed))).toBe(
      'ahhm3EktZSZVXt_739Z-S7MRUMFXLWgVK9pezhUSeDw',
    )
    expect(opened?.bytes).toEqual(utf8('text'))
  })

  it('T36: opens with a new key at once, and seals with it only from its nbf on', async () => {
    const [old, next] = [newKey(1), { ...newKey(2), nbf: 2000 }]
    let nowMs = 1_999_999
    const world = { ...realWorld, now: () => unixMs(nowMs) }
    const [rotated, elsewhere] = [
      await createSeals([next, old], world),
      await createSeals([next], realWorld),
    ]
    expect(rotated.currentKeyId).toBe(1)
    const before = await rotated.seal('link-handle', utf8('text'))
    expect(
      (await rotated.open('link-handle', await elsewhere.seal('link-handle', utf8('text'))))?.keyId,
    ).toBe(2)
    nowMs += 1
    expect(rotated.currentKeyId).toBe(2)
    expect((await rotated.open('link-handle', before))?.keyId).toBe(1)
  })

  it('T36: seals with the oldest key if no key’s nbf has passed', async () => {
    const ring = [
      { ...newKey(3), nbf: 300 },
      { ...newKey(2), nbf: 200 },
    ]
    const world = { ...realWorld, now: () => unixMs(0) }
    const seals = await createSeals(ring, world)
    expect(seals.currentKeyId).toBe(2)
    const sealed = await seals.seal('cursor', utf8('text'))
    expect((await seals.open('cursor', sealed))?.keyId).toBe(2)
  })

  it('derives from each key of the ring a session JWT key that cannot be exported', async () => {
    const seals = await createSeals([newKey(1), newKey(2)], realWorld)
    const signed = await Promise.all(
      [1, 2].map(async (id) => {
        const key = seals.sessionJwtKey(id)!
        expect(key).toMatchObject({ type: 'secret', extractable: false })
        return encodeBase64url(
          new Uint8Array(await crypto.subtle.sign('HMAC', key, utf8('session-id\ntok_ml_a'))),
        )
      }),
    )
    const derived = await Promise.all(
      [1, 2].map((id) => seals.derive(id, 'session-id', 'tok_ml_a')),
    )
    expect(new Set([...signed, ...derived.map(encodeBase64url)]).size).toBe(4)
    expect(seals.sessionJwtKey(3)).toBeUndefined()
  })
})

describe('refuses', () => {
  it('to open for one purpose what was sealed for another', async () => {
    const seals = await createSeals([newKey(1)], realWorld)
    for (const from of PURPOSES) {
      const sealed = await seals.seal(from, utf8('the same content'))
      for (const to of PURPOSES) {
        expect((await seals.open(to, sealed)) === null, `${from} as ${to}`).toBe(from !== to)
      }
    }
  })

  it('a key of the same id but another secret, and a key that has left the ring', async () => {
    const sealed = await (await createSeals([newKey(1)], realWorld)).seal('sealed-link', utf8('a'))
    expect(await (await createSeals([newKey(1)], realWorld)).open('sealed-link', sealed)).toBeNull()
    const without = await createSeals([newKey(2)], realWorld)
    expect(await without.open('sealed-link', sealed)).toBeNull()
    await expect(without.derive(1, 'code', 'a')).rejects.toThrow('no sealing key')
    await expect(without.seal('sealed-link', utf8('a'), 1)).rejects.toThrow('no sealing key')
  })
})

describe('withstands', () => {
  it('any one flipped bit', async () => {
    const seals = await createSeals([newKey(1), newKey(0), newKey(3)], realWorld)
    const bytes = decodeBase64url(await seals.seal('sealed-link', utf8('content')))!
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const damaged = Uint8Array.from(bytes)
      damaged[bit >> 3]! ^= 1 << (bit & 7)
      expect(await seals.open('sealed-link', encodeBase64url(damaged)), `bit ${bit}`).toBeNull()
    }
  })

  it('any truncation, any text, and another encoding of the same bytes', async () => {
    const seals = await createSeals([newKey(1)], realWorld)
    const sealed = await seals.seal('sealed-link', utf8('content'))
    for (let length = 0; length < sealed.length; length++) {
      expect(await seals.open('sealed-link', sealed.slice(0, length))).toBeNull()
    }
    for (const other of [`${sealed}=`, `${sealed}A`, ` ${sealed}`, `${sealed}\n`, `+${sealed}`]) {
      expect(await seals.open('sealed-link', other), JSON.stringify(other)).toBeNull()
    }
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
        expect(await seals.open('sealed-link', text)).toBeNull()
      }),
    )
  })

  it('an observer of its output: the same content never gives the same sealed value', async () => {
    const seals = await createSeals([newKey(1)], realWorld)
    const sealed = await Promise.all(
      Array.from({ length: 1000 }, () => seals.seal('session-jwt', utf8('the same'))),
    )
    const ivs = sealed.map((text) => encodeBase64url(decodeBase64url(text)!.subarray(1, 13)))
    expect(new Set(ivs).size).toBe(1000)
  })
})
