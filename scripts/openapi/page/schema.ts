import { code, inline, link } from './text.ts'
import { nameOf, type Parameter } from './document.ts'
import type { JsonSchema } from '../schemas.ts'

export const schemaAnchor = (name: string): string => `schema-${name}`

const listed = (schemas: unknown): JsonSchema[] => schemas as JsonSchema[]
const isNull = (schema: JsonSchema): boolean => schema['type'] === 'null'
const choices = (schema: JsonSchema): JsonSchema[] | undefined =>
  (schema['oneOf'] ?? schema['anyOf']) as JsonSchema[] | undefined

/** The type in a few words, such as `array of string`, or the values that are allowed. */
export function typeOf(schema: JsonSchema): string {
  const name = nameOf(schema)
  if (name !== undefined) return link(schemaAnchor(name), name)
  if ('const' in schema) return code(JSON.stringify(schema['const']))
  if ('enum' in schema) {
    return (schema['enum'] as unknown[]).map((value) => code(JSON.stringify(value))).join(' or ')
  }
  const either = choices(schema)
  if (either) return [...new Set(either.map(typeOf))].join(' or ')
  if (schema['type'] === 'array') return `array of ${typeOf(schema['items'] as JsonSchema)}`
  const { type, format } = schema as { type: string; format?: string }
  return format === undefined ? type : `${type} (${format})`
}

const LIMITS: [keyword: string, words: string][] = [
  ['minLength', 'minimum length %s'],
  ['maxLength', 'maximum length %s'],
  ['minimum', 'at least %s'],
  ['exclusiveMinimum', 'more than %s'],
  ['maximum', 'at most %s'],
  ['pattern', 'matches %s'],
  ['default', 'default %s'],
]
/** The largest number that a client in JavaScript can hold. As a limit, it says nothing. */
const NO_LIMIT: unknown[] = [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]

function limitsOf(schema: JsonSchema): string {
  const set = LIMITS.filter(([name]) => name in schema && !NO_LIMIT.includes(schema[name]))
  const said = set
    .filter(([name]) => name !== 'minLength' || schema[name] !== 0)
    .map(([name, words]) => words.replace('%s', () => code(String(schema[name]))))
  const [example] = (schema['examples'] ?? []) as string[]
  if (example !== undefined) said.push(`example ${code(example)}`)
  return said.length === 0 ? '' : `<p class="limits">${said.join(', ')}</p>`
}

const note = (schema: JsonSchema): string =>
  typeof schema['description'] === 'string' ? `<p>${inline(schema['description'])}</p>` : ''

/** The members of an object, or of the objects in a list or in a choice. Empty for other values. */
export function membersOf(schema: JsonSchema): string {
  if ('properties' in schema) {
    const required = (schema['required'] ?? []) as string[]
    const rows = Object.entries(schema['properties'] as Record<string, JsonSchema>).map(
      ([name, member]) => row(name, member, required.includes(name)),
    )
    return `<ul class="members">${rows.join('')}</ul>`
  }
  if (schema['type'] === 'array') return membersOf(schema['items'] as JsonSchema)
  const alternatives = (choices(schema) ?? []).filter((one) => !isNull(one))
  const shown = alternatives.map(membersOf).filter(Boolean)
  if (shown.length < 2) return shown.join('')
  return shown.map((one) => `<p class="either">One of the forms:</p>${one}`).join('')
}

/** One member: its name, type, purpose, limits, and its own members. */
function row(name: string, schema: JsonSchema, required: boolean): string {
  const inner = choices(schema)?.find((one) => !isNull(one))
  const described = 'description' in schema ? schema : (inner ?? schema)
  const limited = inner === undefined ? schema : { ...inner, ...schema }
  const optional = required ? '' : ' <em>optional</em>'
  return `<li>${code(name)} <span class="type">${typeOf(schema)}</span>${optional}${note(described)}${limitsOf(limited)}${membersOf(schema)}</li>`
}

export const parameterRow = ({ name, description, required, schema }: Parameter): string =>
  row(name, { ...schema, description }, required === true)

/** A schema without its name. */
export function schemaBody(schema: JsonSchema): string {
  const isObject = 'properties' in schema || choices(schema) !== undefined
  const type = isObject ? '' : `<p class="type">${typeOf(schema)}</p>`
  return `${note(schema)}${type}${isObject ? '' : limitsOf(schema)}${membersOf(schema)}`
}

/** Whether the value is a list of alternatives, such as the parameters of each grant. */
export const alternativesOf = (schema: JsonSchema): JsonSchema[] =>
  'oneOf' in schema && nameOf(listed(schema['oneOf'])[0]!) !== undefined
    ? listed(schema['oneOf'])
    : [schema]
