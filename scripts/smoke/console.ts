import { about, examine, type Finding } from '../doctor/finding.ts'
import { get, membersOf } from '../doctor/web.ts'
import { examineHeaders } from './headers.ts'
import { examineHealth } from './public.ts'

type Resource = { resource?: string; authorization_servers?: string[] }

/** The console, from outside. @param issuer of the public Worker, where its people sign in. */
export const examineConsole = (origin: string, issuer: string): Promise<Finding[]>[] => [
  examine('console', () => examineHealth(origin)),
  examine('console', () => examineResource(origin, issuer)),
  examine('console headers', () =>
    examineHeaders(origin, {
      '/healthz': true,
      '/v1/approvals': true,
      '/sign-in': true,
      '/openapi.json': false,
    }),
  ),
]

async function examineResource(origin: string, issuer: string): Promise<Finding[]> {
  const say = about('console')
  const { resource, authorization_servers: servers = [] } = await membersOf<Resource>(
    await get(`${origin}/.well-known/oauth-protected-resource`),
  )
  const found: Finding[] = []
  if (resource !== origin) found.push(say.error(`its CONSOLE_ORIGIN is ${resource}`))
  if (servers.join() !== issuer)
    found.push(say.error(`its ISSUER is ${servers.join() || 'unknown'}`))
  for (const path of ['/v1/approvals', '/v1/me']) {
    const { status } = await get(`${origin}${path}`)
    if (status !== 401) found.push(say.error(`${path} without a token answers ${status}, not 401`))
  }
  const page = await get(`${origin}/`)
  if (page.status === 200) found.push(say.error('/ shows a page to someone who is not signed in'))
  return found.length > 0
    ? found
    : [say.ok('it belongs to this issuer, and asks everyone to sign in')]
}
