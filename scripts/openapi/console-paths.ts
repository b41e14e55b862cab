import { LINES_PER_CALL } from '../../src/console/approvals/import.ts'
import type { Scope } from '../../src/console/config.ts'
import { consoleProblems } from './console-schemas.ts'
import {
  answer,
  BODY_PROBLEMS,
  SERVER_PROBLEMS,
  createRefusals,
  header,
  inQuery,
  json,
  COMMON_OAUTH_ERRORS,
  open,
  statusIs,
  takesForm,
  takesJson,
} from './parts.ts'
import { peoplePaths } from './people-paths.ts'
import type { JsonSchema } from './schemas.ts'

const { responses, refusals, oauthRefusals } = createRefusals(consoleProblems, {
  401: { ...header('WWW-Authenticate'), ...header('DPoP-Nonce') },
  409: header('ETag'),
  412: header('ETag'),
  429: header('Retry-After'),
  503: header('Retry-After'),
})
export { responses as consoleResponses }

/** The problems that every guarded route may answer with. */
const GUARDED = [
  'invalid_request',
  'unauthorized',
  'stale_session',
  'forbidden',
  ...SERVER_PROBLEMS,
] as const

/** An operation for people with a role and for machines with the scope. @param scope null: any machine. */
const guarded = (
  scope: Scope | null,
  more: JsonSchema,
  responses: JsonSchema,
  ...codes: Parameters<typeof refusals>
): JsonSchema => ({
  tags: [scope === null ? 'Sign in' : 'Approvals'],
  security: [
    { Session: [] },
    { Bearer: [] },
    { DPoP: [] },
    { Machine: scope === null ? [] : [scope] },
  ],
  ...more,
  responses: { ...responses, ...refusals(...GUARDED, ...codes) },
})

const EMAIL = { name: 'email', in: 'path', required: true, schema: { type: 'string' } }
const IF_MATCH = {
  name: 'If-Match',
  in: 'header',
  description: 'The `ETag` of the approval as it was read.',
  schema: { type: 'string' },
}
const IF_NONE_MATCH = {
  name: 'If-None-Match',
  in: 'header',
  description: '`*` says that there was no approval. It is for shutting out a company address.',
  schema: { const: '*' },
}
const STATE = inQuery(
  'state',
  'Only approvals in this state. `active` includes those that end soon.',
  {
    enum: ['active', 'ending', 'ended', 'withdrawn'],
  },
)
const SEARCH = inQuery(
  'q',
  'Words to find in the address, the company, the reason and who approved.',
  {
    type: 'string',
    maxLength: 200,
  },
)

const changed = (description: string): JsonSchema =>
  answer(description, json('ChangedApproval'), header('ETag'))

/** The problems of a route that changes an approval which the caller has read. */
const CONDITIONAL = [
  'not_found',
  'changed_meanwhile',
  'precondition_required',
  'not_withdrawn',
  'withdrawn',
  ...BODY_PROBLEMS,
] as const

export const consolePaths: Record<string, Record<string, JsonSchema>> = {
  '/.well-known/oauth-protected-resource': {
    get: open('Sign in', {
      operationId: 'resourceMetadata',
      summary: 'Where a token for this API comes from',
      description: 'RFC 9728. A person signs in at the authorization server that it names.',
      responses: {
        200: answer('The metadata.', json('ResourceMetadata')),
        ...refusals(...SERVER_PROBLEMS),
      },
    }),
  },
  '/v1/token': {
    post: {
      tags: ['Sign in'],
      security: [{ Client: [] }],
      operationId: 'machineToken',
      summary: 'An access token for a machine',
      description: 'RFC 6749 section 4.4, with a key of CONSOLE_CLIENTS.',
      ...takesForm('ClientCredentials'),
      responses: {
        200: answer('The token. It is valid for five minutes.', json('MachineToken')),
        ...oauthRefusals({
          400: ['invalid_request', 'invalid_scope', 'unsupported_grant_type'],
          401: ['invalid_client'],
          429: ['temporarily_unavailable'],
          ...COMMON_OAUTH_ERRORS,
        }),
      },
    },
  },
  '/v1/me': {
    get: guarded(
      null,
      { operationId: 'me', summary: 'Who the caller is, and how long their sign-in is accepted' },
      { 200: answer('The session is valid. The rows were read for this answer.', json('Me')) },
    ),
  },
  '/v1/approvals': {
    get: guarded(
      'approvals:read',
      {
        operationId: 'listApprovals',
        summary: 'One page of approvals',
        parameters: [
          STATE,
          SEARCH,
          inQuery('sort', 'What the list is ordered by.', {
            enum: ['email', 'approvedAt', 'expiresAt', 'company'],
          }),
          inQuery('order', 'Ascending or descending.', { enum: ['asc', 'desc'] }),
          inQuery('limit', 'The number of approvals on a page. 50 when it is absent.', {
            type: 'integer',
            minimum: 1,
            maximum: 200,
          }),
          inQuery('cursor', 'The `nextCursor` of the previous page.', {
            type: 'string',
            maxLength: 4096,
          }),
        ],
      },
      { 200: answer('One page.', json('ApprovalList')) },
    ),
    post: guarded(
      'approvals:write',
      {
        operationId: 'approve',
        summary: 'Approve an address',
        description:
          'The address has no approval, or its approval has ended or was withdrawn. Approvers may approve for a limited time. Nobody may approve themselves.',
        ...takesJson('ApproveBody'),
      },
      {
        200: changed('The address was already approved by the same request.'),
        201: answer('Approved.', json('ChangedApproval'), {
          ...header('ETag'),
          ...header('Location'),
        }),
      },
      'already_approved',
      'changed_meanwhile',
      ...BODY_PROBLEMS,
    ),
  },
  '/v1/approvals/{email}': {
    get: guarded(
      'approvals:read',
      {
        operationId: 'showApproval',
        summary: 'One approval and its history, newest first',
        parameters: [EMAIL],
      },
      { 200: answer('The approval.', json('ApprovalWithHistory'), header('ETag')) },
      'not_found',
    ),
    patch: guarded(
      'approvals:write',
      {
        operationId: 'changeApproval',
        summary: 'Change or extend an approval',
        description:
          'A member that is absent is not changed. An earlier end needs a sign-in of the last 15 minutes.',
        parameters: [EMAIL, IF_MATCH],
        ...takesJson('ChangeBody'),
      },
      { 200: changed('Changed.') },
      ...CONDITIONAL,
    ),
  },
  '/v1/approvals/{email}/withdraw': {
    post: guarded(
      'approvals:write',
      {
        operationId: 'withdrawApproval',
        summary: 'Withdraw an approval, or shut out a company address',
        description:
          'The sessions of the address end at their next use. Nothing is deleted. It needs a sign-in of the last 15 minutes.',
        parameters: [EMAIL, IF_MATCH, IF_NONE_MATCH],
        ...takesJson('WithdrawBody'),
      },
      { 200: changed('Withdrawn.') },
      ...CONDITIONAL,
    ),
  },
  '/v1/approvals/{email}/restore': {
    post: guarded(
      'approvals:write',
      {
        operationId: 'restoreApproval',
        summary: 'Take back a withdrawal',
        parameters: [EMAIL, IF_MATCH],
        ...takesJson('RestoreBody'),
      },
      { 200: changed('The approval is valid again.') },
      ...CONDITIONAL,
    ),
  },
  '/v1/approvals.csv': {
    get: guarded(
      'approvals:read',
      {
        operationId: 'exportApprovals',
        summary: 'Approvals as CSV',
        description:
          'An import accepts this file. A cell that a spreadsheet would compute begins with a quote.',
        parameters: [STATE, SEARCH],
      },
      { 200: answer('The file.', json('Csv', 'text/csv')) },
    ),
  },
  '/v1/approvals/import': {
    post: guarded(
      'approvals:write',
      {
        operationId: 'importApprovals',
        summary: 'Import approvals from CSV',
        description: `At most 4 MiB, and at most ${LINES_PER_CALL} changes a call. Each line is one transaction, and a line that says what the table already has changes nothing, so a call that failed may be repeated. Columns that say who approved, when and in what state are not changed.`,
        parameters: [
          inQuery('dryRun', '`true` only reports what the import would do.', {
            enum: ['true', 'false'],
          }),
          inQuery('fromLine', 'The `nextLine` of the previous report.', {
            type: 'integer',
            minimum: 1,
          }),
        ],
        requestBody: { required: true, ...json('Csv', 'text/csv') },
      },
      { 200: answer('The report, line by line.', json('ImportReport')) },
      ...BODY_PROBLEMS,
    ),
  },
  ...peoplePaths(guarded),
  '/healthz': {
    get: open('Operations', {
      operationId: 'health',
      summary: 'Whether the console runs, even when its configuration is invalid',
      responses: { 200: answer('The console runs.', statusIs('ok')) },
    }),
  },
  '/readyz': {
    get: open('Operations', {
      operationId: 'readiness',
      summary: 'Whether the console is configured and DynamoDB answers',
      responses: {
        200: answer('The console is ready.', statusIs('ready')),
        ...refusals(...SERVER_PROBLEMS),
      },
    }),
  },
}
