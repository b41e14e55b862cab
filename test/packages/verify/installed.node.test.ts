import { execFile, execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { packed, type Packed } from '../../support/node/packed.ts'

const run = promisify(execFile)

let there: Packed
let issuer: Server
let issuerUrl: string
let token: string

beforeAll(async () => {
  there = packed()
  const { publicKey, privateKey } = await generateKeyPair('ES256')
  const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' }
  issuer = createServer((_, response) => {
    response.setHeader('content-type', 'application/jwk-set+json')
    response.end(JSON.stringify({ keys: [jwk] }))
  })
  await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve))
  issuerUrl = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}`
  const now = Math.floor(Date.now() / 1000)
  token = await new SignJWT({
    sub: 'usr_1',
    sid: 'ses_1',
    jti: 'j1',
    email: 'ada@example.com',
    client_id: 'latchkey',
    auth_time: now,
  })
    .setProtectedHeader({ alg: 'ES256', kid: 'k1', typ: 'at+jwt' })
    .setIssuer(issuerUrl)
    .setAudience(['https://api.latchkey.test', issuerUrl])
    .setIssuedAt(now)
    .setExpirationTime(now + 600)
    .sign(privateKey)
}, 60_000)

afterAll(() => {
  issuer.close()
  there.remove()
})

/** A program of somebody's own, in plain Node. */
async function program(source: string): Promise<unknown> {
  const file = join(there.folder, 'program.mjs')
  writeFileSync(file, source)
  const env = { ...process.env, ISSUER: issuerUrl, TOKEN: token }
  const { stdout } = await run(process.execPath, ['--no-warnings', file], { env })
  return JSON.parse(stdout)
}

describe('works', () => {
  it('verifies in three lines in plain Node, from its http module and from Hono', async () => {
    const said = await program(`
      import { createServer } from 'node:http'
      import { Hono } from 'hono'
      import { createVerifier } from 'latchkey/verify'
      import { latchkey } from 'latchkey/verify/hono'

      const { ISSUER: issuer, TOKEN: token } = process.env
      const audience = 'https://api.latchkey.test'
      const verify = createVerifier({ issuer, audience })
      const claims = await verify(token)

      const server = createServer(async (request, response) => {
        try {
          response.end((await verify(request)).sub)
        } catch (error) {
          response.writeHead(error.status, error.headers).end(error.code)
        }
      })
      await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
      const url = 'http://127.0.0.1:' + server.address().port
      const ask = async (headers) => {
        const answer = await fetch(url, { headers })
        return [answer.status, await answer.text(), answer.headers.get('www-authenticate')]
      }
      const node = [await ask({ Authorization: 'Bearer ' + token }), await ask({})]
      server.close()

      const app = new Hono().get('/', latchkey({ issuer, audience }), (c) => c.text(c.var.latchkey.sid))
      const hono = await (await app.request('/', { headers: { Authorization: 'Bearer ' + token } })).text()
      console.log(JSON.stringify({ claims, node, hono }))
    `)
    expect(said).toMatchObject({
      claims: { sub: 'usr_1', sid: 'ses_1', email: 'ada@example.com', clientId: 'latchkey' },
      node: [
        [200, 'usr_1', null],
        [401, 'token_missing', 'Bearer, DPoP algs="ES256 Ed25519 EdDSA"'],
      ],
      hono: 'ses_1',
    })
  })

  it('has types that a strict project takes, in all ways of resolving', () => {
    writeFileSync(
      join(there.folder, 'mine.ts'),
      `import { createVerifier, type AccessClaims } from 'latchkey/verify'
       import { latchkey } from 'latchkey/verify/hono'
       import { createLatchkeyClient, memoryStorage, LatchkeyError } from 'latchkey/client'
       import { Hono } from 'hono'
       const settings = { issuer: 'https://auth.latchkey.test', audience: 'https://api.latchkey.test' }
       const claims: Promise<AccessClaims> = createVerifier(settings)(new Request('https://x.example'))
       const app = new Hono().get('/', latchkey(settings), (c) => c.text(c.var.latchkey.email))
       const client = createLatchkeyClient({ issuer: settings.issuer, storage: memoryStorage() })
       const session: Promise<{ user: { email: string } } | null> = client.session()
       // @ts-expect-error a channel that there is none of
       void client.ask({ email: 'ada@example.com', channel: 'pigeon' })
       export { claims, app, session, LatchkeyError }`,
    )
    for (const [module, moduleResolution] of [
      ['nodenext', 'nodenext'],
      ['esnext', 'bundler'],
    ] as const) {
      const flags = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--target', 'es2024']
      const how = ['--module', module, '--moduleResolution', moduleResolution, '--types', '']
      const tsc = join(process.cwd(), 'node_modules/typescript/bin/tsc')
      const options = { cwd: there.folder, encoding: 'utf8' as const, stdio: 'pipe' as const }
      let said = ''
      try {
        execFileSync(process.execPath, [tsc, 'mine.ts', ...flags, ...how], options)
      } catch (error) {
        said = (error as { stdout: string }).stdout
      }
      expect(said).toBe('')
    }
  }, 60_000)
})
