import { AsyncLocalStorage } from 'node:async_hooks'
import { expect } from 'vitest'
import { createApp } from '../../src/app.ts'
import { createConsole } from '../../src/console/app.ts'
import { addressIdOf } from '../../src/model/address.ts'
import { CONSOLE_ORIGIN } from '../support/workers/console.ts'
import { startWorker, type Latchkey } from '../support/workers/latchkey.ts'
import { SES_TAKES_IT, watchSes, type SesMail } from '../support/workers/ses.ts'
import { linksOf, sessionsOf } from '../support/workers/rows.ts'
import { ISSUER, rowOf } from '../support/workers/tokens.ts'
import { makeProof, PROOFS } from './forged.ts'
import { CALLERS, startPeople } from './people.ts'
import { toRequest, type HostileRequest } from './request.ts'

/** A write that DynamoDB accepted. */
export type Write = { operation: string; body: Record<string, unknown> }

/** A request as it was sent, and all that came of it. */
export type Observed = {
  request: Request
  bytes: Uint8Array<ArrayBuffer>
  answer: Response
  text: string
  lines: Record<string, unknown>[]
  writes: Write[]
  mails: SesMail[]
}

const WRITES = /^DynamoDB_20120810\.((?:Put|Update|Delete|TransactWrite|BatchWrite)Items?)$/

/** What one request did, also after its answer. */
type Effects = Pick<Observed, 'writes' | 'mails'>

/** A network on which each request is told apart, by its asynchronous context. */
function watchNetwork() {
  const watched = new AsyncLocalStorage<Effects>()
  const ses = watchSes(SES_TAKES_IT)
  const fetch = async (url: string, init: RequestInit): Promise<Response> => {
    const effects = watched.getStore()
    if (effects === undefined) throw new Error(`nobody asked for ${url}`)
    // A busy machine is no outage: no deadline ends a call.
    const answer = await ses.fetch(url, { ...init, signal: null })
    effects.mails.push(...ses.mails.splice(0))
    const [, operation] = WRITES.exec(new Headers(init.headers).get('X-Amz-Target') ?? '') ?? []
    if (operation !== undefined && answer.status === 200) {
      effects.writes.push({ operation, body: JSON.parse(String(init.body)) as Write['body'] })
    }
    return answer
  }
  return { fetch, watched }
}

/** Tokens of machines are valid for five minutes, and the fault proxy remembers every call. */
const LIFE_MS = 290_000

export type HostileWorkers = Awaited<ReturnType<typeof startHostileWorkers>>

/** Both Workers with people of their own, and what each request does. */
export async function startHostileWorkers() {
  let current = await startOnce()
  let startedAt = Date.now()
  return {
    /** Sends requests at once. @returns what came of each; null for a request that cannot be sent. */
    async send(requests: readonly HostileRequest[]): Promise<(Observed | null)[]> {
      if (Date.now() - startedAt > LIFE_MS) {
        await current.finish()
        current = await startOnce()
        startedAt = Date.now()
      }
      return current.send(requests)
    },
    /** @throws if anything of the bystander's has changed. */
    finish: () => current.finish(),
  }
}

const INSTEAD: Record<string, string> = { 'other-user': 'user', 'other-session': 'session' }

async function startOnce() {
  const people = await startPeople()
  const network = watchNetwork()
  const { app, values, proofKey } = people
  const { world, clock } = { world: { fetch: network.fetch }, clock: app.clock }
  const workers: Record<HostileRequest['worker'], { worker: Latchkey; origin: string }> = {
    public: {
      worker: startWorker(createApp, ISSUER, { env: app.auth.env, world, clock }),
      origin: ISSUER,
    },
    console: {
      worker: startWorker(createConsole, CONSOLE_ORIGIN, { env: app.env, world, clock }),
      origin: CONSOLE_ORIGIN,
    },
  }
  const { email, id } = people.bystander.user
  const rowsOf = async () => [
    await rowOf(app.auth, await addressIdOf(email)),
    await rowOf(app.auth, await addressIdOf(values['other-email']!)),
    await sessionsOf(app.auth, email),
    await linksOf(app.auth, email),
    await linksOf(app.auth, values['other-email']!),
    id,
  ]
  const before = await rowsOf()
  let [fresh, guests] = [0, 0]

  async function fill(text: string, request: HostileRequest): Promise<string> {
    if (!text.includes('‹')) return text
    const made = new Map<string, string>()
    for (const [whole, name] of text.matchAll(/‹([\w-]+)›/g)) {
      if (made.has(whole)) continue
      made.set(whole, (await valueOf(name!, request)) ?? whole)
    }
    return text.replace(/‹[\w-]+›/g, (whole) => made.get(whole) ?? whole)
  }

  async function valueOf(
    name: string,
    { method, path, worker, caller }: HostileRequest,
  ): Promise<string | undefined> {
    // Staff may change the bystander's rows: they get the ids of somebody else.
    const isStaff = CALLERS[worker][caller]?.staff === true
    if (isStaff && Object.hasOwn(INSTEAD, name)) return values[INSTEAD[name]!]
    if (PROOFS.includes(name)) {
      const accessToken = values['bound-access']!
      return makeProof(app.auth, proofKey, name, { method, path: path.split('?')[0]!, accessToken })
    }
    // Half of the addresses may sign in. There are few guests with an approval, because lists read them all.
    const host = ++fresh % 2 === 0 ? 'sigmacomputing.com' : 'guests.example'
    if (name === 'new-email') return `h${fresh}-${crypto.randomUUID().slice(0, 12)}@${host}`
    if (name === 'some-guest') return `h${++guests % 20}-${values['guest']!}`
    return Object.hasOwn(values, name) ? values[name] : undefined
  }

  async function filled(request: HostileRequest): Promise<HostileRequest> {
    const { body } = request
    const headers = await Promise.all(
      request.headers.map(async ([name, value]): Promise<[string, string]> => [
        name,
        await fill(value, request),
      ]),
    )
    const path = await fill(request.path, request)
    const text = body && (await fill(body.text, request))
    return { ...request, path, headers, body: body && { ...body, text: text! } }
  }

  async function sendOne(request: HostileRequest): Promise<Omit<Observed, 'lines'> | null> {
    const { worker, origin } = workers[request.worker]
    const built = toRequest(await filled(request), origin)
    if (built === null) return null
    const { request: sent, bytes } = built
    const effects: Effects = { writes: [], mails: [] }
    const answer = await network.watched.run(effects, () => worker.fetch(sent.url, sent))
    return { request: sent, bytes, answer, text: await answer.text(), ...effects }
  }

  return {
    async finish() {
      expect(await rowsOf(), 'the rows of a bystander').toEqual(before)
      for (const { env } of [app, app.auth, workers.public.worker, workers.console.worker]) {
        const endpoint = new URL(String(env['DYNAMODB_ENDPOINT']))
        await fetch(`${endpoint.origin}/_control${endpoint.pathname}`, { method: 'DELETE' })
      }
    },
    async send(requests: readonly HostileRequest[]): Promise<(Observed | null)[]> {
      const sent = await Promise.all(requests.map(sendOne))
      await Promise.all(Object.values(workers).map(({ worker }) => worker.settle()))
      const lines = Object.values(workers).flatMap(({ worker }) => worker.lines.splice(0))
      return sent.map((one) => {
        const id = one?.answer.headers.get('X-Request-Id')
        return one && { ...one, lines: lines.filter((line) => line['requestId'] === id) }
      })
    },
  }
}
