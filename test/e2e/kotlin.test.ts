import { setTimeout as sleep } from 'node:timers/promises'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { compiledKotlin, kotlinPhone, type KotlinPhone } from '../support/node/kotlin.ts'
import { newEmail } from './person.ts'
import { devWorld, type DevWorld } from './world.ts'

type Session = { id: string; user: { id: string; email: string } }
type Message = { link: string; code: string }

let world: DevWorld
const phones: KotlinPhone[] = []

beforeAll(async () => {
  world = await devWorld()
  await compiledKotlin()
})
afterEach(() => {
  for (const phone of phones.splice(0)) phone.stop()
})

async function newPhone(binding?: 'bound' | 'unbound'): Promise<KotlinPhone> {
  const phone = await kotlinPhone(world.issuer, binding)
  phones.push(phone)
  return phone
}

/** Asks on the phone, and takes the message out of the inbox. */
async function askOn(phone: KotlinPhone, email = newEmail()): Promise<Message> {
  expect(await phone.call('ask', { email })).toMatchObject({ state: 'asked', email })
  const url = `${world.inbox}/messages?to=${encodeURIComponent(email)}`
  for (let tries = 0; tries < 400; tries++) {
    const [message] = (await (await fetch(url)).json()) as Message[]
    if (message) return message
    await sleep(25)
  }
  throw new Error(`no message came to ${email}`)
}

const claimsOf = async (accessToken: unknown) => {
  const keys = createRemoteJWKSet(new URL(`${world.issuer}/.well-known/jwks.json`))
  return (await jwtVerify(String(accessToken), keys, { issuer: world.issuer, typ: 'at+jwt' }))
    .payload
}

describe('packages/kotlin works', () => {
  it('from asking to signing out, by link, with every call bound to the key of the device', async () => {
    const phone = await newPhone()
    expect(await phone.call('state')).toEqual({ state: 'signed_out' })
    const { link } = await askOn(phone)
    const session = (await phone.call('redeemLink', { link })) as Session
    expect(await phone.call('redeemLink', { link })).toEqual(session)
    expect(await phone.call('state')).toMatchObject({ state: 'signed_in', id: session.id })

    const before = await phone.call('accessToken')
    const claims = await claimsOf(before)
    expect(claims).toMatchObject({ sub: session.user.id, sid: session.id })
    expect(claims['cnf']).toMatchObject({ jkt: expect.stringMatching(/^[\w-]{43}$/) })

    // A second later the refreshed token differs from the first one.
    await sleep(1100)
    const url = `${world.issuer}/v1/session`
    const refused = `DPoP ${String(before)}`
    const headers = (await phone.call('headers', { method: 'GET', url, refused })) as HeadersInit
    const answer = await fetch(url, { headers })
    expect(answer.status).toBe(200)
    const after = await phone.call('accessToken')
    expect(after).not.toBe(before)
    expect((await claimsOf(after))['cnf']).toEqual(claims['cnf'])
    const asBearer = await fetch(url, { headers: { Authorization: `Bearer ${String(after)}` } })
    expect(asBearer.status).toBe(401)

    expect(await phone.call('send', { method: 'GET', url })).toMatchObject({ status: 200 })
    expect(await phone.call('sessions')).toEqual([
      { id: session.id, isCurrent: true, isBound: true, deviceName: 'Kotlin' },
    ])
    expect(await phone.call('session', { check: true })).toMatchObject({ id: session.id })
    expect(await phone.call('signOut')).toBe(true)
    expect(await phone.call('accessToken')).toBeNull()
    const gone = await fetch(url, { headers })
    expect(gone.status).toBe(401)
  })

  it('keeps the session over the death of the process, and signs in by code', async () => {
    const phone = await newPhone()
    const { code } = await askOn(phone)
    await phone.restart()
    const typed = `${code.slice(0, 3)} ${code.slice(3)}`
    const session = (await phone.call('redeemCode', { code: typed })) as Session
    await phone.restart()
    expect(await phone.call('session', { check: true })).toEqual(session)
  })

  it('exports and deletes the account', async () => {
    const [phone, email] = [await newPhone(), newEmail()]
    const { link } = await askOn(phone, email)
    const session = (await phone.call('redeemLink', { link })) as Session
    expect(await phone.call('exportAccount')).toMatchObject({
      user: { id: session.user.id, email },
      sessions: [{ deviceName: 'Kotlin' }],
    })
    const url = `${world.issuer}/v1/session`
    const headers = (await phone.call('headers', { method: 'GET', url })) as HeadersInit
    expect(await phone.call('deleteAccount')).toBeNull()
    expect(await phone.call('state')).toEqual({ state: 'signed_out' })
    expect((await fetch(url, { headers })).status).toBe(401)
  })

  it('ends a session of another device, and all of them', async () => {
    const email = newEmail()
    const first = await newPhone()
    const { link } = await askOn(first, email)
    const one = (await first.call('redeemLink', { link })) as Session
    expect(await first.call('endSession', { sessionId: one.id })).toBeNull()
    expect(await first.call('session')).toBeNull()
    await expect(first.call('sessions')).rejects.toMatchObject({ code: 'signed_out' })

    const other = await newPhone('unbound')
    const { code } = await askOn(other)
    await other.call('redeemCode', { code })
    await other.call('signOutEverywhere')
    expect(await other.call('state')).toEqual({ state: 'signed_out' })
  })
})

describe('packages/kotlin withstands', () => {
  it('sixteen callers at once: they tap one link, and get one session', async () => {
    const phone = await newPhone()
    const { link } = await askOn(phone)
    const taps = Array.from({ length: 16 }, () => phone.call('redeemLink', { link }))
    const ids = (await Promise.all(taps)).map((session) => (session as Session).id)
    expect(new Set(ids).size).toBe(1)
  })

  it('the link of another device, and a code that is wrong', async () => {
    const asking = await newPhone()
    const { link, code } = await askOn(asking)
    const tapped = await newPhone()
    await expect(tapped.call('redeemLink', { link })).rejects.toMatchObject({ code: 'not_asked' })
    const wrong = String((Number(code) + 1) % 1_000_000).padStart(6, '0')
    await expect(asking.call('redeemCode', { code: wrong })).rejects.toMatchObject({
      code: 'invalid_grant',
    })
    expect(await asking.call('redeemCode', { code })).toMatchObject({ id: expect.any(String) })
  })
})
