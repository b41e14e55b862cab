import { createHash, randomBytes } from 'node:crypto'
import type { Mailbox } from '../mailbox.ts'
import { CLIENT, textOf, type Visitor } from './visitor.ts'

const CLIENT_ID = 'app'
const REDIRECT_URI = 'http://127.0.0.1/callback'

/**
 * The authorization code flow with PKCE, as a browser runs it for an app: the app opens `/authorize`, the person enters
 * the address and then the code, and the app redeems the authorization code. OpenAuth has no check of a session: back
 * ends verify its access tokens offline.
 */
export function openauthVisitor(origin: string, mailbox: Mailbox): Visitor {
  const email = `${randomBytes(9).toString('hex')}@example.com`
  const codeVerifier = randomBytes(32).toString('base64url')
  const cookies = new Map<string, string>()
  let code = ''
  let refreshToken = ''

  async function browse(path: string, status: number, form?: object): Promise<string | null> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(`${origin}${path}`, {
      headers: { ...CLIENT, cookie },
      redirect: 'manual',
      ...(form && { method: 'POST', body: new URLSearchParams({ ...form }) }),
    })
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      cookies.set(name!, value!)
    }
    await textOf(Promise.resolve(response), status)
    return response.headers.get('location')
  }

  async function token(form: Record<string, string>): Promise<void> {
    const body = new URLSearchParams({ client_id: CLIENT_ID, ...form })
    const sent = fetch(`${origin}/token`, { method: 'POST', headers: CLIENT, body })
    refreshToken = (JSON.parse(await textOf(sent, 200)) as { refresh_token: string }).refresh_token
  }

  return {
    async ask() {
      const query = new URLSearchParams({
        client_id: CLIENT_ID,
        redirect_uri: REDIRECT_URI,
        response_type: 'code',
        state: randomBytes(9).toString('hex'),
        code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
        code_challenge_method: 'S256',
      })
      const path = await browse(`/authorize?${query.toString()}`, 302)
      await browse(path!, 200)
      await browse('/code/authorize', 200, { action: 'request', email })
    },
    async receive() {
      code = await mailbox.find(email, /code: (\d{6})/)
    },
    async 'sign-in'() {
      const callback = await browse('/code/authorize', 302, { action: 'verify', code })
      await token({
        grant_type: 'authorization_code',
        code: new URL(callback!).searchParams.get('code')!,
        redirect_uri: REDIRECT_URI,
        code_verifier: codeVerifier,
      })
    },
    refresh: () => token({ grant_type: 'refresh_token', refresh_token: refreshToken }),
  }
}
