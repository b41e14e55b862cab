import { bodyOf, startLoopbackServer, type LoopbackServer } from '../dev/loopback-server.ts'

/** A host that is not the issuer, where redirects lead. It answers everything with a page. */
export type Elsewhere = LoopbackServer & {
  /** Run id → what arrived: method, and what must not have. */
  arrived: Map<string, string[]>
}

export async function startElsewhere(): Promise<Elsewhere> {
  const arrived = new Map<string, string[]>()
  const server = await startLoopbackServer(0, (request, response) => {
    void (async () => {
      const body = await bodyOf(request)
      const [, run = ''] = (request.url ?? '/').split('/')
      const secrets = [
        ...(body.length > 0 ? ['a body'] : []),
        ...(request.headers.authorization ? ['Authorization'] : []),
      ]
      const list = arrived.get(run) ?? []
      list.push(...secrets.map((secret) => `${request.method} with ${secret}`))
      arrived.set(run, list)
      response
        .writeHead(200, { 'content-type': 'text/html' })
        .end('<h1>Sign in to the network</h1>')
    })().catch(() => response.destroy())
  })
  return { ...server, arrived }
}

export const elsewhereUrl = ({ endpoint }: Elsewhere, run: string): string =>
  `${endpoint}/${run}/login`
