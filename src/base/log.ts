/**
 * The log has one JSON line for each request, and one for each thing that happens after its answer. The value
 * of a field is a name, a number or an id that Latchkey made: never an address, a phone number, a token or
 * text of the request.
 */
export type Event =
  | 'request'
  | 'config_invalid'
  | 'link_asked'
  | 'link_resent'
  | 'link_sent'
  | 'link_not_sent'
  | 'link_redeemed'
  | 'code_redeemed'
  | 'session_refreshed'
  | 'session_reuse_detected'
  | 'session_ended'
  | 'sessions_ended'
  | 'sessions_marked'
  | 'token_introspected'
  | 'review_account_used'
  | 'console_signed_in'
  | 'console_signed_out'
  | 'machine_token_issued'
  | 'approval_created'
  | 'approval_changed'
  | 'approval_extended'
  | 'approval_withdrawn'
  | 'approval_restored'
  | 'approvals_imported'
  | 'person_session_ended'
  | 'person_sessions_ended'
  | 'person_erased'
  | 'person_scrubbed'
  | 'access_requested'
  | 'request_approved'
  | 'request_declined'

export type Fields = Record<string, string | number | boolean | readonly string[] | undefined>

/** Where lines go; tests read them. */
export type Sink = (line: string) => void

/** Prints one line. JSON escapes CR, LF and ESC itself; U+2028, U+2029 and bidi controls are escaped here. */
export function writeLine(sink: Sink, nowMs: number, event: Event, fields: Fields): void {
  const line = JSON.stringify({ time: new Date(nowMs).toISOString(), event, ...fields })
  sink(line.replace(/[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, escapeUnit))
}

const escapeUnit = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`

export const consoleSink: Sink = (line) => console.log(line)

/** What a request adds to its own line while it runs. */
export type RequestLog = {
  readonly requestId: string
  /** Names what this request was about; the last call wins. */
  event: (name: Event, fields?: Fields) => void
  /** A line of its own, for what happens once however many requests see it, or after the answer. */
  line: (name: Event, fields?: Fields) => void
}
