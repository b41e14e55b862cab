import type { Case } from './case.ts'
import type { Run } from './run.ts'
import type { Logged } from './wire.ts'

/** What README.md says of every case. @param before how many requests came before the proof. */
export function whatIsWrong(run: Run, played: Case, before: number): string[] {
  const { log } = run.wire
  return [
    ...counts(played, log.slice(0, before)),
    ...repeats(log),
    ...devices(log),
    ...urls(log),
    ...bindings(run, played),
    ...(run.kit.elsewhere.arrived.get(run.id) ?? []).map(
      (what) => `another host got a request of the client: ${what}`,
    ),
  ]
}

function counts({ requests }: Case, log: Logged[]): string[] {
  const sent = Map.groupBy(log, ({ request }) => request)
  const limits = Object.entries(requests).flatMap(([request, [least, most]]) => {
    const times = sent.get(request)?.length ?? 0
    if (times >= least && times <= most) return []
    return [`${request} was sent ${times} times, and may be sent ${least} to ${most} times`]
  })
  const others = [...sent.keys()].filter((request) => !(request in requests))
  return [...limits, ...others.map((request) => `${request} was sent, and may not be`)]
}

/** One step asks once and tries a code once, and repeats anything else as it was. */
function repeats(log: Logged[]): string[] {
  const unchallenged = log.filter(({ challenged }) => !challenged)
  const steps = Map.groupBy(
    unchallenged,
    ({ step, request, body }) => `${step} ${kindOf(request, body)}`,
  )
  return [...steps].flatMap(([key, same]) => {
    const kind = key.slice(key.indexOf(' ') + 1)
    if (same.length < 2) return []
    if (kind === 'ask' || kind === 'code')
      return [`one step sent the same ${kind} ${same.length} times`]
    if (kind === 'link' && new Set(same.map(({ body }) => body)).size > 1) {
      return ['one step sent the link again with another body']
    }
    return []
  })
}

function kindOf(request: string, body: string): string {
  if (request === 'POST /v1/links') return 'ask'
  if (request !== 'POST /v1/token') return request
  return /grant-type(?::|%3A)(link|code)/i.exec(body)?.[1] ?? 'refresh'
}

function devices(log: Logged[]): string[] {
  const ids = log.flatMap(({ body }) => memberOf(body, 'device_id') ?? [])
  const different = new Set(ids).size
  return different > 1 ? [`the client gave ${different} device ids`] : []
}

function bindings({ wire }: Run, { keys }: Case): string[] {
  if (keys === undefined) return []
  const bad = wire.given.some(({ bound }) => bound !== (keys === 'bound'))
  return bad ? [`the sessions of this case must be ${keys}`] : []
}

const urls = (log: Logged[]): string[] =>
  log.some(({ url }) => /tok_ml_|eyJ|verifier/.test(url)) ? ['a URL holds a secret'] : []

/** A member of a body that is JSON or a form. */
export function memberOf(body: string, name: string): string | undefined {
  if (!body.startsWith('{')) return new URLSearchParams(body).get(name) ?? undefined
  const value = (JSON.parse(body) as Record<string, unknown>)[name]
  return typeof value === 'string' ? value : undefined
}
