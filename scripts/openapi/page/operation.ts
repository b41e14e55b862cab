import { escapeHtml } from '../../../src/base/html.ts'
import { commandsFor } from './curl.ts'
import {
  nameOf,
  responseOf,
  type Content,
  type Document,
  type Operation,
  type Placed,
} from './document.ts'
import {
  alternativesOf,
  membersOf,
  parameterRow,
  schemaAnchor,
  schemaBody,
  typeOf,
} from './schema.ts'
import { code, inline, link, paragraphs } from './text.ts'

/** What the section of an operation needs. `inlined` has the schemas that only this operation uses. */
export type OperationContext = { document: Document; origin: string; inlined: Set<string> }

const verb = (method: string): string =>
  `<span class="verb ${method.toLowerCase()}">${method}</span>`

/** An entry of the contents. */
export const contentsEntry = ({ method, operation }: Placed): string =>
  `<li><a href="#${operation.operationId}">${verb(method)} ${escapeHtml(operation.summary)}</a></li>`

export function operationSection(context: OperationContext, placed: Placed): string {
  const { document, origin } = context
  const { method, path, operation } = placed
  const { operationId, summary, description, parameters = [], requestBody } = operation
  const commands = commandsFor(document, placed, origin)
  return [
    `<section id="${operationId}" class="operation">`,
    `<h3>${link(operationId, summary)}</h3>`,
    `<p class="route">${verb(method)} ${code(path)}</p>`,
    paragraphs(description),
    `<p class="credentials">${credentials(document, operation)}</p>`,
    // A keyboard must be able to scroll a long line.
    ...commands.map((command, index) => {
      const label = `curl${commands.length > 1 ? ` ${index + 1}` : ''}: ${summary}`
      return `<pre tabindex="0" role="region" aria-label="${escapeHtml(label)}"><code>${escapeHtml(command)}</code></pre>`
    }),
    ...(parameters.length === 0
      ? []
      : [`<h4>Parameters</h4><ul class="members">${parameters.map(parameter).join('')}</ul>`]),
    ...(requestBody === undefined
      ? []
      : [`<h4>Request body</h4>${contentOf(context, requestBody.content)}`]),
    `<h4>Responses</h4><ul class="responses">`,
    ...Object.entries(operation.responses).map(([status, response]) =>
      responseRow(context, status, response),
    ),
    `</ul></section>`,
  ].join('')
}

const parameter = (one: Parameters<typeof parameterRow>[0]): string =>
  parameterRow(one).replace('<span class="type">', `<span class="in">${one.in}</span> $&`)

function credentials({ components }: Document, { security }: Operation): string {
  if (security.length === 0) return 'Credentials: none.'
  const said = security.map((one) =>
    Object.entries(one)
      .map(([name, scopes]) => {
        const scope = scopes.length === 0 ? '' : ` with ${scopes.map(code).join(', ')}`
        return `${components.securitySchemes[name] ? link(`credentials-${name}`, name) : ''}${scope}`
      })
      .join(' and '),
  )
  return `Credentials: ${said.join(' or ')}.`
}

function responseRow(
  context: OperationContext,
  status: string,
  response: Operation['responses'][string],
): string {
  const { description, headers = {}, content } = responseOf(context.document, response)
  const own = Object.keys(headers).filter((name) => name !== 'X-Request-Id')
  const sent = own.length === 0 ? '' : `<p class="limits">Headers: ${own.map(code).join(', ')}</p>`
  const body = content === undefined ? '' : contentOf(context, content)
  const kind = status.startsWith('2') ? 'good' : 'bad'
  return `<li><span class="status ${kind}">${status}</span> ${inline(description)}${sent}${body}</li>`
}

/** The media types, and the schema. Several media types of one content have the same schema. */
function contentOf({ document, inlined }: OperationContext, content: Content): string {
  const types = Object.keys(content).map(code).join(' or ')
  const schemas = alternativesOf(Object.values(content)[0]!.schema)
  const linked = schemas.filter((schema) => !inlined.has(nameOf(schema) ?? ''))
  const named = linked.filter((schema) => nameOf(schema) !== undefined).map(typeOf)
  const names = named.length === 0 ? '' : `, ${named.join(' or ')}`
  const shown = schemas.flatMap((schema) => {
    const name = nameOf(schema)
    if (name === undefined) return [membersOf(schema)]
    return inlined.has(name) ? [namedSchema(document, name)] : []
  })
  return `<p class="media">${types}${names}</p>${shown.join('<p class="either">or</p>')}`
}

/** A schema that no other operation has. */
const namedSchema = ({ components }: Document, name: string): string =>
  `<div id="${schemaAnchor(name)}" class="schema"><p class="name">${code(name)}</p>${schemaBody(components.schemas[name]!)}</div>`
