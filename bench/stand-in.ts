import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { bodyOf, startLoopbackServer, type LoopbackServer } from '../dev/loopback-server.ts'

/**
 * Answers every POST with JSON. An error that `answer` throws is printed, and answered with HTTP 400.
 * @param evenMicros if given, every answer takes this long to make, so that a large row is answered as fast as a small one.
 */
export function startStandIn(
  answer: (headers: IncomingHttpHeaders, input: unknown) => object,
  evenMicros = 0,
): Promise<LoopbackServer> {
  async function answered(request: IncomingMessage): Promise<string> {
    const body = await bodyOf(request)
    const startedAt = process.hrtime.bigint()
    const text = JSON.stringify(answer(request.headers, JSON.parse(body.toString())))
    computeUntil(startedAt, evenMicros)
    return text
  }
  return startLoopbackServer(0, (request, response) => {
    void answered(request)
      .then((text) => json(response, 200, text))
      .catch((error: unknown) => {
        const message = String(error)
        console.error(`stand-in: ${message}`)
        json(response, 400, JSON.stringify({ __type: 'ValidationException', message }))
      })
  })
}

/** Computes until the time has passed: timers count in milliseconds. @param startedAt from `process.hrtime.bigint`. */
export function computeUntil(startedAt: bigint, micros: number): void {
  const until = startedAt + BigInt(micros) * 1000n
  while (process.hrtime.bigint() < until);
}

function json(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'application/x-amz-json-1.0' })
  response.end(text)
}
