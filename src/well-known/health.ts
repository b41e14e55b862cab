import { openRoutes } from '../http/route-group.ts'
import { depsOf, json } from '../http/scope.ts'
import { approvalKey } from '../model/approval.ts'

/** For monitoring. The routes need no guard: they reveal nothing about the configuration. */
export const healthRoutes = openRoutes()

/** Shows that the Worker runs. It is the only route that answers 200 if the configuration is invalid. */
export const HEALTH_PATH = '/healthz'

healthRoutes.get(HEALTH_PATH, (c) => json(c, { status: 'ok' }))

/** Shows that the configuration is valid and DynamoDB responds. For the check after a deployment. */
healthRoutes.get('/readyz', async (c) => {
  const { config, db } = depsOf(c)
  await db.get(approvalKey(config, 'readyz@invalid'))
  return json(c, { status: 'ready' })
})
