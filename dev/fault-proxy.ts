import { Agent, request as httpRequest } from 'node:http'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { accessesOf, isAllowed } from '../scripts/infra/access.ts'
import { claimedKeys, verifyRequest } from './claimed-keys.ts'
import { parseRules, Scenario, type Call } from './fault-rules.ts'
import { bodyOf, startLoopbackServer, type LoopbackServer } from './loopback-server.ts'

type Answer = { status: number; headers: IncomingHttpHeaders; body: Buffer }

/** `scenario` gives the rules and the calls of a scenario to code in this process. */
export type FaultProxy = LoopbackServer & { scenario: (name: string) => Scenario }

/**
 * A caller whose time is simulated sends the first header, unsigned. Then the proxy does not wait, but says in the
 * second one for how many milliseconds it would have: `Infinity` for ever. If it forwards nothing before the wait is
 * over, the caller sends the same request once more, as `waited`.
 */
const SIMULATED_TIME = 'x-simulated-time'
const SIMULATED_WAIT = 'x-simulated-wait'

const ERROR = 'com.amazonaws.dynamodb.v20120810#'

/**
 * A proxy in front of DynamoDB Local, on the loopback interface. `<endpoint>/<scenario>` forwards to `/` of
 * the upstream, with the faults of that scenario. DynamoDB Local accepts any signature and any call, so the
 * proxy checks each signature, with the path, and refuses what the policy of the Worker that signed does not
 * allow. `PUT /_control/<scenario>` sets the rules, `GET` lists the calls, `DELETE` forgets both. After `POST`,
 * the calls are listed with the capacity that they consume: the proxy asks DynamoDB for it, the Worker does not.
 * @param options.anySignature accepts a client that signs for another service when the host is not Amazon's.
 */
export async function startFaultProxy(
  upstream: string,
  { anySignature = false } = {},
): Promise<FaultProxy> {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 })
  const scenarios = new Map<string, Scenario>()
  const scenario = (name: string): Scenario => {
    const known = scenarios.get(name) ?? new Scenario()
    scenarios.set(name, known)
    return known
  }
  const server = await startLoopbackServer(0, (request, response) => {
    const [, control, name] = /^\/(_control\/)?([a-z0-9-]+)$/.exec(request.url ?? '') ?? []
    void (async () => {
      if (name === undefined)
        return json(response, 404, { message: `${request.url} names no scenario` })
      const body = await bodyOf(request)
      const to = { upstream, agent, anySignature }
      if (!control) return await proxy(request, response, body, scenario(name), to)
      if (request.method === 'DELETE') scenarios.delete(name)
      if (request.method === 'POST') scenario(name).measures = true
      if (request.method === 'PUT') scenario(name).rules = parseRules(JSON.parse(body.toString()))
      json(response, 200, { calls: scenarios.get(name)?.calls ?? [] })
    })().catch((error: unknown) => {
      if (response.headersSent) response.destroy()
      else json(response, 502, { message: String(error) })
    })
  })
  const stop = (): Promise<void> => {
    agent.destroy()
    return server.stop()
  }
  return { endpoint: server.endpoint, stop, scenario }
}

async function proxy(
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
  scenario: Scenario,
  to: { upstream: string; agent: Agent; anySignature: boolean },
): Promise<void> {
  const operation = String(request.headers['x-amz-target'] ?? '').replace(
    /^DynamoDB_20120810\./,
    '',
  )
  const input = parseJson(body)
  // The caller has waited, and sends the same request again.
  const waited = request.headers[SIMULATED_TIME] === 'waited'
  const simulated = !waited && request.headers[SIMULATED_TIME] !== undefined
  const name = scenario.name(operation, input)
  const rule = waited ? undefined : scenario.takeRule(operation, name, input)
  const call: Call = { operation, name, at: Date.now(), body: input }
  if (rule) call.fault = rule.fault
  if (!waited) scenario.calls.push(call)

  const serverNowMs = Date.now() + (rule?.fault === 'skew' ? (rule.delayMs ?? 0) : 0)
  if (rule?.fault === 'skew') {
    response.sendDate = false
    response.setHeader('date', new Date(serverNowMs).toUTCString())
  }
  const { method = 'POST', url = '/', headers } = request
  const signed = { method, url, headers, body }
  const refusal = to.anySignature ? null : await verifyRequest(signed, 'dynamodb', serverNowMs)
  if (refusal) return refuse(response, 400, refusal.code, refusal.message)
  const { worker } = claimedKeys(headers)
  if (worker !== undefined) {
    const denied = accessesOf(operation, input).find((access) => !isAllowed(worker, access))
    if (denied) {
      const message = `User: latchkey-${worker} is not authorized to perform: dynamodb:${denied.action} on ${denied.table}${denied.index === undefined ? '' : `/index/${denied.index}`}`
      return refuse(response, 400, 'AccessDeniedException', message)
    }
  }

  const fault = rule?.fault
  if (fault !== 'skew' && rule?.delayMs) {
    if (simulated) return tellWait(response, rule.delayMs)
    await sleep(rule.delayMs)
  }
  if (fault === 'hang') return simulated ? tellWait(response, Infinity) : undefined
  if (fault === 'reset') return void request.socket.resetAndDestroy()
  if (fault === 'error500')
    return refuse(response, 500, 'InternalServerError', 'Internal server error')
  if (fault === 'throttle') {
    const message = 'The level of configured provisioned throughput for the table was exceeded.'
    return refuse(response, 400, 'ProvisionedThroughputExceededException', message)
  }
  if (fault === 'conflict') return conflict(response, operation, input)
  if (fault === 'hideindex') return json(response, 200, { Items: [], Count: 0, ScannedCount: 0 })

  const sent = scenario.measures ? { ...signed, body: askingForCapacity(input) } : signed
  const answer = await forward(sent, to)
  if (scenario.measures) call.capacity = capacityOf(answer.body)
  if (fault === 'hang-after') return simulated ? tellWait(response, Infinity) : undefined
  if (fault === 'cut') return void request.socket.destroy()
  if (fault === 'lost') return refuse(response, 500, 'InternalServerError', 'Internal server error')
  if (fault === 'garbled') {
    answer.body = answer.body.subarray(0, answer.body.length / 2)
    answer.headers['content-length'] = String(answer.body.length)
  }
  response.writeHead(answer.status, answer.headers).end(answer.body)
}

/** Names the wait. A caller whose time is simulated knows what to do with it. */
function tellWait(response: ServerResponse, ms: number): void {
  response.writeHead(200, { [SIMULATED_WAIT]: String(ms), 'content-length': 0 }).end()
}

function conflict(response: ServerResponse, operation: string, input: unknown): void {
  const message = 'Transaction is ongoing for the item'
  if (operation !== 'TransactWriteItems') {
    return refuse(response, 400, 'TransactionConflictException', message)
  }
  const items = (input as { TransactItems: unknown[] }).TransactItems
  const reasons = items.map((_, index) =>
    index === 0 ? { Code: 'TransactionConflict', Message: message } : { Code: 'None' },
  )
  const codes = reasons.map((reason) => reason.Code).join(', ')
  json(response, 400, {
    __type: `${ERROR}TransactionCanceledException`,
    Message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    CancellationReasons: reasons,
  })
}

function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  json(response, status, { __type: `${ERROR}${code}`, message })
}

function json(response: ServerResponse, status: number, value: unknown): void {
  const body = Buffer.from(JSON.stringify(value))
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.0',
    'content-length': body.length,
  })
  response.end(body)
}

function forward(
  signed: { method: string; headers: IncomingHttpHeaders; body: Buffer },
  to: { upstream: string; agent: Agent },
): Promise<Answer> {
  const {
    host: _host,
    connection: _connection,
    'content-length': _length,
    ...headers
  } = signed.headers
  const options = { method: signed.method, headers, agent: to.agent }
  return new Promise((resolve, reject) => {
    const sent = httpRequest(to.upstream, options, (incoming) => {
      bodyOf(incoming)
        .then((body) => ({ status: incoming.statusCode ?? 502, headers: endToEnd(incoming), body }))
        .then(resolve, reject)
    })
    sent.once('error', reject)
    sent.end(signed.body)
  })
}

const askingForCapacity = (input: unknown): Buffer =>
  Buffer.from(JSON.stringify({ ...(input as object), ReturnConsumedCapacity: 'INDEXES' }))

/** DynamoDB reports a list for operations on several tables. It reports nothing when it refuses. */
const capacityOf = (body: Buffer): unknown[] =>
  [(parseJson(body) as { ConsumedCapacity?: unknown } | null)?.ConsumedCapacity ?? []].flat()

/** Removes the headers that only apply to one connection (RFC 9110 section 7.6.1): Node writes its own. */
function endToEnd(incoming: IncomingMessage): IncomingHttpHeaders {
  const { connection: _c, 'transfer-encoding': _t, 'keep-alive': _k, ...rest } = incoming.headers
  return rest
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return null
  }
}
