import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose'
import { makeBadProof, type BadProof } from './bad-proof.ts'
import { proofClaims, signProof, type ProofParts, type ProofTarget } from './proof.ts'

/** A key as a phone has one, which signs DPoP proofs (RFC 9449 section 4.2). */
export type DeviceKey = {
  /** The key's thumbprint (RFC 7638), for `cnf` of a token. */
  jkt: string
  proof: (target: ProofTarget) => Promise<string>
  /** A proof that every back end must refuse, by what is wrong with it. */
  badProof: (kind: BadProof, target: ProofTarget) => Promise<string>
  /** Both headers of a request with a bound token: `Authorization` and `DPoP`. */
  headers: (target: ProofTarget & { accessToken: string }) => Promise<Record<string, string>>
}

export async function createDeviceKey(): Promise<DeviceKey> {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const publicJwk = await exportJWK(publicKey)
  const parts = async (target: ProofTarget): Promise<ProofParts> => ({
    privateKey,
    publicJwk,
    claims: await proofClaims(target),
    header: { alg: 'ES256', typ: 'dpop+jwt', jwk: publicJwk },
  })
  const proof = async (target: ProofTarget) => signProof(await parts(target))
  return {
    jkt: await calculateJwkThumbprint(publicJwk),
    proof,
    badProof: async (kind, target) => makeBadProof(kind, await parts(target)),
    headers: async (target) => ({
      Authorization: `DPoP ${target.accessToken}`,
      DPoP: await proof(target),
    }),
  }
}
