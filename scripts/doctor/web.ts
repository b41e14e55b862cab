import { about, type Finding } from './finding.ts'

const TIMEOUT_MS = 10_000

/** The responses of a deployed public Worker. @param issuer the value of ISSUER. */
export async function examineIssuer(issuer: string): Promise<Finding[]> {
  const say = about('issuer')
  const ready = await get(`${issuer}/readyz`)
  if (ready.status !== 200) {
    const { type = '' } = await membersOf<{ type?: string }>(ready)
    const why = type.endsWith(':misconfigured')
      ? 'a variable, secret or binding is missing or invalid. The config_invalid line in the log names it (npx wrangler tail)'
      : type.endsWith(':unavailable')
        ? 'DynamoDB does not respond, or refuses the access key. The field error in the log line says why'
        : 'it is not a Latchkey Worker, or a proxy in front of it responds'
    return [say.error(`${issuer}/readyz answers ${ready.status}: ${why}`)]
  }
  const found = [say.ok('it is configured and reaches DynamoDB')]
  const metadata = await membersOf<{ issuer?: string }>(
    await get(`${issuer}/.well-known/oauth-authorization-server`),
  )
  if (metadata.issuer !== issuer) {
    found.push(say.error(`its ISSUER is ${metadata.issuer}: apps and back ends refuse its tokens`))
  }
  const jwks = await membersOf<{ keys?: unknown }>(await get(`${issuer}/.well-known/jwks.json`))
  found.push(
    Array.isArray(jwks.keys) && jwks.keys.length > 0
      ? say.ok(`it publishes ${jwks.keys.length} public keys`)
      : say.warning('it publishes no public key, so only Latchkey can verify access tokens'),
  )
  return found
}

/**
 * The association files, as Apple and Google require them: 200, JSON, no redirect.
 * @param origin of the Worker, or APP_LINK_ORIGIN.
 */
export async function examineAssociation(origin: string): Promise<Finding[]> {
  const say = about(`app links (${origin})`)
  const found: Finding[] = []
  for (const [file, isEmpty] of [
    [
      'apple-app-site-association',
      (json: unknown) =>
        !(json as { webcredentials?: { apps?: unknown[] } }).webcredentials?.apps?.length,
    ],
    ['assetlinks.json', (json: unknown) => !(json as unknown[]).length],
  ] as const) {
    const response = await get(`${origin}/.well-known/${file}`)
    const json = await jsonOf(response)
    if (response.status !== 200) {
      found.push(
        say.error(`${file} answers ${response.status}. Phones only accept 200 without a redirect`),
      )
    } else if (
      json === null ||
      !/^application\/json\b/.test(response.headers.get('content-type') ?? '')
    ) {
      found.push(say.error(`${file} is not JSON, so phones ignore it`))
    } else if (isEmpty(json)) {
      found.push(say.warning(`${file} names no app. Set APPLE_APP_IDS or ANDROID_APPS`))
    } else {
      found.push(say.ok(`${file} names an app`))
    }
  }
  return found
}

/** One request, without following a redirect. @param init for another method than GET. */
export const get = (url: string, init: RequestInit = {}): Promise<Response> =>
  fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) })

/** The members of a JSON object. @returns an empty object for any other body. */
export const membersOf = async <T extends object>(response: Response): Promise<Partial<T>> => {
  const json = await jsonOf(response)
  return typeof json === 'object' && json !== null ? json : {}
}

/** @returns null if the body is not JSON. */
async function jsonOf(response: Response): Promise<unknown> {
  try {
    return await response.json()
  } catch {
    return null
  }
}
