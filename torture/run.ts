import type { Case } from './case.ts'
import type { Outcome, State, Step } from './protocol.ts'
import { elsewhereUrl, type Elsewhere } from './elsewhere.ts'
import { COMPANY, type Latchkey } from './latchkey.ts'
import { hold, type Held } from './faults.ts'
import type { Aws } from '../dev/local-aws.ts'
import type { Mailbox } from './mailbox.ts'
import { proveSignedIn, proveSignedOut } from './proof.ts'
import { whatIsWrong } from './rules.ts'
import { serveThings } from './things.ts'
import { openWire, type Wire } from './wire.ts'
import { witnessOf, type Witness } from './witness.ts'

/** A case cannot go on. The sentence is already said. */
class Stop extends Error {}

export const NO_ANSWER = ['offline', 'unavailable']
export const TIMEOUT_MS = 20_000
const PATIENCE_MS = 2000
const ARRIVES_WITHIN_MS = 20_000
const OUTCOME_WITHIN_MS = 60_000
/** Two tokens and what belongs to them; keychains warn from 2,048 bytes on. */
const STORED_BYTES = 4096

type Expected = {
  state?: State
  reason?: string
  retryAfterSeconds?: [least: number, most: number]
}
export type Kit = { latchkey: Latchkey; mailbox: Mailbox; elsewhere: Elsewhere; aws: Aws }

/** One case, played to one client. */
export type Run = Witness & {
  id: string
  /** The person. A case may go on with another one. */
  email: string
  wire: Wire
  kit: Kit
  /** Hands the client a step and waits for its outcome. */
  step: (step: Step) => Promise<Outcome>
  /** A step that must succeed. @returns its result. */
  works: (step: Step, state?: State) => Promise<unknown>
  /** A step that must fail with one of these errors. */
  fails: (step: Step, errors: string[], expected?: Expected) => Promise<Outcome>
  /** A step that may succeed, or fail with one of these errors. @returns whether it succeeded. */
  mayFail: (step: Step, errors: string[], state?: State) => Promise<boolean>
  /** A step that is done again, as a person taps again, when no response came. */
  insists: (step: Step, state?: State) => Promise<unknown>
  /** Asks for a link and signs in with it. */
  signIn: () => Promise<void>
  /** The newest message. */
  mail: () => Promise<{ link: string; code: string }>
  /** Time passes, here and at the server. */
  later: (seconds: number) => Promise<void>
  /** Keeps the response to the next request of this kind. */
  hold: (request: string) => Held
  /** The size of what the client stores is that of a session, whatever came with it. */
  storesLittle: () => void
  /** Waits for something that the client's background call causes. */
  until: (arrived: Promise<void>, what: string) => Promise<void>
  /** A place that is not the issuer. What arrives there must hold no secret. */
  elsewhere: string
  /** Says what the client does wrong. */
  wrong: (sentence: string) => void
}

export type Verdict = {
  pass: boolean
  wrong: string[]
  requests: { request: string; struck: string | null; status: number | null }[]
}

export type Running = {
  run: Run
  step: Step | null
  /** Takes the outcome of the step. @returns the next one, or null. */
  report: (outcome: Outcome) => Promise<Step | null>
  verdict: () => Verdict | null
  end: () => Promise<void>
}

/** Starts a run. It ends by itself when its client says nothing for a minute. */
export async function startRun(kit: Kit, played: Case): Promise<Running> {
  const id = crypto.randomUUID().slice(0, 8)
  const wrong = new Set<string>()
  const say = (sentence: string) => void wrong.add(sentence)
  const stop = (sentence: string): never => {
    say(sentence)
    throw new Stop()
  }
  let count = 0
  let over = false
  const patienceMs = (played.timeoutMs ?? TIMEOUT_MS) + PATIENCE_MS
  const wire = await openWire(kit.latchkey, { patienceMs, wrong: say, step: () => count })
  let handed = Promise.withResolvers<Step | null>()
  let told = Promise.withResolvers<Outcome>()
  let last: Outcome = {}
  let asked: Step | undefined

  async function step(next: Step): Promise<Outcome> {
    if (over) throw new Stop()
    count++
    asked = next
    told = Promise.withResolvers()
    handed.resolve(next)
    const outcome = await within(told.promise, OUTCOME_WITHIN_MS, () =>
      stop(`${next.do}: no outcome came`),
    )
    if ((outcome.sleptMs ?? 0) > 20_000) say(`${next.do}: the client sleeps ${outcome.sleptMs} ms`)
    return outcome
  }
  function expectState(what: Step, outcome: Outcome, state?: State): void {
    if (state === undefined || outcome.state === state) return
    say(`${what.do}: expected the state ${state}, the client is ${outcome.state}`)
  }
  const run: Omit<Run, keyof Witness> = {
    id,
    email: `${id}@${COMPANY}`,
    wire,
    kit,
    step,
    elsewhere: elsewhereUrl(kit.elsewhere, id),
    wrong: say,
    async works(what, state) {
      const outcome = await step(what)
      if (outcome.error) stop(`${what.do}: it must work, and fails with ${describe(outcome)}`)
      expectState(what, outcome, state)
      return outcome.result ?? null
    },
    async fails(what, errors, { state, reason, retryAfterSeconds } = {}) {
      const outcome = await step(what)
      const { error } = outcome
      if (!error) say(`${what.do}: it must fail with ${errors.join(' or ')}, and works`)
      else if (!errors.includes(error)) {
        say(
          `${what.do}: it must fail with ${errors.join(' or ')}, and fails with ${describe(outcome)}`,
        )
      }
      expectState(what, outcome, state)
      if (reason !== undefined && outcome.reason !== reason) {
        say(`${what.do}: the reason must be ${reason}, and is ${outcome.reason}`)
      }
      if (retryAfterSeconds !== undefined) {
        const [least, most] = retryAfterSeconds
        const told = outcome.retryAfterSeconds ?? Number.NaN
        if (!(told >= least && told <= most)) {
          say(`${what.do}: retryAfterSeconds must be ${least} to ${most}, and is ${told}`)
        }
      }
      return outcome
    },
    async mayFail(what, errors, state) {
      const outcome = await step(what)
      if (outcome.error && !errors.includes(outcome.error)) {
        say(
          `${what.do}: it may fail with ${errors.join(' or ')}, and fails with ${describe(outcome)}`,
        )
      }
      expectState(what, outcome, state)
      return !outcome.error
    },
    async insists(what, state) {
      for (let tried = 1; tried < 3; tried++) {
        const outcome = await step(what)
        if (!outcome.error) {
          expectState(what, outcome, state)
          return outcome.result ?? null
        }
        if (!NO_ANSWER.includes(outcome.error)) {
          stop(
            `${what.do}: it may fail for want of a response, and fails with ${describe(outcome)}`,
          )
        }
      }
      return run.works(what, state)
    },
    async signIn() {
      await run.works({ do: 'ask', email: run.email })
      const { link } = await run.mail()
      await run.works({ do: 'redeemLink', url: link }, 'signed_in')
    },
    mail: () =>
      within(kit.mailbox.newest(run.email), ARRIVES_WITHIN_MS, () => stop('no message came')),
    async later(seconds) {
      wire.settings.aheadMs += seconds * 1000
      await run.works({ do: 'advanceClock', seconds })
    },
    hold(request) {
      const held = hold()
      wire.strike(request, held)
      return held
    },
    storesLittle() {
      const bytes = last.storedBytes ?? 0
      if (bytes > STORED_BYTES) say(`the client stores ${bytes} bytes in one value`)
    },
    until: (arrived, what) => within(arrived, ARRIVES_WITHIN_MS, () => stop(`${what} never came`)),
  }
  const self: Run = Object.assign(run, witnessOf(run as Run))
  serveThings(self)

  let verdict: Verdict | null = null
  async function play(): Promise<void> {
    try {
      await played.play(self)
      if (last.state !== played.state) {
        say(`at the end: expected the state ${played.state}, the client is ${last.state}`)
      }
      const before = wire.log.length
      wire.heal()
      await (played.state === 'signed_in' ? proveSignedIn(self) : proveSignedOut(self))
      for (const sentence of whatIsWrong(self, played, before)) say(sentence)
    } catch (error) {
      if (!(error instanceof Stop)) say(`the kit failed: ${String(error)}`)
    }
    const requests = wire.log.map(({ request, struck, status }) => ({ request, struck, status }))
    verdict = { pass: wrong.size === 0, wrong: [...wrong], requests }
    handed.resolve(null)
    await wire.close().catch(() => undefined)
  }
  void play()
  return {
    run: self,
    step: await handed.promise,
    async report(outcome) {
      last =
        outcome.state === undefined
          ? { ...outcome, ...(last.state && { state: last.state }) }
          : outcome
      if (asked === undefined || verdict !== null) return null
      handed = Promise.withResolvers()
      told.resolve(outcome)
      return handed.promise
    },
    verdict: () => verdict,
    async end() {
      over = true
      told.resolve({ error: 'crash' })
      await wire.close().catch(() => undefined)
    },
  }
}

const describe = ({ error, reason }: Outcome): string => (reason ? `${error} (${reason})` : error!)

async function within<T>(work: Promise<T>, ms: number, late: () => never): Promise<T> {
  const timer = Promise.withResolvers<typeof LATE>()
  const timeout = setTimeout(timer.resolve, ms, LATE)
  const first = await Promise.race([work, timer.promise])
  clearTimeout(timeout)
  return first === LATE ? late() : first
}
const LATE = Symbol('late')
