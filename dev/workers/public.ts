import { createApp } from '../../src/app.ts'
import { parseConfig, type Env } from '../../src/base/config.ts'
import { consoleSink } from '../../src/base/log.ts'
import { realWorld } from '../../src/base/world.ts'
import { inDevelopment } from './config.ts'
import { describeDevelopment, DESCRIPTION_PATH } from './description.ts'
import { startPage } from './start-page.ts'

const app = createApp(realWorld, consoleSink, inDevelopment(parseConfig))

/**
 * The public Worker as `npm run dev` runs it: with a start page, and a description for @latchkey/testing. A deployment has
 * neither, because its entry point is src/index.ts.
 */
export default {
  fetch(request: Request, env: Env, context: ExecutionContext): Response | Promise<Response> {
    const { pathname } = new URL(request.url)
    const read = request.method === 'GET' || request.method === 'HEAD'
    if (read && pathname === '/') return startPage(describeDevelopment(env))
    if (read && pathname === DESCRIPTION_PATH) {
      const headers = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' }
      return Response.json(describeDevelopment(env), { headers })
    }
    return app.fetch(request, env, context)
  },
}
