import { randomBytes } from 'node:crypto'
import type { Mailbox } from '../mailbox.ts'
import { ISSUER } from '../vars.ts'
import { CLIENT, textOf, type Visitor } from './visitor.ts'

/**
 * The magic link plugin, then the session token as a bearer token. Better Auth has no refresh token: a check extends
 * the session when it is older than `updateAge`. `refresh` is a check that extends the session.
 */
export function betterAuthVisitor(origin: string, mailbox: Mailbox): Visitor {
  const email = `${randomBytes(9).toString('hex')}@example.com`
  let token = ''
  let bearer = ''

  async function session(basePath: string): Promise<void> {
    const headers = { ...CLIENT, Authorization: `Bearer ${bearer}` }
    const text = await textOf(fetch(`${origin}${basePath}/get-session`, { headers }), 200)
    if (!text.includes(email)) throw new Error(`not a session: ${text}`)
  }

  return {
    async ask() {
      const sent = fetch(`${origin}/api/auth/sign-in/magic-link`, {
        method: 'POST',
        headers: { ...CLIENT, Origin: ISSUER, 'Content-Type': 'application/json' },
        body: JSON.stringify({ email }),
      })
      await textOf(sent, 200)
    },
    async receive() {
      token = await mailbox.find(email, /[?&]token=(\w+)/)
    },
    async 'sign-in'() {
      const url = `${origin}/api/auth/magic-link/verify?token=${token}`
      const response = await fetch(url, { headers: CLIENT })
      await textOf(Promise.resolve(response), 200)
      bearer = response.headers.get('set-auth-token')!
    },
    check: () => session('/api/auth'),
    refresh: () => session('/extend'),
  }
}
