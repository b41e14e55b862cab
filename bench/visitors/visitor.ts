/** What a person's app does, in this order. */
export const FLOWS = ['ask', 'sign-in', 'check', 'refresh'] as const
export type Flow = (typeof FLOWS)[number]

/**
 * A new person with a new device. Each flow must follow the flows before it. A build has only the flows that its
 * software has.
 */
export type Visitor = Partial<Record<Flow, () => Promise<void>>> & {
  /** Waits for the message of `ask`. This is not measured. */
  receive?: () => Promise<void>
}

/** All requests come from one address, as Cloudflare would report it. */
export const CLIENT = { 'CF-Connecting-IP': '192.0.2.1', 'User-Agent': 'bench' }

/** @returns the text of the response. @throws if it has another status: its time must not be counted. */
export async function textOf(response: Promise<Response>, status: number): Promise<string> {
  const received = await response
  const text = await received.text()
  if (received.status === status) return text
  throw new Error(`answered ${received.status} instead of ${status}: ${text}`)
}
