import type { Config } from '../base/config.ts'
import { openRoutes } from '../http/route-group.ts'
import { answer as respond, depsOf } from '../http/scope.ts'
import { chooseLocale } from '../base/locale.ts'
import { toSeconds } from '../base/time.ts'
import { linkPage, noticePage, type Look, type Page } from './page.tsx'
import { codeOf, openLink, sealLink } from '../model/sealed-link.ts'

export const linkPageRoutes = openRoutes()

/**
 * The page behind a link, from the seal alone: no row is read, and none is changed. A path that holds no
 * link of ours is 404, a link past its life 410; `/link` itself is what a reload of the page asks for.
 */
linkPageRoutes.get('/link/*', async (c) => {
  const { config, seals, world } = depsOf(c)
  const { origin, pathname } = new URL(c.req.url)
  const answer = ({ html, headers }: Page, status: 200 | 404 | 410 = 200) =>
    respond(c.get('scope'), html, status, {
      'Content-Type': 'text/html; charset=UTF-8',
      ...headers,
    })
  const look: Look = {
    appName: config.APP_NAME,
    brandColor: config.BRAND_COLOR,
    locale: chooseLocale(c.req.header('Accept-Language')),
  }
  if (/^\/link\/?$/.test(pathname)) return answer(await noticePage(look, 'again'))
  const link = await openLink(seals, pathname)
  if (link === null) return answer(await noticePage(look, 'invalid'), 404)
  if (link.locale !== undefined) look.locale = chooseLocale(link.locale)

  const secondsLeft = toSeconds(link.createdAtMs) + config.LINK_TTL_SECONDS - toSeconds(world.now())
  if (secondsLeft <= 0) return answer(await noticePage(look, 'expired'), 410)
  // Sealed anew rather than echoed: whatever stands in the path, the page holds only what we wrote.
  const [token, code] = await Promise.all([sealLink(seals, link), codeOf(seals, link)])
  const page = await linkPage(look, {
    token,
    code,
    email: link.email,
    minutesLeft: Math.max(1, Math.round(secondsLeft / 60)),
    appUrl: appUrl(config, origin, token),
    intentUrl: intentUrl(config, token),
    browser: config.DPOP === 'optional',
  })
  return answer(page)
})

/** iOS opens no universal link from a page of its own host: from there, and without a second host, the scheme. */
function appUrl(config: Config, pageOrigin: string, token: string): string {
  const { APP_LINK_ORIGIN, APP_SCHEME } = config
  return APP_LINK_ORIGIN === undefined || APP_LINK_ORIGIN === pageOrigin
    ? `${APP_SCHEME}://link/${token}`
    : `${APP_LINK_ORIGIN}/link/${token}`
}

/** Names the package, so that no other app can take the link; without the app, Chrome comes back here. */
function intentUrl(config: Config, token: string): string | undefined {
  const [app] = config.ANDROID_APPS
  if (app === undefined) return undefined
  const link = `${config.ISSUER}/link/${token}`
  const [scheme, rest] = link.split('://') as [string, string]
  const fallback = encodeURIComponent(`${link}?app=none`)
  return (
    `intent://${rest}#Intent;scheme=${scheme};package=${app.split('=')[0]};` +
    `S.browser_fallback_url=${fallback};end`
  )
}
