import { accessClaims, sign, type AccessTokenOptions, type Issuing } from './access-token.ts'
import { answer, type IssuerState } from './answer.ts'
import { makeBadToken, sessionOf, type BadToken } from './bad-token.ts'
import { random } from './encoding.ts'
import { listen } from './listen.ts'
import { makeSigningKey, type Alg } from './signing-key.ts'

export type TestIssuerOptions = {
  /** What your back end expects: Latchkey's AUDIENCE. */
  audience: string
  /** By default `https://auth.latchkey.test`, or the address of the listener. */
  issuer?: string
  /** Latchkey's APP_SCHEME. `latchkey` by default. */
  clientId?: string
  alg?: Alg
  /** Listens on 127.0.0.1, at a free port or at this one, for libraries that take no `fetch`. Only in Node. */
  listen?: boolean | number
  /** Unix milliseconds. */
  now?: () => number
}

/** Stands in for Latchkey in the tests of a back end, with keys of its own. */
export type TestIssuer = {
  issuer: string
  audience: string
  /** Answers as the issuer, without a network. Any other origin fails, so that a test cannot leave the process. */
  fetch: (url: string | URL | Request, init?: RequestInit) => Promise<Response>
  /** An access token, in the form that Latchkey issues. */
  accessToken: (options?: AccessTokenOptions) => Promise<string>
  /** A token that every back end must refuse. */
  badToken: (kind: BadToken, options?: AccessTokenOptions) => Promise<string>
  /** Ends the token's session. Introspection says so at once; a back end that verifies offline cannot know. */
  revoke: (accessToken: string) => void
  /** A new key signs from now on. Without `keepOld`, the tokens of the older keys become invalid. */
  rotateKeys: (options?: { keepOld?: boolean }) => Promise<void>
  /** What a back end presents at `POST /v1/introspect`, with HTTP Basic. */
  resourceServer: { name: string; secret: string }
  /** While true, every request gets 503. */
  outage: boolean
  /** What was asked, such as `GET /.well-known/jwks.json`. */
  requests: string[]
  /** Ends the listener. */
  stop: () => Promise<void>
}

export async function createTestIssuer(options: TestIssuerOptions): Promise<TestIssuer> {
  const { audience, clientId = 'latchkey', alg = 'ES256', now = Date.now } = options
  const listener =
    options.listen === undefined || options.listen === false
      ? undefined
      : await listen(options.listen === true ? 0 : options.listen, (request) => handle(request))
  const issuer = (options.issuer ?? listener?.url ?? 'https://auth.latchkey.test').replace(
    /\/$/,
    '',
  )
  const issuing: Issuing = { issuer, audience, clientId, now }
  const first = await makeSigningKey(alg)
  const state: IssuerState = {
    ...issuing,
    keys: [first],
    ended: new Set(),
    resourceServer: { name: 'test-api', secret: random(32) },
  }

  async function handle(request: Request): Promise<Response> {
    self.requests.push(`${request.method} ${new URL(request.url).pathname}`)
    return self.outage ? new Response(null, { status: 503 }) : answer(state, request)
  }
  const current = () => state.keys[0] ?? first

  const self: TestIssuer = {
    issuer,
    audience,
    resourceServer: state.resourceServer,
    outage: false,
    requests: [],
    async fetch(url, init) {
      const request = new Request(url, init)
      const { origin } = new URL(request.url)
      if (origin !== new URL(issuer).origin) {
        throw new TypeError(`fetch failed: ${origin} is not the test issuer ${issuer}`)
      }
      return handle(request)
    },
    accessToken: async (options = {}) => sign(await accessClaims(issuing, options), current()),
    badToken: (kind, options = {}) => makeBadToken(kind, issuing, current(), options),
    revoke: (accessToken) => void state.ended.add(sessionOf(accessToken)),
    async rotateKeys({ keepOld = true } = {}) {
      state.keys = [await makeSigningKey(alg), ...(keepOld ? state.keys : [])]
    },
    stop: async () => listener?.stop(),
  }
  return self
}
