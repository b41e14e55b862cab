import { createLocalJWKSet, jwtVerify, type JWTPayload } from 'jose'
import type { Issuing } from './access-token.ts'
import type { SigningKey } from './signing-key.ts'

export type IssuerState = Issuing & {
  /** The first one signs. All are published. */
  keys: SigningKey[]
  /** The ids of ended sessions. */
  ended: Set<string>
  resourceServer: { name: string; secret: string }
}

const jwksOf = ({ keys }: IssuerState) => ({ keys: keys.map(({ publicJwk }) => publicJwk) })

/** Answers the requests that back ends make, as Latchkey does. */
export async function answer(state: IssuerState, request: Request): Promise<Response> {
  const { pathname } = new URL(request.url)
  const route = `${request.method} ${pathname}`
  if (route === 'GET /.well-known/jwks.json') {
    return cached(jwksOf(state), 'application/jwk-set+json')
  }
  if (route === 'GET /.well-known/oauth-authorization-server') return cached(metadata(state))
  if (route === 'GET /.well-known/openid-configuration') return cached(openId(state))
  if (route === 'POST /v1/introspect') return introspect(state, request)
  return Response.json(
    { type: 'urn:latchkey:problem:not_found', title: 'No such route', status: 404 },
    { status: 404, headers: { 'Content-Type': 'application/problem+json' } },
  )
}

const cached = (body: object, type = 'application/json'): Response =>
  Response.json(body, {
    headers: { 'Content-Type': type, 'Cache-Control': 'public, max-age=300' },
  })

/** RFC 8414 section 2. */
const metadata = ({ issuer }: IssuerState) => ({
  issuer,
  token_endpoint: `${issuer}/v1/token`,
  response_types_supported: [],
  jwks_uri: `${issuer}/.well-known/jwks.json`,
  introspection_endpoint: `${issuer}/v1/introspect`,
  introspection_endpoint_auth_methods_supported: ['client_secret_basic'],
})

/** The same for back ends that only know OpenID Connect Discovery 1.0. */
const openId = (state: IssuerState) => ({
  ...metadata(state),
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: [...new Set(state.keys.map(({ alg }) => alg))],
})

/** RFC 7662 section 2. For any token that is not valid now, the answer is `{"active": false}`. */
async function introspect(state: IssuerState, request: Request): Promise<Response> {
  const { name, secret } = state.resourceServer
  if (request.headers.get('Authorization') !== `Basic ${btoa(`${name}:${secret}`)}`) {
    const headers = { 'WWW-Authenticate': 'Basic realm="introspection", charset="UTF-8"' }
    return Response.json({ error: 'invalid_client' }, { status: 401, headers })
  }
  const token = await tokenOf(request)
  if (token === null) return Response.json({ error: 'invalid_request' }, { status: 400 })
  const claims = await verify(state, token)
  const active = claims !== null && !state.ended.has(String(claims['sid']))
  return Response.json(active ? describe(claims) : { active: false })
}

/** Latchkey reads a form and JSON. */
async function tokenOf(request: Request): Promise<string | null> {
  const text = await request.text()
  const isJson = request.headers.get('Content-Type')?.startsWith('application/json')
  const token: unknown = isJson
    ? Object(JSON.parse(text) as unknown).token
    : new URLSearchParams(text).get('token')
  return typeof token === 'string' ? token : null
}

async function verify(state: IssuerState, token: string): Promise<JWTPayload | null> {
  const { issuer, now } = state
  const expected = {
    issuer,
    audience: issuer,
    typ: 'at+jwt',
    requiredClaims: ['sub', 'sid', 'jti', 'email', 'client_id', 'auth_time', 'iat', 'exp'],
    currentDate: new Date(now()),
  }
  return jwtVerify(token, createLocalJWKSet(jwksOf(state)), expected).then(
    ({ payload }) => payload,
    () => null,
  )
}

function describe(claims: JWTPayload): Record<string, unknown> {
  const { iss, sub, sid, aud, client_id, exp, iat, jti, cnf } = claims
  const token_type = cnf === undefined ? 'Bearer' : 'DPoP'
  const names = { iss, sub, username: claims['email'], sid, token_type }
  return { active: true, ...names, aud, client_id, exp, iat, jti, cnf }
}
