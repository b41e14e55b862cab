import { Hono } from 'hono'
import { jwk } from 'hono/jwk'
import type { JwtVariables } from 'hono/jwt'
import { describe, expect } from 'vitest'
import { backEndCases } from '../support/node/back-end-cases.ts'

const algorithms = ['ES256' as const, 'RS256' as const]

describe('T90: hono/jwk', () => {
  backEndCases({
    start: (issuer, audience) => {
      const app = new Hono<{ Variables: JwtVariables<{ sub: string }> }>().get(
        '/',
        jwk({
          jwks_uri: `${issuer}/.well-known/jwks.json`,
          alg: algorithms,
          verification: { iss: issuer, aud: audience, typ: 'at+jwt' },
        }),
        (c) => c.text(c.get('jwtPayload').sub),
      )
      return {
        async read(token) {
          const answer = await app.request('/', { headers: { Authorization: `Bearer ${token}` } })
          if (answer.status === 401) return null
          expect(answer.status).toBe(200)
          return answer.text()
        },
      }
    },
    fetches: 'for each token',
    fetchesForUnknownKeys: 'for each token',
    typ: 'checked',
    binding: 'not checked',
    removedKey: 'at once',
  })
})
