import type { World } from '../base/world.ts'

/** One try takes at most this long, and all tries of a message together, with every service. */
const TRY_MS = 5000
const SEND_MS = 22_000
const BACKOFF_MS = 200

/** The service that accepted a message. */
export type Sender = 'ses' | 'cloudflare' | 'sms'

/** A service that can send the message. `attempt` tries once. @returns null if the service accepted the message. */
export type Route = {
  sender: Sender
  attempt: (timeoutMs: number) => Promise<SendError | null>
}

/**
 * Why a service did not accept a message:
 * - `passing`: no answer, a throttle or a 5xx. The next try may succeed. The answer may be lost, and the message sent.
 * - `blocked`: the service sends nothing for this account at present, for example because a domain is not verified.
 * - `refused`: the service refused this message, for example because of its recipient. No other service is asked.
 */
type Kind = 'passing' | 'blocked' | 'refused'

/**
 * `status` is that of the last response, 0 if there was none. The response's text is not kept, because it may name
 * the person.
 */
export class SendError extends Error {
  readonly status: number
  readonly code: string
  readonly kind: Kind

  constructor(status: number, code: string, kind: Kind) {
    super(`sending failed: ${status} ${code}`)
    this.name = 'SendError'
    this.status = status
    this.code = code
    this.kind = kind
  }
}

/**
 * Tries the services in their order: three times if there is one, and twice each if there are two. No service has an
 * idempotency key, so a lost response can cause a second message. Both contain the same link, which works once.
 * @throws SendError if no try was accepted.
 */
export async function sendWithRetries(world: World, routes: readonly Route[]): Promise<Sender> {
  const deadline = world.ticks() + SEND_MS
  const triesEach = routes.length === 1 ? 3 : 2
  let last = new SendError(0, 'NoSender', 'blocked')
  for (const { sender, attempt } of routes) {
    for (let tries = 1; tries <= triesEach; tries++) {
      const leftMs = deadline - world.ticks()
      if (leftMs <= 0) throw last
      const error = await attempt(Math.min(TRY_MS, leftMs))
      if (error === null) return sender
      if (error.kind === 'refused') throw error
      last = error
      if (error.kind === 'blocked') break
      if (tries < triesEach) await world.sleep(world.jitter() * BACKOFF_MS * 2 ** tries)
    }
  }
  throw last
}
