import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Language, Parser, type Node } from 'web-tree-sitter'
import { beforeAll, describe, expect, it } from 'vitest'

/** No Swift compiler runs here: this is all that holds the sources of packages/swift to the language. */
const files = globSync('packages/swift/**/*.swift', { exclude: ['**/.build/**'] })

let parse: (text: string) => Node = () => expect.fail('the parser has not started')
beforeAll(async () => {
  await Parser.init()
  const grammar = import.meta.resolve('@repomix/tree-sitter-wasms/out/tree-sitter-swift.wasm')
  const swift = new Parser().setLanguage(await Language.load(fileURLToPath(grammar)))
  parse = (text) => swift.parse(text)!.rootNode
})

/** @returns the lines where the parser found something that is not Swift, or missed something. */
function errorsIn(text: string): string[] {
  const errors: string[] = []
  const visit = (node: Node): void => {
    if (node.isError || node.isMissing) {
      const { row, column } = node.startPosition
      errors.push(
        `${row + 1}:${column + 1} ${node.isMissing ? `${node.type} is missing` : 'not Swift'}`,
      )
    }
    for (const child of node.children) if (child?.hasError) visit(child)
  }
  visit(parse(text))
  return errors
}

describe.each(files)('%s', (file) => {
  it('is Swift, as far as a parser can tell', () => {
    expect(errorsIn(readFileSync(file, 'utf8'))).toEqual([])
  })
})

it('looks at the package, its sources, its tests and the sample', () => {
  const kinds = [
    'Package',
    'Sources/Latchkey/Latchkey',
    'Tests/LatchkeyTests/SignInTests',
    'Sample/SampleApp',
  ]
  expect(files).toEqual(expect.arrayContaining(kinds.map((kind) => `packages/swift/${kind}.swift`)))
})

it.each([
  ['a brace that is not closed', (text: string) => text.replace(/\}\s*$/, '')],
  ['a parenthesis that is not closed', (text: string) => text.replace('(', '')],
  [
    'a keyword that is no word of Swift',
    (text: string) => text.replace(/\bguard let\b/, 'guard lat x'),
  ],
  ['half a statement', (text: string) => text.replace(/ = try /, ' = = try ')],
])('finds %s', (_, spoil) => {
  const text = readFileSync('packages/swift/Sources/Latchkey/Refresh.swift', 'utf8')
  expect(spoil(text)).not.toBe(text)
  expect(errorsIn(spoil(text))).not.toEqual([])
})
