import type { ClientContext } from './context.ts'
import { base64url, utf8 } from './encoding.ts'
import { LatchkeyError } from './error.ts'

/** The request that a proof is for. */
export type ProofTarget = {
  method: string
  url: string
  /** The access token in the same request. */
  accessToken?: string | undefined
  /** The server's time minus this device's time. */
  clockOffsetMs: number
}

/** Makes a DPoP proof for one request (RFC 9449 section 4.2). @throws LatchkeyError `key`. */
export async function prove(ctx: ClientContext, request: ProofTarget): Promise<string> {
  const url = request.url.replace(/[?#].*$/s, '')
  const nonce = ctx.nonces.get(originOf(url))
  try {
    const { publicJwk, sign } = await ctx.keys!.getKey()
    const { kty, crv, x, y } = publicJwk
    const header = {
      typ: 'dpop+jwt',
      alg: kty === 'OKP' ? 'EdDSA' : 'ES256',
      jwk: { kty, crv, x, ...(y && { y }) },
    }
    const payload = {
      jti: base64url(ctx.crypto.randomBytes(16)),
      htm: request.method,
      htu: url,
      iat: Math.floor((ctx.now() + request.clockOffsetMs) / 1000),
      ...(nonce && { nonce }),
      ...(request.accessToken && {
        ath: base64url(await ctx.crypto.sha256(utf8(request.accessToken))),
      }),
    }
    const signed = `${json(header)}.${json(payload)}`
    return `${signed}.${base64url(joseSignature(await sign(utf8(signed))))}`
  } catch (cause) {
    throw new LatchkeyError('key', { cause })
  }
}

/** Any response of a server may contain its next nonce (RFC 9449 section 8.2). */
export function keepNonce(ctx: ClientContext, url: string, response: Response): void {
  const nonce = response.headers.get('DPoP-Nonce')
  if (nonce) ctx.nonces.set(originOf(url), nonce)
}

const originOf = (url: string): string => /^[^:]+:\/\/[^/]+/.exec(url)?.[0] ?? url

const json = (value: unknown): string => base64url(utf8(JSON.stringify(value)))

/**
 * Secure Enclave and Keystore sign in DER format (RFC 3279 section 2.2.3). JOSE requires r and s, 32 bytes each (RFC
 * 7518 section 3.4).
 */
function joseSignature(signature: Uint8Array): Uint8Array {
  if (signature.length === 64) return signature
  const out = new Uint8Array(64)
  let at = 2
  for (const end of [32, 64]) {
    const length = signature[at + 1]!
    const number = signature.subarray(at + 2, at + 2 + length).slice(-32)
    out.set(number, end - number.length)
    at += 2 + length
  }
  return out
}
