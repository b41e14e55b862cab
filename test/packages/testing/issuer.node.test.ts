import { createRemoteJWKSet, customFetch, decodeProtectedHeader, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import {
  BAD_PROOFS,
  BAD_TOKENS,
  createDeviceKey,
  createTestIssuer,
  type TestIssuer,
} from '../../../packages/testing/index.ts'
import { createVerifier, VerifyError, type Verify } from '../../../packages/verify/index.ts'

const audience = 'https://api.latchkey.test'
const URL_OF_API = `${audience}/things`

/** A back end's guard, and the issuer that it trusts. */
async function world(more: { alg?: 'ES256' | 'EdDSA' | 'RS256'; now?: () => number } = {}) {
  const issuer = await createTestIssuer({ audience, ...more })
  const { issuer: iss, fetch } = issuer
  return { issuer, verify: createVerifier({ issuer: iss, audience, fetch }) }
}

/** What a guard says of a token: `accepted`, or the error's code. */
const judge = (verify: Verify, token: string): Promise<string> =>
  verify(token).then(() => 'accepted', codeOf)

const codeOf = (error: unknown): string => {
  if (error instanceof VerifyError) return error.code
  throw error
}

const introspect = async (issuer: TestIssuer, token: string, secret?: string) => {
  const { name, secret: own } = issuer.resourceServer
  const response = await issuer.fetch(`${issuer.issuer}/v1/introspect`, {
    method: 'POST',
    headers: { Authorization: `Basic ${btoa(`${name}:${secret ?? own}`)}` },
    body: new URLSearchParams({ token }),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

describe('works', () => {
  it.each(['ES256', 'EdDSA', 'RS256'] as const)(
    'issues tokens that a guard accepts, with %s',
    async (alg) => {
      const { issuer, verify } = await world({ alg })
      const token = await issuer.accessToken({
        sub: 'usr_1',
        email: 'ada@example.com',
        amr: ['otp'],
      })
      expect(await verify(token)).toMatchObject({
        sub: 'usr_1',
        email: 'ada@example.com',
        clientId: 'latchkey',
        amr: ['otp'],
      })
      expect(decodeProtectedHeader(token).alg).toBe(alg)
    },
  )

  it('lets a test decide times and single claims', async () => {
    const { issuer, verify } = await world()
    const now = Math.floor(Date.now() / 1000) - 30
    const token = await issuer.accessToken({ now, authTime: now - 900, expiresInSeconds: 60 })
    const { authTime, issuedAt, expiresAt } = await verify(token)
    expect([authTime, issuedAt, expiresAt]).toEqual([now - 900, now, now + 60])
    const without = await issuer.accessToken({ claims: { email: undefined } })
    expect(await judge(verify, without)).toBe('invalid_token')
  })

  it('binds tokens to a key, and proves it', async () => {
    const { issuer, verify } = await world()
    const device = await createDeviceKey()
    const accessToken = await issuer.accessToken({ dpop: device })
    const target = { method: 'GET', url: `${URL_OF_API}?page=2`, accessToken }
    const request = new Request(target.url, { headers: await device.headers(target) })
    expect((await verify(request)).jkt).toBe(device.jkt)
  })

  it('serves libraries that take no fetch, over HTTP', async () => {
    const issuer = await createTestIssuer({ audience, listen: true })
    expect(issuer.issuer).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    const metadata = await fetch(`${issuer.issuer}/.well-known/oauth-authorization-server`)
    const { jwks_uri } = (await metadata.json()) as { jwks_uri: string }
    const keys = createRemoteJWKSet(new URL(jwks_uri))
    const expected = { issuer: issuer.issuer, audience, typ: 'at+jwt' }
    const { payload } = await jwtVerify(await issuer.accessToken({ sub: 'usr_1' }), keys, expected)
    expect(payload.sub).toBe('usr_1')
    expect(issuer.requests).toContain('GET /.well-known/jwks.json')
    await issuer.stop()
    await expect(fetch(jwks_uri)).rejects.toThrow()
  })

  it('rotates its keys, with the old tokens valid or not', async () => {
    const { issuer } = await world()
    const old = await issuer.accessToken()
    await issuer.rotateKeys()
    const fresh = () => createVerifier({ issuer: issuer.issuer, audience, fetch: issuer.fetch })
    const next = await issuer.accessToken()
    expect(decodeProtectedHeader(next).kid).not.toBe(decodeProtectedHeader(old).kid)
    expect(await judge(fresh(), old)).toBe('accepted')
    expect(await judge(fresh(), next)).toBe('accepted')
    await issuer.rotateKeys({ keepOld: false })
    expect(await judge(fresh(), next)).toBe('invalid_token')
  })

  it('says by introspection that a session was revoked, which a guard cannot know', async () => {
    const { issuer, verify } = await world()
    const sid = 'ses_1'
    const [token, other] = [await issuer.accessToken({ sid }), await issuer.accessToken()]
    const before = await introspect(issuer, token)
    expect(before).toMatchObject({ status: 200, body: { active: true, sid, token_type: 'Bearer' } })
    issuer.revoke(token)
    expect(await introspect(issuer, token)).toEqual({ status: 200, body: { active: false } })
    expect((await introspect(issuer, other)).body['active']).toBe(true)
    expect(await judge(verify, token)).toBe('accepted')
    expect((await introspect(issuer, other, 'wrong')).status).toBe(401)
  })

  it.each(BAD_TOKENS)('calls a token inactive: %s', async (kind) => {
    const { issuer } = await world()
    // A token for another API is for the issuer too, which is all that introspection asks.
    const active = kind === 'wrong_audience'
    expect((await introspect(issuer, await issuer.badToken(kind))).body['active']).toBe(active)
  })

  it('plays an outage', async () => {
    const { issuer, verify } = await world()
    issuer.outage = true
    expect(await judge(verify, await issuer.accessToken())).toBe('unavailable')
  })
})

describe('refuses', () => {
  it.each(BAD_TOKENS)('a guard that verifies all refuses: %s', async (kind) => {
    const { issuer, verify } = await world()
    expect(await judge(verify, await issuer.accessToken())).toBe('accepted')
    expect(await judge(verify, await issuer.badToken(kind))).toBe('invalid_token')
  })

  it.each(BAD_PROOFS)('a guard that checks proofs refuses: %s', async (kind) => {
    const { issuer, verify } = await world()
    const device = await createDeviceKey()
    const accessToken = await issuer.accessToken({ dpop: device })
    const target = { method: 'GET', url: URL_OF_API, accessToken }
    const headers = await device.headers(target)
    await verify(new Request(URL_OF_API, { headers }))
    headers['DPoP'] = await device.badProof(kind, target)
    const said = await verify(new Request(URL_OF_API, { headers })).catch(codeOf)
    expect(said).toBe('invalid_dpop_proof')
  })

  it('another origin than the issuer, so that no test leaves the process', async () => {
    const { issuer } = await world()
    await expect(issuer.fetch('https://auth.example.com/.well-known/jwks.json')).rejects.toThrow(
      'https://auth.example.com is not the test issuer https://auth.latchkey.test',
    )
    expect((await issuer.fetch(`${issuer.issuer}/v1/links`, { method: 'POST' })).status).toBe(404)
  })
})

/** Each of these guards forgets one check, and so accepts what it should refuse. */
describe('finds guards that forget', () => {
  const guards = {
    'the type': ['wrong_type', { audience }],
    'the audience': ['wrong_audience', { typ: 'at+jwt' }],
    'the expiry': ['expired', { audience, typ: 'at+jwt', currentDate: new Date(0) }],
  } as const
  it.each(Object.entries(guards))('%s', async (_, [kind, checks]) => {
    const { issuer } = await world()
    const jwks = createRemoteJWKSet(new URL(`${issuer.issuer}/.well-known/jwks.json`), {
      [customFetch]: issuer.fetch,
    })
    const token = await issuer.badToken(kind)
    await expect(
      jwtVerify(token, jwks, { issuer: issuer.issuer, ...checks }),
    ).resolves.toBeDefined()
  })
})
