import { escapeHtml } from '../base/html.ts'

/** The values that every page needs. */
export type Look = {
  appName: string
  /** The first character of the app's name. */
  initial: string
  /** `#rrggbb` */
  brandColor: string
  /** Black or white, whichever is readable on `brandColor`. */
  brandInk: string
}

/** The additional values of the page of a link. */
export type LinkValues = {
  /** The sealed link, sealed again for this page. */
  token: string
  /** Six digits. */
  code: string
  /** The digits one by one, for screen readers. */
  spokenCode: string
  /** The masked address; empty for an SMS link, which does not contain it. */
  account: string
  /** `15 minutes`, in the language of the page. */
  timeLeft: string
  /** The URL that opens the app. */
  appUrl: string
  /** The URL that opens the app on Android; empty if no package is configured. */
  intentUrl: string
  /** `yes` or `no`: whether a browser may sign in. A browser has no device key, so it may not if DPoP is required. */
  browser: string
}

/** The additional value of the account page. */
export type AccountValues = {
  /** The page's URL at the issuer. */
  accountUrl: string
}

export type PageValues = Look & LinkValues & AccountValues

/**
 * Replaces each `{{name}}` with its value, escaped for text and for quoted attributes, in one pass. So a value that
 * looks like `{{name}}` is not replaced.
 * @throws TypeError for a name without a value: the page was built for another version of the Worker.
 */
export function fill(template: string, values: Partial<PageValues>): string {
  const given = new Map(Object.entries(values))
  return template.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = given.get(name)
    if (value === undefined) throw new TypeError(`no value for {{${name}}}`)
    return escapeHtml(value)
  })
}
