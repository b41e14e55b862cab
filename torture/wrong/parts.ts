import {
  webRandomness,
  type ClientContext,
  type ClientOptions,
} from '../../packages/client/context.ts'
import { base64url } from '../../packages/client/encoding.ts'
import { LatchkeyError } from '../../packages/client/error.ts'
import { webCryptoKeys, type KeyStore } from '../../packages/client/keys.ts'
import { prove } from '../../packages/client/proof.ts'
import type { Mistake } from './mistakes.ts'
import { exchange, isOk, parsed, refusalOf, type Members, type Received } from './wire.ts'

export const random = (): string => base64url(webRandomness.randomBytes(32))

/** What the wrong client works with: its storage, its key and the issuer. */
export type Parts = ReturnType<typeof createParts>

export function createParts(options: ClientOptions, mistakes: readonly Mistake[]) {
  const has = (mistake: Mistake): boolean => mistakes.includes(mistake)
  const { issuer, storage, now = Date.now } = options
  const nonces = new Map<string, string>()

  async function read<T>(name: string): Promise<T | null> {
    try {
      return JSON.parse((await storage.get(name)) ?? 'null') as T | null
    } catch (cause) {
      if (has('takes a locked storage for an empty one')) return null
      throw new LatchkeyError('storage', { cause })
    }
  }
  async function write(name: string, value: unknown): Promise<void> {
    try {
      await (value === null ? storage.delete(name) : storage.set(name, JSON.stringify(value)))
    } catch (cause) {
      if (!has('ignores writes that fail')) throw new LatchkeyError('storage', { cause })
    }
  }
  const forget = (): Promise<void> => write('session', null)

  const spare = webCryptoKeys()
  const keys: KeyStore | null = options.dpop
    ? {
        async getKey() {
          try {
            return await (options.dpop as KeyStore).getKey()
          } catch (error) {
            if (!has('takes a locked key for a lost one')) throw error
            await forget()
            return spare.getKey()
          }
        },
      }
    : null

  /** One request, and a second one when the server wants a nonce. @param offsetMs with it, a proof is sent. */
  async function send(
    path: string,
    init: RequestInit & { method: string },
    offsetMs?: number,
    accessToken?: string,
  ): Promise<Received> {
    const url = path.startsWith('/') ? issuer + path : path
    const { method } = init
    for (let challenged = false; ; challenged = true) {
      const headers = new Headers(init.headers)
      if (offsetMs !== undefined) {
        const ctx = { keys, nonces, now, crypto: webRandomness } as unknown as ClientContext
        headers.set('DPoP', await prove(ctx, { method, url, accessToken, clockOffsetMs: offsetMs }))
      }
      const { body, ...rest } = init
      const kept = body != null && !(challenged && has('loses the body'))
      const sent = { ...rest, headers, ...(kept && { body }) }
      const received = await exchange(has, options, url, sent)
      const nonce = received.headers.get('DPoP-Nonce')
      if (nonce) nonces.set(new URL(url).origin, nonce)
      const wanted = `${received.text} ${received.headers.get('WWW-Authenticate')}`
      const again = !challenged && !has('ignores nonces') && wanted.includes('use_dpop_nonce')
      if (!again) return received
    }
  }

  /** @returns the members of a response that has all of these. @throws LatchkeyError for any other. */
  async function post(
    path: string,
    body: Members,
    needed: string[],
    known: string[],
    offsetMs?: number,
  ) {
    const headers = { 'Content-Type': 'application/json' }
    const received = await send(
      path,
      { method: 'POST', headers, body: JSON.stringify(body) },
      offsetMs,
    )
    const members = parsed(received.text)
    if (!isOk(received)) {
      if (received.status >= 500 && has('forgets the session when the server fails')) await forget()
      const refused = received.status >= 400 && received.status < 500
      if (refused && has('forgets the session when refused by anyone')) await forget()
      throw refusalOf(has, received)
    }
    if (has('believes every 200')) return members ?? {}
    if (members === null && has('forgets the session when a response is not JSON')) await forget()
    const strange = Object.keys(members ?? {}).some((name) => !known.includes(name))
    const refuses = strange && known.length > 0 && has('refuses unknown members')
    // The issuer answers a revocation with an empty body.
    const complete = needed.length === 0 ? received.text === '' || members : members
    if (complete && !refuses && needed.every((name) => members?.[name])) return members ?? {}
    throw new LatchkeyError('unavailable')
  }

  return { has, options, now, keys, read, write, forget, send, post }
}
