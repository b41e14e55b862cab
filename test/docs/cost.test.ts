import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { costTables } from '../../scripts/cost/cost.ts'

const page = readFileSync('docs/cost.md', 'utf8')

it.each(Object.entries(costTables()))('has the table %s as npm run cost prints it', (_, table) => {
  expect(page).toContain(`\n\n${table}\n\n`)
})
