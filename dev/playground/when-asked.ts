import type { Beside } from '../inbox/inbox.ts'
import type { Machine } from './console-machine.ts'

export type PlaygroundSettings = {
  /** DynamoDB itself. */
  dynamodb: string
  inbox: string
  /** Where the public Worker listens, and how its tokens and links name it. */
  worker: string
  issuer: string
  console: string
  company: string
  machine: Machine
  /** PLAYGROUND_KEY of the Worker. */
  key: string
}

export type Playground = { handle: Beside; stop: () => Promise<void> }

/** The playground, which starts when somebody opens its page: `npm run dev` does not wait for it. */
export function playgroundWhenAsked(settings: PlaygroundSettings): Playground {
  let started: Promise<Playground> | undefined
  return {
    async handle(request, response, url, body) {
      if (!/^\/playground(?:\/|$)/.test(url.pathname)) return false
      started ??= import('./playground.ts').then((module) => module.startPlayground(settings))
      return (await started).handle(request, response, url, body)
    },
    async stop() {
      await (await started)?.stop()
    },
  }
}
