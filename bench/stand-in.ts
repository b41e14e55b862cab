import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import { bodyOf, startLoopbackServer, type LoopbackServer } from '../dev/loopback-server.ts'

/** Answers every POST with JSON. An error that `answer` throws is printed, and answered with HTTP 400. */
export function startStandIn(
  answer: (headers: IncomingHttpHeaders, input: unknown) => object,
): Promise<LoopbackServer> {
  return startLoopbackServer(0, (request, response) => {
    void bodyOf(request)
      .then((body) => answer(request.headers, JSON.parse(body.toString())))
      .then((value) => json(response, 200, value))
      .catch((error: unknown) => {
        const message = String(error)
        console.error(`stand-in: ${message}`)
        json(response, 400, { __type: 'ValidationException', message })
      })
  })
}

function json(response: ServerResponse, status: number, value: object): void {
  response.writeHead(status, { 'Content-Type': 'application/x-amz-json-1.0' })
  response.end(JSON.stringify(value))
}
