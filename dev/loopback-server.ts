import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

export type LoopbackServer = { endpoint: string; stop: () => Promise<void> }

/** Starts an HTTP server that only this machine can reach. @param port 0 takes any free one. */
export async function startLoopbackServer(
  port: number,
  listener: RequestListener,
): Promise<LoopbackServer> {
  // A client that uses a connection again must not meet Node's end of it, after five seconds: services keep it longer.
  const server = createServer({ keepAliveTimeout: 60_000 }, listener)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop }
}

/** The whole body of a request, or of an answer. */
export async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
