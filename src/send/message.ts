/** What an email says, in plain text and in HTML. */
export type MailContent = { subject: string; text: string; html: string }
export type Email = MailContent & {
  channel: 'email'
  to: string
  /** Unique to this email, so that mail programs do not group a resend with the first one. */
  reference: string
}
export type Sms = { channel: 'sms'; to: string; text: string }
export type Message = Email | Sms
