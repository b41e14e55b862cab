import { CONSOLE_ROUTES, PAGE_ROUTES } from '../../../src/console/app.ts'
import { ROUTES } from '../../../src/app.ts'
import type { Observed } from '../workers.ts'
import { pathOf } from './answer.ts'

const DECLARED = new Set([...ROUTES, ...CONSOLE_ROUTES, ...PAGE_ROUTES].map(({ path }) => path))

const WORD = /^[a-z][a-z_]{0,39}$/
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** What a field of a line may hold. A field that is not here may hold a number, a yes or no, or one word. */
const FIELDS: Record<string, RegExp> = {
  time: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
  requestId: UUID,
  traceId: /^[0-9a-f]{32}$/,
  method: /^[A-Z]{1,20}$/,
  userId: /^usr_[\w-]{22}$/,
  subjectId: /^(?:usr|adr)_[\w-]{22,43}$/,
  sessionId: /^ses_[\w-]{22}$/,
  auditId: /^aud_[\w-]{20,60}$/,
  client: /^(?:client:)?(?:reader|writer|people)$/,
  resourceServer: /^[a-z-]{1,40}$/,
  error: /^[A-Za-z]{1,60}$/,
}

/** What a log line holds that is neither a word, a count nor an id. */
export function loggedInput({ lines, request }: Observed): string[] {
  const wrong: string[] = []
  const requests = lines.filter((line) => 'route' in line)
  // A line about the page behind a link would have the link beside it.
  const expected = /^\/link\//i.test(pathOf(request)) ? 0 : 1
  if (requests.length !== expected) wrong.push(`${requests.length} lines for one request`)
  for (const line of lines) {
    for (const [name, value] of Object.entries(line)) {
      if (typeof value === 'number' || typeof value === 'boolean') continue
      const values = Array.isArray(value) ? value : [value]
      const right = values.every((one) => typeof one === 'string' && isRight(name, one))
      if (!right) wrong.push(`the log has ${name}: ${JSON.stringify(value)}`)
    }
  }
  return wrong
}

function isRight(name: string, value: string): boolean {
  if (name === 'route') return value === '/*' || DECLARED.has(value)
  if (name === 'scopes') return /^[a-z]+:[a-z]+$/.test(value)
  return (FIELDS[name] ?? WORD).test(value)
}
