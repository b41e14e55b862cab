/** A request of the playground carries a Staging in this header. */
export const STAGING_HEADER = 'X-Latchkey-Playground'
/** The response to such a request carries the Worker's log line of that request. */
export const LINE_HEADER = 'X-Latchkey-Line'

/** Where a request of the playground runs. */
export type Staging = {
  /** PLAYGROUND_KEY of this start of `npm run dev`: nobody else can move the clock. */
  key: string
  /** One open page of the playground. */
  stage: string
  /** How far the Worker's clock is ahead of the real time. Negative: behind. */
  aheadMs: number
  /** How much longer the Worker's deadlines are: a busy machine must not look like an outage. */
  patience: number
  /** The fault proxy, with the path of this stage. */
  dynamodb: string
  inbox: string
}
