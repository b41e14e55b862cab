import jwt from 'jsonwebtoken'
import jwksClient from 'jwks-rsa'
import { describe } from 'vitest'
import { backEndCases } from '../support/node/back-end-cases.ts'

describe('T90: jwks-rsa with jsonwebtoken', () => {
  backEndCases({
    start: (issuer, audience) => {
      const client = jwksClient({ jwksUri: `${issuer}/.well-known/jwks.json` })
      return {
        read: (token) =>
          new Promise((resolve) => {
            jwt.verify(
              token,
              ({ kid }, done) => {
                client.getSigningKey(kid, (error, key) => done(error, key?.getPublicKey()))
              },
              { algorithms: ['ES256', 'RS256'], issuer, audience },
              (error: Error | null, claims) => resolve(error ? null : String(claims?.sub)),
            )
          }),
      }
    },
    fetches: 'once',
    fetchesForUnknownKeys: 'for each token',
    typ: 'not checked',
    binding: 'not checked',
    removedKey: 'when its cache expires',
  })
})
