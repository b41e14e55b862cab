import { setTimeout as sleep } from 'node:timers/promises'

export type Message = { id: string; link: string; code: string }
export type Mailbox = {
  /** The newest message with a link to an address that was not given out yet; waits for it. */
  newest: (email: string) => Promise<Message>
}

/** Reads the messages of the inbox that stands in for SES. */
export function openMailbox(inbox: string): Mailbox {
  const seen = new Set<string>()
  return {
    async newest(email) {
      for (;;) {
        const answer = await fetch(`${inbox}/messages?to=${encodeURIComponent(email)}`)
        const messages = (await answer.json()) as (Message | { link: null })[]
        // An email about a new device has no link.
        const message = messages.find((one) => one.link !== null)
        if (message !== undefined && !seen.has(message.id)) {
          seen.add(message.id)
          return message
        }
        await sleep(20)
      }
    },
  }
}
