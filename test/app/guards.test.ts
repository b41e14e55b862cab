import { decodeJwt } from 'jose'
import { describe, expect, it } from 'vitest'
import { ROUTES } from '../../src/app.ts'
import { encodeBase64url, sha256 } from '../../src/base/encoding.ts'
import type { Route } from '../../src/http/route-group.ts'
import { nowSeconds } from '../support/workers/clock.ts'
import { startLatchkey, type Latchkey } from '../support/workers/latchkey.ts'
import { signIn, type Tokens } from '../support/workers/sign-in.ts'
import {
  ALIVE,
  AUDIENCE,
  ECDSA_SHA256,
  ISSUER,
  jws,
  ownKey,
  resourceServer,
  revoke,
  signsOfLife,
  signWith,
} from '../support/workers/tokens.ts'

type Headers = Record<string, string>

const GUARDED = ROUTES.filter(({ guard }) => guard !== 'anyone')
const nameOf = ({ method, path }: Route) => `${method} ${path}`

/** A path of this route: for a person's own session, where one is named. */
const pathOf = ({ path }: Route, { session_id }: Tokens): string =>
  path.replace(':id', session_id).replace('*', 'tok_ml_x')

/** The route of a path as URLs are parsed, by the letters alone. */
const routeAt = (method: string, pathname: string): Route | undefined =>
  ROUTES.find((route) => {
    const pattern = route.path
      .replace(/[.]/g, '\\.')
      .replace(':id', '[^/]+')
      .replace('/*', '(?:/.*)?')
    return route.method === method && new RegExp(`^${pattern}$`).test(pathname)
  })

const send = (app: Latchkey, route: Route, path: string, headers: Headers = {}, body = '{}') =>
  app.fetch(ISSUER + path, {
    method: route.method,
    headers: route.method === 'POST' ? { 'Content-Type': 'application/json', ...headers } : headers,
    ...(route.method === 'POST' ? { body } : {}),
  })

const bearer = (token: string): Headers => ({ Authorization: `Bearer ${token}` })

/** Signs claims of an access token anew with the Worker's own key, as a thief of that key can. */
async function forger(app: Latchkey, { access_token }: Tokens) {
  const claims = decodeJwt(access_token)
  const { kid, sign } = await ownKey(app)
  return async (more: Record<string, unknown>, header: Record<string, unknown> = {}, by = sign) =>
    bearer(await jws({ alg: 'ES256', kid, typ: 'at+jwt', ...header }, { ...claims, ...more }, by))
}

/** What is no access token of a session that counts: each differs from one in one thing. */
async function badCredentials(app: Latchkey, tokens: Tokens): Promise<Record<string, Headers>> {
  const forge = await forger(app, tokens)
  const [other, ended] = [await signIn(app), await signIn(app)]
  await revoke(app, ended.refresh_token)
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, [
    'sign',
    'verify',
  ])
  const { privateKey } = pair as CryptoKeyPair
  const hash = encodeBase64url(await sha256(tokens.user.email)).slice(0, 22)
  return {
    'no credential': {},
    'an empty one': { Authorization: '' },
    'a scheme alone': { Authorization: 'Bearer' },
    garbage: bearer('garbage'),
    'garbage in three parts': bearer('a.b.c'),
    'no scheme': { Authorization: tokens.access_token },
    'another scheme': {
      Authorization: `Basic ${btoa(`${tokens.user.id}:${tokens.access_token}`)}`,
    },
    'a cookie': { Cookie: `access_token=${tokens.access_token}` },
    'a header of its own': { 'X-Access-Token': tokens.access_token },
    'an expired token': await forge({ exp: nowSeconds(app) }),
    'another issuer': await forge({ iss: 'https://evil.test' }),
    'an issuer with a slash': await forge({ iss: `${ISSUER}/` }),
    'another audience': await forge({ aud: ['https://evil.test'] }),
    'the audience of the app’s API alone': await forge({ aud: [AUDIENCE] }),
    'no audience': await forge({ aud: undefined }),
    'the session JWT': bearer(tokens.refresh_token),
    'the session JWT’s type': await forge({}, { typ: 'JWT' }),
    'no type': await forge({}, { typ: undefined }),
    'another key': await forge({}, {}, signWith(ECDSA_SHA256, privateKey)),
    'no signature': await forge({}, { alg: 'none' }, () => ''),
    'a key that it is bound to, and no proof': await forge({ cnf: { jkt: hash } }),
    'the form before, without a device': await forge({ device_key: undefined }),
    'the person before, a hash': await forge({ sub: `usr_${hash}` }),
    'another person': await forge({ sub: other.user.id }),
    'another address': await forge({ email: other.user.email }),
    'another session': await forge({ sid: other.session_id }),
    'an ended session': bearer(ended.access_token),
    'a resource server’s': { Authorization: resourceServer(app).basic },
  }
}

describe('every route', () => {
  it('T28: has the guard in this list, so that every new or changed guard is reviewed twice', () => {
    expect(ROUTES.map((route) => `${nameOf(route)}: ${route.guard}`).toSorted()).toEqual([
      'DELETE /v1/account: session',
      'DELETE /v1/sessions/:id: session',
      'DELETE /v1/sessions: session',
      'GET /.well-known/apple-app-site-association: anyone',
      'GET /.well-known/assetlinks.json: anyone',
      'GET /.well-known/jwks.json: anyone',
      'GET /.well-known/oauth-authorization-server: anyone',
      'GET /.well-known/openid-configuration: anyone',
      'GET /account: anyone',
      'GET /healthz: anyone',
      'GET /link/*: anyone',
      'GET /readyz: anyone',
      'GET /v1/account/export: session',
      'GET /v1/activity: session',
      'GET /v1/session: session',
      'GET /v1/sessions: session',
      'POST /v1/introspect: resource_server',
      'POST /v1/links/resend: anyone',
      'POST /v1/links: anyone',
      'POST /v1/revoke: anyone',
      'POST /v1/token: anyone',
    ])
  })

  it.each(ROUTES.filter(({ guard }) => guard === 'anyone').map((route) => [nameOf(route), route]))(
    'T28: %s is for anyone, and responds the same with any credential',
    async (_, route) => {
      const app = startLatchkey()
      const tokens = await signIn(app)
      const path = pathOf(route, tokens)
      const answerTo = async (headers: Headers) => {
        const answer = await send(app, route, path, headers)
        return [answer.status, (await answer.text()).replace(/"requestId":"[^"]*"/, '')]
      }
      const [status, body] = await answerTo({})
      expect(status).not.toBe(401)
      expect(status).toBeLessThan(500)
      for (const [name, headers] of Object.entries(await badCredentials(app, tokens))) {
        expect(await answerTo(headers), name).toEqual([status, body])
      }
      expect(await answerTo(bearer(tokens.access_token))).toEqual([status, body])
      expect(await signsOfLife(app, tokens)).toEqual(ALIVE)
    },
  )

  it.each(
    GUARDED.filter(({ guard }) => guard === 'session').map((route) => [nameOf(route), route]),
  )('T28: %s accepts only the access token of a session', async (_, route) => {
    const app = startLatchkey()
    const tokens = await signIn(app)
    const path = pathOf(route, tokens)
    for (const [name, headers] of Object.entries(await badCredentials(app, tokens))) {
      const answer = await send(app, route, path, headers)
      expect(answer.status, name).toBe(401)
      expect(answer.headers.get('WWW-Authenticate'), name).toMatch(/^(?:Bearer|DPoP)\b/)
    }
    const inQuery = `${path}?access_token=${tokens.access_token}`
    expect((await send(app, route, inQuery)).status).toBe(401)
    // Nothing came of them, and the forger's own hand is good: the refusals above mean something.
    const forge = await forger(app, tokens)
    const passed = await send(app, route, path, await forge({}))
    expect(passed.status).toBe(route.method === 'GET' ? 200 : 204)
  })

  it('T28: POST /v1/introspect accepts a resource server, and no person', async () => {
    const app = startLatchkey()
    const tokens = await signIn(app)
    const route = GUARDED.find(({ guard }) => guard === 'resource_server')!
    const { name, secret, basic } = resourceServer(app)
    const { 'a resource server’s': _, ...credentials } = await badCredentials(app, tokens)
    const wrong = {
      ...credentials,
      'an access token that is good': bearer(tokens.access_token),
      'another secret': { Authorization: `Basic ${btoa(`${name}:${secret}x`)}` },
      'another name': { Authorization: `Basic ${btoa(`x:${secret}`)}` },
      'another scheme': { Authorization: basic.replace('Basic', 'Bearer') },
    }
    const body = JSON.stringify({ token: tokens.access_token })
    for (const [what, headers] of Object.entries(wrong)) {
      const answer = await send(app, route, route.path, headers, body)
      expect(answer.status, what).toBe(401)
      expect(await answer.json(), what).toMatchObject({ error: 'invalid_client' })
    }
    const passed = await send(app, route, route.path, { Authorization: basic }, body)
    expect(await passed.json()).toMatchObject({ active: true })
  })
})

/** Ways to write a path that something on the way, or a router, may take for the path itself. */
const spellingsOf = (path: string): string[] => [
  `/${path}`,
  `//${path}`,
  path.replace('/v1/', '/v1//'),
  path.replace(/\/(?=[^/]*$)/, '//'),
  `${path}/`,
  `${path}//`,
  `/.${path}`,
  `/%2e${path}`,
  `/x/..${path}`,
  `/x/%2e%2E${path}`,
  `/healthz/..${path}`,
  `/healthz/..;${path}`,
  `/link/..${path}`,
  `${path}/.`,
  `${path}/%2e`,
  `${path}/..`,
  `${path}/x`,
  path.toUpperCase(),
  path.replace(/[a-z](?=[^/]*$)/, (letter) => letter.toUpperCase()),
  path.replace(/[a-z](?=[^/]*$)/, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
  path.replace('/v1', '/%761'),
  path.replace(/(?<=.)\/(?=[^/]*$)/, '%2f'),
  path.replaceAll('/', '\\'),
  path.replace(/s/g, 'ſ'),
  `${path}%00`,
  `${path}%20`,
  `${path}%0a`,
  `${path}%2f`,
  `${path}%3f`,
  `${path}%23`,
  `${path};x=1`,
  `${path}.json`,
  `${path}?`,
  `${path}?x=1`,
  `${path}#x`,
]

describe('every spelling of a path', () => {
  it('T28: reaches the route with its guard, or gets 404, with or without a credential', async () => {
    const app = startLatchkey()
    const tokens = await signIn(app)
    const { basic } = resourceServer(app)
    const seen = { guarded: 0, nothing: 0 }
    for (const route of ROUTES) {
      for (const spelling of spellingsOf(pathOf(route, tokens))) {
        const what = `${route.method} ${spelling}`
        const { pathname } = new URL(ISSUER + spelling)
        const meant = routeAt(route.method, pathname)
        const answer = await send(app, route, spelling)
        expect(answer.status, what).toBeLessThan(500)
        if (meant === undefined) {
          const others = ['GET', 'POST', 'DELETE'].some((method) => routeAt(method, pathname))
          const status = others ? 405 : 404
          expect(answer.status, what).toBe(status)
          for (const Authorization of [`Bearer ${tokens.access_token}`, basic]) {
            const credible = await send(app, route, spelling, { Authorization })
            expect(credible.status, what).toBe(status)
          }
          seen.nothing++
        } else if (meant.guard !== 'anyone') {
          expect(answer.status, what).toBe(401)
          seen.guarded++
        }
      }
    }
    expect(seen.guarded).toBeGreaterThan(60)
    expect(seen.nothing).toBeGreaterThan(300)
    expect(await signsOfLife(app, tokens)).toEqual(ALIVE)
  })

  it('T28: keeps its guard as HEAD, and with headers that name another path or method', async () => {
    const app = startLatchkey()
    const tokens = await signIn(app)
    const elsewhere = {
      'X-Original-URL': '/healthz',
      'X-Rewrite-URL': '/healthz',
      'X-Forwarded-Prefix': '/healthz',
      'X-HTTP-Method-Override': 'OPTIONS',
      'X-Method-Override': 'OPTIONS',
    }
    for (const route of GUARDED) {
      const path = pathOf(route, tokens)
      expect((await send(app, route, path, elsewhere)).status, path).toBe(401)
      if (route.method !== 'GET') continue
      const head = await app.fetch(ISSUER + path, { method: 'HEAD' })
      expect(head.status, path).toBe(401)
    }
  })

  it.each(['/v1/token', '/v1/revoke', '/v1/introspect'])(
    'T28, T50: %s with an extra slash gets 404, whatever the body, and never 500',
    async (path) => {
      const app = startLatchkey()
      const { basic } = resourceServer(app)
      const form = 'application/x-www-form-urlencoded'
      const json = 'application/json'
      const requests: [type: string | undefined, body: string | undefined][] = [
        [undefined, undefined],
        [undefined, 'grant_type=refresh_token'],
        [form, ''],
        [form, 'grant_type=refresh_token'],
        [form, 'grant_type=x&grant_type=y&token=a&token=b'],
        [form, 'grant_type=urn:latchkey:grant-type:link&link_token=x'],
        [form, 'token=x'],
        [form, '%'],
        [json, '{'],
        [json, '[]'],
        [json, '{"token":7,"grant_type":7}'],
        ['text/plain', 'x'],
      ]
      const spellings = [`${path}/`, `${path}//`, path.replace('/v1/', '/v1//'), `/${path}`]
      for (const spelling of [...spellings, path.replace('/v1/', '/%761/')]) {
        for (const Authorization of [undefined, basic]) {
          for (const [type, body] of requests) {
            const answer = await app.fetch(ISSUER + spelling, {
              method: 'POST',
              headers: {
                ...(type && { 'Content-Type': type }),
                ...(Authorization && { Authorization }),
                DPoP: 'x',
              },
              ...(body === undefined ? {} : { body }),
            })
            expect(answer.status, `${spelling} ${type} ${body}`).toBe(404)
            expect(answer.headers.get('Content-Type')).toBe('application/problem+json')
            expect(await answer.json()).toMatchObject({ type: 'urn:latchkey:problem:not_found' })
          }
        }
      }
      expect(await app.calls()).toEqual([])
      const failed = app.lines.filter(({ outcome }) => outcome === 'failed')
      expect(failed).toEqual([])
    },
  )
})
