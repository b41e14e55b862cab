import type { describePerson } from '../../src/console/people/describe.ts'
import { EndBody, EraseBody } from '../../src/console/people/schema.ts'
import type { describeRequest } from '../../src/console/requests/describe.ts'
import { ApproveRequestBody, DeclineBody } from '../../src/console/requests/schema.ts'
import { FINDING_CODES } from '../../src/console/why/sentences.ts'
import { input, list, object, seconds, text, whole, type JsonSchema } from './schemas.ts'

const orNull = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, { type: 'null' }] })
const flag = (description: string): JsonSchema => ({ type: 'boolean', description })
const approval = { $ref: '#/components/schemas/Approval' }
const nextCursor = text('The `cursor` for the next page. Absent on the last page.')

const REQUEST = {
  email: text('The address, normalised.'),
  approved: flag(
    'Whether the address may sign in already, because it was approved in another way. Approve the request to send the link for which its device waits.',
  ),
  firstAskedAt: seconds('The time of the first ask.'),
  askedAt: seconds('The time of the last ask. The device of that ask waits for the link.'),
  expiresAt: seconds('When the request expires, if nobody decides it.'),
  asks: whole('The number of asks of this address.'),
  channel: { enum: ['email', 'sms'] },
  deviceName: orNull(text('The device name that the app sent. Do not trust it.')),
  ipAddress: text('The IP address of the last ask.'),
  userAgent: text('The User-Agent of the last ask.'),
} satisfies Record<keyof ReturnType<typeof describeRequest>, JsonSchema>

const budget = object({
  left: whole('How many are left in this window.'),
  size: whole('How many are allowed in a window.'),
  nextAt: orNull(seconds('When the next one is allowed. Null means now.')),
})

type Person = Awaited<ReturnType<typeof describePerson>>

const SESSION = {
  id: text('`ses_…`'),
  deviceId: text('The `device_id` that the app sent.'),
  deviceName: text('The device name that the app sent.'),
  createdAt: seconds('When the session was opened.'),
  lastUsedAt: seconds('When the session was last refreshed.'),
  expiresAt: seconds('When the session expires, whether or not it is used.'),
  sourceFlow: { enum: ['email', 'sms'] },
  dashboardId: text('The `dashboardId` of the request for the link.'),
  ipAddress: text('The IP address of the sign-in.'),
  userAgent: text('The User-Agent of the sign-in.'),
  dpopBound: flag('Whether the session is bound to a key of the device (RFC 9449).'),
  userId: text(
    'The user id of the session. It differs from the person’s if that identity was erased.',
  ),
  refreshes: whole('The number of refreshes.'),
  alive: flag('Whether the session is live now.'),
  end: orNull(
    object({
      reason: text('`signed_out`, `replaced`, `reuse`, `idle` and so on.'),
      at: orNull(seconds('When it ended. Null if no row has the time.')),
      by: orNull(text('A user id, `client:` and a name, or `system`.')),
    }),
  ),
  endsAt: orNull(seconds('When the session ends if it is not used. Null if it has ended.')),
} satisfies Record<keyof Person['sessions'][number], JsonSchema>

const PERSON = {
  email: text('The address, normalised.'),
  userId: orNull(text('`usr_…`. Null before the first ask, and after an erasure.')),
  company: flag('Whether the address may sign in without an approval, because of its domain.'),
  mailbox: text('The address without its `+tag`. Message budgets are counted per mailbox.'),
  standing: {
    type: 'object',
    description: 'Whether the address may sign in, and why.',
    required: ['approved', 'why'],
    properties: {
      approved: { type: 'boolean' },
      why: { enum: ['company', 'approval', 'none', 'ended', 'withdrawn'] },
    },
  },
  firstAskedAt: orNull(seconds('When the address first requested a link.')),
  hasSignedIn: flag('Whether the address has ever signed in.'),
  linksNotBefore: orNull(seconds('Links made at or before this time are spent.')),
  sessionsNotBefore: orNull(seconds('Sessions opened at or before this time have ended.')),
  budgets: object({ messages: budget, codes: budget }),
  approval: orNull(approval),
  mailRefused: orNull(
    object({
      at: seconds('When the report about the refused email was read.'),
      why: {
        enum: ['bounce', 'complaint', 'suppressed'],
        description:
          '`bounce`: no such mailbox, or it takes no email. `complaint`: marked as spam. `suppressed`: on the suppression list of SES.',
      },
    }),
  ),
  request: orNull(object(REQUEST)),
  sessions: list(object(SESSION, ['deviceName', 'dashboardId'])),
} satisfies Record<keyof Person, JsonSchema>

const EVENT: JsonSchema = {
  type: 'object',
  description: 'Each kind has further members.',
  required: ['at', 'id', 'kind'],
  properties: {
    at: seconds('When it happened.'),
    id: text('The id of the row that records it.'),
    kind: { enum: ['asked', 'used', 'opened', 'refreshed', 'ended', 'requested', 'changed'] },
  },
}

const FINDING: JsonSchema = {
  type: 'object',
  description: 'Further members contain the values in the sentence, for programs.',
  required: ['topic', 'code', 'sentence'],
  properties: {
    topic: { enum: ['approval', 'mail', 'code', 'session', 'identity'] },
    code: { enum: FINDING_CODES },
    sentence: text('The finding as a sentence in English.'),
  },
}

const answerTo = (complaint: string): JsonSchema => ({
  ...object({
    problem: flag('Whether the rows show a problem.'),
    sentence: text('The answer as a sentence in English.'),
  }),
  description: complaint,
})

const REASON = {
  reason: { description: 'The reason. It is stored in the audit row.' },
}

export const peopleSchemas: Record<string, JsonSchema> = {
  PersonPage: object({ person: object(PERSON), events: list(EVENT), nextCursor }, ['nextCursor']),
  EndBody: input(EndBody(), REASON),
  EraseBody: input(EraseBody(), {
    reason: {
      description:
        'The reason. It stays in the audit row after the erasure, so do not name the person.',
    },
    approval: { description: 'Whether to erase the approval and its history too.' },
  }),
  Erasing: object({ scrubbing: { const: true } }),
  Why: object({
    email: text('The address, normalised.'),
    answers: object({
      notApproved: answerTo('“It says that I am not approved.”'),
      noMail: answerTo('“I received no email.”'),
      thrownOut: answerTo('“I am signed out every day.”'),
    }),
    findings: list(FINDING),
  }),
  RequestList: object(
    {
      requests: list(object(REQUEST)),
      total: whole('The number of requests on all pages.'),
      nextCursor,
    },
    ['nextCursor'],
  ),
  ApproveRequestBody: input(ApproveRequestBody(), {
    ...REASON,
    company: { description: 'The person’s company.' },
    notes: { description: 'Notes. Line breaks are allowed.' },
    phoneNumber: {
      description: 'The only phone number that an SMS for this address may go to (E.164).',
    },
    days: { description: 'How long the approval is valid, in days from now.' },
    expiresAt: {
      description:
        'When the approval expires, in Unix seconds. Null means never, which approvers may not set.',
    },
  }),
  RequestApproved: object({
    approval: orNull(approval),
    linkSent: flag(
      'Whether this request sends a link. False for a repeated request whose link was sent already, or if the sealing key of the link was removed.',
    ),
  }),
  DeclineBody: input(DeclineBody(), REASON),
  RequestDeclined: object({ declined: { const: true } }),
}
