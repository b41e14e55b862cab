import express from 'express'
import { auth } from 'express-oauth2-jwt-bearer'
import { describe, expect } from 'vitest'
import { startLoopbackServer } from '../../dev/loopback-server.ts'
import { backEndCases } from '../support/node/back-end-cases.ts'

describe('T90: express-oauth2-jwt-bearer', () => {
  backEndCases({
    start: async (issuer, audience, impatient) => {
      const app = express()
      // It keeps the metadata for 10 minutes, and fetches new keys at most every 30 s.
      const pauses = impatient ? { cooldownDuration: 0, cache: { discovery: { ttl: 1 } } } : {}
      app.use(auth({ issuerBaseURL: issuer, audience, strict: true, ...pauses }))
      app.get('/', (request, response) => void response.send(request.auth!.payload.sub))
      const server = await startLoopbackServer(0, app)
      return {
        async read(token) {
          const headers = { Authorization: `Bearer ${token}` }
          const answer = await fetch(server.endpoint, { headers })
          if (answer.status === 401) return null
          expect(answer.status).toBe(200)
          return answer.text()
        },
        stop: server.stop,
      }
    },
    fetches: 'once',
    fetchesForUnknownKeys: 'with pauses',
    typ: 'checked',
    binding: 'checked',
    removedKey: 'with the next fetch',
  })
})
