import { describe, expect, it } from 'vitest'
import { messagesTo, newEmail, startLatchkey, type Latchkey } from '../support/workers/latchkey.ts'
import {
  ask,
  askForLink,
  newDevice,
  redeem,
  signIn,
  withToken,
  type Tokens,
} from '../support/workers/sign-in.ts'

const withdraw = (app: Latchkey, email: string) =>
  app.db.update({
    TableName: 'mobile-approved-emails',
    Key: { email },
    UpdateExpression: 'SET revokedAt = :at, revokedBy = :by',
    ExpressionAttributeValues: { ':at': 1, ':by': 'admin@sigmacomputing.com' },
  })

describe('refuses', () => {
  it('T13, T22: to give an idle session again', async () => {
    const app = startLatchkey({ env: { SESSION_IDLE_SECONDS: '300' } })
    const { device, linkToken, access_token } = await signIn(app)
    app.clock.offsetMs += 301_000
    expect((await withToken(app, access_token, '/v1/session')).status).toBe(401)
    const again = await redeem(app, linkToken, device)
    expect(await again.json()).toMatchObject({ latchkey_reason: 'used' })
  })

  it('T16: someone who was shut out and comes back by a tag of the same mailbox', async () => {
    const app = startLatchkey()
    const email = newEmail()
    await withdraw(app, email)
    const tagged = email.replace('@', '+back@')
    expect((await ask(app, tagged, await newDevice())).status).toBe(202)
    await app.settle()
    expect(await messagesTo(tagged)).toEqual([])
    const lines = app.lines.filter((line) => line['event'] === 'link_not_sent')
    expect(lines).toMatchObject([{ outcome: 'refused', reason: 'not_approved' }])
  })
})

describe('withstands', () => {
  it('T42: keys that DynamoDB leaves unread are read again, with pauses', async () => {
    let batches = 0
    const app = startLatchkey({
      world: {
        fetch: async (request) => {
          if (!request.headers.get('X-Amz-Target')?.endsWith('BatchGetItem')) return fetch(request)
          if (++batches > 3) return fetch(request)
          const { RequestItems } = await request.json<{ RequestItems: object }>()
          return Response.json({ Responses: {}, UnprocessedKeys: RequestItems })
        },
      },
    })
    const { access_token } = await signIn(app)
    expect((await withToken(app, access_token, '/v1/session')).status).toBe(200)
    expect(batches).toBe(4)
  })

  it('T47: a link from a Worker whose clock is ahead, redeemed by one whose clock is right', async () => {
    const app = startLatchkey()
    const device = await newDevice()
    const first = await signIn(app, device)
    app.clock.offsetMs += 80_000
    const ended = await withToken(app, first.access_token, '/v1/sessions', { method: 'DELETE' })
    expect(ended.status).toBe(204)
    app.clock.offsetMs += 5
    const asked = await askForLink(app, device, first.user.email)
    app.clock.offsetMs -= 20_000
    const answer = await redeem(app, asked.linkToken, device)
    expect(answer.status).toBe(200)
    const tokens = (await answer.json()) as Tokens
    expect((await withToken(app, tokens.access_token, '/v1/session')).status).toBe(200)
  })
})
