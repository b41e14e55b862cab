import * as z from 'zod/mini'
import { normaliseEmail } from '../../base/email-address.ts'
import { lazily } from '../../base/lazily.ts'
import { unixMs, type UnixMs } from '../../base/time.ts'
import type { MailRefusal } from '../../model/address.ts'

/**
 * What an event of SES says. `other`: it marks nobody, for example a full mailbox, or an email that Latchkey did not
 * send. `unreadable`: not an event of SES.
 */
export type MailEvent =
  | { kind: 'refused'; email: string; why: MailRefusal; sentAtMs: UnixMs; detail: string }
  | { kind: 'other' }
  | { kind: 'unreadable' }

const Time = () =>
  z.pipe(
    z.string().check(z.refine((text) => !Number.isNaN(Date.parse(text)))),
    z.transform((text) => unixMs(Date.parse(text))),
  )

/** The members of an SES event that are used here. SES adds others from time to time. */
const SesEvent = lazily(() =>
  z.object({
    eventType: z.string(),
    mail: z.object({ timestamp: Time(), destination: z.array(z.string()) }),
    bounce: z.optional(
      z.object({
        bounceType: z.string(),
        bounceSubType: z.string(),
        bouncedRecipients: z.array(z.object({ status: z.optional(z.string()) })),
      }),
    ),
    complaint: z.optional(
      z.object({
        complaintSubType: z.nullish(z.string()),
        complaintFeedbackType: z.nullish(z.string()),
      }),
    ),
  }),
)

/** SNS puts an envelope around the event, unless the subscription has raw message delivery. */
const Envelope = lazily(() => z.object({ Type: z.literal('Notification'), Message: z.string() }))

/** SES sends this text once, when its event destination is created. */
const FIRST_MESSAGE = 'Successfully validated SNS topic'
const ON_SUPPRESSION_LIST = ['Suppressed', 'OnAccountSuppressionList']

/** Reads a message of the queue. @see https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html */
export function readMailEvent(body: string): MailEvent {
  const envelope = Envelope().safeParse(parsed(body))
  const text = envelope.success ? envelope.data.Message : body
  if (text.startsWith(FIRST_MESSAGE)) return { kind: 'other' }
  const event = SesEvent().safeParse(parsed(text))
  if (!event.success) return { kind: 'unreadable' }
  const { eventType, mail, bounce, complaint } = event.data
  const needed = { Bounce: bounce, Complaint: complaint }[eventType]
  if (eventType === 'Bounce' || eventType === 'Complaint') {
    if (needed === undefined) return { kind: 'unreadable' }
  } else return { kind: 'other' }
  const why = bounce ? whyBounced(bounce) : whyComplained(complaint!)
  // An email of Latchkey's has one recipient. The mailbox that bounced may be another one, to which it was forwarded.
  const [to, ...others] = mail.destination
  const email = to === undefined ? null : normaliseEmail(to)
  if (why === null || email === null || others.length > 0) return { kind: 'other' }
  return { kind: 'refused', email, why, sentAtMs: mail.timestamp, detail: detailOf(event.data) }
}

type Bounce = { bounceType: string; bounceSubType: string }
type Complaint = {
  complaintSubType?: string | null | undefined
  complaintFeedbackType?: string | null | undefined
}

/** A transient bounce says that a mailbox is full or a server away: the next email may arrive. */
function whyBounced({ bounceType, bounceSubType }: Bounce): MailRefusal | null {
  if (bounceType !== 'Permanent') return null
  return ON_SUPPRESSION_LIST.includes(bounceSubType) ? 'suppressed' : 'bounce'
}

/** `not-spam`: the person moved the email out of the spam folder. */
function whyComplained({ complaintSubType, complaintFeedbackType }: Complaint): MailRefusal | null {
  if (complaintFeedbackType === 'not-spam') return null
  return ON_SUPPRESSION_LIST.includes(complaintSubType ?? '') ? 'suppressed' : 'complaint'
}

/** SES's names for the reason, such as `NoEmail 5.1.1`. Not the server's own text, which may contain the address. */
function detailOf({
  bounce,
  complaint,
}: {
  bounce?: (Bounce & { bouncedRecipients: { status?: string | undefined }[] }) | undefined
  complaint?: Complaint | undefined
}): string {
  const [recipient] = bounce?.bouncedRecipients ?? []
  const name = bounce?.bounceSubType ?? complaint?.complaintFeedbackType ?? ''
  const status = recipient?.status ?? ''
  return [
    /^[A-Za-z-]{1,40}$/.test(name) ? name : '',
    /^\d\.\d{1,3}\.\d{1,3}$/.test(status) ? status : '',
  ]
    .filter(Boolean)
    .join(' ')
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
