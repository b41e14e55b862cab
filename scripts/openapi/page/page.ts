import { buildSync } from 'esbuild'
import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { escapeHtml } from '../../../src/base/html.ts'
import { operationsOf, responseOf, schemasIn, type Document, type Placed } from './document.ts'
import { contentsEntry, operationSection } from './operation.ts'
import { schemaAnchor, schemaBody } from './schema.ts'
import { code, link, paragraphs } from './text.ts'

/** The shell variable with the origin, in the commands. */
export type PageOptions = { document: Document; origin: string }

/** The start of an element at the beginning of a line, so that git can compare and merge two versions of a page. */
const BLOCK = /<(?=(?:section|h\d|ul|li|p|pre|div|nav|main|style)\b)/g

/** @returns the page as HTML. It has no script and loads nothing. */
export function docsPage({ document, origin }: PageOptions): string {
  const { info, tags, components } = document
  const operations = operationsOf(document)
  const owners = ownersOf(document, operations)
  const shared = Object.keys(components.schemas).filter((name) => !owners.has(name))
  const groups = tags.map((tag) => ({
    ...tag,
    anchor: tag.name.toLowerCase().replaceAll(' ', '-'),
    operations: operations.filter(({ operation }) => operation.tags.includes(tag.name)),
  }))
  const contents = [
    ...groups.map(
      ({ name, anchor, operations }) =>
        `<p>${link(anchor, name)}</p><ul>${operations.map(contentsEntry).join('')}</ul>`,
    ),
    `<p>${link('credentials', 'Credentials')}</p>`,
    `<p>${link('schemas', 'Schemas')}</p>`,
    `<ul>${shared.map((name) => `<li>${link(schemaAnchor(name), name)}</li>`).join('')}</ul>`,
  ].join('')
  const inlinedIn = ({ operation }: Placed) =>
    new Set([...owners].filter(([, id]) => id === operation.operationId).map(([name]) => name))

  return [
    `<!doctype html><html lang="en"><head><meta charset="utf-8">`,
    `<meta name="viewport" content="width=device-width, initial-scale=1">`,
    `<meta name="robots" content="noindex">`,
    `<title>${escapeHtml(info.title)} API</title><link rel="icon" href="data:,">`,
    `<style>${style()}</style></head><body>`,
    `<a class="skip" href="#main">Skip to the API</a>`,
    `<nav class="side" aria-label="Contents">${contents}</nav>`,
    `<main id="main"><header><h1>${escapeHtml(info.title)} API</h1>`,
    `<p class="lead">${escapeHtml(info.summary)} Version ${escapeHtml(info.version)}.</p>`,
    `<p><a href="/openapi.json">openapi.json</a> is this description for programs (OpenAPI 3.1).</p>`,
    `</header><details class="menu"><summary>Contents</summary><nav aria-label="Contents of the page">${contents}</nav></details>`,
    paragraphs(info.description),
    `<p>Members that are not marked <em>optional</em> are required in a request and always present in a response. `,
    `In the commands, replace what is in angle brackets, and set ${code(`$${origin}`)} to the origin of the service.</p>`,
    ...groups.map(
      ({ name, anchor, description, operations }) =>
        `<section id="${anchor}"><h2>${link(anchor, name)}</h2>${paragraphs(description)}${operations
          .map((one) => operationSection({ document, origin, inlined: inlinedIn(one) }, one))
          .join('')}</section>`,
    ),
    `<section id="credentials"><h2>${link('credentials', 'Credentials')}</h2>`,
    ...Object.entries(components.securitySchemes).map(
      ([name, scheme]) =>
        `<section id="credentials-${name}"><h3>${link(`credentials-${name}`, name)}</h3>${paragraphs(scheme.description)}${paragraphs(schemeText(scheme))}</section>`,
    ),
    `</section><section id="schemas"><h2>${link('schemas', 'Schemas')}</h2>`,
    ...shared.map((name) => {
      const anchor = schemaAnchor(name)
      return `<section id="${anchor}" class="schema"><h3>${link(anchor, name)}</h3>${schemaBody(components.schemas[name]!)}</section>`
    }),
    `</section></main></body></html>\n`,
  ]
    .join('')
    .replace(BLOCK, '\n<')
}

function schemeText({
  type,
  scheme,
  in: place,
}: Document['components']['securitySchemes'][string]) {
  if (type === 'http')
    return `The header \`Authorization: ${scheme?.replace(/^./, (first) => first.toUpperCase())} …\`.`
  if (type === 'oauth2')
    return 'An access token of a machine, with its scopes (RFC 6749 section 4.4).'
  return `A value in a ${place}.`
}

/** Schema → the operation that shows it, for schemas that are used once, and not by another schema. */
function ownersOf(document: Document, operations: Placed[]): Map<string, string> {
  const nested = schemasIn(Object.values(document.components.schemas))
  const users = new Map<string, string[]>()
  for (const { operation } of operations) {
    const { operationId, requestBody = {}, responses } = operation
    const bodies = Object.values(responses).map((response) => responseOf(document, response))
    for (const name of [requestBody, ...bodies].flatMap((body) => [...schemasIn(body)])) {
      users.set(name, [...(users.get(name) ?? []), operationId])
    }
  }
  return new Map(
    [...users].flatMap(([name, [first, ...others]]) =>
      others.length > 0 || nested.has(name) ? [] : [[name, first!] as const],
    ),
  )
}

function style(): string {
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(new URL('style.css', import.meta.url))],
    minify: true,
    write: false,
  })
  return outputFiles[0]!.text.trim()
}

/** The policy of a page: nothing but its own style, by its hash. */
export function policyFor(page: string): string {
  const [, css] = /<style>([^]*?)<\/style>/.exec(page)!
  const hash = createHash('sha256').update(css!).digest('base64')
  return `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`
}
