import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { filesToPublish, packed, type Packed } from '../../support/node/packed.ts'
import { startSmallIssuer, type SmallIssuer } from '../../support/node/small-issuer.ts'

const TARBALL_CEILING_BYTES = 24 * 1024

let installed: Packed
let client: Packed
let issuer: SmallIssuer

beforeAll(async () => {
  installed = packed('expo')
  client = packed('client')
  installed.add('@latchkey/client', client.root)
  installed.add('@noble/curves')
  issuer = await startSmallIssuer()
}, 90_000)
afterAll(() => {
  issuer.stop()
  client.remove()
  installed.remove()
})

/** The Expo modules, as far as plain Node can stand for them. The key is OpenSSL's, and so is its DER. */
const MODULES = `
  import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
  const items = new Map()
  const at = (key, options) => (options?.keychainService ?? 'app') + '/' + key
  const SecureStore = {
    AFTER_FIRST_UNLOCK_THIS_DEVICE_ONLY: 1,
    getItemAsync: async (key, options) => items.get(at(key, options)) ?? null,
    setItemAsync: async (key, value, options) => void items.set(at(key, options), value),
    deleteItemAsync: async (key, options) => void items.delete(at(key, options)),
  }
  const Crypto = {
    CryptoDigestAlgorithm: { SHA256: 'sha256' },
    getRandomBytes: (length) => new Uint8Array(randomBytes(length)),
    digest: async (name, bytes) => new Uint8Array(createHash(name).update(bytes).digest()).buffer,
  }
  let pair
  const native = {
    async getPublicKeyFixed() {
      if (!pair) throw new Error('PUBLIC_KEY_NOT_FOUND')
      return pair.publicKey.export({ format: 'jwk' })
    },
    generate: async () => void (pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })),
    sign: async (text) => sign('sha256', Buffer.from(text), pair.privateKey).toString('base64'),
    deleteKey: async () => void (pair = undefined),
  }
`

describe('works', () => {
  it.each(['hardware', 'software'])(
    'signs in and calls with a key of %s in plain Node, proved to the issuer each time',
    async (kind) => {
      issuer.asked.length = 0
      const said = await installed.run(
        `
        import { createLatchkeyClient } from '@latchkey/client'
        import { p256 } from '@noble/curves/nist.js'
        import * as expo from '@latchkey/expo'
        ${MODULES}
        const storage = expo.secureStoreStorage(SecureStore)
        const crypto = expo.expoRandomness(Crypto)
        const dpop = process.env.KIND === 'hardware'
          ? expo.hardwareKeys({ native, storage })
          : expo.softwareKeys({ p256, storage, randomBytes: crypto.randomBytes })
        const issuer = process.env.ISSUER
        const latchkey = createLatchkeyClient({ issuer, storage, crypto, dpop })
        await latchkey.ask({ email: 'ada@example.com' })
        const { user } = await latchkey.redeemLink('myapp://link/tok_ml_abc')
        for (let n = 0; n < 300; n++) await latchkey.fetch(issuer + '/things')
        console.log(JSON.stringify({ user, items: [...items.keys()].sort() }))
      `,
        { ISSUER: issuer.url, KIND: kind },
      )
      expect(said).toMatchObject({ user: { email: 'ada@example.com' } })
      const keys = issuer.asked.slice(1).map(({ jkt }) => jkt)
      expect(keys).toHaveLength(301)
      expect([...new Set(keys)]).toEqual([expect.stringMatching(/^[\w-]{43}$/)])
    },
  )

  it('publishes what it built, the plugin under the name that Expo looks for, and no dependency', () => {
    expect(installed.files).toEqual(filesToPublish('expo'))
    expect(installed.files).toContain('app.plugin.js')
    expect(installed.tarballBytes).toBeLessThan(TARBALL_CEILING_BYTES)
    expect(installed.dependencies).toEqual([])
    for (const file of installed.files.filter((file) => /^dist\/.*\.js$/.test(file))) {
      expect(readFileSync(`${installed.root}/${file}`, 'utf8')).not.toMatch(/from ['"][^.]/)
    }
  })

  it('loads as a config plugin, by require as Expo loads it', async () => {
    const said = await installed.run(`
      import { createRequire } from 'node:module'
      const { default: withLatchkey } = createRequire(import.meta.url)('@latchkey/expo/app.plugin')
      console.log(JSON.stringify(withLatchkey({}, { issuer: 'http://127.0.0.1:8787' })))
    `)
    expect(said).toEqual({ scheme: 'latchkey' })
  })

  it('has types that fit those of the client, in a strict project', () => {
    const said = installed.typeErrors(`
      import { createLatchkeyClient } from '@latchkey/client'
      import * as expo from '@latchkey/expo'
      declare const SecureStore: expo.SecureStoreModule
      declare const Crypto: expo.CryptoModule<'SHA-256'>
      declare const native: expo.IoCryptoModule
      const storage = expo.secureStoreStorage(SecureStore)
      const crypto = expo.expoRandomness(Crypto)
      const dpop = expo.hardwareKeys({ native, storage })
      const issuer = 'https://auth.latchkey.test'
      const latchkey = createLatchkeyClient({ issuer, storage, crypto, dpop })
      export const links = expo.createLinks(latchkey, storage)
      // @ts-expect-error the links need a storage
      expo.createLinks(latchkey)
    `)
    expect(said).toBe('')
  }, 60_000)
})
