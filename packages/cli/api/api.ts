import { setTimeout as sleep } from 'node:timers/promises'
import { EXIT, Failure } from '../exit.ts'
import { plainValue } from '../terminal/plain.ts'
import type { Machine } from '../terminal/shell.ts'
import { bodyOf, NoAnswer } from './connect.ts'
import { Refusal } from './problem.ts'

/** Who calls the console: a person with a session, or a machine with a key. */
export type Caller = {
  /** `fetch` with the caller's credentials. */
  send: (url: string, init: RequestInit) => Promise<Response>
  /** Signs the person in again. Absent when nobody can be asked. */
  signInAgain?: (maxAgeSeconds: number) => Promise<void>
}

export type Request = {
  query?: Record<string, string | number | undefined>
  json?: object
  csv?: Uint8Array<ArrayBuffer>
  headers?: Record<string, string>
}

/**
 * An answer of the console. `body` is for people: what a terminal would act upon is made visible in it. `json` is the
 * value as it came.
 */
export type Answer<Body> = { body: Body; json: unknown; text: string; headers: Headers }

export type Api = {
  get: <Body>(path: string, request?: Request) => Promise<Answer<Body>>
  /** For what may be sent twice: an import. */
  repeat: <Body>(method: string, path: string, request?: Request) => Promise<Answer<Body>>
  send: <Body>(method: string, path: string, request?: Request) => Promise<Answer<Body>>
}

const TRIES = 4
const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 10_000

export function createApi(machine: Machine, console: string, caller: Caller): Api {
  async function once<Body>(method: string, path: string, request: Request): Promise<Answer<Body>> {
    const url = urlOf(console, path, request.query)
    const init = initOf(method, request)
    for (let again = false; ; again = true) {
      const response = await caller.send(url, init)
      const text = await bodyOf(machine, response, url)
      if (response.ok) return read<Body>(response, text)
      const refusal = new Refusal(response, text)
      if (refusal.code !== 'stale_session' || again || !caller.signInAgain) throw explained(refusal)
      await caller.signInAgain(maxAgeOf(refusal))
    }
  }

  async function repeat<Body>(method: string, path: string, request: Request = {}) {
    for (let tried = 1; ; tried++) {
      try {
        return await once<Body>(method, path, request)
      } catch (error) {
        if (!(error instanceof Failure) || error.exit !== EXIT.unavailable) throw error
        const askedMs =
          error instanceof Refusal ? Number(error.headers.get('Retry-After')) * 1000 : 0
        const waitMs = Math.max(askedMs || 0, FIRST_WAIT_MS * 2 ** (tried - 1))
        if (tried === TRIES || waitMs > LONGEST_WAIT_MS) throw error
        await sleep(waitMs, undefined, { signal: machine.signal }).catch(() => {
          throw new Failure(EXIT.interrupted, 'Interrupted.')
        })
      }
    }
  }

  return {
    get: (path, request) => repeat('GET', path, request),
    repeat,
    async send(method, path, request = {}) {
      try {
        return await once(method, path, request)
      } catch (error) {
        if (!(error instanceof NoAnswer) || error.url !== urlOf(console, path, request.query)) {
          throw error
        }
        throw new Failure(error.exit, `${error.message} It may have been done anyway.`)
      }
    },
  }
}

function urlOf(console: string, path: string, query: Request['query'] = {}): string {
  const given = Object.entries(query).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, String(value)]],
  )
  const text = new URLSearchParams(given).toString()
  return console + path + (text && `?${text}`)
}

function initOf(method: string, { json, csv, headers = {} }: Request): RequestInit {
  // A redirect would carry the request, and with a key of a machine its token, to another address.
  const init = { method, redirect: 'error' } as const
  if (csv !== undefined) {
    return { ...init, headers: { 'Content-Type': 'text/csv', ...headers }, body: csv }
  }
  if (json === undefined) return { ...init, headers }
  return {
    ...init,
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(json),
  }
}

function read<Body>({ headers }: Response, text: string): Answer<Body> {
  const isJson = /^application\/json\b/.test(headers.get('Content-Type') ?? '')
  if (!isJson) return { body: null as Body, json: null, text, headers }
  try {
    const json: unknown = JSON.parse(text)
    return { body: plainValue(json) as Body, json, text, headers }
  } catch {
    throw new Failure(EXIT.unavailable, 'The response is not from the console.')
  }
}

/** RFC 9470 section 3. */
const maxAgeOf = ({ headers }: Refusal): number =>
  Number(/max_age="(\d+)"/.exec(headers.get('WWW-Authenticate') ?? '')?.[1] ?? 0)

function explained(refusal: Refusal): Failure {
  if (refusal.status !== 401) return refusal
  return new Failure(
    EXIT.signIn,
    refusal.code === 'stale_session'
      ? `${refusal.message} Run: latchkey login`
      : 'You are not signed in any more. Run: latchkey login',
  )
}
