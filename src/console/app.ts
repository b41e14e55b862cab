import type { Hono } from 'hono/tiny'
import { consoleSink, type Sink } from '../base/log.ts'
import { realWorld, type World } from '../base/world.ts'
import type { Route } from '../http/route-group.ts'
import type { AppEnv } from '../http/scope.ts'
import { serve } from '../serve.ts'
import { HEALTH_PATH, healthRoutes } from '../well-known/health.ts'
import {
  exportRoutes,
  IMPORT_PATH,
  importRoutes,
  MAX_IMPORT_BYTES,
} from './approvals/csv-routes.ts'
import { approvalReadRoutes, approvalWriteRoutes } from './approvals/routes.ts'
import { parseConsoleConfig } from './config.ts'
import { meRoutes } from './me.ts'
import { IMPORT_PAGE, importPages, MAX_IMPORT_FORM_BYTES } from './pages/approvals/import-routes.ts'
import { oneApprovalPages } from './pages/approvals/one-routes.ts'
import { approvalPages } from './pages/approvals/routes.ts'
import { assetRoutes } from './pages/assets.ts'
import { errorPage } from './pages/errors.ts'
import { endPages } from './pages/people/end-routes.ts'
import { guestWhyPages } from './pages/people/guest-why-routes.ts'
import { mailPages } from './pages/people/mail-routes.ts'
import { peoplePages } from './pages/people/routes.ts'
import { requestPages } from './pages/requests/routes.ts'
import { signInPages } from './pages/sign-in/routes.ts'
import { startPages } from './pages/start/routes.ts'
import { peopleReadRoutes, peopleWriteRoutes } from './people/routes.ts'
import { requestReadRoutes, requestWriteRoutes } from './requests/routes.ts'
import { resourceMetadataRoutes } from './resource-metadata.ts'
import { machineTokenRoutes } from './token.ts'
import { whyRoutes } from './why/routes.ts'

const GROUPS = [
  healthRoutes,
  resourceMetadataRoutes,
  machineTokenRoutes,
  meRoutes,
  exportRoutes,
  importRoutes,
  approvalReadRoutes,
  approvalWriteRoutes,
  peopleReadRoutes,
  peopleWriteRoutes,
  whyRoutes,
  requestReadRoutes,
  requestWriteRoutes,
]

/** All routes of the console's API, with their guards. */
export const CONSOLE_ROUTES: readonly Route[] = GROUPS.flatMap((group) => group.routes)

const PAGES = [
  assetRoutes,
  signInPages,
  startPages,
  requestPages,
  approvalPages,
  importPages,
  oneApprovalPages,
  guestWhyPages,
  peoplePages,
  endPages,
  mailPages,
]

/** All pages, with their guards. */
export const PAGE_ROUTES: readonly Route[] = PAGES.flatMap((group) => group.routes)

/** The console: the second Worker, where administrators, approvers and machines decide who may sign in. */
export const createConsole = (
  world: World = realWorld,
  sink: Sink = consoleSink,
  parseConfig = parseConsoleConfig,
): Hono<AppEnv> =>
  serve(
    {
      name: 'console',
      routes: [...CONSOLE_ROUTES, ...PAGE_ROUTES],
      errorPage,
      parseConfig,
      originOf: ({ CONSOLE_ORIGIN }) => CONSOLE_ORIGIN,
      healthPath: HEALTH_PATH,
      bodyLimits: { [IMPORT_PATH]: MAX_IMPORT_BYTES, [IMPORT_PAGE]: MAX_IMPORT_FORM_BYTES },
    },
    world,
    sink,
  )
