import type { describePerson } from '../../src/console/people/describe.ts'
import { EndBody, EraseBody } from '../../src/console/people/schema.ts'
import type { describeRequest } from '../../src/console/requests/describe.ts'
import { ApproveRequestBody, DeclineBody } from '../../src/console/requests/schema.ts'
import { FINDING_CODES } from '../../src/console/why/sentences.ts'
import { input, list, object, seconds, text, whole, type JsonSchema } from './schemas.ts'

const orNull = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, { type: 'null' }] })
const flag = (description: string): JsonSchema => ({ type: 'boolean', description })
const approval = { $ref: '#/components/schemas/Approval' }
const nextCursor = text('For the next page; absent on the last one.')

const REQUEST = {
  email: text('In its canonical form.'),
  firstAskedAt: seconds('The first ask.'),
  askedAt: seconds('The last ask, whose device waits.'),
  expiresAt: seconds('When the request is forgotten, if nobody decides.'),
  asks: whole('How often the address has asked.'),
  channel: { enum: ['email', 'sms'] },
  deviceName: orNull(text('What the device calls itself: not to be trusted.')),
  ipAddress: text('Of the last ask.'),
  userAgent: text('Of the last ask.'),
} satisfies Record<keyof ReturnType<typeof describeRequest>, JsonSchema>

const budget = object({
  left: whole('How many may be taken in this window.'),
  size: whole('How many there are in a window.'),
  nextAt: orNull(seconds('When the next one may be taken; null for now.')),
})

type Person = Awaited<ReturnType<typeof describePerson>>

const SESSION = {
  id: text('`ses_…`'),
  deviceId: text('As the app names the device.'),
  deviceName: text('As the app calls the device.'),
  createdAt: seconds('The sign-in.'),
  lastUsedAt: seconds('The last refresh.'),
  expiresAt: seconds('The absolute end.'),
  sourceFlow: { enum: ['email', 'sms'] },
  dashboardId: text('That was asked for.'),
  ipAddress: text('Of the sign-in.'),
  userAgent: text('Of the sign-in.'),
  dpopBound: flag('Whether it is bound to a key of the device.'),
  userId: text('Whose it is: another than the person’s for one that was erased.'),
  refreshes: whole('How often it was refreshed.'),
  alive: flag('Whether it counts now.'),
  end: orNull(
    object({
      reason: text('`signed_out`, `replaced`, `reuse`, `idle` and so on.'),
      at: orNull(seconds('When; null when no row says.')),
      by: orNull(text('A user id, `client:` and a name, or `system`.')),
    }),
  ),
  endsAt: orNull(seconds('When it ends, if nobody uses it; null when it has ended.')),
} satisfies Record<keyof Person['sessions'][number], JsonSchema>

const PERSON = {
  email: text('In its canonical form.'),
  userId: orNull(text('`usr_…`; null before the first ask, and after an erasure.')),
  company: flag('Whether the domain lets the address in without an approval.'),
  mailbox: text('The address that shares its budget of messages: itself, but for a `+tag`.'),
  standing: {
    type: 'object',
    description: 'Whether the address may sign in, and why.',
    required: ['approved', 'why'],
    properties: {
      approved: { type: 'boolean' },
      why: { enum: ['company', 'approval', 'none', 'ended', 'withdrawn'] },
    },
  },
  firstAskedAt: orNull(seconds('The first ask for a link.')),
  hasSignedIn: flag('Whether somebody has ever signed in.'),
  linksNotBefore: orNull(seconds('Links that were made until then are spent.')),
  sessionsNotBefore: orNull(seconds('Sessions that were opened until then have ended.')),
  budgets: object({ messages: budget, codes: budget }),
  approval: orNull(approval),
  request: orNull(object(REQUEST)),
  sessions: list(object(SESSION, ['deviceName', 'dashboardId'])),
} satisfies Record<keyof Person, JsonSchema>

const EVENT: JsonSchema = {
  type: 'object',
  description: 'Other members tell more of each kind.',
  required: ['at', 'id', 'kind'],
  properties: {
    at: seconds('When.'),
    id: text('Of the row that tells it.'),
    kind: { enum: ['asked', 'used', 'opened', 'refreshed', 'ended', 'requested', 'changed'] },
  },
}

const FINDING: JsonSchema = {
  type: 'object',
  description: 'Other members are what the sentence says, for programs.',
  required: ['topic', 'code', 'sentence'],
  properties: {
    topic: { enum: ['approval', 'mail', 'code', 'session', 'identity'] },
    code: { enum: FINDING_CODES },
    sentence: text('In English.'),
  },
}

const answerTo = (complaint: string): JsonSchema => ({
  ...object({
    problem: flag('Whether the rows show one.'),
    sentence: text('In English.'),
  }),
  description: complaint,
})

const REASON = {
  reason: { description: 'Why. It stands in the audit row.' },
}

export const peopleSchemas: Record<string, JsonSchema> = {
  PersonPage: object({ person: object(PERSON), events: list(EVENT), nextCursor }, ['nextCursor']),
  EndBody: input(EndBody(), REASON),
  EraseBody: input(EraseBody(), {
    reason: { description: 'Why. It outlives the person in the audit row, so do not name them.' },
    approval: { description: 'Whether the approval and its history go too.' },
  }),
  Erasing: object({ scrubbing: { const: true } }),
  Why: object({
    email: text('In its canonical form.'),
    answers: object({
      notApproved: answerTo('“It says I am not approved.”'),
      noMail: answerTo('“No mail came.”'),
      thrownOut: answerTo('“I am thrown out every day.”'),
    }),
    findings: list(FINDING),
  }),
  RequestList: object(
    { requests: list(object(REQUEST)), total: whole('On all pages together.'), nextCursor },
    ['nextCursor'],
  ),
  ApproveRequestBody: input(ApproveRequestBody(), {
    ...REASON,
    company: { description: 'Of the person who is let in.' },
    notes: { description: 'May have lines.' },
    phoneNumber: { description: 'The one number that SMS for this address may go to (E.164).' },
    days: { description: 'How long, in days from now.' },
    expiresAt: { description: 'Unix seconds. Null: no end, which approvers may not give.' },
  }),
  RequestApproved: object({
    approval: orNull(approval),
    linkSent: flag('Whether a link goes out: not for a repeat.'),
  }),
  DeclineBody: input(DeclineBody(), REASON),
  RequestDeclined: object({ declined: { const: true } }),
}
