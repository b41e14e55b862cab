import type { Links } from './links.ts'

/**
 * `redirectSystemPath` for `app/+native-intent.ts` of expo-router: it opens links, and shows the route `to` instead of
 * `/link/…`, which is no screen. expo-router then delivers the URLs, so do not call `links.listen` as well.
 */
export const redirectLinks =
  (links: Pick<Links, 'open'>, { to = '/' }: { to?: string } = {}) =>
  ({ path }: { path: string; initial: boolean }): string =>
    links.open(path) ? to : path
