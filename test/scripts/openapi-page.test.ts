import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { CONSOLE_API, filesOf, openapiText, PUBLIC_API } from '../../scripts/openapi/openapi.ts'
import { operationsOf, type Document } from '../../scripts/openapi/page/document.ts'
import { STATIC_PATHS } from '../../scripts/openapi/page/files.ts'
import { docsPage, policyFor } from '../../scripts/openapi/page/page.ts'
import { SECURITY_HEADERS } from '../../src/http/headers.ts'

const APIS = [PUBLIC_API, CONSOLE_API].map((api) => {
  const text = readFileSync(api.file, 'utf8')
  const page = readFileSync(`${api.assets}/docs.html`, 'utf8')
  return { name: api.assets, api, text, document: JSON.parse(text) as Document, page }
})
const plain = (html: string): string =>
  html.replace(/&(?:amp|lt|gt|quot|#39);/g, (one) =>
    one === '&amp;'
      ? '&'
      : one === '&lt;'
        ? '<'
        : one === '&gt;'
          ? '>'
          : one === '&#39;'
            ? "'"
            : '"',
  )

describe.each(APIS)('works: the page of $name', ({ api, text, document, page }) => {
  it('is up to date, like the files beside it: npm run openapi', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
    for (const [file, made] of Object.entries(filesOf(api, openapiText(api, version)))) {
      expect([file, readFileSync(file, 'utf8')]).toEqual([file, made])
    }
  })

  it('has each operation once, with its method and its path', () => {
    const sections = [
      ...page.matchAll(
        /<section id="(\w+)" class="operation">[^]*?<span class="verb \w+">(\w+)<\/span> <code>([^<]+)/g,
      ),
    ].map(([, id, method, path]) => `${id} ${method} ${path}`)
    const operations = operationsOf(document).map(
      ({ method, path, operation }) => `${operation.operationId} ${method} ${path}`,
    )
    expect(sections.toSorted()).toEqual(operations.toSorted())
  })

  it('has an anchor for each schema, and for each link', () => {
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id!)
    expect(new Set(ids).size).toBe(ids.length)
    const wanted = Object.keys(document.components.schemas).map((name) => `schema-${name}`)
    const linked = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id!)
    expect([...wanted, ...linked].filter((id) => !ids.includes(id))).toEqual([])
  })

  it('has a command for each operation that a shell can read', () => {
    const commands = [...page.matchAll(/<pre [^>]+><code>([^]*?)<\/code><\/pre>/g)].map(
      ([, command]) => plain(command!),
    )
    expect(commands.length).toBeGreaterThanOrEqual(operationsOf(document).length)
    const { status, stderr } = spawnSync('sh', ['-n'], { input: commands.join('\n') })
    expect([status, String(stderr)]).toEqual([0, ''])
  })

  it('has no script, loads nothing, and allows only its own style', () => {
    expect(page).not.toMatch(
      /<script|<link rel="(?!icon" href="data:)|\son\w+=|\sstyle=|javascript:/,
    )
    expect(page).not.toMatch(/(?:src|href)="(?!#|\/openapi\.json"|data:,")/)
    expect(page).not.toMatch(/url\(|@import/)
    expect(page.match(/<style>/g)).toHaveLength(1)
    expect(readFileSync(`${api.assets}/_headers`, 'utf8')).toContain(policyFor(page))
  })

  it('has the security headers of the Worker', () => {
    const headers = readFileSync(`${api.assets}/_headers`, 'utf8')
    const blocks = headers.split(/^(?=\/)/m)
    expect(blocks.map((block) => block.split('\n')[0])).toEqual(STATIC_PATHS)
    const { 'Content-Security-Policy': policy, 'Cache-Control': _, ...others } = SECURITY_HEADERS
    for (const block of blocks) {
      for (const [name, value] of Object.entries(others))
        expect(block).toContain(`${name}: ${value}`)
    }
    expect(blocks[1]).toContain(policy)
  })

  it('shows text of the document as text', () => {
    const hostile = JSON.parse(
      text.replaceAll('"summary": "', '"summary": "<img src=x>'),
    ) as Document
    const shown = docsPage({ document: hostile, origin: 'X' })
    expect(shown).toContain('&lt;img src=x&gt;')
    expect(shown).not.toContain('<img')
  })

  it('is at no path of a route of the Worker', () => {
    const paths = api.routes.map(({ path }) => path)
    expect(STATIC_PATHS.filter((path) => paths.includes(path))).toEqual([])
  })
})

it('wrangler.toml serves only these paths without the Worker, on both hosts', () => {
  const rules = readFileSync('wrangler.toml', 'utf8').match(/^run_worker_first = .+$/gm)
  const expected = JSON.stringify(['/*', ...STATIC_PATHS.map((path) => `!${path}`)], null, 1)
  const line = `run_worker_first = ${expected.replace(/\n ?/g, ' ').replace(/\[ | \]/g, (s) => s.trim())}`
  // The public Worker in staging inherits them.
  expect(rules).toEqual([line, line, line])
})
