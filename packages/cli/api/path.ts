import { usage } from '../exit.ts'

/**
 * One segment of a path. Dots cannot be escaped in one: `sessions/..` would be another resource, and with DELETE the whole
 * person instead of a session.
 */
export function segment(text: string): string {
  if (!/^\.*$/.test(text)) return encodeURIComponent(text)
  throw usage(`${JSON.stringify(text)} is neither an address nor an id.`)
}
