import type { AssumedRole } from './assume-role.ts'
import { AwsKeysUnavailable, type AwsKeys, type AwsKeySource } from './aws-keys.ts'
import type { World } from './world.ts'

/** Keys are not used in their last seconds: AWS must still accept a request that is signed now. */
const MARGIN_MS = 5000
/** Renews when a quarter of the lifetime is left, and up to a tenth earlier: isolates that started together spread. */
const RENEW_AT = 0.25
const SPREAD = 0.1
/** The longest time of `assume`. After it, the request that called it was cancelled, and another one may call. */
const RUN_MS = 3000
const POLL_MS = 20
/** The time after a failure in which STS is not called again. It doubles with each failure. */
const BACKOFF_BASE_MS = 1000
const BACKOFF_CAP_MS = 15_000
/** If AWS refuses keys that are this young as expired, more keys would be refused too. */
const YOUNG_MS = 30_000

type Held = { keys: AwsKeys; sinceMs: number; renewAtMs: number; endsAtMs: number }

/**
 * The keys of an IAM role. An isolate gets them at the first call to AWS, and shares them between its requests. They
 * are renewed before their end. While AWS STS is away, the old ones are used as long as they are valid.
 * @param assume one exchange with STS. @throws anything, if STS gave no keys.
 */
export function createRoleKeys(world: World, assume: () => Promise<AssumedRole>): AwsKeySource {
  let held: Held | undefined
  let isDue = false
  let busyUntilMs = 0
  let failures = 0
  let nextTryMs = 0

  /** @returns the keys that are held, unless they have ended. */
  const usable = (): Held | undefined =>
    held !== undefined && world.now() < held.endsAtMs ? held : undefined

  /** Calls STS, once at a time. Never rejects. */
  async function renew(): Promise<void> {
    const startedMs = world.now()
    busyUntilMs = startedMs + RUN_MS
    try {
      const { keys, lifetimeMs } = await assume()
      const endsAtMs = startedMs + lifetimeMs - MARGIN_MS
      const earlyMs = lifetimeMs * (RENEW_AT + SPREAD * world.jitter())
      held = { keys, sinceMs: world.now(), renewAtMs: endsAtMs - earlyMs, endsAtMs }
      failures = 0
    } catch {
      const waitMs = Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** failures++)
      nextTryMs = world.now() + waitMs * (1 + world.jitter()) * 0.5
    } finally {
      // Requests that used the old keys meanwhile have set it again.
      isDue = false
      busyUntilMs = 0
    }
  }

  /** Waits for keys. @throws AwsKeysUnavailable. */
  async function obtain(): Promise<AwsKeys> {
    for (;;) {
      const found = usable()
      if (found !== undefined) return found.keys
      const now = world.now()
      // A request must not wait for a promise of another request: Workers cancel it with that other request. So it
      // looks again and again, with its own timer.
      if (now < busyUntilMs) await world.sleep(POLL_MS)
      else if (now < nextTryMs) throw new AwsKeysUnavailable()
      else await renew()
    }
  }

  return {
    async current() {
      const found = usable()
      if (found === undefined) return obtain()
      const now = world.now()
      if (now >= found.renewAtMs && now >= nextTryMs) isDue = true
      return found.keys
    },

    async replace(expired) {
      if (held?.keys === expired) {
        if (world.now() - held.sinceMs < YOUNG_MS) return null
        held = undefined
      }
      return obtain().catch(() => null)
    },

    renewEarly: () => (isDue && world.now() >= busyUntilMs ? renew() : undefined),
  }
}
