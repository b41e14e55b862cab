import { encodeBase64url, fromUtf8, utf8 } from '../../../base/encoding.ts'
import type { AppContext } from '../../../http/scope.ts'
import type { Config } from '../../../base/config.ts'
import { consoleDepsOf, type ConsoleDeps } from '../../deps.ts'
import { cookieOf, setCookie, type CookieHeader } from '../../session-cookie.ts'

/**
 * A pending sign-in of this browser: the secrets of the asking device, and the page to return to. It is sealed in a
 * cookie, which lasts as long as the link.
 */
export type Pending = {
  email: string
  handle: string
  codeVerifier: string
  deviceId: string
  returnTo?: string | undefined
}

const COOKIE = 'latchkey-sign-in'

/** @param deviceId the device id of the browser's session, if it has one, so that the new session replaces it. */
export const newPending = ({ world }: ConsoleDeps, deviceId: string | undefined) => ({
  // RFC 7636 section 4.1.
  codeVerifier: encodeBase64url(world.randomBytes(32)),
  deviceId: deviceId ?? `dev_console_${encodeBase64url(world.randomBytes(16))}`,
})

export async function pendingCookie(
  { config, seals }: ConsoleDeps,
  pending: Pending,
): Promise<CookieHeader> {
  const sealed = await seals.seal('console-sign-in', utf8(JSON.stringify(pending)))
  return setCookie(config, COOKIE, sealed, lifeSeconds(config))
}

/** A device may repeat its request until twice the link's lifetime (redeemCode). */
const lifeSeconds = ({ LINK_TTL_SECONDS }: Config): number => 2 * LINK_TTL_SECONDS

export const noPendingCookie = ({ config }: ConsoleDeps): CookieHeader =>
  setCookie(config, COOKIE, '', 0)

/** Null without the cookie, or if it was not sealed here. */
export async function readPending(c: AppContext): Promise<Pending | null> {
  const { config, seals } = consoleDepsOf(c)
  const sealed = cookieOf(c, config, COOKIE)
  const opened = sealed === null ? null : await seals.open('console-sign-in', sealed)
  return opened && (JSON.parse(fromUtf8(opened.bytes)) as Pending)
}
