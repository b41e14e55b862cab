export type Email = {
  channel: 'email'
  to: string
  subject: string
  text: string
  html: string
  /** Unique to this email, so that mail programs do not group a resend with the first one. */
  reference: string
}
export type Sms = { channel: 'sms'; to: string; text: string }
export type Message = Email | Sms
