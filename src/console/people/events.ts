import type { Item } from '../../dynamo/items.ts'
import type { UnixMs, UnixSeconds } from '../../base/time.ts'
import type { AuditRow } from '../../model/audit.ts'
import { notSentOf, type LinkRow, type NotSent } from '../../model/link.ts'
import { endOfSession, type SessionEndReason } from '../../model/session-end.ts'
import type { ConsoleConfig } from '../config.ts'
import type { PersonRows } from '../person.ts'

type Where = { ipAddress: string | null; userAgent: string | null }

/**
 * An event in the life of a person, read from a row. `id` is the id of the row. When an expired row is deleted, its events
 * disappear: links after minutes to days, sessions after weeks, audit rows after 400 days.
 */
export type PersonEvent = { at: UnixSeconds; id: string } & (
  | ({ kind: 'asked'; channel: string; notSent: NotSent | null } & Where)
  | { kind: 'used' }
  | ({ kind: 'opened'; channel: string; deviceName: string | null } & Where)
  | { kind: 'refreshed'; times: number }
  | { kind: 'ended'; reason: SessionEndReason; by: string | null }
  | ({ kind: 'requested'; asks: number; firstAt: UnixSeconds; deviceName: string | null } & Where)
  | {
      kind: 'changed'
      action: string
      by: string
      reason: string | null
      before: Item | null
      after: Item | null
    }
)

/** Every event of a person, newest first. */
export function eventsOf(config: ConsoleConfig, rows: PersonRows, nowMs: UnixMs): PersonEvent[] {
  const { request } = rows
  const events: PersonEvent[] = [
    ...rows.links.flatMap(linkEvents),
    ...sessionEvents(config, rows, nowMs),
    ...rows.audit.map(changeEvent),
  ]
  if (request !== undefined) {
    events.push({
      at: request.askedAt,
      id: request.tokenId,
      kind: 'requested',
      asks: request.asks,
      firstAt: request.createdAt,
      deviceName: request.deviceName ?? null,
      ...whereOf(request.metadata),
    })
  }
  return events.toSorted(newestFirst)
}

/** Within one second, later stages of a row come first. */
const STAGES: PersonEvent['kind'][] = [
  'asked',
  'requested',
  'used',
  'opened',
  'refreshed',
  'ended',
  'changed',
]

/** The sort key of an event. No two are equal. */
export type Place = [at: number, stage: number, id: string]

export const placeOf = ({ at, kind, id }: PersonEvent): Place => [at, STAGES.indexOf(kind), id]

export const isAfter = (a: Place, b: Place): boolean => comparePlaces(a, b) > 0

const newestFirst = (a: PersonEvent, b: PersonEvent): number =>
  comparePlaces(placeOf(a), placeOf(b))

/** Positive if `a` comes after `b`. */
function comparePlaces(a: Place, b: Place): number {
  return b[0] - a[0] || b[1] - a[1] || (a[2] < b[2] ? -1 : a[2] > b[2] ? 1 : 0)
}

function linkEvents(row: LinkRow): PersonEvent[] {
  const asked: PersonEvent = {
    at: row.createdAt,
    id: row.tokenId,
    kind: 'asked',
    channel: row.metadata.sourceFlow,
    notSent: notSentOf(row),
    ...whereOf(row.metadata),
  }
  return row.used && row.usedAt !== null
    ? [asked, { at: row.usedAt, id: row.tokenId, kind: 'used' }]
    : [asked]
}

function sessionEvents(
  config: ConsoleConfig,
  { sessions, address, approval }: PersonRows,
  nowMs: UnixMs,
): PersonEvent[] {
  return sessions.flatMap((row): PersonEvent[] => {
    const id = row.tokenId
    const end = endOfSession(config, row, address, approval, nowMs)
    const events: PersonEvent[] = [
      {
        at: row.createdAt,
        id,
        kind: 'opened',
        channel: row.metadata.sourceFlow,
        deviceName: row.deviceName ?? null,
        ...whereOf(row.metadata),
      },
    ]
    if (row.generation > 0) {
      events.push({
        at: row.metadata.lastUsedAt,
        id,
        kind: 'refreshed',
        times: row.generation,
      })
    }
    if (end !== null && end.at !== null) {
      events.push({ at: end.at, id, kind: 'ended', reason: end.reason, by: end.by })
    }
    return events
  })
}

const changeEvent = (row: AuditRow): PersonEvent => ({
  at: row.createdAt,
  id: row.tokenId,
  kind: 'changed',
  action: row.action,
  by: row.by,
  reason: row.reason ?? null,
  before: row.before ?? null,
  after: row.after ?? null,
})

const whereOf = (metadata: Partial<Record<'ipAddress' | 'userAgent', string>>): Where => ({
  ipAddress: metadata.ipAddress ?? null,
  userAgent: metadata.userAgent ?? null,
})
