import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose'
import { describe, expect, it } from 'vitest'
import { messagesTo, newEmail, startLatchkey } from '../support/workers/latchkey.ts'
import {
  ask,
  askForLink,
  newDevice,
  redeem,
  signIn,
  withToken,
  type Tokens,
} from '../support/workers/sign-in.ts'

describe('works', () => {
  it('signs a person in by mail: ask, mail, redeem, verify, check', async () => {
    const app = startLatchkey()
    const device = await newDevice()
    const asked = await askForLink(app, device, undefined, { dashboardId: 'db_123' })
    const answer = await redeem(app, asked.linkToken, device, { device_name: "Ada's iPhone" })
    expect(answer.status).toBe(200)
    const tokens = (await answer.json()) as Tokens
    expect(tokens).toMatchObject({
      token_type: 'Bearer',
      expires_in: 600,
      user: { email: asked.email },
      dashboard_id: 'db_123',
    })
    expect(tokens.refresh_token_expires_in).toBeGreaterThan(2_591_990)

    const jwks = (await (await app.fetch('/.well-known/jwks.json')).json()) as JSONWebKeySet
    const { payload } = await jwtVerify(tokens.access_token, createLocalJWKSet(jwks), {
      issuer: 'https://auth.latchkey.test',
      audience: 'https://api.latchkey.test',
      typ: 'at+jwt',
    })
    expect(payload).toMatchObject({ sub: tokens.user.id, sid: tokens.session_id })

    const session = await withToken(app, tokens.access_token, '/v1/session')
    expect(session.status).toBe(200)
    expect(await session.json()).toMatchObject({
      session: { id: tokens.session_id, deviceName: "Ada's iPhone", dashboardId: 'db_123' },
      user: { email: asked.email },
    })
  })

  it('spends one round trip on asking, one on redeeming and one on a session check', async () => {
    const app = startLatchkey()
    const { access_token } = await signIn(app)
    await withToken(app, access_token, '/v1/session')
    const spent = app.lines.filter((line) => 'route' in line)
    expect(
      spent.map((line) => [line['route'], line['dynamoRoundTrips'], line['dynamoCalls']]),
    ).toEqual([
      ['/v1/links', 1, 2],
      ['/v1/token', 1, 1],
      ['/v1/session', 1, 1],
    ])
  })
})

describe('refuses', () => {
  it('sends nothing to an unknown address, and answers alike', async () => {
    const app = startLatchkey()
    const email = newEmail('example.org')
    const answer = await ask(app, email, await newDevice())
    expect(answer.status).toBe(202)
    await app.settle()
    expect(await messagesTo(email)).toEqual([])
  })
})
