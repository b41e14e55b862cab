import { describe, expect, it } from 'vitest'
import { CONSOLE_ROUTES } from '../../src/console/app.ts'
import type { Guard } from '../../src/http/route-group.ts'
import {
  asBrowser,
  bearer,
  CONSOLE_ORIGIN,
  cookieOf,
  fromOwnPage,
  growStale,
  machine,
  newAdmin,
  newApprover,
  send,
  SECRET,
  startConsole,
  type Console,
  type Headers,
} from '../support/workers/console.ts'
import { signIn } from '../support/workers/sign-in.ts'
import {
  jsonOf,
  lastLine,
  newProofKey,
  prove,
  revoke,
  signInBound,
} from '../support/workers/tokens.ts'
import { withdraw } from '../support/workers/approvals.ts'

/** Every route of the console, with its guard. A route that is missing here fails the first test. */
const GUARDS: Record<string, Guard> = {
  'GET /healthz': 'anyone',
  'GET /readyz': 'anyone',
  'GET /.well-known/oauth-protected-resource': 'anyone',
  'POST /v1/token': 'anyone',
  'GET /v1/me': 'actor',
  'GET /v1/approvals': 'approvals:read',
  'POST /v1/approvals': 'approvals:write',
  'GET /v1/approvals.csv': 'approvals:read',
  'POST /v1/approvals/import': 'approvals:write',
  'GET /v1/approvals/:email': 'approvals:read',
  'PATCH /v1/approvals/:email': 'approvals:write',
  'POST /v1/approvals/:email/withdraw': 'approvals:write',
  'POST /v1/approvals/:email/restore': 'approvals:write',
  'GET /v1/people/:person': 'people:read',
  'GET /v1/why': 'people:read',
  'GET /v1/requests': 'approvals:read',
  'POST /v1/requests/:email/approve': 'approvals:write',
  'POST /v1/requests/:email/decline': 'approvals:write',
  'DELETE /v1/people/:person': 'people:write',
  'DELETE /v1/people/:person/sessions': 'people:write',
  'DELETE /v1/people/:person/sessions/:id': 'people:write',
  'DELETE /v1/people/:person/mail-refusal': 'people:write',
}

const problemOf = async (answer: Response): Promise<unknown> =>
  (await jsonOf(answer))['type']?.toString().replace('urn:latchkey:problem:', '')

const routes = CONSOLE_ROUTES.map(({ method, path, guard }) => ({
  method,
  guard,
  name: `${method} ${path}`,
  path: path.replace(/:(?:email|person)/, 'nobody@example.com'),
}))
const guarded = routes.filter(({ guard }) => guard !== 'anyone')

/** Calls every guarded route with the same credentials. */
async function everyRoute(app: Console, who: Headers, more: Headers = {}) {
  return Promise.all(
    guarded.map(async ({ name, method, path, guard }) => {
      const answer = await send(app, method, path, who, method === 'GET' ? undefined : {}, more)
      const text = await answer.text()
      return { name, guard, status: answer.status, text }
    }),
  )
}

/** Refused before anything was done, because of the caller and not of what the request says. */
const REFUSED = [401, 403]

const PASSES: Record<string, readonly Guard[]> = {
  admin: [
    'actor',
    'approver',
    'admin',
    'approvals:read',
    'approvals:write',
    'people:read',
    'people:write',
  ],
  approver: ['actor', 'approver', 'approvals:read', 'approvals:write'],
  reader: ['actor', 'approvals:read'],
  writer: ['actor', 'approvals:read', 'approvals:write'],
  people: ['actor', 'people:read', 'people:write'],
}

async function staff() {
  const [adminEmail, approverEmail] = [newAdmin(), newApprover()]
  const app = await startConsole({ admins: [adminEmail], approvers: [approverEmail] })
  // One after the other: each waits for everything that this Worker still has to do.
  const admin = await signIn(app.auth, undefined, adminEmail)
  const approver = await signIn(app.auth, undefined, approverEmail)
  const user = await signIn(app.auth)
  return { app, admin, approver, user }
}

describe('works', () => {
  it('T28: the list of guards is complete', () => {
    expect(Object.fromEntries(routes.map(({ name, guard }) => [name, guard]))).toEqual(GUARDS)
  })

  it('T28: lets exactly the right callers pass each guard', async () => {
    const { app, admin, approver } = await staff()
    const who = {
      admin: await asBrowser(app, admin),
      approver: await asBrowser(app, approver),
      reader: await machine(app, 'reader'),
      writer: await machine(app, 'writer'),
      people: await machine(app, 'people'),
    }
    for (const [name, headers] of Object.entries(who)) {
      for (const { name: route, guard, status } of await everyRoute(app, headers)) {
        const passes = PASSES[name]!.includes(guard)
        expect(REFUSED.includes(status), `${name} at ${route}: ${status}`).toBe(!passes)
      }
    }
  })

  it('accepts a browser session by its cookie, and returns the caller', async () => {
    const { app, admin, approver } = await staff()
    const me = await jsonOf(await send(app, 'GET', '/v1/me', await cookieOf(app, admin)))
    expect(me).toMatchObject({ kind: 'person', role: 'admin', email: admin.user.email })
    const other = await jsonOf(await send(app, 'GET', '/v1/me', await asBrowser(app, approver)))
    expect(other).toMatchObject({ role: 'approver', email: approver.user.email })
    const program = await jsonOf(await send(app, 'GET', '/v1/me', await machine(app, 'writer')))
    expect(program).toEqual({
      kind: 'machine',
      name: 'client:writer',
      scopes: ['approvals:read', 'approvals:write'],
    })
  })

  it('accepts a bound token with a proof for the console’s origin', async () => {
    const { app, proven } = await boundAdmin()
    const call = async (origin: string) =>
      send(app, 'GET', '/v1/me', await proven('GET', '/v1/me', origin))
    expect((await call(CONSOLE_ORIGIN)).status).toBe(200)
    expect((await call('https://auth.latchkey.test')).status).toBe(401)
  })

  it('T55: names the caller of every read and every refusal in the log, by an id', async () => {
    const { app, admin, approver, user } = await staff()
    const people = [admin, approver, user].map(async (tokens) => ({
      who: await asBrowser(app, tokens),
      named: { userId: tokens.user.id },
    }))
    const program = { who: await machine(app, 'reader'), named: { client: 'client:reader' } }
    for (const { who, named } of [...(await Promise.all(people)), program]) {
      for (const path of ['/v1/approvals', '/v1/people/:person']) {
        await send(app, 'GET', path.replace(':person', 'nobody@example.com'), who)
        expect(lastLine(app, path), path).toMatchObject(named)
      }
    }
    expect(JSON.stringify(app.lines)).not.toContain(admin.user.email)
  })
})

/** An administrator whose access token is bound to a key, and the headers of one call with it. */
async function boundAdmin() {
  const key = await newProofKey()
  const first = await startConsole()
  const bound = await signInBound(first.auth, key)
  const app = await startConsole({ admins: [bound.user.email] }, { clock: first.clock })
  const proven = async (method: string, path: string, origin = CONSOLE_ORIGIN) => ({
    Authorization: `DPoP ${bound.access_token}`,
    DPoP: await prove(
      app.auth,
      key,
      { method, path, accessToken: bound.access_token },
      { claims: { htu: `${origin}${path}` } },
    ),
  })
  return { app, bound, proven }
}

describe('refuses at every route', () => {
  it('T28: no credentials, and invalid credentials', async () => {
    const { app, admin, user } = await staff()
    const [token] = (await machine(app, 'writer'))['Authorization']!.split(' ').slice(1)
    const none: Headers[] = [
      {},
      { Authorization: 'Bearer' },
      { Authorization: 'Bearer x.y.z' },
      { Authorization: `DPoP ${admin.access_token}` },
      { Authorization: `DPoP ${token}` },
      // A session JWT is a refresh token: no access token, and no cookie before it is sealed for that.
      { Authorization: `Bearer ${admin.refresh_token}` },
      { Cookie: `__Host-latchkey=${admin.refresh_token}` },
      { Cookie: '__Host-latchkey=' },
      { Cookie: `latchkey=${(await cookieOf(app, admin))['Cookie']!.split('latchkey=')[1]}` },
      { Cookie: `${(await cookieOf(app, admin))['Cookie']}; __Host-latchkey=x` },
      { Authorization: `Basic ${btoa(`writer:${SECRET}`)}` },
    ]
    for (const who of none) {
      for (const { name, status } of await everyRoute(app, who, fromOwnPage)) {
        expect(status, `${name} ${JSON.stringify(who)}`).toBe(401)
      }
    }
    for (const { name, status } of await everyRoute(app, await asBrowser(app, user))) {
      expect(status, name).toBe(403)
    }
  })

  it('T28: a token for another audience, and a machine’s token at the public Worker', async () => {
    const { app } = await staff()
    const other = await startConsole(
      {},
      { env: { CONSOLE_ORIGIN: 'https://other.latchkey.test' }, clock: app.clock },
    )
    const foreign = await machine(other, 'writer')
    for (const { name, status } of await everyRoute(app, foreign)) expect(status, name).toBe(401)
    const here = await machine(app, 'writer')
    for (const path of ['/v1/session', '/v1/sessions', '/v1/activity']) {
      expect((await app.auth.fetch(path, { headers: here })).status, path).toBe(401)
    }
  })

  it('T27: a sign-in older than 12 hours, and says so', async () => {
    const { app, admin, approver } = await staff()
    const cookie = await cookieOf(app, admin)
    expect((await send(app, 'GET', '/v1/me', cookie)).status).toBe(200)
    growStale(app)
    for (const { name, status, text } of await everyRoute(app, cookie, fromOwnPage)) {
      expect(status, name).toBe(401)
      expect(text, name).toContain('urn:latchkey:problem:stale_session')
    }
    // A refresh is not a new sign-in.
    const refreshed = await app.auth.fetch('/v1/token', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ grant_type: 'refresh_token', refresh_token: approver.refresh_token }),
    })
    const stale = await send(app, 'GET', '/v1/me', await asBrowser(app, await refreshed.json()))
    expect(stale.status).toBe(401)
    expect(stale.headers.get('WWW-Authenticate')).toBe(
      'Bearer error="insufficient_user_authentication", max_age="43200", ' +
        'DPoP error="insufficient_user_authentication", max_age="43200", algs="ES256 Ed25519 EdDSA"',
    )
    expect(await problemOf(stale)).toBe('stale_session')
  })

  it('T84: an access token of a person that is not bound to a key, which the app’s back end also has', async () => {
    const { app, admin, approver } = await staff()
    for (const { access_token } of [admin, approver]) {
      for (const scheme of ['Bearer', 'bearer', 'DPoP']) {
        const who = { Authorization: `${scheme} ${access_token}` }
        for (const { name, status } of await everyRoute(app, who)) expect(status, name).toBe(401)
      }
    }
    const { app: other, bound } = await boundAdmin()
    expect((await send(other, 'GET', '/v1/me', bearer(bound))).status).toBe(401)
  })

  it('T28: an access token that has expired, of a person and of a machine', async () => {
    const { app, proven } = await boundAdmin()
    const program = await machine(app, 'writer')
    app.clock.offsetMs += 11 * 60_000
    for (const { name, method, path } of guarded) {
      for (const who of [await proven(method, path), program]) {
        const answer = await send(app, method, path, who, method === 'GET' ? undefined : {})
        expect(answer.status, name).toBe(401)
      }
    }
  })

  it('T71: a request by cookie from a page of another origin, or of no origin', async () => {
    const { app, admin } = await staff()
    const cookie = await cookieOf(app, admin)
    const origins = ['https://evil.example', 'https://auth.latchkey.test', 'null', '']
    for (const origin of origins) {
      const more: Headers = origin === '' ? {} : { Origin: origin }
      for (const { name, status, text } of await everyRoute(app, cookie, more)) {
        if (name.startsWith('GET')) continue
        expect(status, `${name} from ${origin}`).toBe(403)
        expect(text).toContain('origin_not_allowed')
      }
    }
    const answer = await send(app, 'GET', '/v1/me', cookie, undefined, {
      Origin: 'https://evil.example',
    })
    expect(answer.headers.get('Access-Control-Allow-Origin')).toBeNull()
  })

  it('T21: a session that was ended, and a person who was shut out', async () => {
    const { app, admin, approver } = await staff()
    const cookie = await cookieOf(app, admin)
    await revoke(app.auth, admin.refresh_token)
    await withdraw(app.auth, approver.user.email)
    for (const who of [cookie, await asBrowser(app, admin), await asBrowser(app, approver)]) {
      const answer = await send(app, 'GET', '/v1/me', who)
      expect(answer.status).toBe(401)
    }
  })

  it('T28: other spellings of a path', async () => {
    const { app, admin } = await staff()
    for (const path of ['//v1/me', '/v1//me', '/v1/%6de', '/V1/me', '/v1/me//']) {
      const answer = await send(app, 'GET', path, await asBrowser(app, admin))
      expect(answer.status, path).toBe(404)
    }
  })
})
