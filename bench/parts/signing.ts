import { makeJwtKey } from '../../scripts/keys/make-secrets.ts'
import type { JwtKey } from '../../src/base/key-rings.ts'
import { bundle, type Build } from '../builds.ts'
import { Samples, type Figure } from '../figures.ts'
import { serve } from '../serve.ts'

const HMAC: JwtKey = {
  kty: 'oct',
  alg: 'HS256',
  kid: 'h',
  k: Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url'),
}

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

/**
 * The CPU time of one access token, for each algorithm of JWT_KEYS: to sign it, and to verify it. It runs the code of
 * src/crypto in alternating rounds.
 */
export async function measureSigning(
  _builds: readonly Build[],
  size: { rounds: number; requests: number },
): Promise<Figure[]> {
  const keys = [await makeJwtKey('ES256'), await makeJwtKey('RS256'), HMAC]
  const served = await serve(await bundle({ contents: WORKER }), { KEYS: JSON.stringify(keys) })
  const samples = new Samples()
  for (let round = -2; round < size.rounds; round++) {
    for (const [ring, { alg }] of keys.entries()) {
      for (const work of ['sign', 'verify']) {
        const before = served.cpuMicros()
        await (await fetch(`${served.origin}/${work}?ring=${ring}&n=${size.requests}`)).text()
        await served.untilIdle()
        const micros = (served.cpuMicros() - before) / size.requests
        const subject = { measure: `${work} ${alg}`, unit: 'µs', build: 'latchkey' } as const
        if (round >= 0) samples.add(subject, micros)
      }
    }
  }
  await served.stop()
  return samples.figures()
}
