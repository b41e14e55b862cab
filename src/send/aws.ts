import { AwsClient } from 'aws4fetch'
import type { Config } from '../base/config.ts'
import type { World } from '../base/world.ts'

/** A POST to be signed (SigV4). */
export type AwsRequest = {
  /** The signing name: `ses`, `sms-voice`. */
  service: string
  url: string
  headers: Record<string, string>
  body: string
}

const TRIES = 3
const TRY_MS = 5000
const BACKOFF_MS = 200

/** `status` is the last answer's, 0 when there was none. The answer's text may name the person: not kept. */
export class SendError extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string) {
    super(`sending failed: ${status} ${code}`)
    this.name = 'SendError'
    this.status = status
    this.code = code
  }
}

/**
 * Throttles, 5xx, timeouts and network errors are tried again: neither service has an idempotency key, so a
 * lost answer can send a message twice. It carries the same link: one redemption spends both.
 */
export function createSignedPost(
  config: Config,
  world: World,
): (request: AwsRequest) => Promise<void> {
  const clients = new Map<string, AwsClient>()
  function clientOf(service: string): AwsClient {
    const known = clients.get(service)
    if (known !== undefined) return known
    const client = new AwsClient({
      accessKeyId: config.AWS_ACCESS_KEY_ID,
      secretAccessKey: config.AWS_SECRET_ACCESS_KEY,
      ...(config.AWS_SESSION_TOKEN === undefined ? {} : { sessionToken: config.AWS_SESSION_TOKEN }),
      service,
      region: config.AWS_REGION,
      retries: 0,
    })
    clients.set(service, client)
    return client
  }

  async function once(request: AwsRequest): Promise<SendError | null> {
    try {
      const signed = await clientOf(request.service).sign(request.url, {
        method: 'POST',
        headers: request.headers,
        body: request.body,
      })
      const response = await world.fetch(
        new Request(signed, { signal: AbortSignal.timeout(TRY_MS) }),
      )
      const text = await response.text()
      return response.ok ? null : new SendError(response.status, errorCode(response, text))
    } catch {
      return new SendError(0, 'NetworkError')
    }
  }

  return async (request) => {
    for (let tries = 1; ; tries++) {
      const error = await once(request)
      if (error === null) return
      const passing = error.status === 0 || error.status === 429 || error.status >= 500
      if (tries === TRIES || !(passing || /Throttl|TooMany/.test(error.code))) throw error
      await world.sleep(world.jitter() * BACKOFF_MS * 2 ** tries)
    }
  }
}

function errorCode(response: Response, text: string): string {
  const code =
    response.headers.get('x-amzn-errortype') ?? /"__type"\s*:\s*"([^"]*)"/.exec(text)?.[1] ?? ''
  return /[A-Za-z]+(?=:|$)/.exec(code.split('#').at(-1)!)?.[0] ?? 'UnknownError'
}
