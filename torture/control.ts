import type { IncomingMessage, ServerResponse } from 'node:http'
import { bodyOf, startLoopbackServer, type LoopbackServer } from '../dev/loopback-server.ts'
import type { Case } from './case.ts'
import { CASES } from './cases/cases.ts'
import type { Outcome } from './protocol.ts'
import { startRun, TIMEOUT_MS, type Kit, type Running } from './run.ts'

/** The control API, as README.md has it. */
export async function startControl(kit: Kit, port: number): Promise<LoopbackServer> {
  const runs = new Map<string, Running>()
  const server = await startLoopbackServer(port, (request, response) => {
    answer(kit, runs, request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy()
      else json(response, 400, { error: String(error) })
    })
  })
  return {
    endpoint: server.endpoint,
    async stop() {
      await Promise.all([...runs.values()].map((running) => running.end()))
      await server.stop()
    },
  }
}

async function answer(
  kit: Kit,
  runs: Map<string, Running>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = (await bodyOf(request)).toString()
  const [, kind, name = '', what] = (request.url ?? '/').split('?')[0]!.split('/')
  const route = `${request.method} ${kind}/${what ?? ''}`
  if (route === 'GET cases/' && name === '') return json(response, 200, { cases: CASES.map(shown) })
  if (route === 'POST cases/runs') {
    const played = CASES.find((one) => one.name === name)
    if (played === undefined) return json(response, 404, { error: `There is no case ${name}` })
    const running = await startRun(kit, played)
    runs.set(running.run.id, running)
    return json(response, 201, {
      run: running.run.id,
      case: name,
      baseUrl: running.run.wire.baseUrl,
      keys: played.keys ?? 'any',
      timeoutMs: played.timeoutMs ?? TIMEOUT_MS,
      step: running.step,
    })
  }
  const running = runs.get(name)
  if (kind === 'runs' && running === undefined) {
    return json(response, 404, { error: `There is no run ${name}` })
  }
  if (route === 'POST runs/outcomes') {
    return json(response, 200, { step: await running!.report(JSON.parse(body) as Outcome) })
  }
  if (route === 'GET runs/verdict') {
    const verdict = running!.verdict()
    return verdict === null
      ? json(response, 409, { error: 'The run has not ended' })
      : json(response, 200, verdict)
  }
  json(response, 404, {
    error: `The kit has no ${request.method} ${request.url}: see torture/README.md`,
  })
}

const shown = ({ name, what, must, state, requests, keys }: Case) => ({
  name,
  what,
  must,
  state,
  requests,
  keys: keys ?? 'any',
})

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(JSON.stringify(value))
}
