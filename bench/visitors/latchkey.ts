import { createHash, randomBytes } from 'node:crypto'
import type { Mailbox } from '../mailbox.ts'
import { COMPANY_DOMAIN } from '../vars.ts'
import { CLIENT, textOf, type Visitor } from './visitor.ts'

type Tokens = { access_token: string; refresh_token: string }

/** Only uses Latchkey's HTTP API, so that it also works with an older build. */
export function latchkeyVisitor(origin: string, mailbox: Mailbox): Visitor {
  const email = `${randomBytes(9).toString('hex')}@${COMPANY_DOMAIN}`
  const codeVerifier = randomBytes(32).toString('base64url')
  const deviceId = `dev_${randomBytes(9).toString('hex')}`
  let link = ''
  let tokens: Tokens | undefined

  async function token(form: Record<string, string>): Promise<void> {
    const body = new URLSearchParams(form)
    const sent = fetch(`${origin}/v1/token`, { method: 'POST', headers: CLIENT, body })
    tokens = JSON.parse(await textOf(sent, 200)) as Tokens
  }

  return {
    async ask() {
      const codeChallenge = createHash('sha256').update(codeVerifier).digest('base64url')
      const sent = fetch(`${origin}/v1/links`, {
        method: 'POST',
        headers: { ...CLIENT, 'Content-Type': 'application/json' },
        body: JSON.stringify({ email, codeChallenge }),
      })
      await textOf(sent, 202)
    },
    async receive() {
      link = await mailbox.find(email, /\/link\/([\w.~-]+)/)
    },
    'sign-in': () =>
      token({
        grant_type: 'urn:latchkey:grant-type:link',
        link_token: link,
        code_verifier: codeVerifier,
        device_id: deviceId,
      }),
    async check() {
      const headers = { ...CLIENT, Authorization: `Bearer ${tokens!.access_token}` }
      await textOf(fetch(`${origin}/v1/session`, { headers }), 200)
    },
    refresh: () => token({ grant_type: 'refresh_token', refresh_token: tokens!.refresh_token }),
  }
}
