import { openRoutes } from '../http/route-group.ts'
import { depsOf, json } from '../http/scope.ts'
import { approvalKey } from '../model/approval.ts'

/** For monitoring. They show nothing of the configuration. */
export const healthRoutes = openRoutes()

/** The Worker runs, configured or not: the only route that a bad configuration does not stop. */
export const HEALTH_PATH = '/healthz'

healthRoutes.get(HEALTH_PATH, (c) => json(c, { status: 'ok' }))

/** Configured, and DynamoDB answers: for the check after a deployment. */
healthRoutes.get('/readyz', async (c) => {
  const { config, db } = depsOf(c)
  await db.get(approvalKey(config, 'readyz@invalid'))
  return json(c, { status: 'ready' })
})
