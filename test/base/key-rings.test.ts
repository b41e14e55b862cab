import { exportJWK, generateKeyPair } from 'jose'
import { describe, expect, it } from 'vitest'
import { encodeBase64url } from '../../src/base/encoding.ts'
import { parseJwtKeys, parseSealKeys, type JwtKey } from '../../src/base/key-rings.ts'

const bytes = (length = 32) => crypto.getRandomValues(new Uint8Array(length))
const random = (length = 32) => encodeBase64url(bytes(length))
const short = encodeBase64url(Uint8Array.from({ length: 31 }, (_, n) => n * 7))
const weak = encodeBase64url(Uint8Array.from({ length: 32 }, (_, n) => n % 15))

async function newKey(alg: 'ES256' | 'EdDSA' | 'RS256', kid: string): Promise<JwtKey> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true })
  return { ...(await exportJWK(privateKey)), alg, kid } as JwtKey
}
const KEYS: Record<JwtKey['alg'], JwtKey> = {
  ES256: await newKey('ES256', 'es'),
  EdDSA: await newKey('EdDSA', 'ed'),
  RS256: await newKey('RS256', 'rs'),
  HS256: { kty: 'oct', alg: 'HS256', kid: 'hs', k: random() },
}
const { ES256, EdDSA, RS256, HS256 } = KEYS

describe('parseSealKeys', () => {
  it('T36: keeps order, ids, secrets and times; a key without nbf is valid at once', () => {
    const [a, b] = [bytes(), bytes()]
    const ring = `200.${encodeBase64url(a)}.1900000000, 1.${encodeBase64url(b)}`
    expect(parseSealKeys(ring)).toEqual([
      { id: 200, secret: a, nbf: 1_900_000_000 },
      { id: 1, secret: b, nbf: 0 },
    ])
  })

  it('accepts every byte as an id', () => {
    const parsed = [0, 255].map((id) => parseSealKeys(`${id}.${random()}`)?.[0]?.id)
    expect(parsed).toEqual([0, 255])
  })

  it.each([
    ['nothing', ''],
    ['a comma', ','],
    ['a trailing comma', `1.${random()},`],
    ['no id', random()],
    ['an empty id', `.${random()}`],
    ['an id that is no byte', `256.${random()}`],
    ['an id of four digits', `0001.${random()}`],
    ['an id of letters', `a.${random()}`],
    ['a negative id', `-1.${random()}`],
    ['no secret', '1.'],
    ['a secret of 31 bytes', `1.${random(31)}`],
    ['a secret of 33 bytes', `1.${random(33)}`],
    ['a secret with padding', `1.${random()}=`],
    ['plain base64', `1.${'+/'.repeat(21)}A`],
    ['a secret of few different bytes', `1.${weak}`],
    ['a time that is no number', `1.${random()}.soon`],
    ['an empty time', `1.${random()}.`],
    ['a negative time', `1.${random()}.-5`],
    ['a time in milliseconds', `1.${random()}.1900000000000`],
    ['a fourth part', `1.${random()}.0.0`],
    ['one id twice', `1.${random()},1.${random()}`],
    ['one id in two spellings', `1.${random()},01.${random()}`],
    ['a bad key behind a good one', `1.${random()},2.${weak}`],
  ])('T31: refuses %s', (_, ring) => expect(parseSealKeys(ring)).toBeNull())
})

describe('parseJwtKeys', () => {
  it('T36: keeps all keys in order, each with its time', () => {
    const keys = [{ ...ES256, nbf: 1_900_000_000 }, EdDSA, RS256, { ...HS256, use: 'sig' }]
    expect(parseJwtKeys({ keys })).toEqual({ keys })
    expect(parseJwtKeys({ keys })?.keys.map(({ nbf }) => nbf)).toEqual([
      1_900_000_000,
      undefined,
      undefined,
      undefined,
    ])
  })

  it.each([
    ['null', null],
    ['text', 'keys'],
    ['a list', [ES256]],
    ['one key', ES256],
    ['no keys', {}],
    ['keys that are no list', { keys: { 0: ES256 } }],
    ['an empty list', { keys: [] }],
    ['a null among them', { keys: [ES256, null] }],
    ['a text among them', { keys: [ES256, 'key'] }],
    ['one kid twice', { keys: [ES256, { ...EdDSA, kid: ES256.kid }] }],
  ])('T31: refuses a ring that is %s', (_, ring) => expect(parseJwtKeys(ring)).toBeNull())

  /** A member of a key, as it must not be; the rest of the key is good. */
  const members: [member: string, value: unknown][] = [
    ['kid', undefined],
    ['kid', ''],
    ['kid', 1],
    ['alg', undefined],
    ['alg', 'none'],
    ['alg', 'PS256'],
    ['alg', 'toString'],
    ['alg', ['ES256']],
    ['use', 'enc'],
    ['use', null],
    ['nbf', '1900000000'],
    ['nbf', 1.5],
    ['nbf', null],
    ['nbf', 2 ** 53],
    ['kty', undefined],
    ['kty', 'AKP'],
  ]
  const own: Record<JwtKey['alg'], [member: string, value: unknown][]> = {
    ES256: [['crv', 'P-384'], ['crv', undefined], ...missing('x', 'y', 'd')],
    EdDSA: [['crv', 'Ed448'], ['crv', undefined], ...missing('x', 'd')],
    RS256: [
      ...['AQ', 'Aw', 'AAEAAQ', 'AQAA', undefined].map((e): [string, unknown] => ['e', e]),
      ['n', modulus(2047)],
      ['n', modulus(1024)],
      // More bytes, but not more bits.
      ['n', encodeBase64url(Uint8Array.from({ length: 300 }, (_, n) => (n < 45 ? 0 : 255)))],
      ...missing('n', 'd', 'p', 'q', 'dp', 'dq', 'qi'),
    ],
    HS256: [...missing('k'), ['k', short], ['k', weak], ['k', 'secret'], ['k', 's']],
  }
  function modulus(bits: number): string {
    const first = 0xff >> (8 * Math.ceil(bits / 8) - bits)
    return encodeBase64url(
      Uint8Array.from({ length: Math.ceil(bits / 8) }, (_, n) => (n === 0 ? first : 255)),
    )
  }
  function missing(...names: string[]): [string, unknown][] {
    return names.flatMap((name) =>
      [undefined, '', 'AA==', 'a+b/', 'a b', ['AAAA'], {}, 1234, 'AAAAA'].map(
        (value): [string, unknown] => [name, value],
      ),
    )
  }

  it.each(
    Object.values(KEYS).flatMap((key) =>
      [...members, ...own[key.alg]].map(
        ([member, value]) => [key.alg, member, value, key] as const,
      ),
    ),
  )('T31: refuses %s with %s = %j', (_, member, value, key) => {
    expect(parseJwtKeys({ keys: [key] })).not.toBeNull()
    expect(parseJwtKeys({ keys: [{ ...key, [member]: value }] })).toBeNull()
    // A good key beside it does not save it.
    const other = { ...HS256, kid: 'other' }
    expect(parseJwtKeys({ keys: [other, { ...key, [member]: value }] })).toBeNull()
  })

  it('T31: takes an RS256 key of 2048 bits or more', () => {
    for (const bits of [2048, 2049, 3072, 4096]) {
      expect(parseJwtKeys({ keys: [{ ...RS256, n: modulus(bits) }] }), `${bits}`).not.toBeNull()
    }
  })

  it.each(Object.entries(KEYS))('T31: refuses %s with another algorithm in alg', (name, key) => {
    for (const alg of Object.keys(KEYS).filter((one) => one !== name)) {
      expect(parseJwtKeys({ keys: [{ ...key, alg }] }), alg).toBeNull()
    }
  })
})
