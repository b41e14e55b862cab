import { globSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const runbook = readFileSync('docs/runbook.md', 'utf8')
const sections = runbook.split('\n## ').slice(1)
const titleOf = (section: string): string => section.split('\n')[0]!
const tests = globSync('test/{runbook,scripts/restore}.test.ts')
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n')
const namesIn = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, name]) => name!.replace(/\s+/g, ' '))

/** The names after "Tried here:", up to the end of the sentence or paragraph. */
const tried = sections.flatMap((section) =>
  namesIn(section, /\*\*Tried here:\*\*([^]*?)(?:\*\*Not|$)/g).flatMap((text) =>
    namesIn(text, /`([^`]+)`/g),
  ),
)

it('says of every section what is tried, and what cannot be tried here', () => {
  const steps = sections.filter((section) => titleOf(section) !== 'Before something happens')
  expect(steps.length).toBeGreaterThan(9)
  for (const section of steps) expect(section, titleOf(section)).toContain('**Not tried here:**')
  // It is about IAM alone.
  const untried = steps.filter((section) => !section.includes('**Tried here:**'))
  expect(untried.map(titleOf)).toEqual(['Rotate an AWS key'])
})

it('names tests that exist, and every test of the runbook', () => {
  expect(tried.length).toBeGreaterThan(11)
  for (const name of tried) expect(tests).toContain(`'${name}'`)
  const plays = namesIn(readFileSync('test/runbook.test.ts', 'utf8'), /^ {2}it\('([^']+)'/gm)
  expect(plays.length).toBeGreaterThan(9)
  expect(plays.filter((name) => !tried.includes(name))).toEqual([])
})

it('names only npm scripts that exist', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: object }
  for (const name of namesIn(runbook, /npm run (?:--silent )?([\w:-]+)/g)) {
    expect(Object.keys(scripts)).toContain(name)
  }
})
