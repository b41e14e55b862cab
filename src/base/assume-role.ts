import type { AwsClock } from './aws-clock.ts'
import type { AwsKeys } from './aws-keys.ts'
import type { Config } from './config.ts'
import type { World } from './world.ts'

/** Every role allows this lifetime of its keys. */
const DURATION_SECONDS = 3600
const TRIES = 2
/** STS reads ISSUER's documents before it answers, if it does not know them yet. */
const TRY_MS = 1400
const PAUSE_MS = 100

/** Keys, and for how long AWS accepts them from the start of the call on. */
export type AssumedRole = { keys: AwsKeys; lifetimeMs: number }

/** A failed call of STS. `code` is the name of AWS's error. Its message is not kept, because it may quote the token. */
export class StsError extends Error {
  readonly status: number
  readonly code: string
  readonly date: string | null

  constructor(status: number, code: string, date: string | null) {
    super(`STS answered ${status} ${code}`)
    this.name = 'StsError'
    this.status = status
    this.code = code
    this.date = date
  }
}

/** What the role's trust policy checks: `aud` and `sub` of the token. */
export const STS_AUDIENCE = 'sts.amazonaws.com'

/**
 * Exchanges a JWT of this issuer for temporary keys of AWS_ROLE_ARN (AWS STS, AssumeRoleWithWebIdentity, API version
 * 2011-06-15). The request is not signed: the JWT proves who asks.
 * @param sign makes the JWT, for AWS's time (Unix milliseconds). @param sessionName names the Worker in CloudTrail.
 * @throws StsError.
 */
export async function assumeRole(
  config: Config,
  world: World,
  clock: AwsClock,
  sign: (awsMs: number) => Promise<string>,
  sessionName: string,
): Promise<AssumedRole> {
  for (let tries = 1; ; tries++) {
    const usedMs = clock.offsetMs()
    try {
      const token = await sign(world.now() + usedMs)
      return await once(config, world, token, sessionName, usedMs)
    } catch (error) {
      if (!(error instanceof StsError) || tries === TRIES) throw error
      const isTime = TIME_CODES.has(error.code) && clock.correct(error.date, usedMs)
      if (!isTime && !isPassing(error)) throw error
    }
    await world.sleep(world.jitter() * PAUSE_MS)
  }
}

async function once(
  config: Config,
  world: World,
  token: string,
  sessionName: string,
  offsetMs: number,
): Promise<AssumedRole> {
  const body = new URLSearchParams({
    Action: 'AssumeRoleWithWebIdentity',
    Version: '2011-06-15',
    RoleArn: config.AWS_ROLE_ARN!,
    RoleSessionName: sessionName,
    DurationSeconds: String(DURATION_SECONDS),
    WebIdentityToken: token,
  })
  const url = config.STS_ENDPOINT ?? `https://sts.${config.AWS_REGION}.amazonaws.com/`
  const { status, text, date } = await world
    .fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: body.toString(),
      // No other host may get the token.
      redirect: 'manual',
      signal: world.timeout(TRY_MS),
    })
    .then(async (response) => ({
      status: response.status,
      text: await response.text(),
      date: response.headers.get('Date'),
    }))
    .catch(() => {
      throw new StsError(0, 'NetworkError', null)
    })
  if (status !== 200) {
    const code = /<Code>([A-Za-z]{1,64})<\/Code>/.exec(text)?.[1] ?? 'UnknownError'
    throw new StsError(status, code, date)
  }
  const dateMs = Date.parse(date ?? '')
  const role = readRole(text, Number.isNaN(dateMs) ? world.now() + offsetMs : dateMs)
  if (role === null) throw new StsError(status, 'MalformedResponse', null)
  return role
}

/**
 * Reads the four members of `Credentials`. Each must be there once, in AWS's alphabet.
 * @param awsMs AWS's time, so that the lifetime does not depend on this clock. @returns null for any other response.
 */
function readRole(xml: string, awsMs: number): AssumedRole | null {
  const [part, ...more] = xml.match(/<Credentials>[^]*?<\/Credentials>/g) ?? []
  if (part === undefined || more.length > 0) return null
  const member = (name: string, pattern: string): string | undefined => {
    const found = [...part.matchAll(new RegExp(`<${name}>(${pattern})</${name}>`, 'g'))]
    return found.length === 1 ? found[0]![1] : undefined
  }
  const accessKeyId = member('AccessKeyId', '[A-Z0-9]{16,128}')
  const secretAccessKey = member('SecretAccessKey', '[A-Za-z0-9+/=]{16,128}')
  const sessionToken = member('SessionToken', '[A-Za-z0-9+/=_-]+')
  const expiration = member('Expiration', '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?Z')
  if (!accessKeyId || !secretAccessKey || !sessionToken || !expiration) return null
  const lifetimeMs = Date.parse(expiration) - awsMs
  const isPlausible = lifetimeMs > 0 && lifetimeMs <= (DURATION_SECONDS + 60) * 1000
  return isPlausible ? { keys: { accessKeyId, secretAccessKey, sessionToken }, lifetimeMs } : null
}

/** With these, STS refuses a token whose times do not fit AWS's clock. */
const TIME_CODES = new Set(['ExpiredTokenException', 'InvalidIdentityToken'])

/** IDPCommunicationError: STS could not read ISSUER's documents, and says that the call may be repeated. */
const isPassing = ({ status, code }: StsError): boolean =>
  status === 0 || status === 429 || status >= 500 || /Throttl|^IDPCommunication/.test(code)
