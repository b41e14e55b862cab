import { DPOP_ALGORITHMS } from '../crypto/dpop.ts'
import { openRoutes, type RouteGroup } from '../http/route-group.ts'
import { depsOf, json, type AppContext } from '../http/scope.ts'
import { appleAssociation, assetLinks } from './association.ts'

/** How long verifiers may cache the keys. A rotation (`npm run keys`) publishes a key three hours before it signs. */
const JWKS_MAX_AGE_SECONDS = 300
/** Apple's CDN and Android read these documents about once a day. */
const ASSOCIATION_MAX_AGE_SECONDS = 3600

const cached = (c: AppContext, body: object, maxAgeSeconds: number, type = 'application/json') =>
  json(c, body, 200, { 'Cache-Control': `public, max-age=${maxAgeSeconds}`, 'Content-Type': type })

/** Public documents, which need no guard. @param grantTypes the grant types of the token endpoint. */
export function wellKnownRoutes(grantTypes: readonly string[]): RouteGroup {
  const group = openRoutes()

  /** RFC 7517: the public keys with which back ends verify access tokens. */
  group.get('/.well-known/jwks.json', (c) =>
    cached(c, depsOf(c).keys.jwks, JWKS_MAX_AGE_SECONDS, 'application/jwk-set+json'),
  )

  /** RFC 8414 section 2: the metadata for standard OAuth clients. It only lists what is implemented. */
  const metadataOf = (c: AppContext) => {
    const { ISSUER, RESOURCE_SERVERS } = depsOf(c).config
    return {
      issuer: ISSUER,
      token_endpoint: `${ISSUER}/v1/token`,
      token_endpoint_auth_methods_supported: ['none'],
      grant_types_supported: grantTypes,
      response_types_supported: [],
      code_challenge_methods_supported: ['S256'],
      dpop_signing_alg_values_supported: DPOP_ALGORITHMS,
      jwks_uri: `${ISSUER}/.well-known/jwks.json`,
      revocation_endpoint: `${ISSUER}/v1/revoke`,
      revocation_endpoint_auth_methods_supported: ['none'],
      ...(RESOURCE_SERVERS === undefined
        ? {}
        : {
            introspection_endpoint: `${ISSUER}/v1/introspect`,
            introspection_endpoint_auth_methods_supported: ['client_secret_basic'],
          }),
    }
  }
  group.get('/.well-known/oauth-authorization-server', (c) =>
    cached(c, metadataOf(c), JWKS_MAX_AGE_SECONDS),
  )

  /**
   * The same for back ends that only know OpenID Connect Discovery 1.0 (section 3), to find `jwks_uri`. Some of them
   * accept no other algorithms than those that it names for ID tokens, although Latchkey issues none.
   */
  group.get('/.well-known/openid-configuration', (c) => {
    const openId = {
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: depsOf(c).keys.published,
    }
    return cached(c, { ...metadataOf(c), ...openId }, JWKS_MAX_AGE_SECONDS)
  })

  /** iOS and Android read these documents before they let a link open an app. */
  group.get('/.well-known/apple-app-site-association', (c) =>
    cached(c, appleAssociation(depsOf(c).config), ASSOCIATION_MAX_AGE_SECONDS),
  )
  group.get('/.well-known/assetlinks.json', (c) =>
    cached(c, assetLinks(depsOf(c).config), ASSOCIATION_MAX_AGE_SECONDS),
  )
  return group
}
