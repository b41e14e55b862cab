import { Validator, type Schema } from '@cfworker/json-schema'
import consoleDocument from '../../openapi-console.json'
import publicDocument from '../../openapi.json'
import type { HostileRequest } from './request.ts'

export type Json = Record<string, unknown>
export type Parameter = { name: string; in: 'path' | 'query' | 'header' }

export type DocumentedAnswer = {
  description: string
  headers: string[]
  /** Undefined: the answer has no body. */
  mediaType: string | undefined
  validate: (body: unknown) => string[]
}

export type Operation = {
  id: string
  method: string
  template: string
  parameters: Parameter[]
  /** The schemas of the body, by media type. */
  bodies: Record<string, Json>
  answers: Record<string, DocumentedAnswer>
}

type Worker = HostileRequest['worker']
const DOCUMENTS: Record<Worker, Json> = { public: publicDocument, console: consoleDocument }

const at = (value: unknown, name: string): Json =>
  (value as Record<string, Json> | undefined)?.[name] ?? {}

/** Follows a `$ref` within the document. */
export function resolve(worker: Worker, value: Json): Json {
  const ref = value['$ref']
  if (typeof ref !== 'string') return value
  const path = ref.slice(2).split('/')
  return path.reduce<Json>((found, part) => at(found, part), DOCUMENTS[worker])
}

/** Checks a value against a schema of the document. @returns what is wrong. */
export function validatorOf(worker: Worker, schema: Json): (body: unknown) => string[] {
  const whole = { ...schema, components: DOCUMENTS[worker]['components'] } as Schema
  let validator: Validator | undefined
  return (body) => {
    validator ??= new Validator(whole, '2020-12', false)
    const { errors } = validator.validate(body)
    return errors.map(({ instanceLocation, error }) => `${instanceLocation}: ${error}`)
  }
}

function answerOf(worker: Worker, raw: Json): DocumentedAnswer {
  const answer = resolve(worker, raw)
  const [content] = Object.entries((answer['content'] ?? {}) as Record<string, { schema: Json }>)
  return {
    description: String(answer['description']),
    headers: Object.keys((answer['headers'] ?? {}) as Json),
    mediaType: content?.[0],
    validate: content === undefined ? () => [] : validatorOf(worker, content[1].schema),
  }
}

function operationsOf(worker: Worker): Operation[] {
  const paths = DOCUMENTS[worker]['paths'] as Record<string, Record<string, Json>>
  return Object.entries(paths).flatMap(([template, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const responses = operation['responses'] as Record<string, Json>
      const content = at(operation['requestBody'], 'content') as Record<string, { schema: Json }>
      const bodies = Object.entries(operation['requestBody'] === undefined ? {} : content)
      return {
        id: String(operation['operationId']),
        method: method.toUpperCase(),
        template,
        parameters: ((operation['parameters'] ?? []) as Json[]).map(
          (one) => resolve(worker, one) as Parameter,
        ),
        bodies: Object.fromEntries(bodies.map(([type, { schema }]) => [type, schema])),
        answers: Object.fromEntries(
          Object.entries(responses).map(([status, raw]) => [status, answerOf(worker, raw)]),
        ),
      }
    }),
  )
}

export const OPERATIONS: Record<Worker, Operation[]> = {
  public: operationsOf('public'),
  console: operationsOf('console'),
}

/** A template such as `/v1/approvals/{email}`, or a route such as `/link/*`, as a pattern. */
export function patternOf(template: string): RegExp {
  const pattern = template
    .replace(/[.]/g, '\\.')
    // The page behind a link takes whatever stands behind it: broken links get a page too.
    .replace(/\/(?:\*|\{token\})$/, '(?:/.*)?')
    .replace(/\{\w+\}|:\w+/g, '[^/]+')
  return new RegExp(`^${pattern}$`)
}

const PATTERNS = new Map<Operation, RegExp>(
  Object.values(OPERATIONS).flatMap((all) => all.map((one) => [one, patternOf(one.template)])),
)

/** The documented operations at a path, those of exactly this path first: `import` is no address. */
export function operationsAt(worker: Worker, pathname: string): Operation[] {
  const isExact = ({ template }: Operation) => Number(template === pathname)
  return OPERATIONS[worker]
    .filter((one) => PATTERNS.get(one)!.test(pathname))
    .toSorted((a, b) => isExact(b) - isExact(a))
}
