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

/** What any guarded route may answer. */
const GUARDED = [
  'invalid_request',
  'unauthorized',
  'stale_session',
  'forbidden',
  ...SERVER_PROBLEMS,
] as const

/** An operation for people with a role, and for machines with the scope. */
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
  description: '`*`: there was no approval, for shutting out a company address.',
  schema: { const: '*' },
}
const STATE = inQuery('state', '`active` has also those that end soon.', {
  enum: ['active', 'ending', 'ended', 'withdrawn'],
})
const SEARCH = inQuery('q', 'In the address, the company, the reason and who approved.', {
  type: 'string',
  maxLength: 200,
})

const changed = (description: string): JsonSchema =>
  answer(description, json('ChangedApproval'), header('ETag'))

/** Refusals of a change that names what it changes. */
const CONDITIONAL = [
  'not_found',
  'changed_meanwhile',
  'precondition_required',
  'not_withdrawn',
  'withdrawn',
  ...BODY_PROBLEMS,
] as const

export const consolePaths: Record<string, Record<string, JsonSchema>> = {
  '/v1/token': {
    post: {
      tags: ['Sign in'],
      security: [{ Client: [] }],
      operationId: 'machineToken',
      summary: 'An access token for a machine',
      description: 'RFC 6749 section 4.4, with a key of CONSOLE_CLIENTS.',
      ...takesForm('ClientCredentials'),
      responses: {
        200: answer('A token of a few minutes.', json('MachineToken')),
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
      { operationId: 'me', summary: 'Who asks, and for how long' },
      { 200: answer('The rows were looked at: the session lives.', json('Me')) },
    ),
  },
  '/v1/approvals': {
    get: guarded(
      'approvals:read',
      {
        operationId: 'listApprovals',
        summary: 'Approvals, a page at a time',
        parameters: [
          STATE,
          SEARCH,
          inQuery('sort', 'By what.', { enum: ['email', 'approvedAt', 'expiresAt', 'company'] }),
          inQuery('order', 'Which way.', { enum: ['asc', 'desc'] }),
          inQuery('limit', 'On a page; 50 without it.', {
            type: 'integer',
            minimum: 1,
            maximum: 200,
          }),
          inQuery('cursor', '`nextCursor` of the page before.', {
            type: 'string',
            maxLength: 4096,
          }),
        ],
      },
      { 200: answer('A page.', json('ApprovalList')) },
    ),
    post: guarded(
      'approvals:write',
      {
        operationId: 'approve',
        summary: 'Approve an address',
        description:
          'A new one, or one whose approval has ended or is withdrawn. Approvers may approve for a limited time, and nobody themselves.',
        ...takesJson('ApproveBody'),
      },
      {
        200: changed('It was approved so already, by the same request.'),
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
          'What is not named stays. An earlier end wants a sign-in of the last 15 minutes.',
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
          'Its sessions end at their next use. Nothing is deleted. Wants a sign-in of the last 15 minutes.',
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
      { 200: changed('It holds again.') },
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
          'An import takes it back. A cell that a spreadsheet would compute begins with a quote.',
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
        description: `At most 4 MiB, and at most ${LINES_PER_CALL} changes a call. Each line is one transaction, and a line that says what is there already does nothing: repeat a call that failed. Columns that say who approved, when and in what state are not taken over.`,
        parameters: [
          inQuery('dryRun', 'Reports what would happen.', { enum: ['true', 'false'] }),
          inQuery('fromLine', '`nextLine` of the report before.', { type: 'integer', minimum: 1 }),
        ],
        requestBody: { required: true, ...json('Csv', 'text/csv') },
      },
      { 200: answer('A report, line by line.', json('ImportReport')) },
      ...BODY_PROBLEMS,
    ),
  },
  ...peoplePaths(guarded),
  '/healthz': {
    get: open('Operations', {
      operationId: 'health',
      summary: 'Whether the console runs, configured or not',
      responses: { 200: answer('It runs.', statusIs('ok')) },
    }),
  },
  '/readyz': {
    get: open('Operations', {
      operationId: 'readiness',
      summary: 'Whether it is configured and DynamoDB answers',
      responses: {
        200: answer('It is ready.', statusIs('ready')),
        ...refusals(...SERVER_PROBLEMS),
      },
    }),
  },
}
