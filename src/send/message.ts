/** What an email says, in plain text and in HTML. */
export type MailContent = { subject: string; text: string; html: string }
export type Email = MailContent & {
  channel: 'email'
  to: string
  /** Unique to this email, so that mail programs do not group a resend with the first one. */
  reference: string
}
/** The headers of an email that the sending service does not set itself. No list can be left: nobody subscribed. */
export const headersOf = ({ reference }: Email): Record<string, string> => ({
  'X-Entity-Ref-ID': reference,
  'Auto-Submitted': 'auto-generated',
})

export type Sms = { channel: 'sms'; to: string; text: string }
export type Message = Email | Sms
