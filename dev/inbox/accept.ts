/** Checks what the Worker sends, at least as strictly as AWS, and turns it into a message of the inbox. */

export type Message = {
  id: string
  channel: 'email' | 'sms'
  /** All To addresses, joined by a comma and a space. Latchkey sends to one. */
  to: string
  recipients: { to: string[]; cc: string[]; bcc: string[] }
  from?: string
  subject?: string
  text: string
  html?: string
  headers?: { Name: string; Value: string }[]
  /** The first URL in the text that is a magic link, or null. */
  link: string | null
  /** The first six digits that stand alone outside of a URL, or null. */
  code: string | null
  /** Unix milliseconds. */
  at: number
}
export type Accepted = Omit<Message, 'id' | 'at'>

/** AWS would answer this request with HTTP 400. */
export class Refused extends Error {}

function object(value: unknown, where: string, members: string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Refused(`${where} must be an object`)
  }
  // AWS ignores unknown members. Here they are refused, because they are probably typing errors.
  const unknown = Object.keys(value).find((name) => !members.includes(name))
  if (unknown !== undefined) throw new Refused(`${where} has an unknown member ${unknown}`)
  return value as Record<string, unknown>
}

function string(value: unknown, where: string, pattern: RegExp = /[^]/): string {
  if (typeof value !== 'string' || !pattern.test(value)) throw new Refused(`${where} is not valid`)
  return value
}

/** `local@domain` or `Name <local@domain>`, in ASCII, as SES requires. */
function mailbox(value: unknown, where: string): string {
  const text = string(value, where, /^[\x20-\x7e]{3,320}$/)
  const address = /^(?:"[^"]*"|[^<>",;:@]*) ?<([^<>]*)>$/.exec(text)?.[1] ?? text
  string(
    address,
    where,
    /^[^\s<>",;:@()[\]\\]{1,64}@[a-zA-Z0-9](?:[a-zA-Z0-9.-]{0,253})[a-zA-Z0-9]$/,
  )
  return text
}

function mailboxes(value: unknown, where: string): string[] {
  if (value === undefined) return []
  if (!Array.isArray(value)) throw new Refused(`${where} must be a list`)
  return value.map((one, index) => mailbox(one, `${where}[${index}]`))
}

function content(value: unknown, where: string): string {
  const part = object(value, where, ['Data', 'Charset'])
  if (part.Charset !== undefined) string(part.Charset, `${where}.Charset`, /^utf-8$/i)
  return string(part.Data, `${where}.Data`)
}

const EMAIL_MEMBERS = [
  'FromEmailAddress',
  'FromEmailAddressIdentityArn',
  'Destination',
  'ReplyToAddresses',
  'Content',
  'EmailTags',
  'ConfigurationSetName',
]

/** SES sets these headers itself, and refuses them in a request. */
const RESERVED_HEADERS =
  /^(bcc|cc|content-.*|date|from|message-id|mime-version|reply-to|return-path|sender|subject|to)$/i

function mailHeaders(value: unknown): { Name: string; Value: string }[] {
  if (value === undefined) return []
  if (!Array.isArray(value) || value.length > 15) throw new Refused('Headers: at most 15 in a list')
  return value.map((one, index) => {
    const header = object(one, `Headers[${index}]`, ['Name', 'Value'])
    const Name = string(header.Name, `Headers[${index}].Name`, /^[!-9;-~]{1,126}$/)
    if (RESERVED_HEADERS.test(Name))
      throw new Refused(`Headers[${index}].Name ${Name} is not allowed`)
    return { Name, Value: string(header.Value, `Headers[${index}].Value`, /^[ -~]{1,870}$/) }
  })
}

/** SES v2 `SendEmail` with simple content. @throws Refused */
export function acceptEmail(body: unknown): Accepted {
  const email = object(body, 'The request', EMAIL_MEMBERS)
  const from = mailbox(email.FromEmailAddress, 'FromEmailAddress')
  const destination = object(email.Destination, 'Destination', [
    'ToAddresses',
    'CcAddresses',
    'BccAddresses',
  ])
  const recipients = {
    to: mailboxes(destination.ToAddresses, 'Destination.ToAddresses'),
    cc: mailboxes(destination.CcAddresses, 'Destination.CcAddresses'),
    bcc: mailboxes(destination.BccAddresses, 'Destination.BccAddresses'),
  }
  const count = Object.values(recipients).flat().length
  if (count === 0 || count > 50) throw new Refused('Destination needs 1 to 50 addresses')
  const { Simple } = object(email.Content, 'Content', ['Simple'])
  const simple = object(Simple, 'Content.Simple', ['Subject', 'Body', 'Headers'])
  const parts = object(simple.Body, 'Content.Simple.Body', ['Text', 'Html'])
  const subject = string(content(simple.Subject, 'Subject'), 'Subject.Data', /^[^\p{Cc}]{1,998}$/u)
  const html = parts.Html === undefined ? undefined : content(parts.Html, 'Body.Html')
  const text = content(parts.Text, 'Body.Text')
  const headers = mailHeaders(simple.Headers)
  const common = {
    channel: 'email',
    to: recipients.to.join(', '),
    recipients,
    from,
    subject,
  } as const
  return { ...common, text, ...(html === undefined ? {} : { html }), headers, ...extract(text) }
}

const SMS_MEMBERS = [
  'DestinationPhoneNumber',
  'OriginationIdentity',
  'MessageBody',
  'MessageType',
  'ConfigurationSetName',
  'MaxPrice',
  'TimeToLive',
  'Context',
  'DestinationCountryParameters',
  'DryRun',
  'ProtectConfigurationId',
]

/** AWS End User Messaging `SendTextMessage`. @throws Refused */
export function acceptSms(body: unknown): Accepted {
  const sms = object(body, 'The request', SMS_MEMBERS)
  const to = string(sms.DestinationPhoneNumber, 'DestinationPhoneNumber', /^\+?[1-9][0-9]{1,18}$/)
  const text = string(sms.MessageBody, 'MessageBody', /^[^]{1,1600}$/)
  if (sms.MessageType !== undefined) {
    string(sms.MessageType, 'MessageType', /^(TRANSACTIONAL|PROMOTIONAL)$/)
  }
  const from =
    sms.OriginationIdentity === undefined
      ? {}
      : {
          from: string(sms.OriginationIdentity, 'OriginationIdentity', /^[A-Za-z0-9_:/+-]{1,256}$/),
        }
  const recipients = { to: [to], cc: [], bcc: [] }
  return { channel: 'sms', to, recipients, ...from, text, ...extract(text) }
}

function extract(text: string): { link: string | null; code: string | null } {
  const link = /https?:\/\/[^\s"<>]*\/link\/tok_ml_[^\s"<>]+/.exec(text)?.[0] ?? null
  const withoutUrls = text.replace(/[a-z]+:\/\/\S+/gi, ' ')
  return { link, code: /(?<![\w+.-])\d{6}(?![\w-])/.exec(withoutUrls)?.[0] ?? null }
}
