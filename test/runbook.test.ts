// docs/runbook.md, step by step: each Worker here is a deployment with the secrets and tables that the step gives it.
import { env as workerEnv } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { makeSecrets } from '../scripts/keys/make-secrets.ts'
import { replaceKeys, type Ring } from '../scripts/keys/replace-keys.ts'
import { rotateKeys } from '../scripts/keys/rotate-keys.ts'
import type { SecretSet } from '../scripts/keys/read-rings.ts'
import type { Env } from '../src/base/config.ts'
import { asBrowser, newAdmin, startConsole } from './support/workers/console.ts'
import { nowSeconds } from './support/workers/clock.ts'
import { messagesTo, newEmail, startLatchkey, type Latchkey } from './support/workers/latchkey.ts'
import { copyOfTables, newTables, type OwnTables } from './support/workers/own-tables.ts'
import {
  ask,
  askForLink,
  expectRefused,
  expectTokens,
  newDevice,
  redeem,
  redeemCode,
  signIn,
  withToken,
} from './support/workers/sign-in.ts'
import {
  check,
  introspect,
  jsonOf,
  refresh,
  refreshed,
  signsOfLife,
} from './support/workers/tokens.ts'

const BOTH: readonly Ring[] = ['SEAL_KEYS', 'JWT_KEYS']
const THREE_HOURS_MS = 3 * 3_600_000
/** What an operator sets so that a Worker refuses everything. */
const CLOSED = { SEAL_KEYS: 'closed' }

const current = (): SecretSet => {
  const { SEAL_KEYS, JWT_KEYS } = workerEnv as Record<string, string>
  return { SEAL_KEYS: SEAL_KEYS!, JWT_KEYS: JWT_KEYS! }
}

const deploy = (env: Env, clock?: Latchkey['clock']): Latchkey =>
  startLatchkey({ env, ...(clock === undefined ? {} : { clock }) })

const jwks = async (app: Latchkey): Promise<string[]> => {
  const { keys } = await jsonOf<{ keys: { kid: string }[] }>(
    await app.fetch('/.well-known/jwks.json'),
  )
  return keys.map(({ kid }) => kid)
}

const kidOf = (jwt: string): string =>
  (
    JSON.parse(atob(jwt.split('.')[0]!.replaceAll('-', '+').replaceAll('_', '/'))) as {
      kid: string
    }
  ).kid

/** A refresh that Latchkey refuses: the app signs its person out. */
const expectSignedOut = async (app: Latchkey, refreshToken: string): Promise<void> =>
  expectRefused(await refresh(app, refreshToken), undefined)

describe('first deploy', () => {
  it('refuses everything but /healthz until its secrets are set, and then signs people in', async () => {
    const tables = await newTables()
    const none = { ...tables, SEAL_KEYS: '', JWT_KEYS: '' }
    const before = deploy(none)
    expect((await before.fetch('/healthz')).status).toBe(200)
    const ready = await before.fetch('/readyz')
    expect([ready.status, (await jsonOf<{ type: string }>(ready)).type]).toEqual([
      503,
      'urn:latchkey:problem:misconfigured',
    ])

    const after = deploy({ ...tables, ...(await makeSecrets()) })
    expect((await after.fetch('/readyz')).status).toBe(200)
    expect((await check(after, (await signIn(after)).access_token)).status).toBe(200)
  })

  it('answers 503 as long as the tables do not exist', async () => {
    const tables = await newTables()
    const app = deploy({ ...tables, APPROVALS_TABLE: 'not-created' })
    expect((await app.fetch('/readyz')).status).toBe(503)
  })
})

describe('rotation', () => {
  it('signs nobody out, and breaks no link, before and after the new keys are used', async () => {
    const old = deploy(current())
    const next = deploy(await rotateKeys(current(), nowSeconds(old)), old.clock)
    const person = await signIn(old)
    const phone = await newDevice()
    const asked = await askForLink(old, phone)

    // While Cloudflare replaces the old isolates, both answer the same devices.
    let { refresh_token } = await refreshed(next, person.refresh_token)
    ;({ refresh_token } = await refreshed(old, refresh_token))
    await expectTokens(await redeem(next, asked.linkToken, phone))
    expect(kidOf((await refreshed(next, refresh_token)).access_token)).toBe((await jwks(old))[0])

    const { access_token } = await signIn(old)
    old.clock.offsetMs += THREE_HOURS_MS + 1000
    const renewed = await refreshed(next, (await signIn(next)).refresh_token)
    expect(kidOf(renewed.access_token)).not.toBe(kidOf(access_token))
    expect(await jwks(next)).toEqual([kidOf(renewed.access_token), kidOf(access_token)])
  })
})

describe('leaked key', () => {
  it('of JWT_KEYS: its access tokens are refused at once, and every session continues', async () => {
    const leaked = deploy(current())
    const person = await signIn(leaked)
    const next = deploy(await replaceKeys(current(), ['JWT_KEYS']), leaked.clock)
    expect((await check(next, person.access_token)).status).toBe(401)
    expect(await jwks(next)).not.toContain(kidOf(person.access_token))
    const { access_token } = await refreshed(next, person.refresh_token)
    expect((await check(next, access_token)).status).toBe(200)
  })

  it('of SEAL_KEYS: no link, code or session of before works any more', async () => {
    const leaked = deploy(current())
    const [person, phone] = [await signIn(leaked), await newDevice()]
    const asked = await askForLink(leaked, phone)
    const next = deploy(await replaceKeys(current(), ['SEAL_KEYS']), leaked.clock)
    await expectSignedOut(next, person.refresh_token)
    await expectRefused(await redeem(next, asked.linkToken, phone), undefined)
    await expectRefused(await redeemCode(next, asked, asked.code, phone), undefined)
    // The access token lives on for its ten minutes, unless JWT_KEYS are replaced too.
    expect((await check(next, person.access_token)).status).toBe(200)
  })
})

describe('sign everybody out', () => {
  it('ends every session of apps and of the console at once. People sign in again as themselves', async () => {
    const admin = newAdmin()
    const old = await startConsole({ admins: [admin] })
    const person = await signIn(old.auth)
    const staff = await signIn(old.auth, undefined, admin)
    const shared = (await replaceKeys(current(), BOTH)) as { SEAL_KEYS: string; JWT_KEYS: string }
    const next = await startConsole({ admins: [admin] }, { shared })
    const cookie = await asBrowser(old, staff)
    expect((await old.fetch('/v1/me', { headers: cookie })).status).toBe(200)
    expect((await next.fetch('/v1/me', { headers: cookie })).status).toBe(401)
    for (const tokens of [person, staff]) {
      expect(await signsOfLife(next.auth, tokens)).toEqual({
        check: 401,
        access: false,
        session: false,
        refresh: 400,
      })
    }
    next.auth.clock.offsetMs += 61_000
    const again = await signIn(next.auth, person.device, person.user.email)
    expect(again.user.id).toBe(person.user.id)
    expect(again.session_id).not.toBe(person.session_id)
  })
})

describe('restore', () => {
  /** A deployment, and its backup. Afterwards a link is used, and a session ended. */
  async function damaged() {
    const tables = await newTables()
    const app = deploy({ ...current(), ...tables })
    const [phone, leaver] = [await newDevice(), await signIn(app)]
    const asked = await askForLink(app, phone)
    const backup = await copyOfTables(tables)
    await expectTokens(await redeem(app, asked.linkToken, phone))
    await withToken(app, leaver.access_token, '/v1/sessions', { method: 'DELETE' })
    await app.settle()
    await expectSignedOut(app, leaver.refresh_token)
    return { app, backup, phone, asked, leaver }
  }

  const deployOn = (backup: OwnTables, secrets: SecretSet, { clock }: Latchkey): Latchkey =>
    deploy({ ...secrets, ...backup }, clock)

  it('alone makes used links and ended sessions live again: this is why the keys are replaced', async () => {
    const { app, backup, phone, asked, leaver } = await damaged()
    const restored = deployOn(backup, current(), app)
    await expectTokens(await redeem(restored, asked.linkToken, phone))
    await refreshed(restored, leaver.refresh_token)
  })

  it('with replaced keys: no used link and no ended session works, and people keep their user ids', async () => {
    const { app, backup, phone, asked, leaver } = await damaged()
    const restored = deployOn(backup, await replaceKeys(current(), BOTH), app)
    await expectRefused(await redeem(restored, asked.linkToken, phone), undefined)
    await expectRefused(await redeemCode(restored, asked, asked.code, phone), undefined)
    await expectSignedOut(restored, leaver.refresh_token)
    expect((await check(restored, leaver.access_token)).status).toBe(401)
    expect(await jsonOf(await introspect(restored, leaver.access_token))).toEqual({ active: false })
    app.clock.offsetMs += 61_000
    const again = await signIn(restored, leaver.device, leaver.user.email)
    expect(again.user.id).toBe(leaver.user.id)
  })

  it('with SEAL_KEYS alone replaced: the same, once the access tokens have expired', async () => {
    const { app, backup, phone, asked, leaver } = await damaged()
    const restored = deployOn(backup, await replaceKeys(current(), ['SEAL_KEYS']), app)
    app.clock.offsetMs += leaver.expires_in * 1000 + 1000
    await expectRefused(await redeem(restored, asked.linkToken, phone), undefined)
    await expectSignedOut(restored, leaver.refresh_token)
    expect((await check(restored, leaver.access_token)).status).toBe(401)
  })

  it('closed: while the rings are invalid, every route answers 503 and no row changes', async () => {
    const open = startLatchkey()
    const { access_token, refresh_token } = await signIn(open)
    const closed = startLatchkey({ env: CLOSED, clock: open.clock })
    const answers = [
      await ask(closed, newEmail(), await newDevice()),
      await refresh(closed, refresh_token),
      await check(closed, access_token),
    ]
    expect(answers.map(({ status }) => status)).toEqual([503, 503, 503])
    await closed.settle()
    expect(await closed.calls()).toEqual([])
    expect((await closed.fetch('/healthz')).status).toBe(200)
    await refreshed(open, refresh_token)
  })
})

describe('move to another region', () => {
  it('copied while closed, with the same keys: sessions continue, and used links stay used', async () => {
    const tables = await newTables()
    const here = deploy({ ...current(), ...tables })
    const phone = await newDevice()
    const asked = await askForLink(here, phone)
    const tokens = await expectTokens(await redeem(here, asked.linkToken, phone))
    const there = deploy({ ...current(), ...(await copyOfTables(tables)) }, here.clock)
    await refreshed(there, tokens.refresh_token)
    await expectRefused(await redeem(there, asked.linkToken, await newDevice()), undefined)
    expect((await check(there, tokens.access_token)).status).toBe(200)
  })
})

describe('DynamoDB is down', () => {
  it('answers 503 and says when to try again. Afterwards the same link and session work', async () => {
    const app = startLatchkey()
    const [phone, person] = [await newDevice(), await signIn(app)]
    const asked = await askForLink(app, phone)
    await app.setFaults([{ fault: 'error500' }])
    const answers = [
      await app.fetch('/readyz'),
      await redeem(app, asked.linkToken, phone),
      await refresh(app, person.refresh_token),
    ]
    for (const answer of answers) {
      expect(answer.status).toBe(503)
      expect(answer.headers.get('Retry-After')).toMatch(/^\d+$/)
    }
    expect((await app.fetch('/.well-known/jwks.json')).status).toBe(200)
    await app.setFaults([])
    await expectTokens(await redeem(app, asked.linkToken, phone))
    await refreshed(app, person.refresh_token)
  }, 60_000)
})

describe('mail is down', () => {
  it('says so in the log. A person who asks again later gets a message', async () => {
    const app = startLatchkey({ env: { SES_ENDPOINT: 'http://127.0.0.1:1' } })
    const [phone, email] = [await newDevice(), newEmail()]
    expect((await ask(app, email, phone)).status).toBe(202)
    await app.settle()
    expect(app.lines).toContainEqual(
      expect.objectContaining({ event: 'link_not_sent', outcome: 'failed', channel: 'email' }),
    )
    expect(await messagesTo(email)).toEqual([])
    const repaired = startLatchkey({ clock: app.clock })
    app.clock.offsetMs += 61_000
    await askForLink(repaired, phone, email)
  }, 60_000)
})
