import type { Deps } from '../http/deps.ts'
import { Problem } from '../http/problem.ts'

const SITEVERIFY = 'https://challenges.cloudflare.com/turnstile/v0/siteverify'
const DEADLINE_MS = 3000

/**
 * Asks Turnstile about a browser's token, when TURNSTILE_SECRET is set.
 * @throws Problem 403 when it is missing or does not pass, 503 when Turnstile gives no answer in time.
 */
export async function requireHuman(
  deps: Deps,
  token: string | undefined,
  ipAddress: string,
): Promise<void> {
  const secret = deps.config.TURNSTILE_SECRET
  if (secret === undefined) return
  if (token === undefined) {
    const errors = [{ pointer: '#/turnstileToken', detail: 'is needed from a browser' }]
    throw new Problem('bot_check_failed', { errors })
  }
  let passed: boolean
  try {
    const body = new URLSearchParams({ secret, response: token, remoteip: ipAddress })
    const request = new Request(SITEVERIFY, {
      method: 'POST',
      body,
      signal: AbortSignal.timeout(DEADLINE_MS),
    })
    const response = await deps.world.fetch(request)
    if (!response.ok) throw new Error('no verdict')
    const verdict: { success?: unknown } = await response.json()
    passed = verdict.success === true
  } catch {
    throw new Problem('unavailable', { headers: { 'Retry-After': '2' } })
  }
  if (!passed) throw new Problem('bot_check_failed')
}
