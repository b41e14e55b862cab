import type { Scope } from '../../src/console/config.ts'
import type { ConsoleProblemCode } from '../../src/console/problem.ts'
import type { ProblemCode } from '../../src/http/problem.ts'
import { answer, BODY_PROBLEMS, inQuery, json, takesJson } from './parts.ts'
import type { JsonSchema } from './schemas.ts'

type Guarded = (
  scope: Scope,
  more: JsonSchema,
  responses: JsonSchema,
  ...codes: (ProblemCode | ConsoleProblemCode)[]
) => JsonSchema

const inPath = (name: string, description: string): JsonSchema => ({
  name,
  in: 'path',
  description,
  required: true,
  schema: { type: 'string' },
})
const PERSON = inPath('person', 'An address in any spelling, or a user id `usr_…`.')
const EMAIL = inPath('email', 'The address that asks to be let in.')
const PAGE = [
  inQuery('limit', 'On a page; 50 without it.', { type: 'integer', minimum: 1, maximum: 200 }),
  inQuery('cursor', '`nextCursor` of the page before.', { type: 'string', maxLength: 2048 }),
]
const RECENT = 'Wants a sign-in of the last 15 minutes. Nobody may do this to themselves here.'

/** People, why, and requests to be let in. @param guarded makes an operation behind a guard. */
export const peoplePaths = (guarded: Guarded): Record<string, Record<string, JsonSchema>> => ({
  '/v1/people/{person}': {
    get: guarded(
      'people:read',
      {
        tags: ['People'],
        operationId: 'showPerson',
        summary: 'A person: approval, budgets, sessions and what happened, newest first',
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
        description: `They are shut out when the answer comes, and their rows are deleted after it. A repeat goes on with what is left. ${RECENT}`,
        parameters: [PERSON],
        ...takesJson('EraseBody'),
      },
      { 202: answer('Shut out; the rows are being deleted.', json('Erasing')) },
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
        summary: 'End every session of a person, and spend every link',
        description: RECENT,
        parameters: [PERSON],
        ...takesJson('EndBody'),
      },
      { 204: answer('All have ended.') },
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
      { 204: answer('It has ended.') },
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
        summary: 'What would happen to an address now, in sentences',
        parameters: [
          {
            ...inQuery('email', 'In any spelling.', { type: 'string', maxLength: 320 }),
            required: true,
          },
        ],
      },
      { 200: answer('What the rows say.', json('Why')) },
    ),
  },
  '/v1/requests': {
    get: guarded(
      'approvals:read',
      {
        tags: ['Requests'],
        operationId: 'listRequests',
        summary: 'Who waits to be let in, the oldest first',
        parameters: PAGE,
      },
      { 200: answer('A page.', json('RequestList')) },
    ),
  },
  '/v1/requests/{email}/approve': {
    post: guarded(
      'approvals:write',
      {
        tags: ['Requests'],
        operationId: 'approveRequest',
        summary: 'Let an address in',
        description:
          'Approves it by the rules of every approval, and sends a link for the device that asked last. Name either `days` or `expiresAt`.',
        parameters: [EMAIL],
        ...takesJson('ApproveRequestBody'),
      },
      { 200: answer('It is approved.', json('RequestApproved')) },
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
        summary: 'Turn an address away',
        description: 'Nobody tells the person. Asking again does not put it back for 14 days.',
        parameters: [EMAIL],
        ...takesJson('DeclineBody'),
      },
      { 200: answer('It has left the queue.', json('RequestDeclined')) },
      'not_found',
      'already_decided',
      ...BODY_PROBLEMS,
    ),
  },
})
