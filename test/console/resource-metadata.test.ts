import { expect, it } from 'vitest'
import { CONSOLE_ORIGIN, SECRET, startConsole } from '../support/workers/console.ts'
import { ISSUER, jsonOf } from '../support/workers/tokens.ts'

const METADATA = '/.well-known/oauth-protected-resource'

it('tells anyone where a token for the console comes from (RFC 9728), and nothing about its people', async () => {
  const app = await startConsole({ admins: ['admin@admins.latchkey.test'] })
  const answer = await app.fetch(METADATA)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('Content-Type')).toMatch(/^application\/json/)
  expect(answer.headers.get('Cache-Control')).toBe('public, max-age=300')
  const metadata = await jsonOf(answer)
  expect(metadata).toEqual({
    resource: CONSOLE_ORIGIN,
    authorization_servers: [ISSUER],
    scopes_supported: ['approvals:read', 'approvals:write', 'people:read', 'people:write'],
    bearer_methods_supported: ['header'],
    dpop_signing_alg_values_supported: ['ES256', 'Ed25519', 'EdDSA'],
  })
  expect(JSON.stringify(metadata)).not.toMatch(/admins|writer|reader/)
  expect(JSON.stringify(metadata)).not.toContain(SECRET)
})

it('names an authorization server that has metadata of its own (RFC 8414)', async () => {
  const app = await startConsole()
  const { authorization_servers: servers } = await jsonOf<{ authorization_servers: string[] }>(
    await app.fetch(METADATA),
  )
  const answer = await app.auth.fetch('/.well-known/oauth-authorization-server')
  expect(servers).toEqual([(await jsonOf<{ issuer: string }>(answer)).issuer])
})
