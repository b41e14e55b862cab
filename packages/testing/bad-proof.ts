import { exportJWK, generateKeyPair } from 'jose'
import { signProof, type ProofParts } from './proof.ts'
import { sha256 } from './encoding.ts'

type Make = (parts: ProofParts) => Promise<string>

/** A proof that is right but for these claims or header members. */
const but =
  (claims: Record<string, unknown>, header: Record<string, unknown> = {}): Make =>
  (parts) =>
    signProof({
      ...parts,
      claims: { ...parts.claims, ...claims },
      header: { ...parts.header, ...header },
    })

const moved =
  (seconds: number): Make =>
  (parts) =>
    but({ iat: Number(parts.claims['iat']) + seconds })(parts)

const MAKE = {
  wrong_method: (parts) => but({ htm: parts.claims['htm'] === 'PATCH' ? 'PUT' : 'PATCH' })(parts),
  wrong_url: (parts) => but({ htu: `${String(parts.claims['htu'])}/elsewhere` })(parts),
  /** For another API that the same device calls. */
  wrong_host: but({ htu: 'https://other-api.example.com/' }),
  /** `ath` is of another access token. */
  wrong_token: async (parts) => but({ ath: await sha256('another token') })(parts),
  no_token: but({ ath: undefined }),
  /** Made ten minutes ago, so it may be a copy. */
  old: moved(-600),
  /** Made for use in ten minutes. */
  early: moved(600),
  /** Of another device. Its own signature is valid. */
  another_key: async (parts) => {
    const { privateKey, publicKey } = await generateKeyPair('ES256')
    const jwk = await exportJWK(publicKey)
    return but({}, { jwk })({ ...parts, privateKey })
  },
  /** The header has the device's key, and another key signed. */
  forged: async (parts) => {
    const { privateKey } = await generateKeyPair('ES256')
    return signProof({ ...parts, privateKey })
  },
  wrong_type: but({}, { typ: 'JWT' }),
  no_id: but({ jti: undefined }),
} satisfies Record<string, Make>

/** A proof that every back end must refuse with a bound token, by what is wrong with it. */
export type BadProof = keyof typeof MAKE

/** The names of all proofs that every back end must refuse. */
export const BAD_PROOFS = Object.keys(MAKE) as BadProof[]

export const makeBadProof = (kind: BadProof, parts: ProofParts): Promise<string> =>
  MAKE[kind](parts)
