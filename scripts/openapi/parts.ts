import type { JsonSchema } from './schemas.ts'
import type { OAuthErrorCode } from '../../src/http/oauth-error.ts'

/** A problem, with the properties that a document shows. */
export type DescribedProblem<Code extends string> = {
  code: Code
  type: string
  status: number
  title: string
}

export const ref = (kind: string, name: string): JsonSchema => ({
  $ref: `#/components/${kind}/${name}`,
})
export const json = (schema: string, type = 'application/json'): JsonSchema => ({
  content: { [type]: { schema: ref('schemas', schema) } },
})

/** Every response has this header. */
const REQUEST_ID = { 'X-Request-Id': ref('headers', 'X-Request-Id') }
export const header = (name: string): JsonSchema => ({ [name]: ref('headers', name) })

export function answer(
  description: string,
  body: JsonSchema = {},
  headers: JsonSchema = {},
): JsonSchema {
  return { description, headers: { ...REQUEST_ID, ...headers }, ...body }
}

export const takesJson = (schema: string): JsonSchema => ({
  requestBody: { required: true, ...json(schema) },
})
export function takesForm(...names: string[]): JsonSchema {
  const refs = names.map((name) => ref('schemas', name))
  const schema = refs.length === 1 ? refs[0] : { oneOf: refs }
  const content = {
    'application/x-www-form-urlencoded': { schema },
    'application/json': { schema },
  }
  return { requestBody: { required: true, content } }
}

export const inQuery = (name: string, description: string, schema: JsonSchema): JsonSchema => ({
  name,
  in: 'query',
  description,
  schema,
})

export const inPath = (
  name: string,
  description: string,
  schema: JsonSchema = { type: 'string' },
): JsonSchema => ({ name, in: 'path', description, required: true, schema })

export const open = (tag: string, more: JsonSchema): JsonSchema => ({
  tags: [tag],
  security: [],
  ...more,
})

export function statusIs(status: string): JsonSchema {
  const schema = { type: 'object', required: ['status'], properties: { status: { const: status } } }
  return { content: { 'application/json': { schema } } }
}

export const SERVER_PROBLEMS = ['internal', 'misconfigured', 'unavailable'] as const
export const BODY_PROBLEMS = [
  'origin_not_allowed',
  'payload_too_large',
  'unsupported_media_type',
] as const
export const COMMON_OAUTH_ERRORS: Record<number, OAuthErrorCode[]> = {
  403: ['invalid_request'],
  413: ['invalid_request'],
  415: ['invalid_request'],
  500: ['server_error'],
  503: ['temporarily_unavailable'],
}

/** Creates the error responses of one document. @param errorHeaders by status. */
export function createRefusals<Code extends string>(
  problems: readonly DescribedProblem<Code>[],
  errorHeaders: Record<number, JsonSchema>,
) {
  /** Each error response once, named after its codes. The operations refer to them. */
  const responses: Record<string, JsonSchema> = {}

  function shared(name: string, response: JsonSchema): JsonSchema {
    responses[name] = response
    return ref('responses', name)
  }

  /** The responses for these problems, one for each status. */
  function refusals(...codes: Code[]): Record<string, JsonSchema> {
    const named = problems.filter(({ code }) => codes.includes(code))
    const byStatus = Object.entries(Object.groupBy(named, ({ status }) => status))
    return Object.fromEntries(
      byStatus.map(([status, all = []]) => {
        const description = all.map(({ title, type }) => `${title}: \`${type}\`.`).join(' ')
        const body = json('Problem', 'application/problem+json')
        const name = all.map(({ code }) => code).join('-')
        return [status, shared(name, answer(description, body, errorHeaders[Number(status)]))]
      }),
    )
  }

  /** The responses for OAuth errors, one for each status. */
  function oauthRefusals(codes: Record<number, OAuthErrorCode[]>): Record<string, JsonSchema> {
    return Object.fromEntries(
      Object.entries(codes).map(([status, errors]) => {
        const nonce = errors.includes('use_dpop_nonce') ? header('DPoP-Nonce') : {}
        const description = errors.map((error) => `\`${error}\``).join(', ')
        const headers = { ...nonce, ...errorHeaders[Number(status)] }
        const name = `oauth-${status}-${errors.length}`
        return [status, shared(name, answer(description, json('OAuthError'), headers))]
      }),
    )
  }

  return { responses, refusals, oauthRefusals }
}
