import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export type StandIn = { endpoint: string; stop: () => Promise<void> }

/** Answers every POST on a loopback port with JSON. What `answer` throws is printed, and is HTTP 400. */
export async function startStandIn(
  answer: (headers: IncomingHttpHeaders, input: unknown) => object,
): Promise<StandIn> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      response.setHeader('Content-Type', 'application/x-amz-json-1.0')
      try {
        const input: unknown = JSON.parse(Buffer.concat(chunks).toString())
        response.end(JSON.stringify(answer(request.headers, input)))
      } catch (error) {
        const message = String(error)
        console.error(`stand-in: ${message}`)
        response.statusCode = 400
        response.end(JSON.stringify({ __type: 'ValidationException', message }))
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
