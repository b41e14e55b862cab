import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { filesToPublish, packed, type Packed } from '../../support/node/packed.ts'

const TARBALL_CEILING_BYTES = 24 * 1024

/** Playwright and Vitest bring types that need Node's, and newer libraries than the program's. */
const OF_OTHERS = ['--types', 'node', '--skipLibCheck']

let installed: Packed
let verify: Packed
let detox: string

beforeAll(() => {
  installed = packed('testing')
  verify = packed('verify')
  // The samples await at their top level, which only modules can.
  writeFileSync(join(installed.root, '../../../package.json'), '{ "type": "module" }')
  detox = mkdtempSync(join(tmpdir(), 'latchkey-detox-'))
  // What the sample uses of Detox 20, which needs a simulator and is not installed here.
  writeFileSync(join(detox, 'package.json'), '{ "name": "detox", "types": "index.d.ts" }')
  writeFileSync(
    join(detox, 'index.d.ts'),
    `interface Element { typeText(text: string): Promise<void>; tap(): Promise<void> }
     export const by: { id(id: string): unknown }
     export function element(by: unknown): Element
     export const device: { openURL(url: { url: string; sourceApp?: string }): Promise<void> }`,
  )
  installed.add('@latchkey/verify', verify.root)
  installed.add('detox', detox)
  for (const name of ['vitest', 'playwright-core', '@types/node']) installed.add(name)
}, 120_000)
afterAll(() => {
  installed.remove()
  verify.remove()
  rmSync(detox, { recursive: true })
})

/** The samples of the README that say that they are type-checked. */
const samples = [
  ...readFileSync('packages/testing/README.md', 'utf8').matchAll(
    /<!-- type-checked by [^>]+ -->\n\n```ts\n([^]*?)```/g,
  ),
].map(([, source = '']) => source)

describe('works', () => {
  it('publishes its build, the script for Maestro, licence and README, with jose as its only dependency', () => {
    const expected = [...filesToPublish('testing'), 'maestro/latchkey-message.js'].toSorted()
    expect(installed.files).toEqual(expected)
    expect(installed.tarballBytes).toBeLessThan(TARBALL_CEILING_BYTES)
    expect(installed.dependencies).toEqual(['jose'])
  })

  it('runs in plain Node, with the verifier as it is installed', async () => {
    const said = await installed.run(`
      import { BAD_TOKENS, createTestIssuer } from '@latchkey/testing'
      import { createVerifier } from '@latchkey/verify'
      const audience = 'https://api.latchkey.test'
      const issuer = await createTestIssuer({ audience })
      const verify = createVerifier({ issuer: issuer.issuer, audience, fetch: issuer.fetch })
      const { email } = await verify(await issuer.accessToken())
      const codes = []
      for (const kind of BAD_TOKENS) {
        await verify(await issuer.badToken(kind)).catch((error) => codes.push(error.code))
      }
      console.log(JSON.stringify({ email, refused: codes.length === BAD_TOKENS.length, requests: issuer.requests }))
    `)
    expect(said).toEqual({
      email: 'ada@example.com',
      refused: true,
      requests: ['GET /.well-known/jwks.json'],
    })
  })

  it('has types that name what a test may decide', () => {
    const said = installed.typeErrors(`
      import { createTestIssuer, signInAs } from '@latchkey/testing'
      const issuer = await createTestIssuer({ audience: 'a' })
      export const token: string = await issuer.badToken('expired', { sub: 'usr_1' })
      // @ts-expect-error no such kind
      await issuer.badToken('shy')
      // @ts-expect-error a session is redeemed by link or code
      await signInAs('ada@example.com', { by: 'magic' })
    `)
    expect(said).toBe('')
  }, 60_000)
})

describe('the samples of the README', () => {
  it('are all found', () => {
    expect(samples).toHaveLength(5)
  })

  it.each(samples.map((source, index) => [index + 1, source] as const))(
    'type-check: sample %i',
    (_, source) => {
      expect(installed.typeErrors(source, OF_OTHERS)).toBe('')
    },
    60_000,
  )
})
