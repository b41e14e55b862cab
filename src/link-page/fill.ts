import { escapeHtml } from '../base/html.ts'

/** What every built page leaves open. */
export type Look = {
  appName: string
  /** The first character of the app's name. */
  initial: string
  /** `#rrggbb` */
  brandColor: string
  /** What is readable on it. */
  brandInk: string
}

/** What the page of a link leaves open as well. */
export type LinkValues = {
  /** Our own seal of the link. */
  token: string
  /** Six digits. */
  code: string
  /** The digits one by one, for screen readers. */
  spokenCode: string
  /** The masked address; empty for a link by SMS, which does not know it. */
  account: string
  /** `15 minutes`, in the language of the page. */
  timeLeft: string
  /** Opens the app. */
  appUrl: string
  /** Opens the app on Android; empty while its package is not configured. */
  intentUrl: string
  /** `yes` or `no`: whether a browser may sign in. It has no key to prove (RFC 9449). */
  browser: string
}

export type PageValues = Look & LinkValues

/**
 * Writes each value, escaped, in place of its `{{name}}`: as text or in a quoted attribute. In one pass, so
 * that a value that looks like a name stays as it is.
 * @throws TypeError for a name without a value: the page was built for another Worker.
 */
export function fill(template: string, values: Partial<PageValues>): string {
  const given = new Map(Object.entries(values))
  return template.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = given.get(name)
    if (value === undefined) throw new TypeError(`no value for {{${name}}}`)
    return escapeHtml(value)
  })
}
