import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { makeConsoleClient, makeSealKey, makeSecrets } from '../../scripts/keys/make-secrets.ts'
import type { SecretSet } from '../../scripts/keys/read-rings.ts'
import { replaceKeys } from '../../scripts/keys/replace-keys.ts'
import { rotateKeys } from '../../scripts/keys/rotate-keys.ts'
import { parseSealKeys, type JwtKey } from '../../src/base/key-rings.ts'

const NOW = 1_800_000_000
const DAY = 86_400
/** From a rotation until the new keys are used. */
const LEAD = 3 * 3600

function jwtKeys(secrets: SecretSet): JwtKey[] {
  return (JSON.parse(secrets.JWT_KEYS!) as { keys: JwtKey[] }).keys
}

const sealIds = (secrets: SecretSet): number[] =>
  parseSealKeys(secrets.SEAL_KEYS!)!.map(({ id }) => id)

describe('works', () => {
  it('makes a secret for a machine, and the hash that the console compares', async () => {
    const { name, secret, secretSha256 } = await makeConsoleClient('crm')
    expect(name).toBe('crm')
    expect(secret).toMatch(/^[\w-]{43}$/)
    expect(createHash('sha256').update(secret).digest('base64url')).toBe(secretSha256)
  })

  it('makes a set in the format that the Worker reads, different each time', async () => {
    const [one, two] = [await makeSecrets(), await makeSecrets()]
    expect(one.SEAL_KEYS).toMatch(/^1\.[A-Za-z0-9_-]{43}$/)
    expect(jwtKeys(one)).toEqual([
      expect.objectContaining({
        alg: 'ES256',
        use: 'sig',
        kty: 'EC',
        kid: expect.stringMatching(/./),
      }),
    ])
    const servers = Object.values(JSON.parse(one.RESOURCE_SERVERS) as Record<string, string>)
    expect(servers.every((secret) => secret.length >= 32)).toBe(true)
    for (const name of Object.keys(one) as (keyof typeof one)[])
      expect(one[name]).not.toBe(two[name])
  })

  it('puts new keys first, and keeps values of the old ones valid', async () => {
    const first = await makeSecrets()
    const second = await rotateKeys({ ...first, OTHER: 'stays' }, NOW)
    expect(second.SEAL_KEYS).toMatch(/^2\.[\w-]{43}\.1\d+,1\.[\w-]{43}$/)
    expect(second.SEAL_KEYS).toContain(first.SEAL_KEYS)
    expect(second.SEAL_KEYS).toContain(`.${NOW + LEAD},`)
    expect((await rotateKeys(second, NOW)).SEAL_KEYS).toMatch(/^3\./)
    expect(second.OTHER).toBe('stays')
    const [next, old] = jwtKeys(second)
    expect(next!.nbf).toBe(NOW + LEAD)
    expect(old).toEqual(jwtKeys(first)[0])
    expect(next!.kid).not.toBe(old!.kid)
  })

  it('drops sealing keys 366 days after newer ones became current, and not earlier', async () => {
    const first = await makeSecrets()
    const second = await rotateKeys(first, NOW)
    const secondBegins = NOW + LEAD
    const before = await rotateKeys(second, secondBegins + 366 * DAY)
    expect(sealIds(before)).toEqual([3, 2, 1])
    const after = await rotateKeys(second, secondBegins + 366 * DAY + 1)
    expect(sealIds(after)).toEqual([3, 2])
    expect(after.SEAL_KEYS).toContain(second.SEAL_KEYS!.split(',')[0])
  })

  it('drops signing keys a day after newer ones became current, and not earlier', async () => {
    const second = await rotateKeys(await makeSecrets(), NOW)
    const secondBegins = NOW + LEAD
    expect(jwtKeys(await rotateKeys(second, secondBegins + DAY))).toHaveLength(3)
    const after = await rotateKeys(second, secondBegins + DAY + 1)
    expect(jwtKeys(after).slice(1)).toEqual([jwtKeys(second)[0]])
  })

  it('makes RS256 keys, and keeps the algorithm of the newest key unless another is named', async () => {
    const rsa = await makeSecrets('RS256')
    const [key] = jwtKeys(rsa)
    expect(key).toMatchObject({ kty: 'RSA', alg: 'RS256', use: 'sig', e: 'AQAB' })
    expect(Buffer.from((key as { n?: string }).n!, 'base64url')).toHaveLength(256)
    const algorithms = (secrets: SecretSet) => jwtKeys(secrets).map(({ alg }) => alg)
    expect(algorithms(await rotateKeys(rsa, NOW))).toEqual(['RS256', 'RS256'])
    expect(algorithms(await rotateKeys(rsa, NOW, 'ES256'))).toEqual(['ES256', 'RS256'])
    const plain = await makeSecrets()
    expect(algorithms(await rotateKeys(plain, NOW))).toEqual(['ES256', 'ES256'])
    expect(algorithms(await rotateKeys(plain, NOW, 'RS256'))).toEqual(['RS256', 'ES256'])
  })

  it('takes the algorithm from --alg', () => {
    const { stdout } = spawnSync(process.execPath, ['scripts/keys/keys.ts', '--alg', 'RS256'])
    expect(jwtKeys(JSON.parse(stdout.toString()) as SecretSet)[0]).toMatchObject({ alg: 'RS256' })
  })

  it('keeps the sealing key of every session that may be live, with a rotation each quarter', async () => {
    const sessionLife = 365 * DAY
    let secrets: SecretSet = await makeSecrets()
    const lastUsedAt = new Map<number, number>()
    for (let now = NOW; now < NOW + 1500 * DAY; now += 91 * DAY) {
      secrets = await rotateKeys(secrets, now)
      // The newest key begins in three hours: until then, the one before it seals.
      lastUsedAt.set(sealIds(secrets)[1]!, now + LEAD)
      const needed = [...lastUsedAt].filter(([, usedAt]) => usedAt + sessionLife > now)
      expect(sealIds(secrets)).toEqual(expect.arrayContaining(needed.map(([id]) => id)))
      expect(sealIds(secrets).length).toBeLessThanOrEqual(7)
    }
  })

  it('drops nothing after a key without nbf', async () => {
    const { JWT_KEYS } = await makeSecrets()
    const SEAL_KEYS = `${makeSealKey(3)},${makeSealKey(2)}.${NOW},${makeSealKey(1)}`
    const undated = { JWT_KEYS, SEAL_KEYS: `${makeSealKey(2)},${makeSealKey(1)}` }
    expect(sealIds(await rotateKeys(undated, NOW))).toEqual([3, 2, 1])
    const dated = await rotateKeys({ JWT_KEYS, SEAL_KEYS }, NOW + 367 * DAY)
    expect(sealIds(dated)).toEqual([4, 3, 2])
  })

  it('gives a sealing key a unique id, also when the ids wrap around at 255', async () => {
    const { JWT_KEYS } = await makeSecrets()
    const SEAL_KEYS = [255, 254, 0].map(makeSealKey).join(',')
    expect((await rotateKeys({ JWT_KEYS, SEAL_KEYS }, NOW)).SEAL_KEYS).toMatch(/^1\./)
  })

  it('replaces only the rings that are named, by one key that is in use at once', async () => {
    const before: SecretSet = await rotateKeys(await makeSecrets('RS256'), NOW)
    const seal = await replaceKeys(before, ['SEAL_KEYS'])
    expect(seal).toEqual({ ...before, SEAL_KEYS: expect.stringMatching(/^3\.[\w-]{43}$/) })
    const jwt = await replaceKeys(before, ['JWT_KEYS'])
    expect(jwt).toEqual({ ...before, JWT_KEYS: expect.any(String) })
    const [key, ...others] = jwtKeys(jwt)
    expect([key!.alg, key!.nbf, others]).toEqual(['RS256', undefined, []])
    expect(jwtKeys(before).map(({ kid }) => kid)).not.toContain(key!.kid)
    const args = ['scripts/keys/keys.ts', '--replace', 'SEAL_KEYS', '--replace', 'JWT_KEYS']
    const { stdout } = spawnSync(process.execPath, args, { input: JSON.stringify(before) })
    const both = JSON.parse(stdout.toString()) as SecretSet
    expect([sealIds(both), jwtKeys(both).length]).toEqual([[3], 1])
    expect(both.RESOURCE_SERVERS).toBe(before.RESOURCE_SERVERS)
  })

  it('reads the current set from standard input', async () => {
    const input = JSON.stringify(await makeSecrets())
    const { stdout } = spawnSync(process.execPath, ['scripts/keys/keys.ts', '--rotate'], { input })
    expect(jwtKeys(JSON.parse(stdout.toString()) as SecretSet)).toHaveLength(2)
  })
})

describe('refuses', async () => {
  const secrets = await makeSecrets()

  it('an algorithm that it does not make, in one line', () => {
    const run = spawnSync(process.execPath, ['scripts/keys/keys.ts', '--alg', 'none'])
    expect([run.status, run.stdout.toString()]).toEqual([1, ''])
    expect(run.stderr.toString()).toBe('--alg must be one of ES256, RS256.\n')
  })

  it.each([
    [['--replace', 'RESOURCE_SERVERS'], '--replace must be one of SEAL_KEYS, JWT_KEYS.\n'],
    [['--replace', 'JWT_KEYS', '--rotate'], 'Use --rotate or --replace, not both.\n'],
  ])('%j', (flags, says) => {
    const run = spawnSync(process.execPath, ['scripts/keys/keys.ts', ...flags])
    expect([run.status, run.stdout.toString(), run.stderr.toString()]).toEqual([1, '', says])
  })

  it('to make a ring that is larger than a secret of Cloudflare', async () => {
    const ring = await rotateKeys(await makeSecrets('RS256'), NOW)
    await expect(rotateKeys(ring, NOW)).rejects.toThrow(/^JWT_KEYS would have \d+ bytes/)
    await rotateKeys(ring, NOW + LEAD + DAY + 1)
  })

  it.each<[what: string, input: object | string, says: RegExp]>([
    ['no JSON', 'nonsense', /^Pass the current secrets as JSON/],
    ['no keys', {}, /^JWT_KEYS must be/],
    ['a malformed sealing key', { ...secrets, SEAL_KEYS: 'x' }, /^SEAL_KEYS must be/],
    ['a malformed signing key', { ...secrets, JWT_KEYS: '{x' }, /^JWT_KEYS must be/],
  ])('to rotate %s, in one line', (_, given, says) => {
    const input = typeof given === 'string' ? given : JSON.stringify(given)
    const run = spawnSync(process.execPath, ['scripts/keys/keys.ts', '--rotate'], { input })
    expect(run.status).toBe(1)
    expect(run.stdout.toString()).toBe('')
    const lines = run.stderr.toString().trim().split('\n')
    expect(lines).toEqual([expect.stringMatching(says)])
  })
})
