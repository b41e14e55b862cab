import type * as z from 'zod/mini'
import type { Caller } from '../base/caller.ts'
import { concatBytes } from '../base/encoding.ts'
import { OAuthError } from './oauth-error.ts'
import { Problem, type BadMember } from './problem.ts'
import type { AppContext } from './scope.ts'

export const MAX_BODY_BYTES = 16 * 1024

export const bodyTooLarge = (limit: number = MAX_BODY_BYTES): Problem =>
  new Problem('payload_too_large', { detail: `The limit is ${limit} bytes.` })

/**
 * Reads and checks a JSON body. It must be UTF-8 without a byte order mark, and must not have duplicate members,
 * because parsers handle both differently.
 * @throws Problem 415 for another media type, 400 with a JSON pointer for each invalid member.
 */
export async function readJson<T extends z.ZodMiniType>(
  c: AppContext,
  schema: T,
): Promise<z.output<T>> {
  const value = await readJsonValue(c)
  const result = schema.safeParse(value)
  if (!result.success) throw new Problem('invalid_request', { errors: badMembers(result.error) })
  return result.data
}

async function readJsonValue(c: AppContext, contentType = typeOf(c)): Promise<unknown> {
  requireMediaType(c, contentType, 'application/json')
  const text = await readText(c)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Problem('invalid_request', { detail: 'The body is not valid JSON.' })
  }
  if (repeatsName(text, value)) {
    throw new Problem('invalid_request', { detail: 'The body has a duplicate member.' })
  }
  return value
}

/**
 * Reads and checks the query. No name may be repeated.
 * @throws Problem 400 with a pointer for each invalid parameter.
 */
export function readQuery<T extends z.ZodMiniType>(c: AppContext, schema: T): z.output<T> {
  const names = new Set<string>()
  for (const [name] of new URL(c.req.url).searchParams) {
    if (names.has(name))
      throw new Problem('invalid_request', { detail: 'The query has a duplicate parameter.' })
    names.add(name)
  }
  const result = schema.safeParse(c.req.query())
  if (!result.success) throw new Problem('invalid_request', { errors: badMembers(result.error) })
  return result.data
}

/**
 * Reads an OAuth request: a form (RFC 6749 section 3.2), or the same parameters as JSON. No parameter may be
 * repeated.
 */
export async function readOAuthParameters(c: AppContext): Promise<Record<string, unknown>> {
  const contentType = typeOf(c)
  if (mediaType(contentType) === 'application/json') {
    const value = await readJsonValue(c, contentType)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>
    }
    throw new OAuthError('invalid_request', 'The body is not a JSON object.')
  }
  requireMediaType(c, contentType, 'application/x-www-form-urlencoded')
  const parameters: Record<string, unknown> = Object.create(null)
  for (const [name, value] of new URLSearchParams(await readText(c))) {
    if (name in parameters)
      throw new OAuthError('invalid_request', 'The body has a duplicate parameter.')
    // RFC 6749 section 3.2: a parameter without a value counts as omitted.
    if (value !== '') parameters[name] = value
  }
  return parameters
}

/**
 * Checks the parameters. Unknown ones are ignored (RFC 6749 section 3.2).
 * @throws OAuthError invalid_request that names the invalid parameters.
 */
export function parseParameters<T extends z.ZodMiniType>(
  schema: T,
  parameters: Record<string, unknown>,
): z.output<T> {
  const result = schema.safeParse(parameters)
  if (result.success) return result.data
  const named = badMembers(result.error).map(
    ({ pointer, detail }) => `${pointer.slice(2)} ${detail}`,
  )
  throw new OAuthError('invalid_request', named.join('; '))
}

/** Reads a body of one media type as text. It must be UTF-8. @throws Problem 415, 413 or 400. */
export async function readTextOf(c: AppContext, type: string, limit: number): Promise<string> {
  requireMediaType(c, typeOf(c), type)
  return readText(c, limit)
}

const typeOf = (c: AppContext) => c.req.header('Content-Type') ?? ''

const mediaType = (contentType: string) => contentType.split(';')[0]!.trim().toLowerCase()

function requireMediaType(c: AppContext, contentType: string, type: string): void {
  const charset = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(contentType)?.[1] ?? 'utf-8'
  const encoded = (c.req.header('Content-Encoding') ?? 'identity') !== 'identity'
  if (mediaType(contentType) === type && !encoded && charset.toLowerCase() === 'utf-8') return
  throw new Problem('unsupported_media_type', { detail: `Send ${type} in UTF-8, uncompressed.` })
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

async function readText(c: AppContext, limit: number = MAX_BODY_BYTES): Promise<string> {
  try {
    return decoder.decode(await readBytes(c.req.raw, limit))
  } catch (error) {
    // Reading also fails if the client disconnects, or if its chunked encoding is broken.
    throw error instanceof Problem
      ? error
      : new Problem('invalid_request', { detail: 'The body is cut off, or not valid UTF-8.' })
  }
}

/** A chunked body has no Content-Length, so its bytes are counted as they arrive. @throws Problem 413. */
async function readBytes(request: Request, limit: number): Promise<Uint8Array> {
  if (request.headers.has('Content-Length')) {
    const bytes = new Uint8Array(await request.arrayBuffer())
    if (bytes.length > limit) throw bodyTooLarge(limit)
    return bytes
  }
  if (request.body === null) return new Uint8Array()
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of request.body as ReadableStream<Uint8Array>) {
    length += chunk.length
    if (length > limit) throw bodyTooLarge(limit)
    chunks.push(chunk)
  }
  return concatBytes(...chunks)
}

/**
 * Compares the number of names in the text and in the value, because JSON.parse keeps only the last of two equal
 * names.
 */
function repeatsName(text: string, value: unknown): boolean {
  const names = text.match(/"(?:[^"\\]|\\.)*"(?:\s*:)?/g)?.filter((s) => s.endsWith(':')) ?? []
  let kept = 0
  for (const pending = [value]; pending.length > 0;) {
    const next = pending.pop()
    if (typeof next !== 'object' || next === null) continue
    if (!Array.isArray(next)) kept += Object.keys(next).length
    pending.push(...(Object.values(next) as unknown[]))
  }
  return names.length !== kept
}

/**
 * The invalid members, each with a JSON pointer (as in the example of RFC 9457 section 3), and never with its value.
 */
export function badMembers(error: z.core.$ZodError): BadMember[] {
  return error.issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        pointer: toPointer([...issue.path, key]),
        detail: 'is not a known member of this request',
      }))
    }
    return [{ pointer: toPointer(issue.path), detail: explain(issue) }]
  })
}

const toPointer = (path: readonly PropertyKey[]) =>
  `#${path.map((part) => `/${encodeURIComponent(String(part).slice(0, 64).toWellFormed().replace(/~/g, '~0').replace(/\//g, '~1'))}`).join('')}`

function explain(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return `is missing or not of type ${issue.expected}`
  if (issue.code === 'too_small') return `is too short: at least ${issue.minimum}`
  if (issue.code === 'too_big') return `is too long: at most ${issue.maximum}`
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.join(', ')}`
  return issue.message === '' || issue.message === 'Invalid input' ? 'is malformed' : issue.message
}

/** User-Agent is the only header that it reads and that a caller can choose. Cloudflare sets CF-Connecting-IP. */
export function callerOf(c: AppContext): Caller {
  const userAgent = (c.req.header('User-Agent') ?? '').replace(/[^\x20-\x7e]/g, '?').slice(0, 256)
  const ip = c.req.header('CF-Connecting-IP') ?? ''
  return { ipAddress: /^[0-9A-Fa-f.:]{2,45}$/.test(ip) ? ip : 'unknown', userAgent }
}
