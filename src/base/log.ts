/**
 * The log has one JSON line for each request, and further lines, mostly for work after the response. A field holds a
 * name, a number or an id that Latchkey made. It never holds an email address, a phone number, a token or text from
 * the request.
 */
export type Event =
  | 'request'
  | 'config_invalid'
  | 'aws_keys_renewed'
  | 'link_asked'
  | 'link_resent'
  | 'link_sent'
  | 'link_not_sent'
  | 'devices_pruned'
  | 'link_redeemed'
  | 'code_redeemed'
  | 'session_refreshed'
  | 'session_reuse_detected'
  | 'session_ended'
  | 'sessions_ended'
  | 'sessions_marked'
  | 'account_deleted'
  | 'account_exported'
  | 'token_introspected'
  | 'review_account_used'
  | 'new_device_mail'
  | 'console_signed_in'
  | 'console_signed_out'
  | 'machine_token_issued'
  | 'approval_created'
  | 'approval_changed'
  | 'approval_extended'
  | 'approval_withdrawn'
  | 'approval_restored'
  | 'approvals_imported'
  | 'mail_events_read'
  | 'mail_event_unreadable'
  | 'mail_refused'
  | 'mail_allowed'
  | 'person_session_ended'
  | 'person_sessions_ended'
  | 'person_erased'
  | 'person_scrubbed'
  | 'access_requested'
  | 'request_approved'
  | 'request_declined'
  | 'analytics_not_read'
  | 'digest_sent'

export type Fields = Record<string, string | number | boolean | readonly string[] | undefined>

/** Receives the log lines. Tests read them. */
export type Sink = (line: string) => void

/** Cloudflare's Analytics Engine binding, as far as it is used here. */
export type Dataset = {
  writeDataPoint: (point: { indexes: [string]; blobs: string[] }) => void
}

/**
 * Writes one line. JSON.stringify escapes CR, LF and ESC; DEL, C1 and bidi controls, U+2028 and U+2029 are
 * escaped here.
 * @param dataset gets a data point for the line: event, outcome and reason, and no personal data. Analytics Engine samples
 *   each index separately, so the event is the index: frequent events must not hide rare ones.
 */
export function writeLine(
  sink: Sink,
  nowMs: number,
  event: Event,
  fields: Fields,
  dataset?: Dataset,
): void {
  const line = JSON.stringify({ time: new Date(nowMs).toISOString(), event, ...fields })
  sink(line.replace(/[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, escapeUnit))
  const [outcome, reason] = [fields['outcome'], fields['reason']].map((value) =>
    typeof value === 'string' ? value : '',
  )
  dataset?.writeDataPoint({ indexes: [event], blobs: [event, outcome!, reason!] })
}

const escapeUnit = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`

export const consoleSink: Sink = (line) => console.log(line)

/** What request-handling code can log. */
export type RequestLog = {
  /** Sets the event of the request's own line, and adds fields to it. The event of the last call is used. */
  event: (name: Event, fields?: Fields) => void
  /** Writes a separate line: for work after the response, or for an event that must be counted separately. */
  line: (name: Event, fields?: Fields) => void
}
