import type { Config } from '../base/config.ts'
import { readableOn } from '../base/color.ts'
import { maskEmail } from '../base/email-address.ts'
import { chooseLocale, type Locale } from '../base/locale.ts'
import { toSeconds } from '../base/time.ts'
import { openRoutes } from '../http/route-group.ts'
import { answer, depsOf, type AppContext } from '../http/scope.ts'
import { codeOf, openLink, sealLink } from '../model/sealed-link.ts'
import { fill, type AccountValues, type LinkValues, type Look } from './fill.ts'
import { pagePath, readPage, type PageName } from './page.ts'

/** These routes need no guard: the pages are built ahead, a link's needs the sealed link in its path, and nothing is written. */
export const linkPageRoutes = openRoutes()

async function show(
  c: AppContext,
  locale: Locale,
  name: PageName,
  status: 200 | 404 | 410,
  values?: LinkValues | AccountValues,
): Promise<Response> {
  const { config } = depsOf(c)
  const look: Look = {
    appName: config.APP_NAME,
    initial: Array.from(config.APP_NAME)[0] ?? '',
    brandColor: config.BRAND_COLOR,
    brandInk: readableOn(config.BRAND_COLOR),
  }
  const { template, policy } = await readPage(c.env, config, look, pagePath(locale, name))
  const html = fill(template, { ...look, ...values })
  return answer(c.get('scope'), html, status, {
    'Content-Type': 'text/html; charset=UTF-8',
    'Content-Security-Policy': policy,
  })
}

const localeOf = (c: AppContext): Locale => chooseLocale(c.req.header('Accept-Language'))

/** The page where a person downloads their data or deletes their account, without the app. */
linkPageRoutes.get('/account', (c) => {
  const accountUrl = `${depsOf(c).config.ISSUER}/account`
  return show(c, localeOf(c), 'account', 200, { accountUrl })
})

/**
 * The page behind a link, made from the sealed link alone: no row is read or written. A path without a valid sealed
 * link gets 404, an expired link gets 410. A reload of the page requests `/link`.
 */
linkPageRoutes.get('/link/*', async (c) => {
  const { config, seals, world } = depsOf(c)
  const { path } = c.req
  let locale = localeOf(c)

  if (/^\/link\/*$/.test(path)) return show(c, locale, 'again', 200)
  const link = await openLink(seals, path)
  if (link === null) return show(c, locale, 'invalid', 404)
  if (link.locale !== undefined) locale = chooseLocale(link.locale)

  const secondsLeft = toSeconds(link.createdAtMs) + config.LINK_TTL_SECONDS - toSeconds(world.now())
  if (secondsLeft <= 0) return show(c, locale, 'expired', 410)
  // The link is sealed again instead of copied from the path, so the page contains no input of the caller.
  const [token, code] = await Promise.all([sealLink(seals, link), codeOf(seals, link)])
  return show(c, locale, 'link', 200, {
    token,
    code,
    spokenCode: code.split('').join(' '),
    account: link.email === undefined ? '' : maskEmail(link.email),
    timeLeft: inMinutes(secondsLeft, locale),
    appUrl: appUrl(config, new URL(c.req.url).origin, token),
    intentUrl: intentUrl(config, token),
    browser: config.DPOP === 'optional' ? 'yes' : 'no',
  })
})

/** `1 minute`, `15 Minuten`: Intl knows the plurals of every language. */
function inMinutes(seconds: number, locale: Locale): string {
  const minutes = Math.max(1, Math.round(seconds / 60))
  const unit = { style: 'unit', unit: 'minute', unitDisplay: 'long', useGrouping: false } as const
  return new Intl.NumberFormat(locale, unit).format(minutes)
}

/**
 * iOS does not open a universal link from a page of the link's own host. There, the app's URL scheme is used instead.
 */
function appUrl(config: Config, pageOrigin: string, token: string): string {
  const { APP_LINK_ORIGIN, APP_SCHEME } = config
  return APP_LINK_ORIGIN === undefined || APP_LINK_ORIGIN === pageOrigin
    ? `${APP_SCHEME}://link/${token}`
    : `${APP_LINK_ORIGIN}/link/${token}`
}

/**
 * An intent URL contains the package name, so no other app can open the link. If the app is not installed, Chrome
 * opens the page again. @returns an empty string if no package is configured.
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
