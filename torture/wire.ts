import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { bodyOf } from '../dev/loopback-server.ts'
import type { Answer, Latchkey } from './latchkey.ts'
import type { Ring } from './run-settings.ts'

/** One request of the client under test, on its way to the Worker. */
export type Exchange = {
  request: IncomingMessage
  response: ServerResponse
  body: Buffer
  /** Lets the Worker do it. @param body instead of the client's. */
  pass: (body?: Buffer) => Promise<Answer>
  reply: (answer: {
    status: number
    headers?: Record<string, unknown>
    body?: string | Buffer
  }) => void
  /** How long the client may keep a request open that gets no whole response. */
  patienceMs: number
  /** Says what the client does wrong. */
  wrong: (sentence: string) => void
}
export type Fault = { name: string; play: (exchange: Exchange) => Promise<unknown> | void }

/** A request that the client sent, for the rules and the verdict. */
export type Logged = {
  request: string
  url: string
  body: string
  struck: string | null
  status: number | null
  /** Whether the Worker asked for the same request again, with a nonce in the proof. */
  challenged: boolean
  bound: boolean
  step: number
}

/** A session that the Worker gave to the client under test, or would have given if nothing had struck. */
export type Given = {
  request: string
  email: string
  sessionId: string
  refreshToken: string
  bound: boolean
}

export type Wire = {
  baseUrl: string
  log: Logged[]
  given: Given[]
  settings: { aheadMs: number; ring: Ring }
  /** Strikes the next requests of this kind, one after the other. `null` lets one through. */
  strike: (request: string, ...faults: (Fault | null)[]) => void
  /** Strikes all requests of this kind. */
  strikeAll: (request: string, fault: Fault) => void
  /** No fault any more. */
  heal: () => void
  /** The port is closed, so connections are refused. */
  close: () => Promise<void>
  open: () => Promise<void>
  /** Calls the Worker past the wire. */
  direct: (method: string, path: string, body?: object, headers?: object) => Promise<Answer>
  /** Answers paths that the Worker does not have. */
  serve: (path: string, answer: (exchange: Exchange) => Promise<void>) => void
}

/** A port between one client and the Worker. */
export async function openWire(
  latchkey: Latchkey,
  on: { patienceMs: number; wrong: (sentence: string) => void; step: () => number },
): Promise<Wire> {
  const queues = new Map<string, (Fault | null)[]>()
  const always = new Map<string, Fault>()
  const pages = new Map<string, (exchange: Exchange) => Promise<void>>()
  const settings: Wire['settings'] = { aheadMs: 0, ring: 'first' }
  const log: Logged[] = []
  const given: Given[] = []
  /** Calls that a browser has sent. When it sends one again by itself, that one breaks as well. */
  const calls = new Set<unknown>()
  let server: Server
  let port = 0

  const send = (method: string, path: string, headers: IncomingMessage['headers'], body: Buffer) =>
    latchkey.send({ issuer: wire.baseUrl, ...settings }, { method, path, headers, body })

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A reused connection that breaks makes some clients send a request twice by themselves.
    response.shouldKeepAlive = false
    const { method = 'GET', url = '/', headers } = request
    const path = url.split('?')[0]!
    const name = `${method} ${path}`
    const body = await bodyOf(request)
    const call = headers['x-torture-call']
    if (call !== undefined && calls.has(call)) return void request.socket.destroy()
    if (call !== undefined) calls.add(call)
    const fault = (queues.get(name)?.shift() ?? always.get(name)) || null
    const entry: Logged = {
      request: name,
      url,
      body: body.toString(),
      struck: fault?.name ?? null,
      status: null,
      challenged: false,
      bound: headers['dpop'] !== undefined,
      step: on.step(),
    }
    log.push(entry)
    const exchange: Exchange = {
      request,
      response,
      body,
      patienceMs: on.patienceMs,
      wrong: on.wrong,
      async pass(other = body) {
        const length = { 'content-length': String(other.length) }
        const answer = await send(method, url, { ...headers, ...length }, other)
        if (name === 'POST /v1/token' && answer.status === 200) {
          given.push(givenBy(entry.body, answer.body.toString()))
        }
        return answer
      },
      reply({ status, headers = {}, body = '' }) {
        entry.status = status
        entry.challenged = body.toString().includes('use_dpop_nonce')
        const length = { 'content-length': Buffer.byteLength(body) }
        response.writeHead(status, { ...headers, ...(status === 204 ? {} : length) } as never)
        response.end(method === 'HEAD' || status === 204 ? undefined : body)
      },
    }
    if (fault !== null) return void (await fault.play(exchange))
    const page = pages.get(path)
    if (page !== undefined) return page(exchange)
    exchange.reply(await exchange.pass())
  }

  const open = async (): Promise<void> => {
    server = createServer((request, response) => {
      handle(request, response).catch((error: unknown) => {
        // A client that went away is a part of many cases.
        if (!response.destroyed) on.wrong(`the kit failed: ${String(error)}`)
        response.destroy()
      })
    })
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, '127.0.0.1', resolve)
    })
    port = (server.address() as AddressInfo).port
  }
  await open()
  const wire: Wire = {
    baseUrl: `http://127.0.0.1:${port}`,
    log,
    given,
    settings,
    strike: (name, ...faults) => void queues.set(name, [...(queues.get(name) ?? []), ...faults]),
    strikeAll: (name, fault) => void always.set(name, fault),
    heal() {
      queues.clear()
      always.clear()
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
    open,
    direct: (method, path, body, headers = {}) =>
      send(
        method,
        path,
        { 'content-type': 'application/json', ...headers },
        Buffer.from(body === undefined ? '' : JSON.stringify(body)),
      ),
    serve: (path, answer) => void pages.set(path, answer),
  }
  return wire
}

function givenBy(request: string, answer: string): Given {
  const session = JSON.parse(answer) as {
    token_type: string
    session_id: string
    refresh_token: string
    user: { email: string }
  }
  return {
    request,
    email: session.user.email,
    sessionId: session.session_id,
    refreshToken: session.refresh_token,
    bound: session.token_type === 'DPoP',
  }
}
