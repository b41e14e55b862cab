import type { LoopbackServer } from '../dev/loopback-server.ts'
import { startStandIn } from './stand-in.ts'

const WAIT_MS = 10_000

type SendEmail = {
  Destination: { ToAddresses: string[] }
  Content: { Simple: { Body: { Text: { Data: string } } } }
}

export type Mailbox = LoopbackServer & {
  /** Waits for the email to this address. @returns what the pattern's group matches in its text. */
  find: (email: string, pattern: RegExp) => Promise<string>
}

/** A stand-in for SES (API v2, SendEmail) that keeps the text of each email until the benchmark reads it. */
export async function startMailbox(): Promise<Mailbox> {
  const texts = new Map<string, PromiseWithResolvers<string>>()
  const textTo = (email: string): PromiseWithResolvers<string> => {
    const known = texts.get(email) ?? Promise.withResolvers<string>()
    texts.set(email, known)
    return known
  }
  const standIn = await startStandIn((_headers, input) => {
    const { Destination, Content } = input as SendEmail
    textTo(Destination.ToAddresses[0]!).resolve(Content.Simple.Body.Text.Data)
    return { MessageId: crypto.randomUUID() }
  })

  async function find(email: string, pattern: RegExp): Promise<string> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`No email arrived for ${email}`)), WAIT_MS)
    })
    const text = await Promise.race([textTo(email).promise, late])
    clearTimeout(timer)
    texts.delete(email)
    const found = pattern.exec(text)?.[1]
    if (found === undefined) throw new Error(`The email has no ${pattern.source}`)
    return found
  }

  return { ...standIn, find }
}
