import { assumeRole, STS_AUDIENCE, StsError } from '../base/assume-role.ts'
import type { AwsClock } from '../base/aws-clock.ts'
import type { AwsKeySource } from '../base/aws-keys.ts'
import type { Config } from '../base/config.ts'
import { errorName } from '../base/error-name.ts'
import type { Event, Fields } from '../base/log.ts'
import { createRoleKeys } from '../base/role-keys.ts'
import { toSeconds, unixMs } from '../base/time.ts'
import type { World } from '../base/world.ts'
import { signJwt } from './sign-jwt.ts'
import type { SigningKeys } from './signing-keys.ts'

export type WorkerName = 'public' | 'console'

type Parts = {
  config: Config
  world: World
  clock: AwsClock
  keys: SigningKeys
  say: (event: Event, fields: Fields) => void
}

/** STS reads the token at once. */
const TTL_SECONDS = 120

/** The keys of AWS_ROLE_ARN, for one of the Workers. Each exchange with STS writes a log line. */
export function roleKeysOf(worker: WorkerName, parts: Parts): AwsKeySource {
  const { config, world, clock, say } = parts
  const sign = (awsMs: number) => signWebIdentity(worker, parts, awsMs)
  return createRoleKeys(world, async () => {
    const startedAt = world.ticks()
    const ms = () => Math.round(world.ticks() - startedAt)
    try {
      const role = await assumeRole(config, world, clock, sign, `latchkey-${worker}`)
      say('aws_keys_renewed', { outcome: 'ok', ms: ms() })
      return role
    } catch (error) {
      const { status, code } =
        error instanceof StsError ? error : { status: 0, code: errorName(error) }
      say('aws_keys_renewed', { outcome: 'failed', ms: ms(), status, error: code })
      throw error
    }
  })
}

/**
 * The JWT with which a Worker gets its AWS keys. IAM trusts the issuer, and the role's trust policy checks `aud` and
 * `sub`. No part of Latchkey accepts it: access tokens have another type (`at+jwt`) and audience, and session JWTs
 * another algorithm and key.
 * @param awsMs Unix milliseconds, of AWS's clock.
 */
function signWebIdentity(
  worker: WorkerName,
  { config, keys }: Parts,
  awsMs: number,
): Promise<string> {
  const now = toSeconds(unixMs(awsMs))
  const { key, kid, alg } = keys.signingForAws(now)
  const claims = {
    iss: config.ISSUER,
    aud: STS_AUDIENCE,
    sub: `latchkey:${worker}`,
    iat: now,
    exp: now + TTL_SECONDS,
  }
  return signJwt({ alg, kid, typ: 'JWT' }, claims, key)
}
