import { createVerifier, type DecodedJwt } from 'fast-jwt'
import buildGetJwks from 'get-jwks'
import { describe } from 'vitest'
import { backEndCases } from '../support/node/back-end-cases.ts'

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
})
