import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import type { Exchange, Fault } from './wire.ts'

const PORTAL = '<!doctype html><title>Grand Hotel</title><h1>Welcome to our network</h1>'
const HTML = { 'content-type': 'text/html; charset=utf-8' }
const JSON_TYPE = { 'content-type': 'application/json' }

/** The longest that `hold` keeps a response: a client that does one thing at a time waits for it. */
const HOLD_MS = 6000

/** The server did it, and the connection closes without a response. */
export const lost: Fault = {
  name: 'lost',
  play: async (x) => {
    await x.pass()
    x.response.destroy()
  },
}

/** The connection is reset before the server gets anything. */
export const reset: Fault = { name: 'reset', play: (x) => void x.request.socket.resetAndDestroy() }

/** The server did it, and the connection is reset. */
export const resetAfter: Fault = {
  name: 'resetAfter',
  play: async (x) => {
    await x.pass()
    x.request.socket.resetAndDestroy()
  },
}

/** Nothing is passed on, and no response comes. */
export const hang: Fault = { name: 'hang', play: untilGivenUp }

/** The server did it, and no response comes. */
export const hangAfter: Fault = {
  name: 'hangAfter',
  play: async (x) => {
    await x.pass()
    await untilGivenUp(x)
  },
}

/** The response breaks off in the middle, against its Content-Length. */
export const half: Fault = {
  name: 'half',
  play: async (x) => {
    const { status, headers, body } = await x.pass()
    x.response.writeHead(status, { ...headers, 'content-length': body.length } as never)
    x.response.write(body.subarray(0, body.length / 2), () => x.response.destroy())
  },
}

/** The response comes byte by byte, so slowly that every time limit for one read is kept. */
export const drip: Fault = {
  name: 'drip',
  play: async (x) => {
    const { status, headers, body } = await x.pass()
    x.response.writeHead(status, { ...headers, 'content-length': body.length } as never)
    const timer = setInterval(
      (bytes: Iterator<number>) => {
        const { value, done } = bytes.next()
        if (!done) x.response.write(Buffer.of(value))
      },
      100,
      body[Symbol.iterator](),
    )
    await untilGivenUp(x)
    clearInterval(timer)
  },
}

/** The network delivers the request twice, and the response is lost. */
export const twiceAndLost: Fault = {
  name: 'twiceAndLost',
  play: async (x) => {
    await Promise.all([x.pass(), x.pass()])
    x.response.destroy()
  },
}

/** A proxy or a captive portal answers with a page. */
export const page = (status: number, headers: Record<string, string> = {}): Fault => ({
  name: `page ${status}`,
  play: (x) => x.reply({ status, headers: { ...HTML, ...headers }, body: PORTAL }),
})

/** Somebody answers with JSON that the issuer never gives with this status. */
export const json = (
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): Fault => ({
  name: `json ${status}`,
  play: (x) =>
    x.reply({ status, headers: { ...JSON_TYPE, ...headers }, body: JSON.stringify(body) }),
})

export const redirect = (status: number, location: string): Fault => ({
  name: `redirect ${status}`,
  play: (x) => x.reply({ status, headers: { location } }),
})

/** The server's own response, changed on the way. */
export const changed = (
  name: string,
  change: (answer: Record<string, unknown>) => Record<string, unknown>,
): Fault => ({
  name,
  play: async (x) => {
    const answer = await x.pass()
    const body = JSON.stringify(change(JSON.parse(answer.body.toString()) as never))
    x.reply({ ...answer, body })
  },
})

/** The response says that it is compressed, and is not. */
export const notGzip: Fault = {
  name: 'notGzip',
  play: async (x) => {
    const answer = await x.pass()
    x.reply({ ...answer, headers: { ...answer.headers, 'content-encoding': 'gzip' } })
  },
}

/** A proxy compresses the response, for a client that takes it. */
export const gzip: Fault = {
  name: 'gzip',
  play: async (x) => {
    const answer = await x.pass()
    if (!/\bgzip\b/.test(String(x.request.headers['accept-encoding']))) return x.reply(answer)
    const headers = { ...answer.headers, 'content-encoding': 'gzip' }
    x.reply({ ...answer, headers, body: gzipSync(answer.body) })
  },
}

/** The server gets the same request from another device, and the client hears nothing of use. */
export const stolen: Fault = {
  name: 'stolen',
  play: async (x) => {
    const text = x.body.toString()
    const thief = text.startsWith('{')
      ? JSON.stringify({ ...(JSON.parse(text) as object), device_id: 'dev_of_a_thief' })
      : text.replace(/device_id=[^&]*/, 'device_id=dev_of_a_thief')
    delete x.request.headers['dpop']
    await x.pass(Buffer.from(thief))
    x.response.destroy()
  },
}

/** A response that is kept back, so that something else can happen first. */
export type Held = Fault & {
  /** When the server has done it, and the response waits. */
  arrived: Promise<void>
  release: () => void
}

export function hold(): Held {
  const arrived = Promise.withResolvers<void>()
  const released = Promise.withResolvers<void>()
  return {
    name: 'hold',
    arrived: arrived.promise,
    release: released.resolve,
    async play(x) {
      const answer = await x.pass()
      arrived.resolve()
      await Promise.race([released.promise, sleep(HOLD_MS)])
      x.reply(answer)
    },
  }
}

/** A resource that wants this nonce in the proof (RFC 9449 section 9). */
export const wantsNonce = (nonce: string): Fault => ({
  name: 'wantsNonce',
  play: (x) =>
    x.reply({
      status: 401,
      headers: { 'dpop-nonce': nonce, 'www-authenticate': 'DPoP error="use_dpop_nonce"' },
    }),
})

/** Waits until the client closes the request. A client that never does is wrong. */
async function untilGivenUp(x: Exchange): Promise<void> {
  const closed = new Promise<'closed'>((resolve) => {
    x.response.once('close', () => resolve('closed'))
  })
  if ((await Promise.race([closed, sleep(x.patienceMs)])) === 'closed') return
  x.wrong(
    `a request without a whole response was still open after ${x.patienceMs} ms: the client has no time limit for a whole response`,
  )
  x.response.destroy()
}
