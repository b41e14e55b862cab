import { openRoutes } from '../http/route-group.ts'
import { depsOf, json } from '../http/scope.ts'
import { approvalKey } from '../model/approval.ts'

/** For monitoring. The routes need no guard: they show nothing of the configuration. */
export const healthRoutes = openRoutes()

/**
 * Tells that the Worker runs. It is the only route that answers with 200 when the configuration is invalid.
 */
export const HEALTH_PATH = '/healthz'

healthRoutes.get(HEALTH_PATH, (c) => json(c, { status: 'ok' }))

/** Tells that the configuration is valid and DynamoDB answers. For the check after a deployment. */
healthRoutes.get('/readyz', async (c) => {
  const { config, db } = depsOf(c)
  await db.get(approvalKey(config, 'readyz@invalid'))
  return json(c, { status: 'ready' })
})
