import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { makeConsoleClient, makeSecrets, type JwtKey } from '../../scripts/keys/make-secrets.ts'
import { rotateKeys, type SecretSet } from '../../scripts/keys/rotate-keys.ts'

const NOW = 1_800_000_000
const DAY = 86_400

function jwtKeys(secrets: SecretSet): JwtKey[] {
  return (JSON.parse(secrets.JWT_KEYS!) as { keys: JwtKey[] }).keys
}

describe('works', () => {
  it('makes a secret for a machine, and the hash that the console compares', async () => {
    const { name, secret, secretSha256 } = await makeConsoleClient('crm')
    expect(name).toBe('crm')
    expect(secret).toMatch(/^[\w-]{43}$/)
    expect(createHash('sha256').update(secret).digest('base64url')).toBe(secretSha256)
  })

  it('makes a set in the shape that the Worker reads, another each time', async () => {
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

  it('puts new keys in front and keeps what the old ones sealed and signed', async () => {
    const first = await makeSecrets()
    const second = await rotateKeys({ ...first, OTHER: 'stays' }, NOW)
    expect(second.SEAL_KEYS).toMatch(/^2\.[\w-]{43}\.1\d+,1\.[\w-]{43}$/)
    expect(second.SEAL_KEYS).toContain(first.SEAL_KEYS)
    expect(second.SEAL_KEYS).toContain(`.${NOW + 3600},`)
    expect((await rotateKeys(second, NOW)).SEAL_KEYS).toMatch(/^3\./)
    expect(second.OTHER).toBe('stays')
    const [next, old] = jwtKeys(second)
    expect(next!.nbf).toBe(NOW + 3600)
    expect(old).toEqual(jwtKeys(first)[0])
    expect(next!.kid).not.toBe(old!.kid)
  })

  it('drops a JWT key 366 days after its successor began to sign, and no sooner', async () => {
    const first = await makeSecrets()
    const second = await rotateKeys(first, NOW)
    const signsFrom = NOW + 3600
    expect(jwtKeys(await rotateKeys(second, signsFrom + 366 * DAY))).toHaveLength(3)
    const later = await rotateKeys(second, signsFrom + 366 * DAY + 1)
    expect(jwtKeys(later).map((key) => key.kid)).toEqual([
      expect.any(String),
      jwtKeys(second)[0]!.kid,
    ])
  })

  it('gives a seal key an id that no other key of the ring has, around 255 too', async () => {
    const secret = 'A'.repeat(43)
    const { JWT_KEYS } = await makeSecrets()
    const SEAL_KEYS = `255.${secret},254.${secret},0.${secret}`
    expect((await rotateKeys({ JWT_KEYS, SEAL_KEYS }, NOW)).SEAL_KEYS).toMatch(/^1\./)
  })

  it('reads the current set from standard input', async () => {
    const input = JSON.stringify(await makeSecrets())
    const { stdout } = spawnSync(process.execPath, ['scripts/keys/keys.ts', '--rotate'], { input })
    expect(jwtKeys(JSON.parse(stdout.toString()) as SecretSet)).toHaveLength(2)
  })
})

describe('refuses', () => {
  it.each([
    ['no JSON', 'nonsense'],
    ['no keys', '{}'],
    [
      'a seal key that is none',
      JSON.stringify({ SEAL_KEYS: 'x', JWT_KEYS: '{"keys":[{"kid":"a"}]}' }),
    ],
  ])('to rotate %s, in one line', (_, input) => {
    const run = spawnSync(process.execPath, ['scripts/keys/keys.ts', '--rotate'], { input })
    expect(run.status).toBe(1)
    expect(run.stdout.toString()).toBe('')
    expect(run.stderr.toString().trim().split('\n')).toHaveLength(1)
  })
})
