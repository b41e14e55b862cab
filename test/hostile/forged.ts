import { decodeJwt, decodeProtectedHeader, exportJWK, generateKeyPair, type JWK } from 'jose'
import { utf8 } from '../../src/base/encoding.ts'
import type { Latchkey } from '../support/workers/latchkey.ts'
import type { Tokens } from '../support/workers/sign-in.ts'
import {
  ECDSA_SHA256,
  jws,
  ownKey,
  prove,
  signWith,
  type ProofKey,
  type ProofMutation,
  type SignJws,
} from '../support/workers/tokens.ts'

/** Tokens that look like a person's, each wrong in one thing, by name. */
export async function forgedTokens(
  app: Latchkey,
  tokens: Pick<Tokens, 'access_token' | 'refresh_token'>,
): Promise<Record<string, string>> {
  const { access_token } = tokens
  const [claims, header] = [decodeJwt(access_token), decodeProtectedHeader(access_token)]
  const { jwk, sign } = await ownKey(app)
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
  const other = signWith(ECDSA_SHA256, privateKey)
  const otherJwk = await exportJWK(publicKey)
  const url = 'https://evil.example/keys'
  const by =
    (signer: SignJws, more: object = {}, changed: object = {}) =>
    (): Promise<string> =>
      jws({ ...header, ...more }, { ...claims, ...changed }, signer)
  const [first = '', second = '', third = ''] = access_token.split('.')
  const makers: Record<string, () => Promise<string> | string> = {
    'jwt-none': by(() => '', { alg: 'none' }),
    'jwt-none-in-capitals': by(() => '', { alg: 'NONE' }),
    'jwt-no-alg': by(sign, { alg: undefined }),
    'jwt-hs256-with-public-key': by(await hmacWith(jwk), { alg: 'HS256' }),
    'jwt-rs256': by(sign, { alg: 'RS256' }),
    'jwt-es384': by(sign, { alg: 'ES384' }),
    'jwt-other-key': by(other),
    'jwt-other-kid': by(other, { kid: 'other' }),
    'jwt-kid-of-prototype': by(other, { kid: '__proto__' }),
    'jwt-kid-as-path': by(other, { kid: '../../dev/null' }),
    'jwt-kid-as-number': by(other, { kid: 1 }),
    'jwt-no-kid': by(other, { kid: undefined }),
    'jwt-jwk': by(other, { jwk: otherJwk }),
    'jwt-jku': by(other, { jku: url }),
    'jwt-x5u': by(other, { x5u: url }),
    'jwt-x5c': by(other, { x5c: ['AAAA'] }),
    'jwt-crit': by(sign, { crit: ['exp'], exp: 1 }),
    'jwt-crit-unknown': by(sign, { crit: ['x'], x: true }),
    'jwt-b64-false': by(sign, { crit: ['b64'], b64: false }),
    'jwt-zip': by(sign, { zip: 'DEF' }),
    'jwt-cty': by(sign, { typ: 'JWT', cty: 'JWT' }),
    'jwt-typ-dpop': by(sign, { typ: 'dpop+jwt' }),
    'jwt-expired': by(sign, {}, { exp: 1 }),
    'jwt-exp-as-text': by(sign, {}, { exp: '9999999999' }),
    'jwt-exp-huge': by(sign, {}, { exp: 1e300 }),
    'jwt-nbf-future': by(sign, {}, { nbf: 9_999_999_999 }),
    'jwt-other-issuer': by(sign, {}, { iss: 'https://evil.example' }),
    'jwt-other-audience': by(sign, {}, { aud: 'https://evil.example' }),
    'jwt-aud-empty': by(sign, {}, { aud: [] }),
    'jwt-sub-as-object': by(sign, {}, { sub: { $ne: '' } }),
    'jwt-sub-of-prototype': by(sign, {}, { sub: '__proto__' }),
    'jwt-payload-null': () => jws(header, 'null', sign),
    'jwt-payload-array': () => jws(header, [], sign),
    'jwt-payload-text': () => jws(header, '"x"', sign),
    'jwt-payload-not-json': () => jws(header, 'x', sign),
    'jwt-header-array': () => jws([], claims, sign),
    'jwt-claim-twice': () => jws(header, `{"sub":"x",${JSON.stringify(claims).slice(1)}`, sign),
    'jwt-no-signature': () => `${first}.${second}.`,
    'jwt-two-parts': () => `${first}.${second}`,
    'jwt-four-parts': () => `${access_token}.${third}`,
    'jwt-padded': () => `${first}==.${second}.${third}`,
    'jwt-other-alphabet': () => access_token.replace(/-/g, '+').replace(/_/g, '/'),
    'jwt-cut': () => access_token.slice(0, -1),
    'jwt-lower-case': () => access_token.toLowerCase(),
    'jwt-halves-of-two': () => `${first}.${tokens.refresh_token.split('.')[1]}.${third}`,
  }
  const made = Object.entries(makers).map(async ([name, make]) => [name, await make()] as const)
  return Object.fromEntries(await Promise.all(made))
}

/** The public key as an HMAC secret: the old confusion of algorithms. */
async function hmacWith(jwk: JWK): Promise<SignJws> {
  const { d: _, ...open } = jwk
  const hmac = { name: 'HMAC', hash: 'SHA-256' }
  const secret = utf8(JSON.stringify(open))
  return signWith('HMAC', await crypto.subtle.importKey('raw', secret, hmac, false, ['sign']))
}

const MUTATIONS: Record<string, ProofMutation> = {
  proof: {},
  'proof-old': { claims: { iat: 1 } },
  'proof-of-the-future': { claims: { iat: 9_999_999_999 } },
  'proof-iat-as-text': { claims: { iat: 'now' } },
  'proof-no-iat': { claims: { iat: undefined } },
  'proof-no-jti': { claims: { jti: undefined } },
  'proof-jti-as-object': { claims: { jti: {} } },
  'proof-other-method': { claims: { htm: 'TRACE' } },
  'proof-other-url': { claims: { htu: 'https://evil.example/' } },
  'proof-url-not-a-url': { claims: { htu: '::::' } },
  'proof-url-as-number': { claims: { htu: 1 } },
  'proof-other-token': { claims: { ath: 'AAAA' } },
  'proof-of-no-token': { claims: { ath: undefined } },
  'proof-other-nonce': { nonce: 'x' },
  'proof-nonce-as-number': { claims: { nonce: 1 } },
  'proof-typ-jwt': { header: { typ: 'JWT' } },
  'proof-no-key': { header: { jwk: undefined } },
  'proof-key-as-text': { header: { jwk: 'x' } },
  'proof-symmetric-key': { header: { jwk: { kty: 'oct', k: 'AAAA' } } },
  'proof-key-not-on-curve': { header: { jwk: { kty: 'EC', crv: 'P-256', x: 'AAAA', y: 'AAAA' } } },
  'proof-crit': { header: { crit: ['x'], x: 1 } },
  'proof-with-kid': { header: { kid: 'x', jku: 'https://evil.example' } },
}
/** Names of DPoP proofs: one is right, the others are wrong in one thing. Each is made for its request. */
export const PROOFS = Object.keys(MUTATIONS)

export const makeProof = (
  app: Latchkey,
  key: ProofKey,
  name: string,
  request: { method: string; path: string; accessToken: string },
): Promise<string> => prove(app, key, request, MUTATIONS[name]).catch(() => 'a.b.c')
