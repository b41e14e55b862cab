import type { Deps } from '../http/deps.ts'

const SITEVERIFY = 'https://challenges.cloudflare.com/turnstile/v0/siteverify'
const DEADLINE_MS = 3000

/**
 * Checks a browser's token with Cloudflare Turnstile, if TURNSTILE_SECRET is set.
 * @returns `missing` without a token, `unavailable` if Turnstile does not respond in time.
 */
export async function checkHuman(
  { config, world }: Deps,
  token: string | undefined,
  ipAddress: string,
): Promise<'passed' | 'missing' | 'failed' | 'unavailable'> {
  const secret = config.TURNSTILE_SECRET
  if (secret === undefined) return 'passed'
  if (token === undefined) return 'missing'
  try {
    const response = await world.fetch(SITEVERIFY, {
      method: 'POST',
      body: new URLSearchParams({ secret, response: token, remoteip: ipAddress }),
      signal: world.timeout(DEADLINE_MS),
    })
    if (!response.ok) return 'unavailable'
    const verdict: { success?: unknown } = await response.json()
    return verdict.success === true ? 'passed' : 'failed'
  } catch {
    return 'unavailable'
  }
}
