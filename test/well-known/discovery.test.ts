import { describe, expect, it } from 'vitest'
import { makeJwtKey } from '../../scripts/keys/make-secrets.ts'
import { encodeBase64url } from '../../src/base/encoding.ts'
import { startLatchkey, type Latchkey } from '../support/workers/latchkey.ts'
import { ask, askForLink, newDevice, postForm, redeem, signIn } from '../support/workers/sign-in.ts'
import {
  introspect,
  ISSUER,
  jsonOf,
  newProofKey,
  proveToken,
  resourceServer,
  signInBound,
} from '../support/workers/tokens.ts'

type Metadata = Record<string, string | string[]>
const METADATA = '/.well-known/oauth-authorization-server'

const OPENID = '/.well-known/openid-configuration'

const metadataOf = async (app: Latchkey, path = METADATA): Promise<Metadata> =>
  jsonOf<Metadata>(await app.fetch(path))
const randomBase64url = () => encodeBase64url(crypto.getRandomValues(new Uint8Array(32)))

const pathOf = (metadata: Metadata, name: string): string => {
  const url = new URL(metadata[name] as string)
  expect(url.origin).toBe(ISSUER)
  return url.pathname
}

describe('works', () => {
  it('is JSON at the path of RFC 8414, cacheable for everyone', async () => {
    const app = startLatchkey()
    const answer = await app.fetch(METADATA)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('Content-Type')).toMatch(/^application\/json/)
    expect(answer.headers.get('Cache-Control')).toBe('public, max-age=300')
    expect((await jsonOf<Metadata>(answer))['issuer']).toBe(ISSUER)
  })

  it('names only endpoints and URIs that exist, at the issuer', async () => {
    const app = startLatchkey()
    const metadata = await metadataOf(app)
    const named = Object.keys(metadata).filter((name) => /_(endpoint|uri)$/.test(name))
    expect(named.toSorted()).toEqual([
      'introspection_endpoint',
      'jwks_uri',
      'revocation_endpoint',
      'token_endpoint',
    ])
    for (const name of named) {
      const path = pathOf(metadata, name)
      const answer = name.endsWith('_uri') ? await app.fetch(path) : await postForm(app, path, {})
      expect(answer.status, name).not.toBe(404)
      expect(answer.status, name).toBeLessThan(500)
    }
  })

  it('names exactly the grants that the token endpoint accepts', async () => {
    const app = startLatchkey()
    const metadata = await metadataOf(app)
    const tokenPath = pathOf(metadata, 'token_endpoint')
    const grants = metadata['grant_types_supported'] as string[]
    expect(grants).toContain('refresh_token')
    expect(grants).toContain('urn:latchkey:grant-type:link')
    const errorOf = async (grant_type: string) =>
      (await jsonOf(await postForm(app, tokenPath, { grant_type })))['error']
    for (const grant of grants) expect(await errorOf(grant), grant).toBe('invalid_request')
    for (const other of [
      'authorization_code',
      'password',
      'client_credentials',
      '__proto__',
      'x',
    ]) {
      expect(await errorOf(other), other).toBe('unsupported_grant_type')
    }
  })

  it('only names S256, and a plain challenge signs nobody in', async () => {
    const app = startLatchkey()
    const metadata = await metadataOf(app)
    expect(metadata['code_challenge_methods_supported']).toEqual(['S256'])
    const device = await newDevice()
    const plain = { ...device, codeChallenge: device.codeVerifier }
    const asked = await askForLink(app, plain)
    expect((await redeem(app, asked.linkToken, device)).status).toBe(400)
    const answer = await ask(app, asked.email, { ...device, codeChallenge: 'short' })
    expect(answer.status).toBe(400)
  })

  it('names exactly the proof algorithms that bind a session', async () => {
    const app = startLatchkey()
    const metadata = await metadataOf(app)
    const algorithms = metadata['dpop_signing_alg_values_supported'] as string[]
    expect(algorithms.toSorted()).toEqual(['ES256', 'Ed25519', 'EdDSA'])
    for (const alg of algorithms) {
      expect((await signInBound(app, await newProofKey(alg))).token_type).toBe('DPoP')
    }
    const device = await newDevice()
    const asked = await askForLink(app, device)
    for (const alg of ['ES384', 'ES512', 'RS256', 'PS256']) {
      const DPoP = await proveToken(app, await newProofKey(alg))
      expect((await redeem(app, asked.linkToken, device, {}, { DPoP })).status, alg).toBe(400)
    }
  })

  it('names how clients authenticate: none for tokens and revocation, Basic for introspection', async () => {
    const app = startLatchkey()
    const metadata = await metadataOf(app)
    expect(metadata['token_endpoint_auth_methods_supported']).toEqual(['none'])
    expect(metadata['revocation_endpoint_auth_methods_supported']).toEqual(['none'])
    expect(metadata['introspection_endpoint_auth_methods_supported']).toEqual([
      'client_secret_basic',
    ])
    const tokens = await signIn(app)
    expect((await jsonOf(await introspect(app, tokens.access_token)))['active']).toBe(true)
    const { name, secret } = resourceServer(app)
    const posted = { token: tokens.access_token, client_id: name, client_secret: secret }
    const path = pathOf(metadata, 'introspection_endpoint')
    expect((await postForm(app, path, posted)).status).toBe(401)
    const revoked = await postForm(app, pathOf(metadata, 'revocation_endpoint'), {
      token: tokens.refresh_token,
    })
    expect(revoked.status).toBe(200)
  })

  it('publishes the signing keys at jwks_uri', async () => {
    const app = startLatchkey()
    const metadata = await metadataOf(app)
    const { keys } = await jsonOf<{ keys: { kid: string; alg: string }[] }>(
      await app.fetch(pathOf(metadata, 'jwks_uri')),
    )
    const { access_token } = await signIn(app)
    const header = JSON.parse(atob(access_token.split('.')[0]!)) as { kid: string; alg: string }
    expect(keys.find(({ kid }) => kid === header.kid)?.alg).toBe(header.alg)
  })
})

describe('works: /.well-known/openid-configuration', () => {
  it('is the same metadata, with what OpenID Connect Discovery needs to find the keys', async () => {
    const app = startLatchkey()
    const answer = await app.fetch(OPENID)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('Content-Type')).toMatch(/^application\/json/)
    expect(answer.headers.get('Cache-Control')).toBe('public, max-age=300')
    expect(await answer.json()).toEqual({
      ...(await metadataOf(app)),
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['ES256'],
    })
  })

  it('T36: names the algorithms of the published keys, each once, and never a symmetric one', async () => {
    const keys = await Promise.all([makeJwtKey('RS256'), makeJwtKey('ES256'), makeJwtKey('RS256')])
    const hs256 = { kty: 'oct', alg: 'HS256', kid: 'h', k: randomBase64url() }
    const app = startLatchkey({ env: { JWT_KEYS: JSON.stringify({ keys: [hs256, ...keys] }) } })
    const openId = await metadataOf(app, OPENID)
    expect(openId['id_token_signing_alg_values_supported']).toEqual(['RS256', 'ES256'])
    const alone = startLatchkey({ env: { JWT_KEYS: JSON.stringify({ keys: [hs256] }) } })
    const { id_token_signing_alg_values_supported: none } = await metadataOf(alone, OPENID)
    expect(none).toEqual([])
  })

  it('claims no ID token, no authorization endpoint and no scope', async () => {
    const openId = await metadataOf(startLatchkey(), OPENID)
    expect(openId['response_types_supported']).toEqual([])
    for (const name of [
      'authorization_endpoint',
      'userinfo_endpoint',
      'scopes_supported',
      'claims_supported',
    ]) {
      expect(openId).not.toHaveProperty(name)
    }
  })
})

describe('refuses', () => {
  it('to name introspection if no resource server is configured', async () => {
    const app = startLatchkey({ env: { RESOURCE_SERVERS: '' } })
    expect(Object.keys(await metadataOf(app)).filter((name) => /introspection/.test(name))).toEqual(
      [],
    )
  })

  it('to name an authorization endpoint or a response type', async () => {
    const metadata = await metadataOf(startLatchkey())
    expect(metadata['response_types_supported']).toEqual([])
    expect(metadata).not.toHaveProperty('authorization_endpoint')
  })
})

describe('withstands', () => {
  it.each([METADATA, OPENID])(
    'T4: a hostile Host or forwarding header changes no URL of %s',
    async (path) => {
      const app = startLatchkey()
      const expected = await metadataOf(app, path)
      for (const name of [
        'Host',
        'X-Forwarded-Host',
        'X-Forwarded-Proto',
        'Forwarded',
        'X-Original-URL',
      ]) {
        const answer = await app.fetch(`https://evil.example${path}`, {
          headers: {
            [name]: name === 'Forwarded' ? 'host=evil.example;proto=http' : 'evil.example',
          },
        })
        expect(await answer.json(), name).toEqual(expected)
      }
    },
  )
})
