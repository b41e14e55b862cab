import type { Stage, WorkerName } from './stage.ts'

/** Something that a client does with one request. */
export type Flow = {
  name: string
  /** The Worker that gets the request, and that the faults strike. */
  worker: WorkerName
  env?: Record<string, string>
  prepare: (stage: Stage) => Promise<Act>
}

export type Act = {
  /** Sends the request. A client whose request got 503 sends it again. */
  send: () => Promise<Response>
  /** It is more than one request, or waits until messages are sent. */
  mayTakeLong?: boolean
  /** The statuses of a request that was done. */
  done: readonly number[]
  /** Statuses that, after a 503, tell the client that an earlier request was done. */
  doneBefore?: readonly number[]
  /** What must be true afterwards, according to the tables and the inbox. It may act as the client goes on to act. */
  holds: (end: End) => Promise<void>
}

export type End = {
  answer: Response
  /** How many requests got 503, so that the client does not know whether they were done. */
  unanswered: number
  /** Whether no fault was more than the Worker must overcome by itself: then everything is done, and done once. */
  overcome: boolean
  /** How many faults struck. */
  faults: number
}
