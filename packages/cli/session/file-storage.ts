import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { webCryptoKeys, type KeyStore, type LatchkeyStorage } from '../../client/index.ts'
import { makePrivate, readPrivate, writePrivate } from './private-file.ts'

/**
 * Each value is a file of its own, so that two processes that write two values do not undo each other. Two that refresh one
 * session at once get the same pair of tokens from the server, and the client reads the file again before it writes.
 */
export function fileStorage(folder: string): LatchkeyStorage {
  const pathOf = (key: string) => join(folder, `${key.replace('latchkey.', '')}.json`)
  return {
    get: (key) => readPrivate(pathOf(key)),
    set: (key, value) => writePrivate(pathOf(key), value),
    delete: (key) => rm(pathOf(key), { force: true }),
  }
}

const ES256 = { name: 'ECDSA', namedCurve: 'P-256' }

/**
 * The key that the session is bound to (RFC 9449). It is a file beside the session, so it does not protect from somebody
 * who reads this folder. It does when a token is seen elsewhere: in a proxy, a log, or by a server that was given it.
 */
export function fileKeys(folder: string): KeyStore {
  return {
    getKey: async () => webCryptoKeys(await readKeyPair(join(folder, 'key.json'))).getKey(),
  }
}

async function readKeyPair(path: string): Promise<CryptoKeyPair> {
  const text = (await readPrivate(path)) ?? (await makePrivate(path, await newKey()))
  const { kty, crv, x, y, d } = JSON.parse(text) as JsonWebKey
  const [privateKey, publicKey] = await Promise.all([
    crypto.subtle.importKey('jwk', { kty, crv, x, y, d } as JsonWebKey, ES256, false, ['sign']),
    crypto.subtle.importKey('jwk', { kty, crv, x, y } as JsonWebKey, ES256, true, ['verify']),
  ])
  return { privateKey, publicKey }
}

async function newKey(): Promise<string> {
  const { privateKey } = await crypto.subtle.generateKey(ES256, true, ['sign', 'verify'])
  return JSON.stringify(await crypto.subtle.exportKey('jwk', privateKey))
}
