import { betterAuth } from 'better-auth/minimal'
import { bearer } from 'better-auth/plugins/bearer'
import { magicLink } from 'better-auth/plugins/magic-link'
import { waitUntil } from 'cloudflare:workers'
import { dynamoAdapter } from './dynamo-adapter.ts'
import { env } from './env.ts'
import { sendMail } from './send-mail.ts'

/**
 * Better Auth with its magic link and bearer plugins, as its guide for Cloudflare sets it up: `better-auth/minimal`
 * for a custom adapter, and email after the response. Its rate limiter is off, as Latchkey's is here: all requests of
 * the benchmark come from one address.
 */
const options = {
  secret: env.BETTER_AUTH_SECRET,
  baseURL: env.ISSUER,
  database: dynamoAdapter(env.DYNAMODB_ENDPOINT),
  plugins: [
    magicLink({
      storeToken: 'hashed',
      sendMagicLink: async ({ email, url }) => waitUntil(sendMail(email, `Sign in: ${url}`)),
    }),
    bearer(),
  ],
  // DynamoDB removes expired rows by TTL. The clean-up would scan the table.
  verification: { disableCleanup: true },
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  advanced: { ipAddress: { ipAddressHeaders: ['cf-connecting-ip'] } },
} satisfies Parameters<typeof betterAuth>[0]

const auth = betterAuth(options)

/**
 * Better Auth extends a session when it is older than `updateAge` (a day by default), as part of a check. This
 * instance extends it at each check, so that the extension can be measured. It is made when it is first used.
 */
let extending: Pick<typeof auth, 'handler'> | undefined
const extend = (request: Request): Promise<Response> => {
  extending ??= betterAuth({ ...options, basePath: '/extend', session: { updateAge: 0 } })
  return extending.handler(request)
}

export default {
  fetch(request: Request): Response | Promise<Response> {
    const { pathname } = new URL(request.url)
    if (pathname === '/healthz') return new Response('ok')
    return pathname.startsWith('/extend/') ? extend(request) : auth.handler(request)
  },
}
