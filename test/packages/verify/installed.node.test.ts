import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { filesToPublish, packed, type Packed } from '../../support/node/packed.ts'

const TARBALL_CEILING_BYTES = 12 * 1024

let installed: Packed
let issuer: Server
let issuerUrl: string
let token: string

beforeAll(async () => {
  installed = packed('verify')
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
  installed.remove()
})

/** A program that has nothing of ours but the package. */
const program = (source: string): Promise<unknown> =>
  installed.run(source, { ISSUER: issuerUrl, TOKEN: token })

describe('works', () => {
  it('publishes its build, licence and README, with jose as its only dependency', () => {
    expect(installed.files).toEqual(filesToPublish('verify'))
    expect(installed.tarballBytes).toBeLessThan(TARBALL_CEILING_BYTES)
    expect(installed.dependencies).toEqual(['jose'])
  })
})

describe('works without Hono', () => {
  it('verifies a token, and a request of Node', async () => {
    const said = await program(`
      import { createServer } from 'node:http'
      import { createVerifier } from '@latchkey/verify'

      const { ISSUER: issuer, TOKEN: token } = process.env
      const verify = createVerifier({ issuer, audience: 'https://api.latchkey.test' })
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
      const answers = [await ask({ Authorization: 'Bearer ' + token }), await ask({})]
      server.close()
      console.log(JSON.stringify({ claims, answers }))
    `)
    expect(said).toMatchObject({
      claims: { sub: 'usr_1', sid: 'ses_1', email: 'ada@example.com', clientId: 'latchkey' },
      answers: [
        [200, 'usr_1', null],
        [401, 'token_missing', 'Bearer, DPoP algs="ES256 Ed25519 EdDSA"'],
      ],
    })
  })

  it('has types that work in a strict project, with every module resolution', () => {
    const said = installed.typeErrors(`
      import { createVerifier, type AccessClaims } from '@latchkey/verify'
      const issuer = 'https://auth.latchkey.test'
      const verify = createVerifier({ issuer, audience: 'https://api.latchkey.test' })
      export const claims: Promise<AccessClaims> = verify(new Request('https://x.example'))
      // @ts-expect-error no such mode
      createVerifier({ issuer, audience: 'https://api.latchkey.test', dpop: 'sometimes' })
    `)
    expect(said).toBe('')
  }, 60_000)
})

describe('works with Hono', () => {
  beforeAll(() => installed.add('hono'))

  it('guards a route', async () => {
    const said = await program(`
      import { Hono } from 'hono'
      import { latchkey } from '@latchkey/verify/hono'

      const { ISSUER: issuer, TOKEN: token } = process.env
      const guard = latchkey({ issuer, audience: 'https://api.latchkey.test' })
      const app = new Hono().get('/', guard, (c) => c.text(c.var.latchkey.sid))
      const ask = async (headers) => {
        const answer = await app.request('/', { headers })
        return [answer.status, await answer.text()]
      }
      const answers = [await ask({ Authorization: 'Bearer ' + token }), await ask({})]
      console.log(JSON.stringify(answers))
    `)
    expect(said).toEqual([
      [200, 'ses_1'],
      [401, '{"error":"token_missing"}'],
    ])
  })

  it('has types that work in a strict project, with every module resolution', () => {
    const said = installed.typeErrors(`
      import { Hono } from 'hono'
      import { latchkey } from '@latchkey/verify/hono'
      const guard = latchkey({ issuer: 'https://auth.latchkey.test', audience: 'https://api.latchkey.test' })
      export const app = new Hono().get('/', guard, (c) => c.text(c.var.latchkey.email))
      // @ts-expect-error no such claim
      new Hono().get('/', guard, (c) => c.text(c.var.latchkey.shoeSize))
    `)
    expect(said).toBe('')
  }, 60_000)
})
