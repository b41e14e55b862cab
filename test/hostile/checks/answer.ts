import { PAGE_ROUTES } from '../../../src/console/app.ts'
import { operationsAt, patternOf, type DocumentedAnswer } from '../document.ts'
import type { HostileRequest } from '../request.ts'
import type { Observed } from '../workers.ts'

/** Why an answer is not one that the document promises. Nothing, if it is. */
export function undocumented(sent: HostileRequest, observed: Observed): string[] {
  const { request, answer } = observed
  const { status } = answer
  if (status >= 500) return [`${status}: ${observed.text}`]
  const path = pathOf(request)
  const operations = operationsAt(sent.worker, path)
  // A HEAD is a GET without its body.
  const method = request.method === 'HEAD' ? 'GET' : request.method
  const operation = operations.find((one) => one.method === method)
  if (operation !== undefined) {
    const documented = operation.answers[status]
    if (documented !== undefined) return against(documented, observed)
    // Of every route, and so of routes that take no body.
    if (status === 413 && isTooLong(request)) return []
    return [`${operation.id} answers ${status}, which is not in the document: ${observed.text}`]
  }
  const pages = sent.worker === 'console' ? pagesAt(path) : []
  if (pages.some((one) => one.method === method)) return asPage(observed)
  const others = new Set([...operations, ...pages].map((one) => one.method))
  return asNoRoute(observed, [...others])
}

/** The path as it is in the URL: the Workers take no other spelling for it. */
export function pathOf({ url }: Request): string {
  const start = url.indexOf('/', url.indexOf('://') + 3)
  return url.slice(start).replace(/[?#][^]*$/, '')
}

const PAGES = PAGE_ROUTES.map(({ method, path }) => ({ method, pattern: patternOf(path) }))
const pagesAt = (path: string) => PAGES.filter(({ pattern }) => pattern.test(path))

function against(documented: DocumentedAnswer, { request, answer, text }: Observed): string[] {
  const { description, mediaType, validate, headers } = documented
  const wrong: string[] = []
  const timing = 'Server-Timing'
  if (headers.includes(timing) && !answer.headers.has(timing)) wrong.push(`${timing} is missing`)
  const said = [timing, 'Retry-After', 'WWW-Authenticate', 'DPoP-Nonce', 'ETag', 'Location']
  for (const name of said) {
    if (answer.headers.has(name) && !headers.includes(name)) {
      wrong.push(`the header ${name} of the answer ${answer.status} is not in the document`)
    }
  }
  const type = answer.headers.get('Content-Type')?.split(';')[0]
  if (type !== mediaType) wrong.push(`the content type is ${type}, and not ${mediaType}`)
  if (request.method === 'HEAD' || mediaType === undefined) {
    return text === '' ? wrong : [...wrong, `there is a body: ${text}`]
  }
  if (!mediaType.endsWith('json')) return wrong
  const body = parse(text)
  if (body === undefined) return [...wrong, `the body is not JSON: ${text}`]
  wrong.push(...validate(body).map((error) => `the body is not as documented: ${error}`))
  // The description of a refusal lists its codes.
  const code = answer.status < 400 ? undefined : (body as { type?: string; error?: string })
  const named = code?.type ?? code?.error
  if (named !== undefined && !description.includes(`\`${named}\``)) {
    wrong.push(`${named} is not documented for ${answer.status}`)
  }
  return wrong
}

const isTooLong = ({ headers }: Request) => Number(headers.get('Content-Length')) > 16 * 1024

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const PAGE_STATUSES = [200, 303, 400, 403, 404, 409, 410, 412, 413, 415, 429]

/** The pages of the console are not in the document: they answer with a page, a redirect of their own, or an asset. */
function asPage({ request, answer, text }: Observed): string[] {
  const { status, headers } = answer
  if (!PAGE_STATUSES.includes(status)) return [`a page answers ${status}`]
  const type = headers.get('Content-Type')
  const location = headers.get('Location')
  if (status === 303) {
    const own = location !== null && /^\/(?![/\\])[\x21-\x7e]*$/.test(location)
    return own && text === '' ? [] : [`leads to ${location}`]
  }
  if (pathOf(request).startsWith('/assets/')) {
    return /^text\/(?:css|javascript|html)\b/.test(type ?? '')
      ? []
      : [`an asset has the type ${type}`]
  }
  return type === 'text/html; charset=utf-8' ? [] : [`a page has the type ${type}`]
}

/** What the document says of every route: 404, 405 with `Allow`, and 403 for web pages of other origins. */
function asNoRoute({ request, answer, text }: Observed, methods: string[]): string[] {
  const { status, headers } = answer
  if (request.method === 'OPTIONS' && status === 204) return text === '' ? [] : ['a body']
  const foreign = request.headers.has('Origin') && !/^(GET|HEAD)$/.test(request.method)
  const allowed = [
    methods.length === 0 ? 404 : 405,
    ...(foreign ? [403] : []),
    ...(isTooLong(request) ? [413] : []),
  ]
  if (!allowed.includes(status)) return [`no such route, but ${status}: ${text}`]
  if (status === 405) {
    const allow = headers.get('Allow')?.split(', ') ?? []
    const right = methods.flatMap((one) => (one === 'GET' ? ['GET', 'HEAD'] : one))
    if (allow.toSorted().join() !== right.toSorted().join()) return [`Allow: ${allow.join()}`]
  }
  const type = headers.get('Content-Type') ?? ''
  return /^(?:application\/(?:problem\+)?json|text\/html; charset=utf-8)$/.test(type)
    ? []
    : [`the content type is ${type}`]
}
