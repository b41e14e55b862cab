import type { Randomness } from './client-types.ts'

/** The part of expo-crypto that is used. */
export type CryptoModule<Algorithm> = {
  CryptoDigestAlgorithm: { SHA256: Algorithm }
  getRandomBytes: (length: number) => Uint8Array
  digest: (algorithm: Algorithm, bytes: Uint8Array<ArrayBuffer>) => Promise<ArrayBuffer>
}

/** React Native has no Web Crypto. This gives the client what it needs of it: PKCE and DPoP use both functions. */
export const expoRandomness = <Algorithm>(Crypto: CryptoModule<Algorithm>): Randomness => ({
  randomBytes: (length) => Crypto.getRandomBytes(length),
  sha256: async (bytes) =>
    new Uint8Array(await Crypto.digest(Crypto.CryptoDigestAlgorithm.SHA256, bytes)),
})
