import { DPOP_ALGORITHMS } from '../crypto/dpop.ts'
import { openRoutes } from '../http/route-group.ts'
import { json } from '../http/scope.ts'
import { SCOPES } from './config.ts'
import { consoleDepsOf } from './deps.ts'

const MAX_AGE_SECONDS = 300

/** A public document: it shows two addresses that everybody who signs in sees, and the names of the scopes. */
export const resourceMetadataRoutes = openRoutes()

/** RFC 9728 section 2: where a person gets a token for the console's API. The command line reads it before it signs in. */
resourceMetadataRoutes.get('/.well-known/oauth-protected-resource', (c) => {
  const { ISSUER, CONSOLE_ORIGIN } = consoleDepsOf(c).config
  const metadata = {
    resource: CONSOLE_ORIGIN,
    authorization_servers: [ISSUER],
    scopes_supported: SCOPES,
    bearer_methods_supported: ['header'],
    dpop_signing_alg_values_supported: DPOP_ALGORITHMS,
  }
  return json(c, metadata, 200, { 'Cache-Control': `public, max-age=${MAX_AGE_SECONDS}` })
})
