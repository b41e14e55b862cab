import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export type Answer = {
  status: number
  body: string
  /** From the write of the request to the last byte of the response. */
  micros: number
}

const HEADERS_END = Buffer.from('\r\n\r\n')

/**
 * One connection that stays open between requests, with as little code as possible between the clock and the socket:
 * the delays of a complete HTTP client would hide small differences.
 */
export class Connection {
  readonly #origin: URL
  #socket: Socket | undefined
  #received: Buffer = Buffer.alloc(0)
  #waiting: ((answer: Omit<Answer, 'micros'>) => void) | undefined
  #fail: ((error: Error) => void) | undefined

  constructor(origin: string) {
    this.#origin = new URL(origin)
  }

  /** Sends one request and waits for its response. @param request from `requestOf`. */
  async send(request: Buffer): Promise<Answer> {
    // workerd closes a connection that was not used for five seconds.
    const socket = this.#socket?.writable ? this.#socket : await this.#connect()
    const answered = new Promise<Omit<Answer, 'micros'>>((resolve, reject) => {
      this.#waiting = resolve
      this.#fail = reject
    })
    const startedAt = process.hrtime.bigint()
    socket.write(request)
    const answer = await answered
    return { ...answer, micros: Number(process.hrtime.bigint() - startedAt) / 1000 }
  }

  async #connect(): Promise<Socket> {
    const { hostname, port } = this.#origin
    const socket = connect({ host: hostname, port: Number(port), noDelay: true })
    await once(socket, 'connect')
    socket.on('data', (chunk) => this.#take(chunk))
    socket.on('error', (error) => this.#fail?.(error))
    socket.on('close', () => this.#fail?.(new Error('The Worker closed the connection')))
    this.#socket = socket
    return socket
  }

  close(): void {
    this.#fail = undefined
    this.#socket?.destroy()
  }

  #take(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk])
    const end = this.#received.indexOf(HEADERS_END)
    if (end === -1) return
    const head = this.#received.toString('latin1', 0, end)
    const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1]
    if (length === undefined) return this.#fail?.(new Error(`No Content-Length in ${head}`))
    const bodyAt = end + HEADERS_END.length
    if (this.#received.length < bodyAt + Number(length)) return
    const body = this.#received.toString('utf8', bodyAt)
    this.#received = Buffer.alloc(0)
    this.#waiting?.({ status: Number(head.slice(9, 12)), body })
  }
}

/** The bytes of a request, made before its time is taken. */
export function requestOf(method: string, path: string, type = '', body = ''): Buffer {
  const lines = [
    `${method} ${path} HTTP/1.1`,
    'Host: auth.latchkey.test',
    'User-Agent: timing',
    'CF-Connecting-IP: 192.0.2.1',
    ...(type === '' ? [] : [`Content-Type: ${type}`, `Content-Length: ${Buffer.byteLength(body)}`]),
  ]
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`)
}
