import { createApp } from '../../src/app.ts'
import { parseConfig, type Env } from '../../src/base/config.ts'
import { consoleSink } from '../../src/base/log.ts'
import { realWorld } from '../../src/base/world.ts'
import { inDevelopment } from './config.ts'
import { describeDevelopment, DESCRIPTION_PATH } from './description.ts'
import { runStaged, stagingOf } from './playground.ts'
import { startPage } from './start-page.ts'

const app = createApp(realWorld, consoleSink, inDevelopment(parseConfig))

/**
 * The public Worker as `npm run dev` runs it: with a start page, a description for @latchkey/testing, and the Worker's side
 * of the playground. A deployment has none of them, because its entry point is src/index.ts.
 */
export default {
  fetch(request: Request, env: Env, context: ExecutionContext): Response | Promise<Response> {
    const staging = stagingOf(request, env)
    if (staging !== null) return runStaged(request, env, context, staging)
    const { pathname } = new URL(request.url)
    const read = request.method === 'GET' || request.method === 'HEAD'
    if (read && pathname === '/') return startPage(describeDevelopment(env))
    if (read && pathname === DESCRIPTION_PATH) {
      const headers = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' }
      return Response.json(describeDevelopment(env), { headers })
    }
    // It reads the tables, so it is served where only this machine can reach it.
    if (read && pathname === '/playground') {
      return Response.redirect(`${describeDevelopment(env).inbox}/playground`)
    }
    return app.fetch(request, env, context)
  },
}
