import { askForLink } from '../../../ask/ask.ts'
import { resendLink } from '../../../ask/resend.ts'
import { maskEmail, normaliseEmail } from '../../../base/email-address.ts'
import { codeChallengeOf } from '../../../base/encoding.ts'
import { toSeconds } from '../../../base/time.ts'
import { addressWithinLimit, networkWithinLimit } from '../../../http/rate-limit.ts'
import { callerOf } from '../../../http/read.ts'
import type { AppContext } from '../../../http/scope.ts'
import { openHandle, openLink, sealLink } from '../../../model/sealed-link.ts'
import { redeemCode } from '../../../sign-in/redeem-code.ts'
import { redeemLink } from '../../../sign-in/redeem-link.ts'
import { TOLD } from '../../../sign-in/refusal.ts'
import type { Device, SignedIn } from '../../../sign-in/sign-in.ts'
import { consoleDepsOf } from '../../deps.ts'
import { openPages } from '../../guards.ts'
import { closeConsoleSession, openConsoleSession, readCookie } from '../../session-cookie.ts'
import { deviceNameOf } from '../device-name.ts'
import { readForm, type Errors, type Typed } from '../form.ts'
import { localeOf, pageAnswer, redirect } from '../frame.ts'
import { localPath, signInPath, WHYS } from '../local-path.ts'
import { askPage, codePage, linkPage, noticePage, toCode, type Asking } from './markup.ts'
import { newPending, noPendingCookie, pendingCookie, readPending, type Pending } from './pending.ts'
import { signedInAlready } from './signed-in-already.ts'
import { signInWords } from './words.ts'

/** A sign-in here proves a mailbox. Forms are only accepted from pages of this origin. */
export const signInPages = openPages()

const RATE_LIMIT_SECONDS = 60

/** The values of Sec-Fetch-Site with which a browser sends SameSite=Strict cookies: a typed URL, or a page of this site. */
const SENDS_COOKIES = ['none', 'same-origin', 'same-site']

signInPages.get('/sign-in', async (c) => {
  const why = WHYS.find((one) => one === c.req.query('why'))
  const returnTo = returnOf(c, c.req.query('return'))
  const already = await signedInAlready(c, why === 'recent')
  if (already === 'enough') return redirect(c, returnTo ?? '/')
  const typed = { email: (await readCookie(c))?.email ?? '' }
  return showAsk(c, { typed, errors: {}, why, returnTo })
})

/** Asks for a link. The response is the same for every address. */
signInPages.post('/sign-in', async (c) => {
  const deps = consoleDepsOf(c)
  deps.log.event('link_asked')
  const typed = await readForm(c)
  const locale = localeOf(c)
  const say = signInWords[locale]
  const returnTo = returnOf(c, typed['return'])
  const why = WHYS.find((one) => one === typed['why'])
  const refuse = (errors: Errors, status: number, headers = {}, wait?: string) =>
    showAsk(c, { typed, errors, wait, why, returnTo }, status, headers)
  const email = normaliseEmail(typed['email'] ?? '')
  if (email === null) return refuse({ email: say.badEmail }, 400)
  const caller = callerOf(c)
  const within =
    (await networkWithinLimit(deps, caller)) && (await addressWithinLimit(deps, caller, email))
  const pending = newPending(deps, (await readCookie(c))?.deviceId)
  const asked = within
    ? await askForLink(
        deps,
        {
          email,
          channel: 'email',
          codeChallenge: await codeChallengeOf(pending.codeVerifier),
          deviceName: deviceNameOf(caller.userAgent),
          locale,
        },
        caller,
        deps.origin,
      )
    : ({ ok: false, retryAfterSeconds: RATE_LIMIT_SECONDS } as const)
  if (!asked.ok) {
    const seconds = asked.retryAfterSeconds
    return refuse({}, 429, { 'Retry-After': String(seconds) }, say.wait(seconds))
  }
  deps.log.event('link_asked', { outcome: 'accepted', channel: 'email' })
  const cookie = await pendingCookie(deps, { ...pending, email, handle: asked.handle, returnTo })
  return withCookies(redirect(c, '/sign-in/code'), cookie)
})

signInPages.get('/sign-in/code', async (c) => {
  const pending = await readPending(c)
  if (pending === null) return redirect(c, '/sign-in')
  const { resent } = signInWords[localeOf(c)]
  return showCode(c, pending, {}, {}, 200, c.req.query('resent') === '' ? resent : undefined)
})

signInPages.post('/sign-in/code', async (c) => {
  const deps = consoleDepsOf(c)
  const pending = await readPending(c)
  if (pending === null) return redirect(c, '/sign-in')
  const typed = await readForm(c)
  const say = signInWords[localeOf(c)]
  const code = (typed['code'] ?? '').normalize('NFKC').replace(/[\s-]/g, '')
  if (!/^\d{6}$/.test(code)) return showCode(c, pending, typed, { code: say.badCode }, 400)
  const device = deviceOf(c, pending)
  const input = {
    handle: pending.handle,
    code,
    code_verifier: pending.codeVerifier,
    device_id: pending.deviceId,
  }
  const signedIn = await redeemCode(deps, input, device)
  if (signedIn.ok) return enter(c, signedIn, pending)
  deps.log.event('code_redeemed', { outcome: 'refused', reason: signedIn.reason })
  const reason = TOLD[signedIn.reason] ?? 'unknown'
  return showCode(c, pending, typed, { code: say.refused[reason] }, 400)
})

/** Sends the same link and code again. */
signInPages.post('/sign-in/resend', async (c) => {
  const deps = consoleDepsOf(c)
  deps.log.event('link_resent')
  const pending = await readPending(c)
  const link = pending && (await openHandle(deps.seals, pending.handle))
  if (link?.email === undefined || link.userId === undefined) return redirect(c, '/sign-in')
  const { email, userId } = link
  const expired = deps.world.now() - link.createdAtMs >= 1000 * deps.config.LINK_TTL_SECONDS
  if (expired) return redirect(c, '/sign-in')
  const caller = callerOf(c)
  const within =
    (await networkWithinLimit(deps, caller)) && (await addressWithinLimit(deps, caller, email))
  const resent = within
    ? await resendLink(deps, { ...link, email, userId }, deps.origin)
    : ({ ok: false, retryAfterSeconds: RATE_LIMIT_SECONDS } as const)
  if (resent.ok) {
    deps.log.event('link_resent', { outcome: 'accepted', channel: link.flow })
    return redirect(c, '/sign-in/code?resent')
  }
  const seconds = resent.retryAfterSeconds
  const said = signInWords[localeOf(c)].wait(seconds)
  return showCode(c, pending!, {}, {}, 429, said, { 'Retry-After': String(seconds) })
})

/** The page behind an emailed link. It only opens the seal: it reads no row and changes none. */
signInPages.get('/link/*', async (c) => {
  const { config, seals, world } = consoleDepsOf(c)
  const link = await openLink(seals, new URL(c.req.url).pathname)
  const locale = localeOf(c)
  const say = signInWords[locale]
  if (link === null) return pageAnswer(c, noticePage(locale, say.linkInvalid, toCode(locale)), 404)
  if (toSeconds(world.now()) >= toSeconds(link.createdAtMs) + config.LINK_TTL_SECONDS) {
    return pageAnswer(c, noticePage(locale, say.linkExpired), 410)
  }
  // After a click in a mail program, the browser sends no SameSite=Strict cookie. So a missing cookie means nothing then.
  const sent = SENDS_COOKIES.includes(c.req.header('Sec-Fetch-Site') ?? '')
  if (sent && (await readPending(c)) === null) {
    return pageAnswer(c, noticePage(locale, say.otherBrowser), 403)
  }
  // The token is sealed again, not copied from the path, so the page contains only text that we wrote.
  const token = await sealLink(seals, link)
  return pageAnswer(
    c,
    linkPage(locale, token, link.email === undefined ? '' : maskEmail(link.email)),
  )
})

/** Handles the button of that page. Only the browser that asked has the verifier. */
signInPages.post('/link', async (c) => {
  const deps = consoleDepsOf(c)
  const { token = '' } = await readForm(c)
  const pending = await readPending(c)
  const locale = localeOf(c)
  const say = signInWords[locale]
  if (pending === null) return pageAnswer(c, noticePage(locale, say.otherBrowser), 403)
  const { handle, codeVerifier, deviceId } = pending
  const input = { link_token: token, handle, code_verifier: codeVerifier, device_id: deviceId }
  const signedIn = await redeemLink(deps, input, deviceOf(c, pending))
  if (signedIn.ok) return enter(c, signedIn, pending)
  deps.log.event('link_redeemed', { outcome: 'refused', reason: signedIn.reason })
  const reason = TOLD[signedIn.reason]
  if (reason === null)
    return pageAnswer(c, noticePage(locale, say.otherBrowser, toCode(locale)), 403)
  const [title] = say.linkInvalid
  return pageAnswer(c, noticePage(locale, [title, say.refused[reason]]), 403)
})

signInPages.post('/sign-out', async (c) => {
  const cookie = await closeConsoleSession(c)
  return withCookies(redirect(c, signInPath(undefined, 'out')), cookie)
})

/** Gives the browser its session, if the person has a role. */
async function enter(
  c: AppContext,
  signedIn: SignedIn & { ok: true },
  { returnTo }: Pending,
): Promise<Response> {
  const deps = consoleDepsOf(c)
  const opened = await openConsoleSession(deps, signedIn)
  const done = noPendingCookie(deps)
  if (opened !== null) return withCookies(redirect(c, returnTo ?? '/'), opened, done)
  const locale = localeOf(c)
  const [title, text] = signInWords[locale].noRole
  const page = noticePage(locale, [title, text(signedIn.session.email)])
  return withCookies(await pageAnswer(c, page, 403), done)
}

const deviceOf = (c: AppContext, { codeVerifier, deviceId }: Pending): Device => {
  const caller = callerOf(c)
  return { deviceId, codeVerifier, deviceName: deviceNameOf(caller.userAgent), caller }
}

function withCookies(answer: Response, ...cookies: { 'Set-Cookie': string }[]): Response {
  for (const cookie of cookies) answer.headers.append('Set-Cookie', cookie['Set-Cookie'])
  return answer
}

const returnOf = (c: AppContext, value: string | undefined): string | undefined =>
  value === undefined ? undefined : (localPath(consoleDepsOf(c).origin, value) ?? undefined)

async function showAsk(
  c: AppContext,
  shown: Asking,
  status = 200,
  headers: Record<string, string> = {},
): Promise<Response> {
  const begun = (await readPending(c)) !== null
  const app = consoleDepsOf(c).config.APP_NAME
  return pageAnswer(c, askPage(localeOf(c), { ...shown, begun, app }), status, headers)
}

const showCode = (
  c: AppContext,
  { email }: Pending,
  typed: Typed,
  errors: Errors,
  status: number,
  said?: string,
  headers: Record<string, string> = {},
) => pageAnswer(c, codePage(localeOf(c), { email, typed, errors, said }), status, headers)
