import type { Fetch } from '../../../packages/client/context.ts'
import type { Latchkey } from './latchkey.ts'

export const NETWORK_FAULTS = [
  'drop-request', // nothing arrives at the server
  'drop-response', // the server did it, and nobody hears of it
  'cut-body', // the answer breaks off after its head
  'duplicate', // the server gets it twice at once; one answer arrives
  'delay', // answers overtake each other
  'portal', // a hotel's sign-in page answers everything with 200
  '503',
  '429',
] as const
export type NetworkFault = (typeof NETWORK_FAULTS)[number]

/** Uniform in [0, 1), the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

export type Network = {
  fetch: Fetch
  /** What strikes the next requests: one after the other, and null for none. Afterwards `strike` decides. */
  next: (NetworkFault | null)[]
  /** Which fault strikes a request that `next` has none for. */
  strike: () => NetworkFault | null
  /** Every request that the client made: `POST /v1/token`. */
  sent: string[]
  /** Their headers, in the same order. */
  headers: Headers[]
}

/** What lies between a phone and the Worker. */
export function network(app: Latchkey): Network {
  const self: Network = {
    next: [],
    strike: () => null,
    sent: [],
    headers: [],
    async fetch(input, init) {
      const request = new Request(input, init)
      self.sent.push(`${request.method} ${new URL(request.url).pathname}`)
      self.headers.push(request.headers)
      const fault = self.next.length > 0 ? self.next.shift()! : self.strike()
      const body = request.body === null ? undefined : await request.text()
      const { method, headers } = request
      const pass = () => app.fetch(request.url, { method, headers, ...(body && { body }) })
      return struck(fault, pass)
    },
  }
  return self
}

/** The faults of one seed: each request is struck with the given probability. */
export function seededFaults(seed: number, probability: number): () => NetworkFault | null {
  const random = seeded(seed)
  return () =>
    random() < probability ? NETWORK_FAULTS[Math.floor(random() * NETWORK_FAULTS.length)]! : null
}

const lost = () => new TypeError('Network request failed')

async function struck(
  fault: NetworkFault | null,
  pass: () => Promise<Response>,
): Promise<Response> {
  switch (fault) {
    case 'drop-request':
      throw lost()
    case 'drop-response':
      await pass()
      throw lost()
    case 'cut-body': {
      const { status, headers } = await pass()
      const body = new ReadableStream({ start: (controller) => controller.error(lost()) })
      return new Response(status === 204 ? null : body, { status, headers })
    }
    case 'duplicate':
      return (await Promise.all([pass(), pass()]))[1]
    case 'delay':
      await new Promise((resolve) => setTimeout(resolve, 15))
      return pass()
    case 'portal':
      return new Response('<h1>Welcome to Grand Hotel</h1>', {
        headers: { 'Content-Type': 'text/html' },
      })
    case '503':
      return new Response('upstream', { status: 503, headers: { 'Retry-After': '1' } })
    case '429':
      return new Response('{}', { status: 429, headers: { 'Retry-After': '3' } })
  }
  return pass()
}
