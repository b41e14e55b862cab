import type { JsonSchema } from '../schemas.ts'

/** The parts of an OpenAPI document that the page shows. */
export type Document = {
  info: { title: string; version: string; summary: string; description: string }
  tags: { name: string; description: string }[]
  paths: Record<string, Record<string, Operation>>
  components: {
    schemas: Record<string, JsonSchema>
    responses: Record<string, Response>
    headers: Record<string, JsonSchema>
    securitySchemes: Record<string, SecurityScheme>
  }
}

export type Content = Record<string, { schema: JsonSchema }>
export type Response = {
  description: string
  headers?: Record<string, JsonSchema>
  content?: Content
}
export type SecurityScheme = { type: string; scheme?: string; in?: string; description?: string }
export type Parameter = {
  name: string
  in: 'path' | 'query' | 'header'
  description: string
  required?: boolean
  schema: JsonSchema
}
export type Operation = {
  operationId: string
  tags: string[]
  summary: string
  description?: string
  security: Record<string, string[]>[]
  parameters?: Parameter[]
  requestBody?: { content: Content }
  responses: Record<string, Response | JsonSchema>
}

/** An operation with its place. */
export type Placed = { method: string; path: string; operation: Operation }

export const operationsOf = ({ paths }: Document): Placed[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      operation,
    })),
  )

/** The name at the end of a `$ref`; undefined if the value is not a reference. */
export const nameOf = (value: JsonSchema | Response): string | undefined =>
  '$ref' in value ? String(value['$ref']).split('/').at(-1) : undefined

export function responseOf(document: Document, response: Response | JsonSchema): Response {
  const name = nameOf(response)
  return name === undefined ? (response as Response) : document.components.responses[name]!
}

/** Follows a reference to a schema. */
export function resolved(document: Document, schema: JsonSchema): JsonSchema {
  const name = nameOf(schema)
  return name === undefined ? schema : document.components.schemas[name]!
}

/** @returns the names of all schemas that a value refers to, each once. */
export const schemasIn = (value: unknown): Set<string> =>
  new Set(
    [...JSON.stringify(value).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(
      ([, name]) => name!,
    ),
  )
