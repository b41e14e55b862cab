import { globSync, readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const guide = readFileSync('CONTRIBUTING.md', 'utf8')
const ignored = new Set(
  readFileSync('.gitignore', 'utf8')
    .split('\n')
    .map((line) => line.replace(/^\/|\/$/g, '')),
)

/** The folders in a folder that git keeps. */
const foldersIn = (parent: string): string[] =>
  readdirSync(parent, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== '.git' && !ignored.has(entry.name))
    .map((entry) => `${parent === '.' ? '' : `${parent}/`}${entry.name}/`)

it('maps every folder, and no other', () => {
  const mapped = [...guide.matchAll(/^\| `([\w./-]+\/)` \|/gm)].map(([, folder]) => folder!)
  const top = foldersIn('.').filter((folder) => folder !== 'packages/')
  expect(mapped.toSorted()).toEqual(
    [...top, ...foldersIn('src'), ...foldersIn('packages')].toSorted(),
  )
})

it('names only commands that package.json has', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: object }
  const named = [...guide.matchAll(/`npm (?:run )?(?!run\b)([\w:-]+)/g)].map(([, name]) => name!)
  expect(named.length).toBeGreaterThan(10)
  expect([...new Set(named)].filter((name) => !(name in scripts))).toEqual([])
})

it('names in its recipes only identifiers that exist in the code', () => {
  const code = globSync('{src,scripts,dev,link-page,packages,test}/**/*.ts', {
    exclude: (path) => path.includes('node_modules') || path.includes('dist'),
  })
  const text = code.map((file) => readFileSync(file, 'utf8')).join('\n')
  const [, recipes = ''] = guide.split('\n## Recipes\n')
  const names = [...recipes.matchAll(/`([A-Za-z_]{4,})(?:\(\w*\))?`/g)].map(([, name]) => name!)
  expect(names.length).toBeGreaterThan(20)
  expect([...new Set(names)].filter((name) => !text.includes(name))).toEqual([])
})
