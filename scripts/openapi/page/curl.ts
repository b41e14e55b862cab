import { alternativesOf } from './schema.ts'
import { resolved, type Content, type Document, type Placed } from './document.ts'
import type { JsonSchema } from '../schemas.ts'

/** The credentials of a command, by security scheme. The first one that an operation accepts is used. */
const CREDENTIALS: Record<string, string> = {
  Bearer: '-H "Authorization: Bearer $ACCESS_TOKEN"',
  Machine: '-H "Authorization: Bearer $ACCESS_TOKEN"',
  ResourceServer: '-u "$NAME:$SECRET"',
  Client: '-u "$NAME:$SECRET"',
}
const FORM = 'application/x-www-form-urlencoded'

/** @returns a value of the schema, or its name in angle brackets, for the reader to replace. */
function sample(name: string, given: JsonSchema): unknown {
  const schema = { ...(given['anyOf'] as JsonSchema[] | undefined)?.[0], ...given }
  const { examples, enum: values, type } = schema as Record<string, unknown[]>
  if ('const' in schema) return schema['const']
  return examples?.[0] ?? values?.[0] ?? (String(type) === 'string' ? `<${name}>` : 1)
}

/** A member for each that is required. If none is, the first one, so that the request has a body that changes something. */
function samples(schema: JsonSchema): Record<string, unknown> {
  const members = Object.entries(schema['properties'] as Record<string, JsonSchema>)
  const required = (schema['required'] ?? []) as string[]
  const chosen = members.filter(([name]) => required.includes(name))
  return Object.fromEntries(
    (chosen.length > 0 ? chosen : members.slice(0, 1)).map(([name, member]) => [
      name,
      sample(name, member),
    ]),
  )
}

/** The body's options, once for each form that it may have. */
function bodies(document: Document, content: Content | undefined): string[][] {
  if (content === undefined) return [[]]
  if ('text/csv' in content)
    return [["-H 'Content-Type: text/csv'", '--data-binary @approvals.csv']]
  const [[type, { schema }]] = Object.entries(content) as [[string, { schema: JsonSchema }]]
  return alternativesOf(schema).map((one) => {
    const values = samples(resolved(document, one))
    return type === FORM
      ? Object.entries(values).map(([name, value]) => `--data-urlencode '${name}=${String(value)}'`)
      : [`-H 'Content-Type: ${type}'`, `-d '${JSON.stringify(values)}'`]
  })
}

/** @returns a command for each form of the request. @param origin the name of the shell variable for the host. */
export function commandsFor(
  document: Document,
  { method, path, operation }: Placed,
  origin: string,
): string[] {
  const { security, parameters = [], requestBody } = operation
  const accepted = security.flatMap((one) => Object.keys(one))
  const credentials = Object.entries(CREDENTIALS).find(([name]) => accepted.includes(name))?.[1]
  const query = parameters
    .filter((one) => one.in === 'query' && one.required)
    .map(({ name }) => `${name}=<${name}>`)
  const conditions = parameters.filter(({ name }) => name === 'If-Match')
  const url = `${path.replace(/\{(\w+)\}/g, '<$1>')}${query.length > 0 ? `?${query.join('&')}` : ''}`
  const start = method === 'GET' ? 'curl' : `curl -X ${method}`
  return bodies(document, requestBody?.content).map((body) =>
    [
      `${start} "$${origin}${url}"`,
      ...(credentials === undefined ? [] : [credentials]),
      ...conditions.map(() => `-H 'If-Match: <etag>'`),
      ...body,
    ].join(' \\\n  '),
  )
}
