import { textOf, type Visitor } from './visitor.ts'

/** The reference floor has no message and no refresh. */
export function floorVisitor(origin: string): Visitor {
  let refreshToken = ''
  return {
    async 'sign-in'() {
      const body = JSON.stringify({ id: crypto.randomUUID() })
      const text = await textOf(fetch(`${origin}/sign-in`, { method: 'POST', body }), 200)
      refreshToken = (JSON.parse(text) as { refresh: string }).refresh
    },
    async check() {
      const headers = { Authorization: `Bearer ${refreshToken}` }
      await textOf(fetch(`${origin}/session`, { headers }), 200)
    },
  }
}
