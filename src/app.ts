import type { Hono } from 'hono/tiny'
import { accountRoutes } from './account/routes.ts'
import { askRoutes } from './ask/routes.ts'
import { parseConfig } from './base/config.ts'
import { consoleSink, type Sink } from './base/log.ts'
import { realWorld, type World } from './base/world.ts'
import type { Route } from './http/route-group.ts'
import type { AppEnv } from './http/scope.ts'
import { tokenRoutes } from './http/token-endpoint.ts'
import { linkPageRoutes } from './link-page/routes.ts'
import { serve } from './serve.ts'
import { refreshGrant } from './session/grant.ts'
import { introspectionRoutes, revocationRoutes } from './session/oauth-routes.ts'
import { sessionRoutes } from './session/routes.ts'
import { CODE_GRANT_TYPE, codeGrant, LINK_GRANT_TYPE, linkGrant } from './sign-in/grants.ts'
import { HEALTH_PATH, healthRoutes } from './well-known/health.ts'
import { wellKnownRoutes } from './well-known/routes.ts'

const GRANTS = {
  [LINK_GRANT_TYPE]: linkGrant,
  [CODE_GRANT_TYPE]: codeGrant,
  refresh_token: refreshGrant,
}

const GROUPS = [
  healthRoutes,
  askRoutes,
  tokenRoutes(GRANTS),
  sessionRoutes,
  accountRoutes,
  revocationRoutes,
  introspectionRoutes,
  linkPageRoutes,
  wellKnownRoutes(Object.keys(GRANTS)),
]

/** Every route of the public Worker, with its guard. */
export const ROUTES: readonly Route[] = GROUPS.flatMap((group) => group.routes)

/** The public Worker, for apps and their users. */
export const createApp = (
  world: World = realWorld,
  sink: Sink = consoleSink,
  parse = parseConfig,
): Hono<AppEnv> =>
  serve(
    {
      name: 'public',
      routes: ROUTES,
      parseConfig: parse,
      originOf: ({ ISSUER }) => ISSUER,
      healthPath: HEALTH_PATH,
    },
    world,
    sink,
  )
