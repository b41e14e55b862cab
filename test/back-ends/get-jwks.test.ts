import { createVerifier, type DecodedJwt } from 'fast-jwt'
import buildGetJwks from 'get-jwks'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { makeJwtKey } from '../../scripts/keys/make-secrets.ts'
import { backEndCases } from '../support/node/back-end-cases.ts'
import { headerOf, startIssuer } from '../support/node/issuer.ts'

describe('T90: get-jwks with fast-jwt', () => {
  backEndCases({
    start: (issuer, audience) => {
      const keys = buildGetJwks({ issuersWhitelist: [issuer], providerDiscovery: true })
      const verify = createVerifier({
        key: async ({ header }: DecodedJwt) =>
          keys.getPublicKey({ domain: issuer, alg: header['alg'], kid: header['kid'] }),
        algorithms: ['ES256', 'RS256'],
        allowedIss: issuer,
        allowedAud: audience,
      })
      return {
        async read(token) {
          try {
            return ((await verify(token)) as { sub: string }).sub
          } catch {
            return null
          }
        },
      }
    },
    fetches: 'once',
    fetchesForUnknownKeys: 'for each token',
    typ: 'not checked',
    binding: 'not checked',
    removedKey: 'when its cache expires',
  })

  it('goes on accepting a removed key while its tokens keep coming, and ends after a pause', async () => {
    const key = await makeJwtKey()
    const issuer = await startIssuer([key])
    const { accessToken } = await issuer.signIn()
    const signature = { domain: issuer.url, ...headerOf(accessToken) }
    const ttl = 1000 // 60,000 by default
    const keys = buildGetJwks({ ttl })
    const known = () =>
      keys.getJwk(signature).then(
        () => true,
        () => false,
      )
    expect(await known()).toBe(true)
    await issuer.rotate([await makeJwtKey()])
    const until = Date.now() + 5 * ttl
    while (Date.now() < until) {
      expect(await known()).toBe(true)
      await sleep(ttl / 5)
    }
    await sleep(3 * ttl)
    await known()
    expect(await known()).toBe(false)
    await issuer.stop()
  }, 60_000)
})
