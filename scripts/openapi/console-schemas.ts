import type { describeApproval, describeChange } from '../../src/console/approvals/describe.ts'
import { COLUMNS } from '../../src/console/approvals/columns.ts'
import type { ImportedLine } from '../../src/console/approvals/import.ts'
import {
  ApproveBody,
  ChangeBody,
  RestoreBody,
  WithdrawBody,
} from '../../src/console/approvals/schema.ts'
import { SCOPES } from '../../src/console/config.ts'
import { CONSOLE_PROBLEM_CODES, consoleProblem } from '../../src/console/problem.ts'
import { peopleSchemas } from './people-schemas.ts'
import {
  described,
  input,
  list,
  object,
  problems,
  problemSchema,
  seconds,
  text,
  whole,
  type JsonSchema,
} from './schemas.ts'

/** Problems of both Workers' layer that no route of the console has. */
const ELSEWHERE = ['bot_check_failed', 'link_expired']

/** Status and title of every problem, as the console says them. */
export const consoleProblems = [
  ...problems.filter(({ code }) => !ELSEWHERE.includes(code)),
  ...CONSOLE_PROBLEM_CODES.map((code) => described(code, consoleProblem(code))),
]

const orNull = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, { type: 'null' }] })

const MEMBERS: Record<string, JsonSchema> = {
  email: { format: 'email', maxLength: 320, examples: ['john.doe@acmecorp.com'] },
  company: { description: 'Of the person who is approved.' },
  reason: { description: 'Why. It stands in the history for as long as the history is kept.' },
  notes: { description: 'May have lines.' },
  expiresAt: {
    description:
      'Unix seconds. Null: no end, which only administrators and machines may give. Without it, the end stays.',
  },
  phoneNumber: { description: 'The one number that SMS for this address may go to (E.164).' },
}

const APPROVAL = {
  email: text('In its canonical form.'),
  state: {
    enum: ['active', 'ending', 'ended', 'withdrawn'],
    description: '`ending`: it still holds, and ends within seven days.',
  },
  company: orNull(text('Of the person.')),
  reason: orNull(text('Why the person is approved.')),
  notes: orNull(text('May have lines.')),
  expiresAt: orNull(seconds('When it ends or ended; null for no end.')),
  phoneNumber: orNull(text('E.164.')),
  approvedBy: orNull(text('An address, or `client:` and the name of a machine.')),
  approvedAt: orNull(seconds('When.')),
  withdrawnAt: orNull(seconds('When it was withdrawn.')),
  withdrawnBy: orNull(text('As `approvedBy`.')),
  withdrawnReason: orNull(text('Why it was withdrawn.')),
  etag: text('For `If-Match`. Another one for every change, also by hand.'),
} satisfies Record<keyof Awaited<ReturnType<typeof describeApproval>>, JsonSchema>

const CHANGE = {
  id: text('`aud_…`, also in the log.'),
  at: seconds('When.'),
  action: text('`approval_created`, `approval_changed` and so on.'),
  by: text('An address, or `client:` and the name of a machine.'),
  reason: orNull(text('Why.')),
  before: orNull({ type: 'object' }),
  after: orNull({ type: 'object' }),
} satisfies Record<keyof ReturnType<typeof describeChange>, JsonSchema>

const LINE = {
  line: whole('In the file, from 1.'),
  email: orNull(text('In its canonical form; null when it is none.')),
  outcome: { enum: ['created', 'changed', 'unchanged', 'refused'] },
  errors: list(
    object({ column: text('Empty for the whole line.'), detail: text('What is wrong with it.') }),
  ),
} satisfies Record<keyof ImportedLine, JsonSchema>

const counts = (...names: string[]): JsonSchema =>
  object(Object.fromEntries(names.map((name) => [name, whole('How many.')])))

const approval = { $ref: '#/components/schemas/Approval' }

export const consoleSchemas: Record<string, JsonSchema> = {
  Approval: object(APPROVAL),
  ApprovalList: object(
    {
      approvals: list(approval),
      total: whole('On all pages together.'),
      counts: counts('active', 'ending', 'ended', 'withdrawn'),
      nextCursor: text('For the next page; absent on the last one.'),
    },
    ['nextCursor'],
  ),
  ApprovalWithHistory: object({ approval, history: list(object(CHANGE)) }),
  ChangedApproval: object({ approval }),
  ApproveBody: input(ApproveBody(), MEMBERS),
  ChangeBody: input(ChangeBody(), MEMBERS),
  WithdrawBody: input(WithdrawBody(), {
    reason: { description: 'Why. It stands on the approval and in its history.' },
  }),
  RestoreBody: input(RestoreBody(), MEMBERS),
  ImportReport: object(
    {
      dryRun: { type: 'boolean' },
      lines: list(object(LINE, ['errors'])),
      counts: counts('created', 'changed', 'unchanged', 'refused'),
      nextLine: whole('Send the same file again with `fromLine` of this; absent when it is done.'),
    },
    ['nextLine'],
  ),
  Csv: text(`RFC 4180, UTF-8, the first line names the columns: ${COLUMNS.join(', ')}.`),
  Me: {
    oneOf: [
      object({
        kind: { const: 'person' },
        role: { enum: ['admin', 'approver'] },
        email: text('The address.'),
        signedInAt: seconds('When.'),
        signInAgainAt: seconds('From then on, every route wants a new sign-in.'),
        recentUntil: seconds('From then on, ending access wants a new sign-in.'),
      }),
      object({
        kind: { const: 'machine' },
        name: text('`client:` and the name of the key.'),
        scopes: list({ enum: [...SCOPES] }),
      }),
    ],
  },
  ...peopleSchemas,
  ClientCredentials: object(
    {
      grant_type: { const: 'client_credentials' },
      scope: text('Fewer scopes than the key has, separated by a space.', { maxLength: 256 }),
    },
    ['scope'],
  ),
  MachineToken: object({
    access_token: text('RFC 9068. Good at the console alone.'),
    token_type: { const: 'Bearer' },
    expires_in: whole('Seconds.'),
    scope: text('What it may be used for.'),
  }),
  OAuthError: {
    ...object({
      error: {
        enum: [
          'invalid_request',
          'invalid_client',
          'invalid_scope',
          'unsupported_grant_type',
          'server_error',
          'temporarily_unavailable',
        ],
      },
      error_description: text('For a developer.'),
    }),
    description: 'RFC 6749 section 5.2.',
  },
  Problem: problemSchema(consoleProblems),
}
