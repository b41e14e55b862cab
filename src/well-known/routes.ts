import { Hono } from 'hono/tiny'
import { DPOP_ALGORITHMS } from '../crypto/dpop.ts'
import type { AppEnv } from '../http/read.ts'
import { appleAssociation, assetLinks } from './association.ts'

/** How long verifiers may keep the keys. `npm run keys -- --rotate` publishes a key an hour before it signs. */
const JWKS_MAX_AGE_SECONDS = 300
/** Apple's CDN and Android look for themselves about once a day. */
const ASSOCIATION_MAX_AGE_SECONDS = 3600

/** @param grantTypes what the token endpoint was made with. */
export function wellKnownRoutes(grantTypes: readonly string[]): Hono<AppEnv> {
  const routes = new Hono<AppEnv>()

  /** RFC 7517: what back ends verify access tokens with. */
  routes.get('/.well-known/jwks.json', (c) => {
    c.header('Cache-Control', `public, max-age=${JWKS_MAX_AGE_SECONDS}`)
    c.header('Content-Type', 'application/jwk-set+json')
    return c.body(JSON.stringify(c.var.deps.keys.jwks))
  })

  /** RFC 8414 section 2: what a standard client needs, and nothing that is not here. */
  routes.get('/.well-known/oauth-authorization-server', (c) => {
    const { ISSUER, RESOURCE_SERVERS } = c.var.deps.config
    c.header('Cache-Control', `public, max-age=${JWKS_MAX_AGE_SECONDS}`)
    return c.json({
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
    })
  })

  /** What iOS and Android ask before a link opens an app. */
  routes.get('/.well-known/apple-app-site-association', (c) => {
    c.header('Cache-Control', `public, max-age=${ASSOCIATION_MAX_AGE_SECONDS}`)
    return c.json(appleAssociation(c.var.deps.config))
  })
  routes.get('/.well-known/assetlinks.json', (c) => {
    c.header('Cache-Control', `public, max-age=${ASSOCIATION_MAX_AGE_SECONDS}`)
    return c.json(assetLinks(c.var.deps.config))
  })
  return routes
}
