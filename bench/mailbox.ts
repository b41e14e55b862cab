import type { LoopbackServer } from '../dev/loopback-server.ts'
import { startStandIn } from './stand-in.ts'

const WAIT_MS = 10_000

type SendEmail = {
  Destination: { ToAddresses: string[] }
  Content: { Simple: { Body: { Text: { Data: string } } } }
}

export type Mailbox = LoopbackServer & {
  /** Waits for the email to this address. @returns the sealed link in it. */
  linkTokenFor: (email: string) => Promise<string>
}

/** A stand-in for SES (API v2, SendEmail) that keeps the sealed link of each email for the benchmark. */
export async function startMailbox(): Promise<Mailbox> {
  const tokens = new Map<string, string>()
  const waiting = new Map<string, (token: string) => void>()
  const standIn = await startStandIn((_headers, input) => {
    const { Destination, Content } = input as SendEmail
    const to = Destination.ToAddresses[0]!
    const token = /\/link\/([\w.~-]+)/.exec(Content.Simple.Body.Text.Data)?.[1]
    if (token === undefined) throw new Error('The email has no link')
    const arrived = waiting.get(to)
    if (arrived) arrived(token)
    else tokens.set(to, token)
    return { MessageId: crypto.randomUUID() }
  })

  function linkTokenFor(email: string): Promise<string> {
    const known = tokens.get(email)
    if (known !== undefined) {
      tokens.delete(email)
      return Promise.resolve(known)
    }
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`No email arrived for ${email}`)), WAIT_MS)
      waiting.set(email, (token) => {
        clearTimeout(timer)
        waiting.delete(email)
        resolve(token)
      })
    })
  }

  return { ...standIn, linkTokenFor }
}
