import { createHmac, createPublicKey } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeJwtKey } from '../../../scripts/keys/make-secrets.ts'
import type { JwtKey } from '../../../src/base/key-rings.ts'
import {
  assembled,
  AUDIENCE,
  claimsOf,
  headerOf,
  resigned,
  startIssuer,
  type Issuer,
  type SignedIn,
} from './issuer.ts'

/** One back end, which holds the caches of its library. */
export type BackEnd = {
  /** @returns the `sub` that it read, or null if it refuses the token. */
  read: (token: string) => Promise<string | null>
  stop?: () => Promise<void>
}

/** A library, and what it is known to do. Each statement is a test. */
export type Library = {
  /** @param impatient in a test of rotation, which cannot wait until a pause between two fetches is over. */
  start: (issuer: string, audience: string, impatient: boolean) => BackEnd | Promise<BackEnd>
  /** How often it fetches the keys for tokens of a key that it knows. */
  fetches: 'once' | 'for each token'
  /** How often it fetches them for tokens whose `kid` nobody knows, which anyone can send. */
  fetchesForUnknownKeys: 'with pauses' | 'for each token'
  /** Whether it refuses a token of the right key whose `typ` is not `at+jwt`. */
  typ: 'checked' | 'not checked'
  /** Whether it refuses a token that is bound to a key (`cnf`), and comes without a proof. */
  binding: 'checked' | 'not checked'
  /**
   * When it refuses tokens of a key that is no longer published: with the next token, after it has fetched the keys
   * for another reason, or after its cache has expired.
   */
  removedKey: 'at once' | 'with the next fetch' | 'when its cache expires'
}

const JWKS = '/.well-known/jwks.json'

/** The same cases for every library, with tokens of the real Worker and its keys, both over HTTP. */
export function backEndCases(library: Library): void {
  describe.each(['ES256', 'RS256'] as const)('%s', (alg) => {
    let issuer: Issuer
    let key: JwtKey
    let person: SignedIn
    let backEnd: BackEnd
    const started: BackEnd[] = []
    const start = async (impatient = false): Promise<BackEnd> => {
      const made = await library.start(issuer.url, AUDIENCE, impatient)
      started.push(made)
      return made
    }

    beforeAll(async () => {
      key = await makeJwtKey(alg)
      issuer = await startIssuer([key])
      person = await issuer.signIn()
      backEnd = await start()
    }, 60_000)
    afterAll(async () => {
      for (const one of started) await one.stop?.()
      await issuer.stop()
    })
    const accepts = async (token: string, by = backEnd) => (await by.read(token)) !== null

    describe('works', () => {
      it('accepts a real access token, and reads whose it is', async () => {
        expect(headerOf(person.accessToken)).toEqual({ alg, kid: key.kid, typ: 'at+jwt' })
        expect(await backEnd.read(person.accessToken)).toBe(person.userId)
      })

      it('accepts a token that the test signs, so that the refusals below are meaningful', async () => {
        expect(await accepts(await resigned(key, person.accessToken, {}))).toBe(true)
      })
    })

    describe('refuses', () => {
      const now = Math.floor(Date.now() / 1000)
      it.each<[string, object]>([
        ['expired', { iat: now - 900, exp: now - 300 }],
        ['for another audience', { aud: ['https://other.latchkey.test'] }],
        ['for the issuer alone', { aud: 'https://auth.latchkey.test' }],
        ['of another issuer', { iss: 'https://other.latchkey.test' }],
        ['of an issuer with a slash more', { iss: 'slash' }],
      ])('a token %s', async (_, given) => {
        const claims = 'iss' in given && given.iss === 'slash' ? { iss: `${issuer.url}/` } : given
        expect(await accepts(await resigned(key, person.accessToken, { claims }))).toBe(false)
      })

      it('the session JWT', async () => {
        expect(headerOf(person.refreshToken)).toMatchObject({ alg: 'HS256', typ: 'JWT' })
        expect(await accepts(person.refreshToken)).toBe(false)
      })

      it('a token whose claims or signature were changed', async () => {
        const { accessToken } = person
        const signature = accessToken.split('.')[2]!
        const claims = { ...claimsOf(accessToken), sub: 'usr_x' }
        const other = (await issuer.signIn()).accessToken.split('.')[2]!
        const [header, payload] = accessToken.split('.')
        for (const token of [
          assembled(headerOf(accessToken), claims, () => signature),
          `${header}.${payload}.${other}`,
          `${header}.${payload}.`,
          `${header}.${payload}`,
          `${header}.${payload}.${signature.slice(0, -8)}`,
        ]) {
          expect(await accepts(token), token.slice(-20)).toBe(false)
        }
      })

      it('alg none, in any spelling', async () => {
        const { accessToken } = person
        const signature = accessToken.split('.')[2]!
        for (const none of ['none', 'None', 'NONE']) {
          const header = { ...headerOf(accessToken), alg: none }
          for (const end of ['', signature]) {
            const token = assembled(header, claimsOf(accessToken), () => end)
            expect(await accepts(token), none).toBe(false)
          }
        }
      })

      it('HS256 with the public key as the secret', async () => {
        const { accessToken } = person
        const { keys } = (await (await fetch(issuer.url + JWKS)).json()) as { keys: object[] }
        const publicKey = createPublicKey({ key: keys[0] as never, format: 'jwk' })
        const pem = publicKey.export({ type: 'spki', format: 'pem' })
        const header = { ...headerOf(accessToken), alg: 'HS256' }
        for (const secret of [pem, String(pem).trim(), JSON.stringify(keys[0])]) {
          const sign = (input: string) =>
            createHmac('sha256', secret).update(input).digest('base64url')
          expect(await accepts(assembled(header, claimsOf(accessToken), sign))).toBe(false)
        }
      })

      it('a token of another key with Latchkey’s kid', async () => {
        const other = await makeJwtKey(alg)
        expect(await accepts(await resigned(other, person.accessToken, {}))).toBe(false)
      })

      it('a token with a kid that is not published', async () => {
        const header = { kid: 'unknown' }
        expect(await accepts(await resigned(key, person.accessToken, { header }))).toBe(false)
      })
    })

    describe('is known to', () => {
      it(`fetch the keys ${library.fetches}`, async () => {
        const fresh = await start()
        const before = issuer.fetched(JWKS)
        for (let i = 0; i < 3; i++) expect(await accepts(person.accessToken, fresh)).toBe(true)
        const count = issuer.fetched(JWKS) - before
        expect(count).toBe(library.fetches === 'once' ? 1 : 3)
      })

      it(`fetch the keys ${library.fetchesForUnknownKeys} of an unknown key`, async () => {
        const fresh = await start()
        await accepts(person.accessToken, fresh)
        const before = issuer.fetched(JWKS)
        for (let i = 0; i < 5; i++) {
          const header = { kid: `unknown-${i}` }
          const token = await resigned(key, person.accessToken, { header })
          expect(await accepts(token, fresh)).toBe(false)
        }
        const count = issuer.fetched(JWKS) - before
        if (library.fetchesForUnknownKeys === 'with pauses') expect(count).toBeLessThanOrEqual(1)
        else expect(count).toBe(5)
      })

      it(`have typ ${library.typ}`, async () => {
        const header = { typ: 'JWT' }
        const token = await resigned(key, person.accessToken, { header })
        expect(await accepts(token)).toBe(library.typ === 'not checked')
      })

      it(`have the binding to a key ${library.binding}`, async () => {
        const { accessToken } = await issuer.signInBound()
        expect(claimsOf(accessToken)).toMatchObject({ cnf: { jkt: expect.any(String) } })
        expect(await accepts(accessToken)).toBe(library.binding === 'not checked')
      })

      it('accept the token of a session that has ended, until it expires', async () => {
        const ended = await issuer.signIn()
        await issuer.signOut(ended.refreshToken)
        expect(await accepts(ended.accessToken)).toBe(true)
      })
    })

    describe('rotation', () => {
      it('fetches a new key, keeps the old one, and refuses a removed one', async () => {
        const old = person.accessToken
        const cached = await start(true)
        expect(await accepts(old, cached)).toBe(true)
        const next = await makeJwtKey(alg === 'ES256' ? 'RS256' : 'ES256')
        await issuer.rotate([next, key])
        const anew = await issuer.signIn()
        expect(headerOf(anew.accessToken).kid).toBe(next.kid)
        expect(await cached.read(anew.accessToken)).toBe(anew.userId)
        expect(await accepts(old, cached)).toBe(true)

        const last = await makeJwtKey(alg)
        await issuer.rotate([last])
        expect(await accepts(old, await start())).toBe(false)
        const atOnce = !(await accepts(old, cached))
        const latest = await issuer.signIn()
        expect(await cached.read(latest.accessToken)).toBe(latest.userId)
        const withNextFetch = !(await accepts(old, cached))
        const when = atOnce
          ? 'at once'
          : withNextFetch
            ? 'with the next fetch'
            : 'when its cache expires'
        expect(when).toBe(library.removedKey)
      }, 60_000)
    })
  })
}
