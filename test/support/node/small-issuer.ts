import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readDpopProof } from '../../../packages/verify/dpop-proof.ts'

export type SmallIssuer = {
  url: string
  /** `POST /v1/token`, with the thumbprint of the key that proved itself. */
  asked: { request: string; jkt: string | null }[]
  /** While false, requests hang. */
  answers: boolean
  stop: () => void
}

/**
 * A small issuer, for tests that cannot run the Worker. It gives a session to every caller, bound to the key that the
 * request proves. Other paths return `page`.
 */
export async function startSmallIssuer(
  page: (path: string) => { type: string; body: string } | undefined = () => undefined,
): Promise<SmallIssuer> {
  let count = 0
  const server = createServer((request, response) => {
    void (async () => {
      const { pathname } = new URL(request.url ?? '/', self.url)
      const served = page(pathname)
      if (served) {
        response.setHeader('content-type', served.type).end(served.body)
        return
      }
      const jkt = await provenBy(request, self.url + pathname)
      self.asked.push({ request: `${request.method} ${pathname}`, jkt })
      if (!self.answers) return
      const answer = answerTo(pathname, jkt, ++count)
      response.writeHead(pathname === '/v1/links' ? 202 : 200, {
        'content-type': 'application/json',
      })
      response.end(JSON.stringify(answer))
    })()
  })
  const self: SmallIssuer = {
    url: '',
    asked: [],
    answers: true,
    stop() {
      server.close()
      server.closeAllConnections()
    },
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  self.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return self
}

async function provenBy(request: IncomingMessage, url: string): Promise<string | null> {
  const { dpop, authorization } = request.headers
  if (typeof dpop !== 'string') return null
  const accessToken = /^DPoP (.+)$/.exec(authorization ?? '')?.[1]
  const read = await readDpopProof(dpop, { method: request.method!, url, accessToken })
  return read?.jkt ?? 'a bad proof'
}

function answerTo(path: string, jkt: string | null, count: number): unknown {
  if (path === '/v1/links') return { handle: 'h', expiresIn: 900, resendAfter: 60 }
  if (path !== '/v1/token') return {}
  return {
    access_token: `access-${count}`,
    token_type: jkt ? 'DPoP' : 'Bearer',
    expires_in: 600,
    refresh_token: `refresh-${count}`,
    refresh_token_expires_in: 86_400,
    session_id: 'ses_1',
    user: { id: 'usr_1', email: 'ada@example.com' },
    server_time: Math.floor(Date.now() / 1000),
  }
}
