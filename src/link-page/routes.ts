import type { Config } from '../base/config.ts'
import { readableOn } from '../base/color.ts'
import { maskEmail } from '../base/email-address.ts'
import { chooseLocale, type Locale } from '../base/locale.ts'
import { toSeconds } from '../base/time.ts'
import { openRoutes } from '../http/route-group.ts'
import { answer, depsOf } from '../http/scope.ts'
import { codeOf, openLink, sealLink } from '../model/sealed-link.ts'
import { fill, type LinkValues, type Look } from './fill.ts'
import { pagePath, readPage, type PageName } from './page.ts'

/** The seal in the path is what a caller needs, and nothing changes. */
export const linkPageRoutes = openRoutes()

/**
 * The page behind a link, from the seal alone: no row is read, and none is changed. A path that holds no
 * link of ours is 404, a link past its life 410; `/link` itself is what a reload of the page asks for.
 */
linkPageRoutes.get('/link/*', async (c) => {
  const { config, seals, world } = depsOf(c)
  const { origin, pathname } = new URL(c.req.url)
  const look: Look = {
    appName: config.APP_NAME,
    initial: Array.from(config.APP_NAME)[0] ?? '',
    brandColor: config.BRAND_COLOR,
    brandInk: readableOn(config.BRAND_COLOR),
  }
  let locale = chooseLocale(c.req.header('Accept-Language'))
  const show = async (name: PageName, status: 200 | 404 | 410, values?: LinkValues) => {
    const { template, policy } = await readPage(c.env, config, look, pagePath(locale, name))
    const html = fill(template, { ...look, ...values })
    return answer(c.get('scope'), html, status, {
      'Content-Type': 'text/html; charset=UTF-8',
      'Content-Security-Policy': policy,
    })
  }

  if (/^\/link\/?$/.test(pathname)) return show('again', 200)
  const link = await openLink(seals, pathname)
  if (link === null) return show('invalid', 404)
  if (link.locale !== undefined) locale = chooseLocale(link.locale)

  const secondsLeft = toSeconds(link.createdAtMs) + config.LINK_TTL_SECONDS - toSeconds(world.now())
  if (secondsLeft <= 0) return show('expired', 410)
  // Sealed anew rather than echoed: whatever stands in the path, the page holds only what we wrote.
  const [token, code] = await Promise.all([sealLink(seals, link), codeOf(seals, link)])
  return show('link', 200, {
    token,
    code,
    spokenCode: code.split('').join(' '),
    account: link.email === undefined ? '' : maskEmail(link.email),
    timeLeft: inMinutes(secondsLeft, locale),
    appUrl: appUrl(config, origin, token),
    intentUrl: intentUrl(config, token),
    browser: config.DPOP === 'optional' ? 'yes' : 'no',
  })
})

/** `1 minute`, `15 Minuten`: the runtime knows the plurals of every language. */
function inMinutes(seconds: number, locale: Locale): string {
  const minutes = Math.max(1, Math.round(seconds / 60))
  const unit = { style: 'unit', unit: 'minute', unitDisplay: 'long', useGrouping: false } as const
  return new Intl.NumberFormat(locale, unit).format(minutes)
}

/** iOS opens no universal link from a page of its own host: from there, and without a second host, the scheme. */
function appUrl(config: Config, pageOrigin: string, token: string): string {
  const { APP_LINK_ORIGIN, APP_SCHEME } = config
  return APP_LINK_ORIGIN === undefined || APP_LINK_ORIGIN === pageOrigin
    ? `${APP_SCHEME}://link/${token}`
    : `${APP_LINK_ORIGIN}/link/${token}`
}

/**
 * Names the package, so that no other app can take the link; without the app, Chrome comes back here. Empty
 * when no package is configured.
 */
function intentUrl(config: Config, token: string): string {
  const [app] = config.ANDROID_APPS
  if (app === undefined) return ''
  const link = `${config.ISSUER}/link/${token}`
  const [scheme, rest] = link.split('://') as [string, string]
  const fallback = encodeURIComponent(`${link}?app=none`)
  return (
    `intent://${rest}#Intent;scheme=${scheme};package=${app.split('=')[0]};` +
    `S.browser_fallback_url=${fallback};end`
  )
}
