import { SignJWT, type JWK } from 'jose'
import { random, sha256 } from './encoding.ts'

/** The request that a proof is for. */
export type ProofTarget = {
  method: string
  url: string
  /** The access token in the same request. */
  accessToken?: string
  nonce?: string
  /** Unix seconds. */
  now?: number
}

/** The two halves of a key, and the claims and header of a proof that is right. */
export type ProofParts = {
  privateKey: CryptoKey
  publicJwk: JWK
  claims: Record<string, unknown>
  header: Record<string, unknown>
}

export async function proofClaims(target: ProofTarget): Promise<Record<string, unknown>> {
  const { method, url, accessToken, nonce, now = Math.floor(Date.now() / 1000) } = target
  return {
    jti: random(16),
    htm: method,
    htu: url.replace(/[?#].*$/s, ''),
    iat: now,
    ...(nonce === undefined ? {} : { nonce }),
    ...(accessToken === undefined ? {} : { ath: await sha256(accessToken) }),
  }
}

export const signProof = ({ claims, header, privateKey }: ProofParts): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg: 'ES256', ...header }).sign(privateKey)
