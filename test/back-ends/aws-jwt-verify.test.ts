import { JwtVerifier } from 'aws-jwt-verify'
import { describe } from 'vitest'
import { backEndCases } from '../support/node/back-end-cases.ts'
import { withoutTls } from '../support/node/without-tls.ts'

withoutTls()

describe('T90: aws-jwt-verify', () => {
  backEndCases({
    start: (issuer, audience) => {
      const verifier = JwtVerifier.create({
        issuer,
        audience,
        jwksUri: `${issuer}/.well-known/jwks.json`,
      })
      return {
        async read(token) {
          try {
            return (await verifier.verify(token)).sub ?? ''
          } catch {
            // Not only its own errors: a short ES256 signature throws another one.
            return null
          }
        },
      }
    },
    fetches: 'once',
    fetchesForUnknownKeys: 'with pauses',
    typ: 'not checked',
    binding: 'not checked',
    removedKey: 'with the next fetch',
  })
})
