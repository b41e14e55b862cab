import type { Units } from './units.ts'

/**
 * What each flow of the public Worker consumes, with the work after its response. test/capacity.test.ts measures these
 * figures, so none of them can grow unseen. A person has one session and one link, unless the name says otherwise.
 */
export const FLOWS = {
  ask: { name: 'Ask (`POST /v1/links`)', read: 1, write: 6 },
  askUnknown: { name: 'Ask for an address that is not approved', read: 1, write: 6 },
  askSms: { name: 'Ask, by SMS', read: 1, write: 7 },
  resend: { name: 'Resend (`POST /v1/links/resend`)', read: 2, write: 2 },
  linkPage: { name: 'Page behind a link (`GET /link/{token}`)', read: 0, write: 0 },
  redeemLink: { name: 'Sign-in by link', read: 1.5, write: 17 },
  redeemCode: { name: 'Sign-in by code', read: 1.5, write: 22 },
  wrongCode: { name: 'Sign-in by a wrong code', read: 0, write: 5 },
  check: { name: '`GET /v1/session`', read: 3, write: 0 },
  refresh: { name: 'Refresh', read: 2, write: 6 },
  introspect: { name: '`POST /v1/introspect`', read: 3, write: 0 },
  list: { name: '`GET /v1/sessions`', read: 3.5, write: 0 },
  activity: { name: '`GET /v1/activity`', read: 3.5, write: 0 },
  revoke: { name: '`POST /v1/revoke`', read: 0, write: 6 },
  endOne: { name: '`DELETE /v1/sessions/{id}`, another session', read: 0, write: 16 },
  endAll: { name: '`DELETE /v1/sessions`', read: 0.5, write: 15 },
  exportAccount: { name: '`GET /v1/account/export`', read: 3.5, write: 0 },
  erase: { name: '`DELETE /v1/account`', read: 3, write: 25 },
} as const satisfies Record<string, Units & { name: string }>
export type FlowName = keyof typeof FLOWS

/**
 * A person with more sessions: the two flows whose cost depends on their number. Signing out 10,000 sessions is
 * calculated, because the runtime abandons work that goes on for longer than 30 seconds after a response.
 */
export const BY_SESSIONS = [
  { sessions: 1, list: { read: 3.5, write: 0 }, endAll: { read: 0.5, write: 15 } },
  { sessions: 100, list: { read: 7, write: 0 }, endAll: { read: 14.5, write: 609 } },
  { sessions: 10_000, list: { read: 7, write: 0 }, endAll: { read: 1430, write: 60_009 } },
] satisfies { sessions: number; list: Units; endAll: Units }[]
/** Signing out is measured up to this number of sessions. */
export const MEASURED_SESSIONS = 100

/** Bytes of each row, as the tests measure them, and in how many places it is stored: the table and its indexes. */
export const ROWS = {
  link: { name: 'link', bytes: 360, copies: 3 },
  session: { name: 'session', bytes: 1170, copies: 3 },
  address: { name: 'address, with one device', bytes: 260, copies: 2 },
  approval: { name: 'approval, without company, reason and notes', bytes: 72, copies: 1 },
} as const satisfies Record<string, { name: string; bytes: number; copies: number }>
