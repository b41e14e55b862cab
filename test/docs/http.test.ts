import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { PUBLIC_API, routesOf } from '../../scripts/openapi/openapi.ts'
import { problems, schemas } from '../../scripts/openapi/schemas.ts'
import { ROUTES } from '../../src/app.ts'

const text = readFileSync('docs/http.md', 'utf8')
/** The first column of a table's rows in code quotes, without the quotes; then the other columns. */
const rowsOf = (header: string) =>
  text
    .slice(text.indexOf(`| ${header}`))
    .split('\n\n')[0]!
    .split('\n')
    .slice(2)
    .flatMap((line) => {
      const [, first, ...rest] = line.split('|').map((cell) => cell.trim())
      return /^`.+`$/.test(first!) ? [[first!.slice(1, -1), ...rest] as const] : []
    })

it('has every route of the Worker with its guard, and no other', () => {
  const said = rowsOf('route |').map(([route, guard]) => `${route} ${guard}`)
  const guards = ROUTES.map(({ guard }) => guard)
  const routes = routesOf(PUBLIC_API).map((route, n) => `${route} \`${guards[n]}\``)
  expect(said.toSorted()).toEqual(routes.toSorted())
})

it('has every problem with its status, and no other', () => {
  const said = rowsOf('`type`').map(([code, status]) => `${code} ${status}`)
  expect(said.toSorted()).toEqual(
    problems.map(({ code, status }) => `${code} ${status}`).toSorted(),
  )
})

it('has every OAuth error and told reason, and no other', () => {
  const { properties } = schemas['OAuthError'] as {
    properties: Record<'error' | 'latchkey_reason', { enum: string[] }>
  }
  const codes = rowsOf('`error`').map(([code]) => code)
  expect(codes.toSorted()).toEqual(properties.error.enum.toSorted())
  const reasons = rowsOf('`latchkey_reason`').map(([reason]) => reason)
  expect(reasons.toSorted()).toEqual(properties.latchkey_reason.enum.toSorted())
})
