import type { Decision } from '../console-machine.ts'
import type { Burst, BurstAnswer, StageChange, StageState } from '../wire.ts'

export type Answer = { status: number; body: Record<string, unknown>; text: string }
export type Message = { id: string; link: string; code: string }

/** This page's own instance of the Worker, with its faults and its clock, as dev/playground serves it. */
export type Stage = {
  state: (email: string) => Promise<StageState>
  set: (change: StageChange) => Promise<unknown>
  burst: (burst: Burst) => Promise<BurstAnswer[]>
  decide: (decision: Decision, email: string) => Promise<unknown>
  /** As if the minute between two messages to an address had passed. */
  minuteLater: (email: string) => Promise<unknown>
  /** `fetch` to the Worker, for the client of a phone. */
  fetchAs: (who: string) => (input: string | Request, init?: RequestInit) => Promise<Response>
  /** One request to the Worker, made by hand. */
  send: (who: string, path: string, init?: RequestInit) => Promise<Answer>
  /** The newest message to an address. Waits until one is newer than `after`. */
  message: (email: string, after?: string) => Promise<Message>
}

export function openStage(): Stage {
  const id = Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('')
  const base = `/playground/stages/${id}`
  const ask = async <T>(path: string, method: string, body?: object): Promise<T> => {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) }
    const response = await fetch(base + path, init)
    const said = (await response.json()) as T & { message?: string }
    if (!response.ok) throw new Error(said.message ?? `${path}: ${response.status}`)
    return said
  }
  const fetchAs =
    (who: string) =>
    (input: string | Request, init?: RequestInit): Promise<Response> => {
      const { pathname, search } = new URL(typeof input === 'string' ? input : input.url)
      return fetch(`${base}/as/${encodeURIComponent(who)}${pathname}${search}`, init)
    }
  return {
    state: (email) => ask(`?email=${encodeURIComponent(email)}`, 'GET'),
    set: (change) => ask('', 'PUT', change),
    burst: (burst) => ask('/burst', 'POST', burst),
    decide: (decision, email) => ask(`/${decision}`, 'POST', { email }),
    minuteLater: (email) => ask('/minute', 'POST', { email }),
    fetchAs,
    async send(who, path, init) {
      const response = await fetch(`${base}/as/${encodeURIComponent(who)}${path}`, init)
      const text = await response.text()
      return { status: response.status, body: parse(text), text }
    },
    async message(email, after) {
      const query = new URLSearchParams({ to: email, limit: '1', waitSeconds: '10' })
      if (after !== undefined) query.set('after', after)
      const [newest] = (await (await fetch(`/messages?${query}`)).json()) as Message[]
      if (newest === undefined) throw new Error('No message arrived within ten seconds')
      return newest
    },
  }
}

function parse(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text || '{}')) as Record<string, unknown>
  } catch {
    return {}
  }
}

/** A JSON request, as `init` of send. */
export const posting = (body: object, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json', ...headers },
  body: JSON.stringify(body),
})
