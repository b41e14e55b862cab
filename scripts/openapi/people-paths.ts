import type { Scope } from '../../src/console/config.ts'
import type { ConsoleProblemCode } from '../../src/console/problem.ts'
import type { ProblemCode } from '../../src/http/problem.ts'
import { answer, BODY_PROBLEMS, inPath, inQuery, json, takesJson } from './parts.ts'
import type { JsonSchema } from './schemas.ts'

type Guarded = (
  scope: Scope,
  more: JsonSchema,
  responses: JsonSchema,
  ...codes: (ProblemCode | ConsoleProblemCode)[]
) => JsonSchema

const PERSON = inPath('person', 'An address in any spelling, or a user id `usr_…`.')
const EMAIL = inPath('email', 'The address of the access request.')
const PAGE = [
  inQuery('limit', 'The number of entries on a page. The default is 50.', {
    type: 'integer',
    minimum: 1,
    maximum: 200,
  }),
  inQuery('cursor', 'The `nextCursor` of the previous page.', { type: 'string', maxLength: 2048 }),
]
const RECENT =
  'This requires a sign-in within the last 15 minutes. You cannot do this to your own account here.'

/** People, why, and access requests. @param guarded makes an operation behind a guard. */
export const peoplePaths = (guarded: Guarded): Record<string, Record<string, JsonSchema>> => ({
  '/v1/people/{person}': {
    get: guarded(
      'people:read',
      {
        tags: ['People'],
        operationId: 'showPerson',
        summary: 'A person: approval, budgets, sessions, and events, newest first',
        parameters: [PERSON, ...PAGE],
      },
      { 200: answer('The person, and a page of events.', json('PersonPage')) },
      'not_found',
    ),
    delete: guarded(
      'people:write',
      {
        tags: ['People'],
        operationId: 'erasePerson',
        summary: 'Erase a person',
        description: `The person’s sessions and links are invalid when the response arrives. Their rows are deleted after it. If that is interrupted, send the request again to continue. ${RECENT}`,
        parameters: [PERSON],
        ...takesJson('EraseBody'),
      },
      {
        202: answer(
          'Sessions and links are invalid, and the rows are being deleted.',
          json('Erasing'),
        ),
      },
      'not_found',
      'own_person',
      'shut_out',
      ...BODY_PROBLEMS,
    ),
  },
  '/v1/people/{person}/sessions': {
    delete: guarded(
      'people:write',
      {
        tags: ['People'],
        operationId: 'endSessions',
        summary: 'End all sessions of a person, and spend all links',
        description: RECENT,
        parameters: [PERSON],
        ...takesJson('EndBody'),
      },
      { 204: answer('The sessions have ended.') },
      'not_found',
      'own_person',
      ...BODY_PROBLEMS,
    ),
  },
  '/v1/people/{person}/sessions/{id}': {
    delete: guarded(
      'people:write',
      {
        tags: ['People'],
        operationId: 'endSessionOfPerson',
        summary: 'End one session of a person',
        description: RECENT,
        parameters: [PERSON, inPath('id', '`ses_…`')],
        ...takesJson('EndBody'),
      },
      { 204: answer('The session has ended.') },
      'not_found',
      'own_person',
      ...BODY_PROBLEMS,
    ),
  },
  '/v1/people/{person}/mail-refusal': {
    delete: guarded(
      'people:write',
      {
        tags: ['People'],
        operationId: 'allowMail',
        summary: 'Send emails again to a person whose mailbox refused one',
        description:
          'If SES has the address on its suppression list, remove it there too: otherwise SES delivers nothing. You cannot do this to your own account here.',
        parameters: [PERSON],
        ...takesJson('EndBody'),
      },
      { 204: answer('Emails are sent to the address.') },
      'not_found',
      'own_person',
      ...BODY_PROBLEMS,
    ),
  },
  '/v1/why': {
    get: guarded(
      'people:read',
      {
        tags: ['People'],
        operationId: 'why',
        summary: 'Explain in sentences whether an address can sign in now, and why',
        parameters: [
          {
            ...inQuery('email', 'The address, in any spelling.', {
              type: 'string',
              maxLength: 320,
            }),
            required: true,
          },
        ],
      },
      { 200: answer('The explanation, derived from the rows.', json('Why')) },
    ),
  },
  '/v1/requests': {
    get: guarded(
      'approvals:read',
      {
        tags: ['Requests'],
        operationId: 'listRequests',
        summary: 'Access requests that wait for a decision, oldest first',
        parameters: PAGE,
      },
      { 200: answer('One page.', json('RequestList')) },
    ),
  },
  '/v1/requests/{email}/approve': {
    post: guarded(
      'approvals:write',
      {
        tags: ['Requests'],
        operationId: 'approveRequest',
        summary: 'Approve an access request',
        description:
          'Approves the address under the rules of every approval, and sends a link for the device that asked last. Send either `days` or `expiresAt`.',
        parameters: [EMAIL],
        ...takesJson('ApproveRequestBody'),
      },
      { 200: answer('The address is approved.', json('RequestApproved')) },
      'not_found',
      'already_decided',
      ...BODY_PROBLEMS,
    ),
  },
  '/v1/requests/{email}/decline': {
    post: guarded(
      'approvals:write',
      {
        tags: ['Requests'],
        operationId: 'declineRequest',
        summary: 'Decline an access request',
        description:
          'The person is not notified. Until the declined request expires, 14 days after its last ask, another ask creates no new request.',
        parameters: [EMAIL],
        ...takesJson('DeclineBody'),
      },
      {
        200: answer('The request is declined and no longer in the queue.', json('RequestDeclined')),
      },
      'not_found',
      'already_decided',
      ...BODY_PROBLEMS,
    ),
  },
})
