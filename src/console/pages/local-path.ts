/** Why the person must sign in. */
export const WHYS = ['stale', 'ended', 'out', 'recent'] as const
export type Why = (typeof WHYS)[number]

/** The path of the sign-in page, with the path to return to. */
export function signInPath(returnTo: string | undefined, why?: Why): string {
  const query = new URLSearchParams({
    ...(returnTo === undefined || returnTo === '/' ? {} : { return: returnTo }),
    ...(why === undefined ? {} : { why }),
  })
  return query.size === 0 ? '/sign-in' : `/sign-in?${query.toString()}`
}

/**
 * A path of this origin that is safe in a redirect, or null. A browser reads `//host`, `/\host` and a path with line
 * breaks as an address of another host.
 */
export function localPath(origin: string, value: string): string | null {
  if (!/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]{0,1000}$/.test(value)) return null
  if (!URL.canParse(value, origin)) return null
  const url = new URL(value, origin)
  if (url.origin !== origin || /^\/(?:sign-(?:in|out)|link|assets)(?:\/|$)/.test(url.pathname)) {
    return null
  }
  const path = url.pathname + url.search
  return path.startsWith('//') ? null : path
}
