import { build } from 'esbuild'
import { makeJwtKey } from '../scripts/keys/make-secrets.ts'
import type { JwtKey } from '../src/base/key-rings.ts'
import { readOptions } from './options.ts'
import { serve } from './serve.ts'
import { spread } from './stats.ts'

/**
 * Measures the CPU time of one access token in workerd, for each algorithm of JWT_KEYS: to sign it, and to verify it.
 * It runs the code of src/crypto in alternating rounds.
 */
const { rounds, requests: tokens } = readOptions({ rounds: 15, requests: 500 })
const HMAC: JwtKey = {
  kty: 'oct',
  alg: 'HS256',
  kid: 'h',
  k: Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url'),
}
const KEYS = [await makeJwtKey('ES256'), await makeJwtKey('RS256'), HMAC]

const WORKER = `
import { jwtVerify } from 'jose'
import { signJwt } from './src/crypto/sign-jwt.ts'
import { createSigningKeys } from './src/crypto/signing-keys.ts'

const claims = { iss: 'https://auth.example.com', aud: ['https://api.example.com'], sub: 'usr_x', sid: 'ses_x' }
let rings
export default {
  async fetch(request, env) {
    const { pathname, searchParams } = new URL(request.url)
    if (pathname === '/healthz') return new Response('ok')
    rings ??= Promise.all(JSON.parse(env.KEYS).map((key) => createSigningKeys([key])))
    const keys = (await rings)[searchParams.get('ring')]
    const { key, kid, alg } = keys.signing(0)
    const header = { alg, kid, typ: 'at+jwt' }
    let token = await signJwt(header, claims, key)
    for (let n = searchParams.get('n'); n > 0; n--) {
      if (pathname === '/sign') token = await signJwt(header, claims, key)
      else await jwtVerify(token, keys.verifying, { algorithms: keys.algorithms })
    }
    return new Response(token)
  },
}`

const { outputFiles } = await build({
  stdin: { contents: WORKER, resolveDir: '.', loader: 'ts' },
  bundle: true,
  minify: true,
  write: false,
  format: 'esm',
  target: 'es2024',
  conditions: ['workerd', 'worker', 'browser'],
})
const served = await serve(Buffer.from(outputFiles[0]!.contents), { KEYS: JSON.stringify(KEYS) })
const spent: Record<string, number[]> = {}
for (let round = -2; round < rounds; round++) {
  for (const [ring, { alg }] of KEYS.entries()) {
    for (const work of ['sign', 'verify']) {
      const before = served.cpuMicros()
      await (await fetch(`${served.origin}/${work}?ring=${ring}&n=${tokens}`)).text()
      await served.untilIdle()
      const micros = (served.cpuMicros() - before) / tokens
      if (round >= 0) (spent[`${work} ${alg}`] ??= []).push(micros)
    }
  }
}
console.log(`CPU per token: median (quartiles) of ${rounds} rounds of ${tokens} tokens`)
for (const [what, micros] of Object.entries(spent)) console.log(`${what}: ${spread(micros, 0)} µs`)
await served.stop()
