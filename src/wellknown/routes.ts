import { Hono } from 'hono'
import { etag } from 'hono/etag'
import type { AppEnv } from '../http.ts'

export const wellKnownRoutes = new Hono<AppEnv>()

/** How long verifiers may keep the keys. `npm run keys -- --rotate` publishes a key an hour before it signs. */
const JWKS_MAX_AGE_SECONDS = 300

/** RFC 7517: what back ends verify access tokens with. */
wellKnownRoutes.get('/.well-known/jwks.json', etag(), (c) => {
  c.header('Cache-Control', `public, max-age=${JWKS_MAX_AGE_SECONDS}`)
  c.header('Content-Type', 'application/jwk-set+json')
  return c.body(JSON.stringify(c.var.deps.keys.jwks))
})
