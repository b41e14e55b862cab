import { operationsAt, validatorOf } from '../document.ts'
import { CALLERS } from '../people.ts'
import type { HostileRequest } from '../request.ts'
import type { Observed } from '../workers.ts'
import { pathOf } from './answer.ts'

/** Operations of the public Worker that may write when they succeed. */
const WRITE = [
  'askForLink',
  'resendLink',
  'token',
  'revoke',
  'endSession',
  'endSessions',
  'deleteAccount',
]
/** Forms of the console that anyone may send: each is a step of a sign-in. */
const SIGN_IN = /^\/(?:sign-in(?:\/code|\/resend)?|link|sign-out)$/

/** A write or a message that should not have been. */
export function unexpectedEffect(sent: HostileRequest, observed: Observed): string[] {
  const { writes, mails, request, answer } = observed
  const path = pathOf(request)
  const wrong = acceptsInvalid(sent, observed)
  if (writes.length + mails.length === 0) return wrong
  const did = writes.map(({ operation, body }) => `${operation} ${JSON.stringify(body)}`)
  const complaint = [
    ...wrong,
    `${answer.status}, and an effect: ${[...did, ...mails.map(() => 'a mail')].join('; ')}`,
  ]
  if (['GET', 'HEAD', 'OPTIONS'].includes(request.method)) return complaint
  const isCode = countsTry(path, observed)
  if (answer.status >= 400) return isCode ? wrong : complaint
  if (sent.worker === 'public') {
    const operation = operationsAt('public', path).find((one) => one.method === request.method)
    return operation !== undefined && WRITE.includes(operation.id) ? wrong : complaint
  }
  const staff = CALLERS.console[sent.caller]?.staff === true
  if (path === '/v1/token') return complaint
  return staff || SIGN_IN.test(path) ? wrong : complaint
}

/** A wrong code is counted, and a person without a role is signed out at once: refusals that write. */
function countsTry(path: string, { bytes }: Observed): boolean {
  if (path === '/sign-in/code' || path === '/link') return true
  return path === '/v1/token' && new TextDecoder().decode(bytes).includes('grant-type')
}

/** A body that the document forbids must be refused. */
function acceptsInvalid(sent: HostileRequest, { request, bytes, answer }: Observed): string[] {
  if (answer.status >= 400) return []
  const operation = operationsAt(sent.worker, pathOf(request)).find(
    ({ method }) => method === request.method,
  )
  const schema = operation?.bodies['application/json']
  if (schema === undefined) return []
  let body: unknown
  try {
    body = readBody(request, bytes)
  } catch {
    return [`accepted a body that is no text: ${answer.status}`]
  }
  const errors = validatorOf(sent.worker, schema)(body)
  return errors.length === 0 ? [] : [`accepted what the document forbids: ${errors.join('; ')}`]
}

function readBody(request: Request, bytes: Uint8Array): unknown {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  const type = request.headers.get('Content-Type')?.toLowerCase() ?? ''
  if (type.startsWith('application/json')) return JSON.parse(text)
  const named = [...new URLSearchParams(text)].filter(([, value]) => value !== '')
  return Object.fromEntries(named)
}
