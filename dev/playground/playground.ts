import type { IncomingMessage, ServerResponse } from 'node:http'
import { startFaultProxy, type FaultProxy } from '../fault-proxy.ts'
import { parseRules } from '../fault-rules.ts'
import { localAws } from '../local-aws.ts'
import { respondPage } from '../page.ts'
import { burst } from './burst.ts'
import { decide, DECISIONS } from './console-machine.ts'
import { playgroundPage } from './page.ts'
import { readPromises } from './promises.ts'
import { forgetMinute, readRows } from './rows.ts'
import { bundleScript } from './script.ts'
import type { Playground, PlaygroundSettings } from './when-asked.ts'
import { Stage } from './stage.ts'
import type { Burst, StageChange, StageState } from './wire.ts'

const MOST_STAGES = 20

/** The page at `/playground` and what it needs, on the origin of the inbox. */
export async function startPlayground(settings: PlaygroundSettings): Promise<Playground> {
  const proxy = await startFaultProxy(settings.dynamodb)
  const stages = new Map<string, Stage>()
  return {
    stop: proxy.stop,
    async handle(request, response, url, body) {
      await answer(request, response, url, body).catch((error: unknown) => {
        if (response.headersSent) response.destroy()
        else json(response, 502, { message: error instanceof Error ? error.message : 'failed' })
      })
      return true
    },
  }

  async function answer(
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    body: Buffer,
  ): Promise<void> {
    const { method = 'GET', headers } = request
    const route = `${method} ${url.pathname}`
    if (route === 'GET /playground') {
      const { issuer, company } = settings
      const setup = { issuer, company, promises: await readPromises() }
      return respondPage(response, (nonce) => playgroundPage(setup, nonce))
    }
    if (route === 'GET /playground/script.js') return script(response, await bundleScript())
    // Another site that the browser shows may send requests here, but its requests name it.
    const fromHere = headers['sec-fetch-site'] === 'same-origin'
    const [, id, what = '', rest = ''] =
      /^\/playground\/stages\/([a-z0-9]{8,40})(?:\/(\w+)(\/.*)?)?$/.exec(url.pathname) ?? []
    if (!fromHere || id === undefined) return json(response, 404, { message: 'No such route' })
    const stage = stageOf(stages, id, settings, proxy)
    if (what === 'as') return play(stage, rest + url.search, request, response, body)
    if (method === 'GET') {
      return json(response, 200, await stateOf(stage, url.searchParams.get('email') ?? ''))
    }
    const said = JSON.parse(body.toString()) as unknown
    if (method === 'PUT') return json(response, 200, change(stage, said as StageChange))
    if (what === 'burst') return json(response, 200, await burst(stage, said as Burst))
    const { email } = said as { email: string }
    if (what === 'minute') await forgetMinute(localAws(settings.dynamodb), email)
    const decision = DECISIONS.find((name) => name === what)
    if (decision) await decide(settings.console, settings.machine, decision, email)
    json(response, 200, {})
  }

  async function stateOf(stage: Stage, email: string): Promise<StageState> {
    const rows = await readRows(localAws(settings.dynamodb), email || 'nobody@guest.example')
    stage.settle()
    const { aheadMs, entries } = stage
    return { rows, entries, aheadMs, workerNow: Date.now() + aheadMs }
  }
}

function stageOf(
  stages: Map<string, Stage>,
  id: string,
  { worker, key, inbox }: PlaygroundSettings,
  proxy: FaultProxy,
): Stage {
  const known = stages.get(id)
  if (known !== undefined) return known
  const [oldest] = stages.keys()
  if (stages.size >= MOST_STAGES && oldest !== undefined) stages.delete(oldest)
  const dynamodb = `${proxy.endpoint}/${id}`
  const stage = new Stage(worker, { key, stage: id, dynamodb, inbox }, proxy.scenario(id))
  stages.set(id, stage)
  return stage
}

function change(stage: Stage, { rules, aheadMs, lose, patience }: StageChange): object {
  if (rules !== undefined) stage.rules = parseRules(rules)
  if (aheadMs !== undefined) stage.aheadMs = aheadMs
  if (patience !== undefined) stage.patience = patience
  if (lose !== undefined) stage.lose = lose
  return {}
}

/** The headers that a phone's app sends and receives. The Worker must not see those of this browser. */
const SENT = ['authorization', 'content-type', 'dpop', 'x-user-agent'] as const
const RECEIVED = ['content-type', 'dpop-nonce', 'retry-after', 'www-authenticate', 'date']

/** `/<who>/<path of the Worker>`: sends a request of the page to the Worker. */
async function play(
  stage: Stage,
  rest: string,
  { method = 'GET', headers }: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
): Promise<void> {
  const [, who = '', path = '/'] = /^\/([\w%]+)(\/.*)$/.exec(rest) ?? []
  const kept = SENT.flatMap((name) => {
    const value = headers[name]
    return typeof value === 'string' ? [[name.replace('x-user', 'user'), value]] : []
  })
  const received = await stage.forward({
    who: decodeURIComponent(who),
    method,
    path,
    headers: Object.fromEntries(kept) as Record<string, string>,
    body: body.length > 0 ? new Uint8Array(body) : undefined,
  })
  for (const name of RECEIVED) {
    const value = received.headers.get(name)
    if (value !== null) response.setHeader(name, value)
  }
  response.setHeader('cache-control', 'no-store')
  response.setHeader(
    'content-security-policy',
    "default-src 'none'; frame-ancestors 'none'; sandbox",
  )
  if (received.lost) {
    // Without any byte, Chromium itself would send the request again. So the head arrives, and the rest is cut.
    response.writeHead(received.status, { 'content-length': received.body.length + 1 })
    response.flushHeaders()
    setTimeout(() => response.destroy(), 30)
    return
  }
  response.writeHead(received.status)
  response.end(received.body)
}

function script(response: ServerResponse, text: string): void {
  response.writeHead(200, {
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  })
  response.end(text)
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  })
  response.end(JSON.stringify(value))
}
