import { LatchkeyError, type RefusalReason } from '../../packages/client/error.ts'
import type { ClientOptions } from '../../packages/client/context.ts'
import type { Mistake } from './mistakes.ts'

export type Has = (mistake: Mistake) => boolean
export type Received = { status: number; text: string; headers: Headers }
export type Members = Record<string, unknown>

export const TRANSIENT = ['offline', 'unavailable']
const TRIES = 4
const LONGEST_WAIT_MS = 5000

/** Sends a request and reads its whole response, within the time limit. */
export async function exchange(
  has: Has,
  { fetch: send = fetch, timeoutMs = 10_000 }: ClientOptions,
  url: string,
  init: RequestInit,
): Promise<Received> {
  const abort = new AbortController()
  const timer = setTimeout(() => has('has no time limit') || abort.abort(), timeoutMs)
  try {
    const redirect = has('follows redirects') ? 'follow' : 'manual'
    const response = await send(url, { ...init, redirect, signal: abort.signal })
    if (has('has a time limit for the head alone')) clearTimeout(timer)
    return { status: response.status, text: await response.text(), headers: response.headers }
  } catch (cause) {
    if (has('throws what the network throws')) throw cause
    throw new LatchkeyError('offline', { cause })
  } finally {
    clearTimeout(timer)
  }
}

export const isOk = ({ status }: Received): boolean => status >= 200 && status < 300

export function parsed(text: string): Members | null {
  try {
    return Object(JSON.parse(text)) as Members
  } catch {
    return null
  }
}

/** The error that a response stands for (RFC 6749 section 5.2, RFC 9457). */
export function refusalOf(has: Has, { status, text, headers }: Received): LatchkeyError {
  const body = parsed(text) ?? {}
  const ofProblem = /^urn:latchkey:problem:(\w+)$/.exec(text.match(/urn:[\w:]+/)?.[0] ?? '')?.[1]
  const named = typeof body['error'] === 'string' ? body['error'] : ofProblem
  const code = status === 429 ? 'rate_limited' : status >= 500 ? 'unavailable' : named
  const told = {
    reason: body['latchkey_reason'] as RefusalReason | undefined,
    retryAfterSeconds: secondsOf(has, headers.get('Retry-After') ?? ''),
  }
  return new LatchkeyError(code ?? 'unavailable', has('hides reason and wait') ? {} : told)
}

function secondsOf(has: Has, text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text)
  const seconds = Math.ceil((Date.parse(text) - Date.now()) / 1000)
  return has('reads no date') || Number.isNaN(seconds) ? undefined : seconds
}

export async function retry<T>(
  has: Has,
  { sleep }: ClientOptions,
  work: () => Promise<T>,
  on = TRANSIENT,
): Promise<T> {
  const repeated = [
    ...on,
    ...(has('repeats when rate limited') ? ['rate_limited'] : []),
    ...(has('repeats what was refused') ? ['invalid_grant'] : []),
  ]
  for (let tried = 1; ; tried++) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof LatchkeyError) || !repeated.includes(error.code)) throw error
      const waitMs = Math.max(300, (error.retryAfterSeconds ?? 0) * 1000)
      const patient = has('waits as long as it is told') || has('repeats when rate limited')
      if (tried === TRIES || (waitMs > LONGEST_WAIT_MS && !patient)) throw error
      await sleep!(waitMs)
    }
  }
}
