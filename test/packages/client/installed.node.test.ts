import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { filesToPublish, packed, type Packed } from '../../support/node/packed.ts'
import { startSmallIssuer, type SmallIssuer } from '../../support/node/small-issuer.ts'

const BUNDLE_CEILING_BYTES = 5 * 1024
const TARBALL_CEILING_BYTES = 20 * 1024

let installed: Packed
let issuer: SmallIssuer

beforeAll(async () => {
  installed = packed('client')
  issuer = await startSmallIssuer()
}, 60_000)
afterAll(() => {
  issuer.stop()
  installed.remove()
})

/** A program that has nothing of ours but the package. */
const program = (source: string): Promise<unknown> => installed.run(source, { ISSUER: issuer.url })

describe('works', () => {
  it('signs in, refreshes and fetches in plain Node, with storage only', async () => {
    issuer.asked.length = 0
    const said = await program(`
      import { createLatchkeyClient, memoryStorage } from '@latchkey/client'
      const issuer = process.env.ISSUER
      const latchkey = createLatchkeyClient({ issuer, storage: memoryStorage() })
      await latchkey.ask({ email: 'ada@example.com' })
      const session = await latchkey.redeemCode('123456')
      await latchkey.fetch(issuer + '/things')
      console.log(JSON.stringify({ session, token: await latchkey.accessToken() }))
    `)
    expect(said).toMatchObject({ session: { id: 'ses_1' }, token: 'access-2' })
    expect(issuer.asked).toEqual([
      { request: 'POST /v1/links', jkt: null },
      { request: 'POST /v1/token', jkt: null },
      { request: 'GET /things', jkt: null },
    ])
  })

  it('proves one key on all requests, with a key store', async () => {
    issuer.asked.length = 0
    await program(`
      import { createLatchkeyClient, memoryStorage, webCryptoKeys } from '@latchkey/client'
      const issuer = process.env.ISSUER
      const storage = memoryStorage()
      const latchkey = createLatchkeyClient({ issuer, storage, dpop: webCryptoKeys() })
      await latchkey.ask({ email: 'ada@example.com' })
      await latchkey.redeemLink('myapp://link/tok_ml_abc')
      await latchkey.fetch(issuer + '/things?x=1', { method: 'POST', body: '{}' })
      console.log('null')
    `)
    const keys = issuer.asked.slice(1).map(({ jkt }) => jkt)
    expect(keys).toEqual([expect.stringMatching(/^[\w-]{43}$/), keys[0]])
  })

  it('publishes its build, licence and README, without dependencies', () => {
    expect(installed.files).toEqual(filesToPublish('client'))
    expect(installed.tarballBytes).toBeLessThan(TARBALL_CEILING_BYTES)
    expect(installed.dependencies).toEqual([])
  })

  it(`weighs at most ${BUNDLE_CEILING_BYTES} bytes in an app, minified and compressed`, async () => {
    const { outputFiles } = await build({
      entryPoints: [`${installed.root}/dist/index.js`],
      bundle: true,
      minify: true,
      format: 'esm',
      target: 'es2022',
      write: false,
    })
    const bytes = gzipSync(outputFiles[0]!.contents, { level: 9 }).length
    expect(bytes).toBeLessThan(BUNDLE_CEILING_BYTES)
  })

  it('has types that work in a strict project, with every module resolution', () => {
    const said = installed.typeErrors(`
      import { createLatchkeyClient, memoryStorage, LatchkeyError } from '@latchkey/client'
      const issuer = 'https://auth.latchkey.test'
      const client = createLatchkeyClient({ issuer, storage: memoryStorage() })
      const session: Promise<{ user: { email: string } } | null> = client.session()
      // @ts-expect-error no such channel
      void client.ask({ email: 'ada@example.com', channel: 'pigeon' })
      export { session, LatchkeyError }
    `)
    expect(said).toBe('')
  }, 60_000)

  it('needs nothing that React Native lacks, except randomness from the app', async () => {
    issuer.asked.length = 0
    const said = await program(`
      import { createHash, randomBytes, webcrypto } from 'node:crypto'
      import { createLatchkeyClient, memoryStorage } from '@latchkey/client'
      // Node's own fetch needs them, the client does not.
      await fetch(process.env.ISSUER)
      const { fetch: nodeFetch, URL } = globalThis
      const borrowing = (input, init) => {
        globalThis.URL = URL
        const answer = nodeFetch(input, init)
        delete globalThis.URL
        return answer
      }
      delete globalThis.crypto
      delete globalThis.URL
      delete globalThis.URLSearchParams
      AbortSignal.timeout = undefined
      const issuer = process.env.ISSUER
      const crypto = {
        randomBytes: (length) => new Uint8Array(randomBytes(length)),
        sha256: async (bytes) => new Uint8Array(createHash('sha256').update(bytes).digest()),
      }
      const options = { issuer, storage: memoryStorage(), crypto, fetch: borrowing }
      const latchkey = createLatchkeyClient(options)
      await latchkey.ask({ email: 'ada@example.com' })
      const { user } = await latchkey.redeemCode('123 456')
      console.log(JSON.stringify(user))
    `)
    expect(said).toMatchObject({ email: 'ada@example.com' })
  })
})

describe('withstands', () => {
  it('an issuer that never responds, and lets the program end', async () => {
    issuer.answers = false
    const said = await program(`
      import { createLatchkeyClient, memoryStorage } from '@latchkey/client'
      const options = { issuer: process.env.ISSUER, storage: memoryStorage(), timeoutMs: 50 }
      const error = await createLatchkeyClient(options).ask({ email: 'a@b.example' }).catch((e) => e)
      console.log(JSON.stringify({ code: error.code, name: error.name }))
    `)
    expect(said).toEqual({ code: 'offline', name: 'LatchkeyError' })
    issuer.answers = true
  })
})
