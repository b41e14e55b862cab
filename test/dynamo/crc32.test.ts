import { describe, expect, it } from 'vitest'
import { utf8 } from '../../src/base/encoding.ts'
import { crc32 } from '../../src/dynamo/crc32.ts'

describe('works', () => {
  it.each([
    ['', 0],
    ['a', 0xe8b7be43],
    // The check value of CRC-32/ISO-HDLC in the catalogue of parametrised CRC algorithms.
    ['123456789', 0xcbf43926],
    ['The quick brown fox jumps over the lazy dog', 0x414fa339],
    // What DynamoDB Local answers to a GetItem of an absent row, and the header that it sends along.
    ['{}', 2745614147],
  ])('finds the checksum of %j', (text, checksum) => {
    expect(crc32(utf8(text))).toBe(checksum)
  })

  it('is unsigned for every byte', () => {
    for (let byte = 0; byte < 256; byte++) {
      const checksum = crc32(Uint8Array.of(byte))
      expect(checksum).toBeGreaterThanOrEqual(0)
      expect(checksum).toBeLessThan(2 ** 32)
    }
  })
})

describe('refuses', () => {
  it('tells an answer from the same with one bit flipped', () => {
    const bytes = crypto.getRandomValues(new Uint8Array(64))
    const before = crc32(bytes)
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      bytes[bit >> 3]! ^= 1 << (bit & 7)
      expect(crc32(bytes)).not.toBe(before)
      bytes[bit >> 3]! ^= 1 << (bit & 7)
    }
  })
})
