import { fromUtf8, utf8 } from '../base/encoding.ts'
import type { SessionClaims } from '../crypto/session-claims.ts'
import { verifySessionJwt } from '../crypto/session-jwt.ts'
import type { IssuedSession } from '../http/token-endpoint.ts'
import type { AppContext } from '../http/scope.ts'
import { endNamed } from '../session/end.ts'
import { roleOf, type Role } from './actor.ts'
import type { ConsoleConfig } from './config.ts'
import { consoleDepsOf, type ConsoleDeps } from './deps.ts'

// A browser's session with the console. The cookie contains the session JWT. It is sealed because a session JWT is
// also a refresh token: a person who copies the cookie must not be able to refresh the session with it.

/** A `Set-Cookie` header. */
export type CookieHeader = { 'Set-Cookie': string }

const isSecure = ({ CONSOLE_ORIGIN }: ConsoleConfig) => CONSOLE_ORIGIN.startsWith('https:')

const COOKIE = 'latchkey'

/**
 * Longer than the console accepts a sign-in. So the pages can say that the sign-in was too long ago, and the new
 * session replaces the old one.
 */
const COOKIE_SECONDS = 7 * 86_400

/** Browsers accept the prefix only together with `Secure`, which a local http origin cannot use. */
const cookieName = (config: ConsoleConfig, name: string) =>
  isSecure(config) ? `__Host-${name}` : name

export const setCookie = (
  config: ConsoleConfig,
  name: string,
  value: string,
  maxAgeSeconds: number,
): CookieHeader => ({
  'Set-Cookie':
    `${cookieName(config, name)}=${value}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Strict` +
    (isSecure(config) ? '; Secure' : ''),
})

/**
 * Gives this browser the session that src/sign-in/ opened. Call it once for each sign-in.
 * @returns null for a person without a role. Their session was ended.
 */
export async function openConsoleSession(
  deps: ConsoleDeps,
  { session, sessionJwt }: IssuedSession,
): Promise<(CookieHeader & { role: Role }) | null> {
  const { config, seals, log } = deps
  const { userId, sessionId } = session
  const role = roleOf(config, session.email)
  if (role === null) {
    await endNamed(deps, session)
    log.event('console_signed_in', { outcome: 'refused', reason: 'no_role', userId, sessionId })
    return null
  }
  const sealed = await seals.seal('console-session', utf8(sessionJwt))
  log.event('console_signed_in', { outcome: 'ok', role, userId, sessionId })
  return { ...setCookie(config, COOKIE, sealed, COOKIE_SECONDS), role }
}

/** Ends the browser's session, if it has one, and removes the cookie. */
export async function closeConsoleSession(c: AppContext): Promise<CookieHeader> {
  const deps = consoleDepsOf(c)
  const asking = await readCookie(c)
  if (asking !== null) {
    const { userId, sessionId } = asking
    const ended = await endNamed(deps, asking)
    deps.log.event('console_signed_out', {
      outcome: ended ? 'ok' : 'nothing',
      userId,
      sessionId,
    })
  }
  return setCookie(deps.config, COOKIE, '', 0)
}

/** The session in the cookie. @returns null without a cookie, or if it was not sealed here or has expired. */
export async function readCookie(c: AppContext): Promise<SessionClaims | null> {
  const { config, seals, world } = consoleDepsOf(c)
  const sealed = cookieOf(c, config, COOKIE)
  const opened = sealed === null ? null : await seals.open('console-session', sealed)
  if (opened === null) return null
  const session = await verifySessionJwt(config, seals, fromUtf8(opened.bytes), world.now())
  return session?.jkt === undefined ? session : null
}

/** @returns null without the cookie, and if it was sent twice, because we cannot know which one is right. */
export function cookieOf(c: AppContext, config: ConsoleConfig, name: string): string | null {
  const header = c.req.header('Cookie') ?? ''
  const values = header.split(';').flatMap((pair) => {
    const [key = '', ...value] = pair.trim().split('=')
    return key === cookieName(config, name) ? [value.join('=')] : []
  })
  return values.length === 1 ? values[0]! : null
}
