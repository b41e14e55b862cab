import { describe, expect, it } from 'vitest'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { makeJwtKey } from '../../scripts/keys/make-secrets.ts'
import {
  bearer,
  CONSOLE_ORIGIN,
  machineToken,
  SECRET,
  send,
  startConsole,
} from '../support/workers/console.ts'
import { postForm } from '../support/workers/sign-in.ts'
import { jsonOf, linesOf } from '../support/workers/tokens.ts'

const HASH = 'A'.repeat(43)

describe('works', () => {
  it('gives a machine a short-lived token of its scopes, and logs it once', async () => {
    const app = await startConsole()
    const answer = await machineToken(app, 'writer')
    expect(answer.status).toBe(200)
    const body = await jsonOf<{ access_token: string }>(answer)
    expect(body).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 300,
      scope: 'approvals:read approvals:write',
    })
    expect(decodeProtectedHeader(body.access_token)['typ']).toBe('at+jwt')
    expect(decodeJwt(body.access_token)).toMatchObject({
      iss: CONSOLE_ORIGIN,
      aud: CONSOLE_ORIGIN,
      sub: 'writer',
      client_id: 'writer',
      scope: 'approvals:read approvals:write',
    })
    expect(linesOf(app, 'machine_token_issued')).toEqual([
      expect.objectContaining({ outcome: 'ok', client: 'writer' }),
    ])
  })

  it('signs with an RS256 key of JWT_KEYS, and accepts the token', async () => {
    const JWT_KEYS = JSON.stringify({ keys: [await makeJwtKey('RS256')] })
    const app = await startConsole({}, { env: { JWT_KEYS } })
    const body = await jsonOf<{ access_token: string }>(await machineToken(app, 'writer'))
    expect(decodeProtectedHeader(body.access_token)['alg']).toBe('RS256')
    expect((await send(app, 'GET', '/v1/me', bearer(body))).status).toBe(200)
  })

  it('gives fewer scopes if fewer are requested', async () => {
    const app = await startConsole()
    const less = await machineToken(app, 'writer', SECRET, { scope: 'approvals:read' })
    expect(await jsonOf(less)).toMatchObject({ scope: 'approvals:read' })
  })

  it('T80: refuses a machine at once after its key is removed from the configuration', async () => {
    const app = await startConsole()
    const token = bearer(await jsonOf(await machineToken(app, 'writer')))
    const CONSOLE_CLIENTS = JSON.stringify({
      other: { secretSha256: HASH, scopes: ['approvals:read'] },
    })
    const later = await startConsole({}, { env: { CONSOLE_CLIENTS }, clock: app.clock })
    expect((await send(app, 'GET', '/v1/me', token)).status).toBe(200)
    expect((await send(later, 'GET', '/v1/me', token)).status).toBe(401)
  })
})

describe('refuses', () => {
  it('T28, T80: wrong credentials, always with the same response', async () => {
    const app = await startConsole()
    const answers = await Promise.all([
      machineToken(app, 'writer', 'wrong'),
      machineToken(app, 'nobody'),
      machineToken(app, '__proto__'),
      machineToken(app, 'constructor'),
      machineToken(app, 'writer', ''),
      postForm(app, '/v1/token', { grant_type: 'client_credentials' }),
      postForm(app, '/v1/token', {
        grant_type: 'client_credentials',
        client_id: 'writer',
        client_secret: SECRET,
      }),
    ])
    const bodies = await Promise.all(
      answers.map(async (answer) => {
        expect(answer.status).toBe(401)
        expect(answer.headers.get('WWW-Authenticate')).toMatch(/^Basic /)
        return answer.text()
      }),
    )
    expect(new Set(bodies).size).toBe(1)
    expect(bodies[0]).toContain('invalid_client')
  })

  it('T80: a scope that the key does not have, and other grant types', async () => {
    const app = await startConsole()
    for (const scope of ['people:read', 'approvals:read people:read', 'x', ' ']) {
      const answer = await machineToken(app, 'writer', SECRET, { scope })
      expect(answer.status, scope).toBe(400)
      expect(await jsonOf(answer), scope).toMatchObject({ error: 'invalid_scope' })
    }
    for (const grant of ['refresh_token', 'password', 'urn:latchkey:grant-type:link']) {
      const answer = await machineToken(app, 'writer', SECRET, { grant_type: grant })
      expect(await jsonOf(answer), grant).toMatchObject({ error: 'unsupported_grant_type' })
    }
  })

  it.each([
    ['{"a": {"secretSha256": "short", "scopes": ["approvals:read"]}}'],
    [`{"a": {"secretSha256": "${HASH}", "scopes": []}}`],
    [`{"a": {"secretSha256": "${HASH}", "scopes": ["everything"]}}`],
    [`{"a": {"secretSha256": "${HASH}", "scopes": ["approvals:read"], "role": "admin"}}`],
    [`{"a": {"secret": "in plain text", "scopes": ["approvals:read"]}}`],
    ['[]'],
  ])('T31: the CONSOLE_CLIENTS value %s', async (CONSOLE_CLIENTS) => {
    const app = await startConsole({}, { env: { CONSOLE_CLIENTS } })
    expect((await app.fetch('/v1/me')).status).toBe(503)
    expect(linesOf(app, 'config_invalid')).toHaveLength(1)
    expect(JSON.stringify(app.lines)).not.toContain('plain text')
  })

  it('T31: the public Worker’s origin as CONSOLE_ORIGIN', async () => {
    const env = { CONSOLE_ORIGIN: 'https://auth.latchkey.test' }
    const app = await startConsole({}, { env })
    expect((await app.fetch('/v1/me')).status).toBe(503)
    expect((await app.fetch('/healthz')).status).toBe(200)
    expect(linesOf(app, 'config_invalid')[0]).toMatchObject({
      problems: ['CONSOLE_ORIGIN must not be ISSUER'],
    })
  })
})
