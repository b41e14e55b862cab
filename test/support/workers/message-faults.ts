import { realWorld } from '../../../src/base/world.ts'
import type { Fault } from './latchkey.ts'

/** What SES and the SMS service do to a request. After the arrow: whether they send the message. */
export const MESSAGE_FAULTS = [
  'throttle', // HTTP 429, TooManyRequestsException → no
  'error500', // HTTP 500 → no
  'reset', // the connection breaks before the request arrives → no
  'hang', // there is no response → no
  'rejected', // HTTP 400, MessageRejected: no retry can change it → no
  'lost', // HTTP 500 instead of the response → yes
  'cut', // the connection breaks before the response → yes
  'hang-after', // the response never arrives → yes
  'garbled', // half of the response arrives → yes
  'slow', // the request arrives `delayMs` late → yes
] as const
export type MessageFault = (typeof MESSAGE_FAULTS)[number]
export type MessageRule = Omit<Fault, 'fault'> & { fault: MessageFault }

/** How long the Worker waits for a response to one try (src/send/retries.ts). */
const PATIENCE_MS = 5000

/** Whether a call, by its name, is one of SES or of the SMS service. */
export const isMessageCall = (name: string): boolean => /^Send(?:Email|TextMessage)\b/.test(name)

/** A network whose SES and SMS service have faults. Names of calls are as those of the fault proxy: `SendEmail #1`. */
export function faultyMessages() {
  const bodies = new Map<string, string[]>()
  const self = {
    rules: [] as MessageRule[],
    /** The name of every call so far, with each of its tries. */
    calls: [] as string[],
    /** Messages that were sent although the Worker did not hear of it. */
    unheard: 0,
    setRules(rules: MessageRule[]) {
      self.rules = rules.map((rule) => ({ ...rule }))
      self.calls.length = 0
      bodies.clear()
    },
    fetch: async (url: string, init: RequestInit): Promise<Response> => {
      const operation = operationOf(url, init)
      const waited = new Headers(init.headers).get('x-simulated-time') === 'waited'
      if (operation === null || waited) return realWorld.fetch(url, init)
      const name = nameOf(operation, init.body as string)
      self.calls.push(name)
      const rule = self.rules.find(
        ({ call = '', times = 1 }) => `${name} `.startsWith(`${call} `) && times > 0,
      )
      if (rule?.times !== undefined) rule.times -= 1
      return answer(rule, url, init)
    },
  }

  function nameOf(operation: string, body: string): string {
    const known = bodies.get(operation) ?? []
    bodies.set(operation, known)
    if (!known.includes(body)) known.push(body)
    return `${operation} #${known.indexOf(body) + 1}`
  }

  async function answer(
    rule: MessageRule | undefined,
    url: string,
    init: RequestInit,
  ): Promise<Response> {
    switch (rule?.fault) {
      case 'throttle':
        return refusal(429, 'TooManyRequestsException')
      case 'error500':
        return refusal(500, 'InternalServiceErrorException')
      case 'rejected':
        return refusal(400, 'MessageRejected')
      case 'reset':
        throw new TypeError('Network connection lost.')
      case 'hang':
        return waiting(Infinity)
      case 'slow':
        if (rule.delayMs! > PATIENCE_MS) self.unheard++
        return waiting(rule.delayMs!)
    }
    const sent = await realWorld.fetch(url, init)
    if (rule !== undefined && rule.fault !== 'garbled') self.unheard++
    switch (rule?.fault) {
      case 'lost':
        return refusal(500, 'InternalServiceErrorException')
      case 'cut':
        throw new TypeError('Network connection lost.')
      case 'hang-after':
        return waiting(Infinity)
      case 'garbled': {
        const text = await sent.text()
        return new Response(text.slice(0, text.length / 2), { status: sent.status })
      }
    }
    return sent
  }
  return self
}

function operationOf(url: string, init: RequestInit): string | null {
  if (new URL(url).pathname === '/v2/email/outbound-emails') return 'SendEmail'
  const target = new Headers(init.headers).get('X-Amz-Target')
  return target === 'PinpointSMSVoiceV2.SendTextMessage' ? 'SendTextMessage' : null
}

const refusal = (status: number, code: string) =>
  Response.json({ message: code }, { status, headers: { 'x-amzn-errortype': code } })

/** See createSimulatedTime. */
const waiting = (ms: number) => new Response(null, { headers: { 'x-simulated-wait': String(ms) } })
