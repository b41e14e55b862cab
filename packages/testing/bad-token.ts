import { decodeJwt, SignJWT } from 'jose'
import { accessClaims, sign, type AccessTokenOptions, type Issuing } from './access-token.ts'
import { encodeJson, random, utf8 } from './encoding.ts'
import { makeSigningKey, type SigningKey } from './signing-key.ts'

type Make = (issuing: Issuing, key: SigningKey, options: AccessTokenOptions) => Promise<string>

/** A token that is right but for these claims or header members. */
const but =
  (claims: Record<string, unknown>, header: Record<string, unknown> = {}): Make =>
  async (issuing, key, options) =>
    sign({ ...(await accessClaims(issuing, options)), ...claims }, key, header)

const MAKE = {
  /** It expired ten minutes ago. */
  expired: async (issuing, key, options) => {
    const now = options.now ?? Math.floor(issuing.now() / 1000)
    return sign(
      await accessClaims(issuing, { ...options, now: now - 1200, expiresInSeconds: 600 }),
      key,
    )
  },
  /** It is for another API, and for the issuer itself. */
  wrong_audience: async (issuing, key, options) =>
    sign(
      await accessClaims({ ...issuing, audience: 'https://other-api.example.com' }, options),
      key,
    ),
  wrong_issuer: but({ iss: 'https://other-issuer.example.com' }),
  /** Its `typ` is not `at+jwt` (RFC 9068 section 4): it may be a token for another purpose. */
  wrong_type: but({}, { typ: 'JWT' }),
  /** It has no `typ` at all. */
  no_type: but({}, { typ: undefined }),
  /** Latchkey's session JWT, the refresh token. Only Latchkey may accept it. */
  session_jwt: async (issuing, _, options) => sessionJwt(issuing, options),
  /** Signed by a key of somebody else, under the `kid` of the issuer's. */
  forged: async (issuing, key, options) =>
    sign(await accessClaims(issuing, options), {
      ...(await makeSigningKey(key.alg)),
      kid: key.kid,
    }),
  /** Signed by a key that the issuer does not publish. */
  unknown_key: async (issuing, key, options) =>
    sign(await accessClaims(issuing, options), await makeSigningKey(key.alg)),
  /** As `unknown_key`, and the header contains that key (RFC 8725 section 3.5). */
  key_in_header: async (issuing, key, options) => {
    const own = await makeSigningKey(key.alg)
    return sign(await accessClaims(issuing, options), own, { jwk: own.publicJwk })
  },
  /** `alg` is `none` (RFC 8725 section 2.1). */
  unsigned: async (issuing, key, options) => {
    const header = { alg: 'none', kid: key.kid, typ: 'at+jwt' }
    return `${encodeJson(header)}.${encodeJson(await accessClaims(issuing, options))}.`
  },
  /** Signed with HMAC, and the published key as its secret (RFC 8725 section 2.1). */
  public_key_as_secret: async (issuing, key, options) =>
    new SignJWT(await accessClaims(issuing, options))
      .setProtectedHeader({ alg: 'HS256', kid: key.kid, typ: 'at+jwt' })
      .sign(utf8(JSON.stringify(key.publicJwk))),
  /** Another person's `sub` was put into a token that was signed for this one. */
  changed: async (issuing, key, options) => {
    const [header, , signature] = (await sign(await accessClaims(issuing, options), key)).split('.')
    const claims = await accessClaims(issuing, { ...options, sub: `usr_${random(16)}` })
    return `${header}.${encodeJson(claims)}.${signature}`
  },
  no_subject: but({ sub: undefined }),
  /** Not a JWT. */
  malformed: async () => random(32),
} satisfies Record<string, Make>

/** A token that every back end must refuse, by what is wrong with it. */
export type BadToken = keyof typeof MAKE

/** The names of all tokens that every back end must refuse. */
export const BAD_TOKENS = Object.keys(MAKE) as BadToken[]

export const makeBadToken = (
  kind: BadToken,
  issuing: Issuing,
  key: SigningKey,
  options: AccessTokenOptions,
): Promise<string> => MAKE[kind](issuing, key, options)

/** The default of Latchkey. */
const SESSION_TTL_SECONDS = 2_592_000

/** A session JWT as Latchkey makes it, signed with a secret that nobody else has. */
async function sessionJwt(issuing: Issuing, options: AccessTokenOptions): Promise<string> {
  const { deviceId = `dev_${random(16)}` } = options
  const claims = await accessClaims(issuing, { ...options, deviceId })
  const { sub, sid, email, amr, auth_time, opened_ms, device_key, cnf } = claims
  const { issuer } = issuing
  return new SignJWT({ gen: 0, email, did: deviceId, device_key, amr, auth_time, opened_ms, cnf })
    .setIssuer(issuer)
    .setAudience(issuer)
    .setSubject(String(sub))
    .setJti(String(sid))
    .setIssuedAt(Number(claims['iat']))
    .setExpirationTime(Number(claims['iat']) + SESSION_TTL_SECONDS)
    .setProtectedHeader({ alg: 'HS256', kid: '1', typ: 'JWT' })
    .sign(crypto.getRandomValues(new Uint8Array(32)))
}

/** The session of a token that this issuer made. */
export const sessionOf = (token: string): string => String(decodeJwt(token)['sid'])
