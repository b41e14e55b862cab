/** Why somebody is asked to sign in. */
export const WHYS = ['stale', 'ended', 'out', 'recent'] as const
export type Why = (typeof WHYS)[number]

/** The way to the sign-in, and from there back. */
export function signInPath(returnTo: string | undefined, why?: Why): string {
  const query = new URLSearchParams({
    ...(returnTo === undefined || returnTo === '/' ? {} : { return: returnTo }),
    ...(why === undefined ? {} : { why }),
  })
  return query.size === 0 ? '/sign-in' : `/sign-in?${query.toString()}`
}

/**
 * A path of this origin, as a redirect may lead to it, or null. A browser takes `//host`, `/\host` and a path with
 * line breaks for other places than they seem.
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
