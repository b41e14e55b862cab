import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Serves `handle` over HTTP, for this machine alone. @param port 0 takes any free one. */
export async function listen(
  port: number,
  handle: (request: Request) => Promise<Response>,
): Promise<{ url: string; stop: () => Promise<void> }> {
  // Imported here, so that an issuer without a listener also runs where there is no node:http.
  const { createServer } = await import('node:http')
  const server = createServer((request, response) => {
    void (async () => {
      const answered = await handle(await toRequest(request, url))
      response.writeHead(answered.status, Object.fromEntries(answered.headers))
      response.end(await answered.text())
    })().catch(() => response.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { url, stop }
}

async function toRequest(request: IncomingMessage, origin: string): Promise<Request> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const { method = 'GET', headers } = request
  const texts = Object.entries(headers).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as [string, string]] : [],
  )
  const body = method === 'GET' || method === 'HEAD' ? null : Buffer.concat(chunks).toString()
  return new Request(origin + (request.url ?? '/'), { method, headers: texts, body })
}
