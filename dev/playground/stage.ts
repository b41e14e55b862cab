import { createHash } from 'node:crypto'
import type { Scenario } from '../fault-rules.ts'
import { LINE_HEADER, STAGING_HEADER, type Staging } from './staging.ts'
import { PATIENCE, type Entry, type SeenCall } from './wire.ts'

/** A request as a phone sends it, without the headers of the browser that plays the phone. */
export type Sent = {
  who: string
  method: string
  path: string
  headers: Record<string, string>
  body: Uint8Array<ArrayBuffer> | undefined
}
export type Received = { status: number; headers: Headers; body: Buffer; lost: boolean }

const MOST_ENTRIES = 80

/** What one open page of the playground plays with. */
export class Stage {
  aheadMs = 0
  patience = PATIENCE
  lose = 0
  entries: Entry[] = []
  readonly #worker: string
  readonly #staging: Omit<Staging, 'aheadMs' | 'patience'>
  readonly #scenario: Scenario
  #last = 0

  constructor(worker: string, staging: Omit<Staging, 'aheadMs' | 'patience'>, scenario: Scenario) {
    this.#worker = worker
    this.#staging = staging
    this.#scenario = scenario
  }

  set rules(rules: Scenario['rules']) {
    this.#scenario.rules = rules
  }

  async forward(sent: Sent): Promise<Received> {
    this.settle()
    const startedAt = performance.now()
    const at = Date.now()
    const { response, body } = await this.send(sent)
    const lost = this.lose > 0
    if (lost) this.lose -= 1
    const line = lineOf(response)
    this.keep({
      at,
      who: sent.who,
      count: 1,
      method: sent.method,
      path: shown(sent.path),
      statuses: { [response.status]: 1 },
      ms: Math.round(performance.now() - startedAt),
      workerMs: line.ms ?? 0,
      roundTrips: line.dynamoRoundTrips ?? 0,
      calls: this.takeCalls(),
      callsAfter: [],
      lost,
      ...(line.event && line.event !== 'request' ? { event: line.event } : {}),
      ...optional('reason', line.reason ?? errorOf(body)),
      ...optional('retryAfter', response.headers.get('Retry-After')),
      ...optional('session', sessionOf(body)),
    })
    return { status: response.status, headers: response.headers, body, lost }
  }

  /** Calls that came after the last response belong to the work after it. */
  settle(): void {
    this.entries[0]?.callsAfter.push(...this.takeCalls())
  }

  /** Sends a request to the Worker, without an entry in the log. */
  async send(
    { method, path, headers, body }: Omit<Sent, 'who'>,
    patience = this.patience,
  ): Promise<{ response: Response; body: Buffer }> {
    const staging: Staging = { ...this.#staging, aheadMs: this.aheadMs, patience }
    const response = await fetch(this.#worker + path, {
      method,
      redirect: 'manual',
      headers: { ...headers, [STAGING_HEADER]: JSON.stringify(staging) },
      ...(body === undefined ? {} : { body }),
    })
    const answer = Buffer.from(await response.arrayBuffer())
    if (response.headers.has(LINE_HEADER)) return { response, body: answer }
    throw new Error('The Worker does not know this playground. Both are started by npm run dev.')
  }

  /** Adds an entry to the log. */
  keep(entry: Omit<Entry, 'n'>): void {
    this.entries.unshift({ n: ++this.#last, ...entry })
    this.entries.length = Math.min(this.entries.length, MOST_ENTRIES)
  }

  /** The calls to DynamoDB since the last time. */
  takeCalls(): SeenCall[] {
    return this.#scenario.calls.splice(0).map(({ operation, fault, body }) => {
      const token = (body as { ClientRequestToken?: string } | null)?.ClientRequestToken
      return { operation, ...optional('fault', fault), ...optional('clientRequestToken', token) }
    })
  }
}

type Line = { event?: string; reason?: string; dynamoRoundTrips?: number; ms?: number }

const lineOf = (response: Response): Line =>
  JSON.parse(response.headers.get(LINE_HEADER) ?? '{}') as Line

const optional = <K extends string, V>(name: K, value: V | null | undefined) =>
  (value === null || value === undefined ? {} : { [name]: value }) as { [name in K]?: V }

const shown = (path: string): string => path.replace(/\/tok_ml_.*/, '/tok_ml_…')

/** The error in the answer (RFC 6749 section 5.2): a challenge is no refusal, so the log has no reason for it. */
function errorOf(body: Buffer): string | null {
  const { error } = parse(body)
  return typeof error === 'string' ? error : null
}

/** The tokens of a response, without the tokens. */
export function sessionOf(body: Buffer): Entry['session'] | null {
  const { session_id, refresh_token } = parse(body)
  if (typeof session_id !== 'string' || typeof refresh_token !== 'string') return null
  const refreshHash = createHash('sha256').update(refresh_token).digest('base64url')
  return { id: session_id, refreshHash }
}

/** An answer may also be a page, or empty. */
function parse(body: Buffer): Record<string, unknown> {
  try {
    return Object(JSON.parse(body.toString())) as Record<string, unknown>
  } catch {
    return {}
  }
}
