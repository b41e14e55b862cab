import type { describeApproval, describeChange } from '../../src/console/approvals/describe.ts'
import { COLUMNS } from '../../src/console/approvals/columns.ts'
import type { ImportedLine } from '../../src/console/approvals/import-line.ts'
import {
  ApproveBody,
  ChangeBody,
  RestoreBody,
  WithdrawBody,
} from '../../src/console/approvals/schema.ts'
import { SCOPES } from '../../src/console/config.ts'
import { CONSOLE_PROBLEM_CODES, consoleProblem } from '../../src/console/problem.ts'
import { DPOP_ALGORITHMS } from '../../src/crypto/dpop.ts'
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

/** Problems in http/problem.ts that no route of the console returns. */
const ELSEWHERE = ['bot_check_failed', 'link_expired']

/** All problems of the console, with status and title. */
export const consoleProblems = [
  ...problems.filter(({ code }) => !ELSEWHERE.includes(code)),
  ...CONSOLE_PROBLEM_CODES.map((code) => described(code, consoleProblem(code))),
]

const orNull = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, { type: 'null' }] })

const MEMBERS: Record<string, JsonSchema> = {
  email: { format: 'email', maxLength: 320, examples: ['john.doe@acmecorp.com'] },
  company: { description: 'The person’s company.' },
  reason: { description: 'Why the person is approved. It is also in the history.' },
  notes: { description: 'Notes. Line breaks are allowed.' },
  expiresAt: {
    description:
      'When the approval expires, in Unix seconds. Null means never, which only administrators and machines may set.',
  },
  phoneNumber: {
    description: 'The only phone number that an SMS for this address may go to (E.164).',
  },
}

const APPROVAL = {
  email: text('The email address, normalised.'),
  state: {
    enum: ['active', 'ending', 'ended', 'withdrawn'],
    description: '`ending`: the approval is active and expires within seven days.',
  },
  company: orNull(text('The person’s company.')),
  reason: orNull(text('Why the person is approved.')),
  notes: orNull(text('Notes. Line breaks are allowed.')),
  expiresAt: orNull(seconds('When the approval expires or expired. Null means never.')),
  phoneNumber: orNull(text('The phone number for SMS (E.164).')),
  approvedBy: orNull(text('Who approved it: an address, or `client:` and the name of a machine.')),
  approvedAt: orNull(seconds('When it was approved.')),
  withdrawnAt: orNull(seconds('When it was withdrawn.')),
  withdrawnBy: orNull(text('Who withdrew it, in the same form as `approvedBy`.')),
  withdrawnReason: orNull(text('Why it was withdrawn.')),
  etag: text(
    'The value for `If-Match`. Every change to the row changes it, including a change made directly in the table.',
  ),
} satisfies Record<keyof Awaited<ReturnType<typeof describeApproval>>, JsonSchema>

const CHANGE = {
  id: text('The id of the audit row, `aud_…`. It is also in the log.'),
  at: seconds('When the change was made.'),
  action: text('The log event: `approval_created`, `approval_changed` and so on.'),
  by: text('Who made the change: an address, or `client:` and the name of a machine.'),
  reason: orNull(text('Why the change was made.')),
  before: orNull({ type: 'object' }),
  after: orNull({ type: 'object' }),
} satisfies Record<keyof ReturnType<typeof describeChange>, JsonSchema>

const LINE = {
  line: whole('The number of the line in the file, from 1.'),
  email: orNull(text('The email address, normalised. Null if the cell is not an address.')),
  outcome: { enum: ['created', 'changed', 'unchanged', 'refused'] },
  errors: list(
    object(
      {
        column: text('The column. Empty if the error is about the whole line.'),
        code: text(
          'What is wrong, as a word that stays the same: `invalid`, `missing`, `repeated` …',
        ),
        detail: text('What is wrong, as a sentence.'),
        value: text('The beginning of the cell, as it was read. Only for `invalid`.'),
      },
      ['value'],
    ),
  ),
} satisfies Record<keyof ImportedLine, JsonSchema>

const counts = (...names: string[]): JsonSchema =>
  object(Object.fromEntries(names.map((name) => [name, whole(`The number that are ${name}.`)])))

const approval = { $ref: '#/components/schemas/Approval' }

export const consoleSchemas: Record<string, JsonSchema> = {
  Approval: object(APPROVAL),
  ApprovalList: object(
    {
      approvals: list(approval),
      total: whole('The number of approvals on all pages.'),
      counts: counts('active', 'ending', 'ended', 'withdrawn'),
      nextCursor: text('The `cursor` for the next page. Absent on the last page.'),
    },
    ['nextCursor'],
  ),
  ApprovalWithHistory: object({ approval, history: list(object(CHANGE)) }),
  ChangedApproval: object({ approval }),
  ApproveBody: input(ApproveBody(), MEMBERS),
  ChangeBody: input(ChangeBody(), MEMBERS),
  WithdrawBody: input(WithdrawBody(), {
    reason: { description: 'Why it is withdrawn. The approval and its history show it.' },
  }),
  RestoreBody: input(RestoreBody(), MEMBERS),
  ImportReport: object(
    {
      dryRun: { type: 'boolean' },
      lines: list(object(LINE, ['errors'])),
      counts: counts('created', 'changed', 'unchanged', 'refused'),
      nextLine: whole(
        'The `fromLine` for the next call with the same file. Absent when the whole file is done.',
      ),
    },
    ['nextLine'],
  ),
  Csv: text(`RFC 4180, in UTF-8. The first line names the columns: ${COLUMNS.join(', ')}.`),
  Me: {
    oneOf: [
      object({
        kind: { const: 'person' },
        role: { enum: ['admin', 'approver'] },
        email: text('The person’s email address.'),
        signedInAt: seconds('When the person signed in.'),
        signInAgainAt: seconds('After this time, every route requires a new sign-in.'),
        recentUntil: seconds('After this time, ending access requires a new sign-in.'),
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
      scope: text('A subset of the key’s scopes, separated by spaces.', { maxLength: 256 }),
    },
    ['scope'],
  ),
  MachineToken: object({
    access_token: text('RFC 9068. Only the console accepts it.'),
    token_type: { const: 'Bearer' },
    expires_in: whole('Seconds until the access token expires.'),
    scope: text('The scopes of the token, separated by spaces.'),
  }),
  ResourceMetadata: object({
    resource: text('The origin of the console.'),
    authorization_servers: {
      type: 'array',
      items: text('The issuer of the public Worker, where people sign in.'),
    },
    scopes_supported: { type: 'array', items: { enum: SCOPES } },
    bearer_methods_supported: { type: 'array', items: { const: 'header' } },
    dpop_signing_alg_values_supported: { type: 'array', items: { enum: DPOP_ALGORITHMS } },
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
      error_description: text('An explanation for the developer.'),
    }),
    description: 'RFC 6749 section 5.2.',
  },
  Problem: problemSchema(consoleProblems),
}
