import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../../dev/ports.ts'
import { makeJwtKey } from '../../scripts/keys/make-secrets.ts'
import { AUDIENCE, resigned, startIssuer, type Issuer } from '../support/node/issuer.ts'
import { packed, type Packed } from '../support/node/packed.ts'

const page = readFileSync('docs/back-ends.md', 'utf8')
const RUN = /^<!-- run by test\/back-ends\/docs\.test\.ts: ([\w-]+) -->\n\n```js\n(.+?)^```$/gms
const snippets = [...page.matchAll(RUN)].map(([, name, source]) => [name!, source!] as const)
const DEPENDENCIES = [
  'aws-jwt-verify',
  'express',
  'express-oauth2-jwt-bearer',
  'fast-jwt',
  'get-jwks',
  'hono',
  'jsonwebtoken',
  'jwks-rsa',
]
/** Only these check a proof. The others refuse every token that is bound to a key. */
const CHECK_PROOFS = ['latchkey', 'express-oauth2-jwt-bearer']

/** Asks a snippet, by whatever it exports, whether it accepts each of `TOKENS`: an Authorization and a DPoP header. */
const PROGRAM = `
import http from 'node:http'
import https from 'node:https'
import { syncBuiltinESMExports } from 'node:module'
// aws-jwt-verify only speaks HTTPS.
https.request = (...all) => http.request(...all)
syncBuiltinESMExports()

const { app, handler, verify } = await import('./snippet.mjs')
const { TOKENS, PORT } = process.env
const origin = 'http://127.0.0.1:' + PORT
const server = app?.listen ? await new Promise((ready) => {
  const started = app.listen(PORT, '127.0.0.1', () => ready(started))
}) : undefined

async function accepts(headers) {
  if (server) return (await fetch(origin + '/me', { headers })).status === 200
  if (app) return (await app.request('/me', { headers })).status === 200
  if (handler) {
    const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
    const event = { rawPath: '/me', headers: lower, requestContext: { http: { method: 'GET' } } }
    return (await handler(event)).isAuthorized
  }
  return verify(headers.Authorization.split(' ')[1]).then(({ sub }) => sub.startsWith('usr_'), () => false)
}
const said = {}
for (const [what, headers] of Object.entries(JSON.parse(TOKENS))) said[what] = await accepts(headers)
server?.close()
console.log(JSON.stringify(said))
`

describe.each(['ES256', 'RS256'] as const)('T90: docs/back-ends.md, with %s', (alg) => {
  let issuer: Issuer
  let installed: Packed
  const tokens: Record<string, Record<string, string>> = {}
  let port: number
  let origin: string

  beforeAll(async () => {
    port = await freePort()
    origin = `http://127.0.0.1:${port}`
    installed = packed('verify')
    for (const dependency of DEPENDENCIES) installed.add(dependency)
    const key = await makeJwtKey(alg)
    issuer = await startIssuer([key])
    const [person, bound] = [await issuer.signIn(), await issuer.signInBound()]
    const bearer = (token: string) => ({ Authorization: `Bearer ${token}` })
    const changed = (change: object) => resigned(key, person.accessToken, change)
    Object.assign(tokens, {
      'an access token': bearer(person.accessToken),
      'the session JWT': bearer(person.refreshToken),
      'another typ': bearer(await changed({ header: { typ: 'JWT' } })),
      'another audience': bearer(await changed({ claims: { aud: 'https://other.test' } })),
      expired: bearer(await changed({ claims: { iat: 1, exp: 2 } })),
      'bound to a key, without its proof': bearer(bound.accessToken),
      'bound to a key, with its proof': {
        Authorization: `DPoP ${bound.accessToken}`,
        DPoP: await bound.prove('GET', `${origin}/me`),
      },
    })
  }, 120_000)
  afterAll(async () => {
    installed.remove()
    await issuer.stop()
  })

  it('has a snippet for each of the libraries', () => {
    expect(snippets.map(([name]) => name)).toEqual([
      'latchkey',
      'aws-jwt-verify',
      'express-oauth2-jwt-bearer',
      'hono-jwk',
      'jwks-rsa',
      'get-jwks',
    ])
  })

  it.each(snippets)('%s: accepts an access token, and refuses the others', async (name, source) => {
    const app = join(installed.root, '../../..')
    const snippet = source
      .replaceAll('https://auth.example.com', issuer.url)
      .replaceAll("origin: 'https://api.example.com'", `origin: '${origin}'`)
      .replaceAll('https://api.example.com', AUDIENCE)
    writeFileSync(join(app, 'snippet.mjs'), snippet)
    const said = await installed.run(PROGRAM, { TOKENS: JSON.stringify(tokens), PORT: `${port}` })
    expect(said).toEqual({
      'an access token': true,
      'the session JWT': false,
      'another typ': false,
      'another audience': false,
      expired: false,
      'bound to a key, without its proof': false,
      'bound to a key, with its proof': CHECK_PROOFS.includes(name),
    })
  })
})
