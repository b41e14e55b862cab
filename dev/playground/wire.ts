import type { Rule } from '../fault-rules.ts'
import type { Item } from '../../src/dynamo/items.ts'

/** What the page of the playground and its server send each other. */

/** The Worker's deadline is then twelve seconds: a machine must be very busy to miss it. */
export const PATIENCE = 4

/** One call of the Worker to DynamoDB, as the fault proxy saw it. */
export type SeenCall = {
  operation: string
  fault?: string
  /** Of a transaction: all tries of one transaction have the same. */
  clientRequestToken?: string
}

/** One request to the Worker, or many alike at once. */
export type Entry = {
  n: number
  /** Unix milliseconds. */
  at: number
  who: string
  /** How many were sent at once. */
  count: number
  method: string
  /** Without the token of a link. */
  path: string
  /** HTTP status → how many responses had it. */
  statuses: Record<string, number>
  /** What the Worker's log line says: the event, and why it was refused. */
  event?: string
  reason?: string
  retryAfter?: string
  ms: number
  /** How long the Worker took by its own clock. */
  workerMs: number
  roundTrips: number
  calls: SeenCall[]
  /** Work that the Worker did after its response. */
  callsAfter: SeenCall[]
  /** The Worker responded, and the response was thrown away on its way to the phone. */
  lost: boolean
  /** The tokens of the response. The session JWT is only compared, so its hash is enough. */
  session?: { id: string; refreshHash: string }
}

/** All rows of one person. */
export type Rows = {
  approval: Item | null
  address: Item | null
  links: Item[]
  sessions: Item[]
  audits: Item[]
}

export type StageState = {
  rows: Rows
  entries: Entry[]
  /** The Worker's clock, in Unix milliseconds. */
  workerNow: number
  aheadMs: number
}

/** Absent members stay as they are. */
export type StageChange = {
  /** Faults between the Worker and DynamoDB. */
  rules?: Rule[]
  aheadMs?: number
  /** How much longer the Worker's deadlines are. */
  patience?: number
  /** How many of the next responses to a phone are thrown away. */
  lose?: number
}

/** Many devices send the same request at once. Each has its own `device_id`. */
export type Burst = { count: number; path: string; body: Record<string, string> }
export type BurstAnswer = { deviceId: string; status: number; sessionId?: string }

export type Setup = {
  issuer: string
  company: string
  /** What docs/threats.md promises, by number. */
  promises: Record<string, string>
}
