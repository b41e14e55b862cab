import * as dpop from 'dpop'
import * as oauth from 'oauth4webapi'
import { describe, expect, it } from 'vitest'
import { startLatchkey, type Latchkey } from '../support/workers/latchkey.ts'
import {
  askForLink,
  LINK_GRANT,
  newDevice,
  postForm,
  type Tokens,
} from '../support/workers/sign-in.ts'
import { AUDIENCE, ISSUER, jsonOf, resourceServer } from '../support/workers/tokens.ts'

const CLIENT: oauth.Client = { client_id: 'latchkey' }
const PUBLIC = oauth.None()

/** What makes the unmodified client talk to this test's Worker, and counts its requests. */
function throughApp(app: Latchkey) {
  const sent: { path: string; status: number }[] = []
  const fetch = async (url: string, init: RequestInit): Promise<Response> => {
    const answer = await app.fetch(url, init)
    sent.push({ path: new URL(url).pathname, status: answer.status })
    return answer
  }
  return { sent, options: { [oauth.customFetch]: fetch as never } }
}

async function discover(app: Latchkey): Promise<oauth.AuthorizationServer> {
  const issuer = new URL(ISSUER)
  const answer = await oauth.discoveryRequest(issuer, {
    algorithm: 'oauth2',
    ...throughApp(app).options,
  })
  return oauth.processDiscoveryResponse(issuer, answer)
}

async function linkParameters(app: Latchkey): Promise<Record<string, string>> {
  const device = await newDevice()
  const { linkToken } = await askForLink(app, device)
  return {
    link_token: linkToken,
    code_verifier: device.codeVerifier,
    device_id: device.deviceId,
    device_name: 'oauth4webapi',
  }
}

/** The library's own way: once more, when the server asks for its nonce. */
async function withNonce<T>(attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt()
  } catch (error) {
    if (!oauth.isDPoPNonceError(error)) throw error
    return attempt()
  }
}

describe('works: oauth4webapi', () => {
  const KINDS = [
    { name: 'unbound', alg: undefined, skew: 0, challenges: 0 },
    { name: 'bound to ES256', alg: 'ES256', skew: 0, challenges: 0 },
    { name: 'bound to Ed25519', alg: 'Ed25519', skew: 0, challenges: 0 },
    // One for its proofs anywhere: the handle keeps the nonce of the origin.
    { name: 'bound, a day behind', alg: 'ES256', skew: -86_400, challenges: 1 },
    { name: 'bound, a year ahead', alg: 'Ed25519', skew: 31_536_000, challenges: 1 },
  ] as const

  it.each(KINDS)(
    'T38, T41: $name: discovery, link grant, resource, refresh, introspection and revocation',
    async ({ alg, skew, challenges }) => {
      const app = startLatchkey()
      const as = await discover(app)
      const { sent, options: through } = throughApp(app)
      const client = { ...CLIENT, [oauth.clockSkew]: skew }
      const keyPair = alg === undefined ? undefined : await oauth.generateKeyPair(alg)
      const DPoP = keyPair && oauth.DPoP(client, keyPair)
      const options = { ...through, ...(DPoP && { DPoP }) }
      const type = alg === undefined ? 'bearer' : 'dpop'

      const parameters = await linkParameters(app)
      const tokens = await withNonce(async () =>
        oauth.processGenericTokenEndpointResponse(
          as,
          client,
          await oauth.genericTokenEndpointRequest(
            as,
            client,
            PUBLIC,
            LINK_GRANT,
            parameters,
            options,
          ),
        ),
      )
      expect(tokens).toMatchObject({ token_type: type, expires_in: 600 })

      const session = async (accessToken: string) =>
        withNonce(async () =>
          oauth.protectedResourceRequest(
            accessToken,
            'GET',
            new URL('/v1/session', ISSUER),
            new Headers(),
            null,
            options,
          ),
        )
      const answer = await session(tokens.access_token)
      expect(answer.status).toBe(200)
      expect(await answer.json()).toMatchObject({
        session: { deviceName: 'oauth4webapi', dpopBound: alg !== undefined },
      })

      const renewed = await withNonce(async () =>
        oauth.processRefreshTokenResponse(
          as,
          client,
          await oauth.refreshTokenGrantRequest(as, client, PUBLIC, tokens.refresh_token!, options),
        ),
      )
      expect(renewed.token_type).toBe(type)
      expect(renewed.refresh_token).not.toBe(tokens.refresh_token)

      const { name, secret } = resourceServer(app)
      const api: oauth.Client = { client_id: name }
      const introspected = async (token: string) =>
        oauth.processIntrospectionResponse(
          as,
          api,
          await oauth.introspectionRequest(
            as,
            api,
            oauth.ClientSecretBasic(secret),
            token,
            through,
          ),
        )
      expect(await introspected(renewed.access_token)).toMatchObject({
        active: true,
        iss: ISSUER,
        ...(DPoP && { cnf: { jkt: await DPoP.calculateThumbprint() } }),
      })

      await oauth.processRevocationResponse(
        await oauth.revocationRequest(as, client, PUBLIC, renewed.refresh_token!, through),
      )
      expect(await introspected(renewed.access_token)).toEqual({ active: false })
      await expect(session(renewed.access_token)).rejects.toThrow(
        oauth.WWWAuthenticateChallengeError,
      )
      const refused = await oauth
        .refreshTokenGrantRequest(as, client, PUBLIC, renewed.refresh_token!, options)
        .then((late) => oauth.processRefreshTokenResponse(as, client, late))
        .catch((error: unknown) => error)
      expect(refused).toBeInstanceOf(oauth.ResponseBodyError)
      expect(refused).toMatchObject({ error: 'invalid_grant', status: 400 })

      // Every request that failed before the end was a challenge for a nonce.
      const failures = sent.slice(0, -2).filter(({ status }) => status >= 400)
      expect(failures).toHaveLength(challenges)
    },
  )

  it.each([undefined, 'ES256'] as const)(
    'T36: a back end checks an access token offline by the published keys (RFC 9068), bound by %s',
    async (alg) => {
      const app = startLatchkey()
      const as = await discover(app)
      const { options: through } = throughApp(app)
      const keyPair = alg && (await oauth.generateKeyPair(alg))
      const DPoP = keyPair && oauth.DPoP(CLIENT, keyPair)
      const options = { ...through, ...(DPoP && { DPoP }) }
      const tokens = await oauth.processGenericTokenEndpointResponse(
        as,
        CLIENT,
        await oauth.genericTokenEndpointRequest(
          as,
          CLIENT,
          PUBLIC,
          LINK_GRANT,
          await linkParameters(app),
          options,
        ),
      )
      let atBackEnd: Request | undefined
      await oauth.protectedResourceRequest(
        tokens.access_token,
        'GET',
        new URL('/orders', AUDIENCE),
        new Headers(),
        null,
        {
          ...options,
          [oauth.customFetch]: (async (url: string, init: RequestInit) => {
            atBackEnd = new Request(url, init)
            return new Response('ok')
          }) as never,
        },
      )
      const claims = await oauth.validateJwtAccessToken(as, atBackEnd!, AUDIENCE, through)
      expect(claims).toMatchObject({ iss: ISSUER, client_id: 'latchkey' })
      await expect(
        oauth.validateJwtAccessToken(as, atBackEnd!, 'https://other.example', through),
      ).rejects.toThrow()
    },
  )

  it('T40: a resource answers a bound token without its proof with challenges that the client reads', async () => {
    const app = startLatchkey()
    const as = await discover(app)
    const { options: through } = throughApp(app)
    const DPoP = oauth.DPoP(CLIENT, await oauth.generateKeyPair('ES256'))
    const tokens = await oauth.processGenericTokenEndpointResponse(
      as,
      CLIENT,
      await oauth.genericTokenEndpointRequest(
        as,
        CLIENT,
        PUBLIC,
        LINK_GRANT,
        await linkParameters(app),
        { ...through, DPoP },
      ),
    )
    const stolen = await oauth
      .protectedResourceRequest(
        tokens.access_token,
        'GET',
        new URL('/v1/session', ISSUER),
        new Headers(),
        null,
        through,
      )
      .catch((error: unknown) => error)
    expect(stolen).toBeInstanceOf(oauth.WWWAuthenticateChallengeError)
    const { cause } = stolen as oauth.WWWAuthenticateChallengeError
    expect(cause.map(({ scheme, parameters }) => [scheme, parameters['error']])).toEqual([
      ['bearer', 'invalid_token'],
      ['dpop', 'invalid_token'],
    ])
    expect(cause[1]!.parameters['algs']).toBe('ES256 Ed25519 EdDSA')
  })
})

describe('works: dpop', () => {
  it.each(['ES256', 'Ed25519'] as const)(
    'T38: its proofs of %s sign in, refresh and reach a resource',
    async (alg) => {
      const app = startLatchkey()
      const keyPair = await dpop.generateKeyPair(alg)
      const tokenUrl = `${ISSUER}/v1/token`
      const atToken = async (form: Record<string, string>) => {
        const DPoP = await dpop.generateProof(keyPair, tokenUrl, 'POST')
        const answer = await postForm(app, '/v1/token', form, { DPoP })
        expect(answer.status).toBe(200)
        return jsonOf<Tokens>(answer)
      }
      const first = await atToken({ grant_type: LINK_GRANT, ...(await linkParameters(app)) })
      const { access_token: accessToken } = await atToken({
        grant_type: 'refresh_token',
        refresh_token: first.refresh_token,
      })
      const at = async (nonce?: string, more: Record<string, dpop.JsonValue> = {}) => {
        const url = `${ISSUER}/v1/sessions`
        const DPoP = await dpop.generateProof(keyPair, url, 'GET', nonce, accessToken, more)
        return app.fetch(url, { headers: { Authorization: `DPoP ${accessToken}`, DPoP } })
      }
      expect((await at()).status).toBe(200)
      expect((await at(undefined, { sub: 'x', nbf: 1 })).status).toBe(200)

      // The phone's clock stays, the server's moves on a quarter of an hour less than a token lives.
      app.clock.offsetMs += 500_000
      const challenged = await at()
      expect(challenged.status).toBe(401)
      expect(challenged.headers.get('WWW-Authenticate')).toContain('error="use_dpop_nonce"')
      expect((await at(challenged.headers.get('DPoP-Nonce')!)).status).toBe(200)
    },
  )
})
