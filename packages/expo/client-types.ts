/**
 * The parts of `@latchkey/client` that the adapters take and give. They are written out here, because this package
 * imports nothing: an app passes it the client and the Expo modules.
 */

/** `LatchkeyStorage` of `@latchkey/client`. */
export type Storage = {
  get: (key: string) => Promise<string | null>
  set: (key: string, value: string) => Promise<void>
  delete: (key: string) => Promise<void>
}

/** `Randomness` of `@latchkey/client`. */
export type Randomness = {
  randomBytes: (length: number) => Uint8Array
  sha256: (bytes: Uint8Array<ArrayBuffer>) => Promise<Uint8Array>
}

/** `PublicJwk` of `@latchkey/client`: the public half of a P-256 key (RFC 7517). */
export type PublicJwk = { kty: 'EC'; crv: 'P-256'; x: string; y: string }

/** `DeviceKey` of `@latchkey/client`. */
export type DeviceKey = {
  publicJwk: PublicJwk
  sign: (bytes: Uint8Array<ArrayBuffer>) => Promise<Uint8Array>
}

/** `KeyStore` of `@latchkey/client`. */
export type KeyStore = { getKey: () => Promise<DeviceKey> }
