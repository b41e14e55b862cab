import { exportJWK, generateKeyPair, type JWK } from 'jose'
import { describe, expect, it } from 'vitest'
import { makeJwtKey } from '../../scripts/keys/make-secrets.ts'
import { utf8 } from '../../src/base/encoding.ts'
import { startLatchkey, type Latchkey } from '../support/workers/latchkey.ts'
import { signIn } from '../support/workers/sign-in.ts'
import {
  check,
  ECDSA_SHA256,
  introspect,
  jsonOf,
  jws,
  refresh,
  signWith,
  type SignJws,
} from '../support/workers/tokens.ts'

const PKCS1 = 'RSASSA-PKCS1-v1_5'

type Key = JWK & { kid: string }

const rsa = (await makeJwtKey('RS256')) as Key
const ec = (await makeJwtKey('ES256')) as Key

/** A signer with a private key of the ring, by an algorithm of the thief's choice. */
async function signerOf(key: Key, algorithm: SubtleCryptoImportKeyAlgorithm): Promise<SignJws> {
  const { alg: _, use: __, kid: ___, ...bare } = key
  const imported = await crypto.subtle.importKey('jwk', bare as JsonWebKey, algorithm, false, [
    'sign',
  ])
  const more = algorithm.name === 'RSA-PSS' ? { saltLength: 32 } : {}
  const name = algorithm.name === 'ECDSA' ? ECDSA_SHA256 : { name: algorithm.name, ...more }
  return signWith(name, imported)
}

const hmacSigner = async (secret: Uint8Array<ArrayBuffer>, bits = 256): Promise<SignJws> => {
  const hmac = { name: 'HMAC', hash: `SHA-${bits}` }
  return signWith('HMAC', await crypto.subtle.importKey('raw', secret, hmac, false, ['sign']))
}

/** A Worker that signs with RS256 and also holds an ES256 key, and someone who signed in there. */
async function started() {
  const app = startLatchkey({ env: { JWT_KEYS: JSON.stringify({ keys: [rsa, ec] }) } })
  const { access_token } = await signIn(app)
  const [header, claims] = access_token
    .split('.')
    .slice(0, 2)
    .map((part) => JSON.parse(atob(part.replace(/-/g, '+').replace(/_/g, '/'))) as object)
  expect(header).toEqual({ alg: 'RS256', kid: rsa.kid, typ: 'at+jwt' })
  const forge = (more: object, sign: SignJws) => jws({ ...header, ...more }, claims, sign)
  return { app, accessToken: access_token, forge }
}

async function expectRefused(app: Latchkey, token: string, what: string): Promise<void> {
  expect((await check(app, token)).status, what).toBe(401)
  expect((await refresh(app, token)).status, what).toBe(400)
  expect(await jsonOf(await introspect(app, token)), what).toEqual({ active: false })
}

const PKCS1_SHA256 = { name: PKCS1, hash: 'SHA-256' }
const P256 = { name: 'ECDSA', namedCurve: 'P-256' }

describe('works', () => {
  it('T33: accepts a token that the test signs with either key, so that the refusals below are meaningful', async () => {
    const { app, forge } = await started()
    const tokens = [
      await forge({}, await signerOf(rsa, PKCS1_SHA256)),
      await forge({ alg: 'ES256', kid: ec.kid }, await signerOf(ec, P256)),
    ]
    for (const token of tokens) expect((await check(app, token)).status).toBe(200)
  })
})

describe('refuses', () => {
  it('T33: HS256, HS384 and HS512 with any form of the public RSA key as the secret', async () => {
    const { app, forge } = await started()
    const jwks = await jsonOf<{ keys: JWK[] }>(await app.fetch('/.well-known/jwks.json'))
    const jwk = jwks.keys.find(({ kty }) => kty === 'RSA')!
    expect(Object.keys(jwk).toSorted()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use'])
    const key = await crypto.subtle.importKey('jwk', jwk as JsonWebKey, PKCS1_SHA256, true, [
      'verify',
    ])
    const spki = new Uint8Array((await crypto.subtle.exportKey('spki', key)) as ArrayBuffer)
    const lines = btoa(String.fromCharCode(...spki)).replace(/.{64}/g, '$&\n')
    const pem = `-----BEGIN PUBLIC KEY-----\n${lines}\n-----END PUBLIC KEY-----`
    const forms: [string, Uint8Array<ArrayBuffer>][] = [
      ['PEM', utf8(pem)],
      ['PEM with a newline', utf8(`${pem}\n`)],
      ['SPKI', spki],
      ['JWK', utf8(JSON.stringify(jwk))],
      ['JWKS', utf8(JSON.stringify(jwks))],
      ['n', utf8(jwk.n!)],
      ['kid', utf8(jwk.kid!)],
    ]
    for (const [what, secret] of forms) {
      for (const bits of [256, 384, 512]) {
        const token = await forge({ alg: `HS${bits}` }, await hmacSigner(secret, bits))
        await expectRefused(app, token, `HS${bits} with the ${what}`)
      }
    }
  })

  it('T33: one key of the ring under the kid or the alg of the other', async () => {
    const { app, forge } = await started()
    const [byRsa, byEc] = [await signerOf(rsa, PKCS1_SHA256), await signerOf(ec, P256)]
    const confusions: [object, SignJws][] = [
      [{ alg: 'ES256', kid: ec.kid }, byRsa],
      [{ alg: 'ES256', kid: rsa.kid }, byRsa],
      [{ alg: 'RS256', kid: ec.kid }, byRsa],
      [{ alg: 'RS256', kid: rsa.kid }, byEc],
      [{ alg: 'ES256', kid: rsa.kid }, byEc],
      [{ alg: 'RS256', kid: ec.kid }, byEc],
    ]
    for (const [header, sign] of confusions) {
      await expectRefused(app, await forge(header, sign), JSON.stringify(header))
    }
  })

  it('T33: the right RSA key with another algorithm, hash or padding', async () => {
    const { app, forge } = await started()
    for (const [alg, name, hash] of [
      ['RS384', PKCS1, 'SHA-384'],
      ['RS512', PKCS1, 'SHA-512'],
      ['RS1', PKCS1, 'SHA-1'],
      ['PS256', 'RSA-PSS', 'SHA-256'],
      // Said to be RS256.
      ['RS256', PKCS1, 'SHA-1'],
      ['RS256', PKCS1, 'SHA-512'],
      ['RS256', 'RSA-PSS', 'SHA-256'],
      // Another name for the right signature.
      ['PS256', PKCS1, 'SHA-256'],
      ['rs256', PKCS1, 'SHA-256'],
      ['RSA-OAEP', PKCS1, 'SHA-256'],
    ] as const) {
      const token = await forge({ alg }, await signerOf(rsa, { name, hash }))
      await expectRefused(app, token, `${alg}: ${name} with ${hash}`)
    }
  })

  it('T33: alg none and another RSA key with Latchkey’s kid', async () => {
    const { app, accessToken, forge } = await started()
    const signature = accessToken.split('.')[2]!
    for (const alg of ['none', 'None', 'NONE', '']) {
      await expectRefused(app, await forge({ alg }, () => ''), `alg "${alg}", unsigned`)
      await expectRefused(app, await forge({ alg }, () => signature), `alg "${alg}"`)
    }
    const { privateKey, publicKey } = await generateKeyPair('RS256')
    const sign = signWith(PKCS1, privateKey)
    await expectRefused(app, await forge({}, sign), 'another key')
    const jwk = await exportJWK(publicKey)
    await expectRefused(app, await forge({ jwk }, sign), 'its own key')
  })

  it('T33: a signature that is empty, zero, one, short, long or of other content', async () => {
    const { app, accessToken, forge } = await started()
    const signature = accessToken.split('.')[2]!
    const one = `${'A'.repeat(341)}E`
    for (const [what, text] of [
      ['empty', ''],
      ['zero', 'A'.repeat(342)],
      ['one', one],
      ['short', signature.slice(0, -4)],
      ['long', `${signature}AAAA`],
    ] as const) {
      await expectRefused(app, await forge({}, () => text), what)
    }
    await expectRefused(app, await forge({ x: 1 }, () => signature), 'other content')
  })
})
