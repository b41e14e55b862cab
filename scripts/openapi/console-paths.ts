import { LINES_PER_CALL } from '../../src/console/approvals/import.ts'
import type { Scope } from '../../src/console/config.ts'
import { consoleProblems } from './console-schemas.ts'
import {
  answer,
  BODY_PROBLEMS,
  SERVER_PROBLEMS,
  createRefusals,
  header,
  inPath,
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
  428: header('ETag'),
  429: header('Retry-After'),
  503: header('Retry-After'),
})
export { responses as consoleResponses }

/** The problems that every guarded route may return. */
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
  security: [{ Session: [] }, { DPoP: [] }, { Machine: scope === null ? [] : [scope] }],
  ...more,
  responses: { ...responses, ...refusals(...GUARDED, ...codes) },
})

const EMAIL = inPath('email', 'The address of the approval, in any spelling.')
const IF_MATCH = {
  name: 'If-Match',
  in: 'header',
  description: 'The `ETag` of the approval that the caller read.',
  schema: { type: 'string' },
}
const IF_NONE_MATCH = {
  name: 'If-None-Match',
  in: 'header',
  description:
    '`*` means that the address must have no approval yet. Use it to shut out a company address.',
  schema: { const: '*' },
}
const STATE = inQuery(
  'state',
  'Only approvals in this state. `active` includes those that expire soon.',
  {
    enum: ['active', 'ending', 'ended', 'withdrawn'],
  },
)
const SEARCH = inQuery(
  'q',
  'Words to search for in the address, the company, the reason and the name of the approver.',
  {
    type: 'string',
    maxLength: 200,
  },
)

const changed = (description: string): JsonSchema =>
  answer(description, json('ChangedApproval'), header('ETag'))

/** The problems of a route that changes an approval that the caller read. */
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
      summary: 'Get an access token for a machine',
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
      { operationId: 'me', summary: 'The caller, and how long their sign-in is accepted' },
      { 200: answer('The session is valid. Its rows were read for this response.', json('Me')) },
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
          inQuery('sort', 'The member to sort by.', {
            enum: ['email', 'approvedAt', 'expiresAt', 'company'],
          }),
          inQuery('order', 'Ascending or descending.', { enum: ['asc', 'desc'] }),
          inQuery('limit', 'The number of approvals on a page. The default is 50.', {
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
          'The address must have no approval, or one that has expired or was withdrawn. Approvers can only approve for a limited time. Nobody can approve their own address.',
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
          'Absent members are not changed. An earlier end and another phone number require a sign-in within the last 15 minutes.',
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
          'The sessions of the address end at their next use. Nothing is deleted. This requires a sign-in within the last 15 minutes.',
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
        summary: 'Restore a withdrawn approval',
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
        summary: 'Export approvals as CSV',
        description:
          'You can import this file again. If a spreadsheet could read a cell as a formula, the cell begins with a quote.',
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
        description: `At most 4 MiB, and at most ${LINES_PER_CALL} changes per call. Each line is one transaction. A line that equals the stored approval changes nothing, so a failed call can be repeated. The import ignores the columns for the state, and for who approved and withdrew, and when.`,
        parameters: [
          inQuery('dryRun', '`true` reports what the import would do, and changes nothing.', {
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
      summary: 'Check that the console runs, even with an invalid configuration',
      responses: { 200: answer('The console runs.', statusIs('ok')) },
    }),
  },
  '/readyz': {
    get: open('Operations', {
      operationId: 'readiness',
      summary: 'Check that the console is configured and DynamoDB responds',
      responses: {
        200: answer('The console is ready.', statusIs('ready')),
        ...refusals(...SERVER_PROBLEMS),
      },
    }),
  },
}
