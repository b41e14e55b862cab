import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { CONSOLE_API, routesOf } from '../../scripts/openapi/openapi.ts'
import { variables } from '../../src/base/variables.ts'
import { CONSOLE_ROUTES } from '../../src/console/app.ts'
import { consoleVariables } from '../../src/console/config.ts'

const text = readFileSync('docs/console.md', 'utf8')

it('has every route of the console with its guard, and no other', () => {
  const said = [...text.matchAll(/^\| `([A-Z]+ \/\S*)` \| (`\S+`) \|/gm)].map(
    ([, route, guard]) => `${route} ${guard}`,
  )
  const guards = CONSOLE_ROUTES.filter(({ errors }) => errors !== 'page').map(({ guard }) => guard)
  const routes = routesOf(CONSOLE_API).map((route, n) => `${route} \`${guards[n]}\``)
  expect(said.toSorted()).toEqual(routes.toSorted())
})

it('has every variable and secret that only the console reads', () => {
  const common = Object.keys(variables())
  const own = Object.keys(consoleVariables()).filter((name) => !common.includes(name))
  expect(own.length).toBeGreaterThan(3)
  for (const name of own) expect(text).toMatch(new RegExp(`^\\| \`${name}\` \\| `, 'm'))
})
