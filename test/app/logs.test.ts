import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import { LOCAL_AWS } from '../../dev/local-aws.ts'
import { createApp } from '../../src/app.ts'
import type { Env } from '../../src/base/config.ts'
import { unixMs } from '../../src/base/time.ts'
import { realWorld, type World } from '../../src/base/world.ts'
import { addressIdOf } from '../../src/model/address.ts'
import { approve } from '../support/workers/approvals.ts'
import { messagesTo, newEmail, startLatchkey, type Latchkey } from '../support/workers/latchkey.ts'
import { patientWorld } from '../support/workers/rows.ts'
import {
  ask,
  askForLink,
  newDevice,
  postForm,
  postJson,
  redeem,
  signIn,
  withToken,
  type Device,
  type Tokens,
} from '../support/workers/sign-in.ts'
import { resourceServer } from '../support/workers/tokens.ts'

/** A Worker whose log is read as it is printed, and of whose answers and outward calls nothing is lost. */
type Heard = Latchkey & {
  /** Lines, exactly as printed. */
  printed: string[]
  /** Status, headers and, of a refusal, the body of every answer. */
  answers: string[]
  /** The URL of every request that the Worker sent. */
  urls: string[]
}

function startHeard(options: { env?: Env; world?: Partial<World> } = {}): Heard {
  const latchkey = startLatchkey(options)
  const [printed, answers, urls]: [string[], string[], string[]] = [[], [], []]
  const send = options.world?.fetch ?? realWorld.fetch
  const world: World = {
    ...realWorld,
    now: () => unixMs(Date.now() + latchkey.clock.offsetMs),
    ...options.world,
    fetch: (url, init) => {
      urls.push(url)
      return send(url, init)
    },
  }
  const app = createApp(world, (line) => printed.push(line))
  let contexts: ReturnType<typeof createExecutionContext>[] = []
  return {
    ...latchkey,
    printed,
    answers,
    urls,
    get lines() {
      return printed.map((line) => JSON.parse(line) as Record<string, unknown>)
    },
    async fetch(path, init) {
      const context = createExecutionContext()
      contexts.push(context)
      const request = new Request(new URL(path, 'https://auth.latchkey.test'), init)
      const answer = await app.fetch(request, latchkey.env, context)
      const body = answer.status < 400 ? '' : await answer.clone().text()
      answers.push(JSON.stringify([answer.status, [...answer.headers], body]))
      return answer
    },
    async settle() {
      const waiting = contexts
      contexts = []
      for (const context of waiting) await waitOnExecutionContext(context)
    },
  }
}

const random = () => crypto.randomUUID().replaceAll('-', '')
const newNumber = () => `+1415${String(Math.floor(Math.random() * 9e6) + 1e6)}`

describe('works', () => {
  it('writes one line per request: event, outcome and DynamoDB round trips', async () => {
    // A busy machine is no reason to try again, and tries are counted.
    const app = startHeard({ world: patientWorld })
    const device = await newDevice()
    const { linkToken } = await askForLink(app, device)
    const tokens = (await (await redeem(app, linkToken, device)).json()) as Tokens
    await withToken(app, tokens.access_token, '/v1/session')
    await app.fetch('/v1/session')
    await app.fetch('/healthz')
    const requests = app.lines.filter((line) => 'method' in line)
    expect(
      requests.map(({ event, outcome, status, dynamoRoundTrips, dynamoCalls }) => [
        event,
        outcome,
        status,
        dynamoRoundTrips,
        dynamoCalls,
      ]),
    ).toEqual([
      ['link_asked', 'accepted', 202, 1, 2],
      ['link_redeemed', 'ok', 200, 1, 1],
      ['request', 'ok', 200, 1, 1],
      ['request', 'unauthorized', 401, 0, 0],
      ['request', 'ok', 200, 0, 0],
    ])
    for (const line of requests) {
      expect(line['time']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
      for (const name of ['ms', 'dynamoMs']) {
        expect(line[name]).toEqual(expect.any(Number))
        expect(line[name]).toBeGreaterThanOrEqual(0)
      }
    }
    expect(requests[1]).toMatchObject({ userId: tokens.user.id, sessionId: tokens.session_id })
    expect(Number(requests[1]!['dynamoMs'])).toBeLessThanOrEqual(Number(requests[1]!['ms']) + 1)
  })

  it('logs the time spent waiting for DynamoDB, and every try', async () => {
    const app = startHeard()
    await app.setFaults([
      { operation: 'GetItem', fault: 'throttle', times: 2 },
      { operation: 'GetItem', fault: 'slow', delayMs: 120 },
    ])
    await app.fetch('/readyz')
    const [line] = app.lines
    expect(line).toMatchObject({ status: 200, dynamoCalls: 3, dynamoRoundTrips: 3 })
    expect(Number(line!['dynamoMs'])).toBeGreaterThanOrEqual(110)
  })

  it.each(['reset', 'throttle'] as const)(
    'logs the outcome `failed` for every request during an outage of DynamoDB (%s)',
    async (fault) => {
      const helper = startLatchkey()
      const tokens = await signIn(helper)
      const device = await newDevice()
      const open = await askForLink(helper, device)
      // A clock for deadlines that runs fast, so that every call gives up soon.
      const app = startHeard({ world: { ticks: () => performance.now() * 25 } })
      app.clock.offsetMs += 61_000
      await app.setFaults([{ fault }])
      const byCode = {
        grant_type: 'urn:latchkey:grant-type:code',
        handle: open.handle,
        code: open.code,
        code_verifier: device.codeVerifier,
        device_id: device.deviceId,
      }
      const byRefresh = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token }
      const { basic } = resourceServer(app)
      const answers = [
        await ask(app, newEmail(), device),
        await postJson(app, '/v1/links/resend', { handle: open.handle }),
        await redeem(app, open.linkToken, device),
        await postForm(app, '/v1/token', byCode),
        await postForm(app, '/v1/token', byRefresh),
        await withToken(app, tokens.access_token, '/v1/session'),
        await withToken(app, tokens.access_token, '/v1/sessions'),
        await withToken(app, tokens.access_token, '/v1/sessions', { method: 'DELETE' }),
        await withToken(app, tokens.access_token, '/v1/account/export'),
        await postForm(app, '/v1/revoke', { token: tokens.access_token }),
        await postForm(
          app,
          '/v1/introspect',
          { token: tokens.access_token },
          { Authorization: basic },
        ),
        await app.fetch('/readyz'),
      ]
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 503))
      expect(app.lines).toHaveLength(answers.length)
      for (const line of app.lines) {
        expect(line, JSON.stringify(line)).toMatchObject({ status: 503, outcome: 'failed' })
        expect(line['error']).toMatch(/^DynamoUnavailable/)
        expect(Number(line['dynamoCalls'])).toBeGreaterThan(0)
      }
      // A refusal is no failure, also during an outage.
      await app.fetch('/v1/session')
      await app.fetch('/nowhere')
      expect(app.lines.slice(-2)).toMatchObject([
        { status: 401, outcome: 'unauthorized' },
        { status: 404, outcome: 'refused' },
      ])
    },
  )

  it.each<[what: string, env: object, error: string]>([
    ['a missing right', {}, 'DynamoError AccessDeniedException'],
    [
      'a missing table',
      // The keys of the developer, who may use any table.
      {
        AWS_ACCESS_KEY_ID: LOCAL_AWS.accessKeyId,
        AWS_SECRET_ACCESS_KEY: LOCAL_AWS.secretAccessKey,
      },
      'DynamoError ResourceNotFoundException',
    ],
  ])('logs the outcome `failed` for a request that ended with %s', async (_, env, error) => {
    const app = startHeard({ env: { APPROVALS_TABLE: 'no-such-table', ...env } })
    expect((await ask(app, newEmail(), await newDevice())).status).toBe(503)
    expect(app.lines).toMatchObject([
      { event: 'link_asked', status: 503, outcome: 'failed', error },
    ])
  })

  it('writes a separate line, with the same request id, for work after the response', async () => {
    const app = startHeard()
    await askForLink(app, await newDevice())
    const [asked, sent] = app.lines
    expect(asked).toMatchObject({ event: 'link_asked' })
    expect(sent).toMatchObject({ event: 'link_sent', requestId: asked!['requestId'] })
    expect(app.lines).toHaveLength(2)
  })
})

describe('refuses', () => {
  it('to log anything except names, numbers and ids that Latchkey made', async () => {
    const app = startHeard()
    await driveEverything(app, await newPerson(app))
    const known = new Set(
      (
        'time event outcome requestId traceId method route status ms error dynamoRoundTrips dynamoCalls ' +
        'dynamoMs userId sessionId channel sender reason count kept resourceServer'
      ).split(' '),
    )
    for (const line of app.lines) {
      expect(Object.keys(line).filter((name) => !known.has(name))).toEqual([])
      for (const [name, value] of Object.entries(line)) {
        if (typeof value === 'number' || typeof value === 'boolean') continue
        const shape =
          /^(?:[A-Za-z_ <:*/.-]{1,60}|[0-9a-f-]{36}|(?:usr|ses)_[\w-]{22}|[\d-]{10}T[\d:.]{12}Z|\/[\w/.:*-]+|HTTP \d+)$/
        expect(String(value), name).toMatch(shape)
      }
    }
  })
})

describe('withstands', () => {
  it('T53: requests with secrets: no log line, refusal, header or URL contains one', async () => {
    const app = startHeard()
    const person = await newPerson(app)
    await driveEverything(app, person)
    expectNoCanary(app, person)
    // It is worth something only when all of this took place.
    const seen = new Set(
      app.lines.map(({ event, outcome }) => `${String(event)} ${String(outcome)}`),
    )
    const events = [
      'link_asked accepted',
      'link_asked refused',
      'link_resent accepted',
      'link_sent ok',
      'link_redeemed ok',
      'link_redeemed refused',
      'code_redeemed ok',
      'code_redeemed refused',
      'session_refreshed ok',
      'session_refreshed refused',
      'session_ended ok',
      'session_ended nothing',
      'sessions_ended ok',
      'token_introspected active',
      'token_introspected inactive',
      'request unauthorized',
    ]
    expect(events.filter((event) => !seen.has(event))).toEqual([])
  })

  it.each(['throttle', 'reset', 'lost'] as const)(
    'T53: a DynamoDB fault (%s): no secret is logged',
    async (fault) => {
      // A clock for deadlines that runs fast, so that every call gives up soon.
      const app = startHeard({ world: { ticks: () => performance.now() * 25 } })
      const person = await newPerson(app)
      await app.setFaults([{ fault }])
      await driveEverything(app, person)
      expectNoCanary(app, person)
      const failed = app.lines.filter(({ status }) => status === 503)
      expect(failed.length).toBeGreaterThan(3)
    },
  )

  it.each([400, 500, 200])(
    'T53: a DynamoDB error with HTTP %d that contains the request: no secret is logged',
    async (status) => {
      const echo = async (url: string, init: RequestInit) => {
        if (!new Headers(init.headers).has('x-amz-target')) return realWorld.fetch(url, init)
        const message = init.body as string
        const body = { __type: 'x#ValidationException', message, Message: message, Item: message }
        return Response.json(body, { status, headers: { 'x-amzn-RequestId': 'x' } })
      }
      const world = { fetch: echo, ticks: () => performance.now() * 25 }
      const app = startHeard({ world })
      const person = await newPerson(app)
      await driveEverything(app, person)
      expectNoCanary(app, person)
    },
  )

  it.each([
    ['refuses and says whom', 400],
    ['breaks and says whom', 500],
    ['breaks the connection', 0],
  ])('T53: no secret is logged when the email or SMS service %s', async (_, status) => {
    const fetch = async (url: string, init: RequestInit) => {
      if (new Headers(init.headers).get('x-amz-target')?.startsWith('DynamoDB'))
        return realWorld.fetch(url, init)
      const body = init.body as string
      if (status === 0) throw new TypeError(`Network connection lost: ${url} ${body}`)
      const headers = { 'x-amzn-errortype': 'MessageRejected' }
      return Response.json({ message: body, __type: body }, { status, headers })
    }
    const app = startHeard({ world: { fetch } })
    const person = await newPerson(app)
    await driveEverything(app, person)
    expectNoCanary(app, person)
    const notSent = app.lines.filter(({ event }) => event === 'link_not_sent')
    expect(notSent.length).toBeGreaterThanOrEqual(2)
    for (const line of notSent)
      expect(line).toMatchObject({ outcome: 'failed', requestId: expect.any(String) })
  })

  it('T53: an exception that contains a secret: it is not logged', async () => {
    const app = startHeard()
    const person = await newPerson(app)
    const broken = startHeard({
      world: {
        randomBytes: () => {
          throw new Error(`canary ${person.email} ${person.device.codeVerifier}`)
        },
      },
    })
    await driveEverything(broken, person)
    expectNoCanary(broken, person)
    expect(broken.lines.filter(({ status }) => status === 500).length).toBeGreaterThan(0)
  })

  it('T53: the link is the only URL in an email, and shows neither address nor dashboard', async () => {
    const app = startHeard()
    const person = await newPerson(app)
    await ask(app, person.email, person.device, { dashboardId: person.dashboardId })
    await app.settle()
    const [mail] = await messagesTo(person.email)
    for (const part of [mail!.text, mail!.html!]) {
      expect(part.match(/[a-z]+:\/\/[^\s"<]+/g)).toEqual([mail!.link])
    }
    expect(mail!.link).toMatch(/^https:\/\/auth\.latchkey\.test\/link\/tok_ml_[A-Za-z0-9_-]+$/)
    for (const part of [person.email, person.email.split('@')[0]!, person.dashboardId]) {
      expect(mail!.link).not.toContain(part)
    }
  })

  it('T54: callers that try to break or forge a log line', async () => {
    const app = startHeard()
    const device = await newDevice()
    const forged = '{"time":"2026-01-01T00:00:00.000Z","event":"link_redeemed","outcome":"ok"}'
    const hostile = [
      'x\r\n',
      'x\n',
      '\u001B[2K\u001B[1A',
      '\u001B]0;title\u0007',
      '\u0085',
      '\u2028',
      '\u2029',
      '\u202E',
      '"},',
      '\\u000a',
      '\u0000',
      '\u009B2K',
    ]
    let requests = 0
    for (const text of hostile) {
      const attack = `${text}${forged}`
      const header = attack.replace(/[\r\n\0]/g, '')
      const headers = {
        'User-Agent': header,
        'X-Request-Id': header,
        'CF-Connecting-IP': header,
        'CF-Ray': header,
        Referer: header,
        traceparent: header,
        Authorization: `Bearer ${header}`,
      }
      const email = newEmail()
      const json = { email, codeChallenge: device.codeChallenge }
      await postJson(app, '/v1/links', json, headers)
      await postJson(app, '/v1/links', { ...json, email: attack, deviceName: attack })
      await postJson(app, '/v1/links', { ...json, [attack]: attack })
      await redeem(app, attack, device, { device_name: attack, device_id: attack }, headers)
      await postForm(app, '/v1/token', { grant_type: attack })
      await postForm(app, '/v1/revoke', { token: attack }, headers)
      await app.fetch(`/${encodeURIComponent(attack)}?${encodeURIComponent(attack)}`, { headers })
      await app.fetch(`/link/${encodeURIComponent(attack)}`, { headers })
      await app.fetch('/v1/session', { headers })
      // The request for a link's page writes no line.
      requests += 8
    }
    await app.settle()
    for (const line of app.printed) {
      expect(line).toMatch(/^\{"time":"[^"]+","event":"[a-z_]+",[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*\}$/u)
      expect(line).not.toContain('2026-01-01')
      expect(() => JSON.parse(line) as unknown).not.toThrow()
    }
    expect(app.lines.filter((line) => 'method' in line)).toHaveLength(requests)
    expect(app.lines.filter(({ event }) => event === 'link_sent')).toHaveLength(hostile.length)
    expect(
      app.lines.filter(({ outcome, event }) => event === 'link_redeemed' && outcome === 'ok'),
    ).toEqual([])
  })
})

/** A person who must not appear in any log: none of these texts occurs anywhere else. */
type Person = {
  email: string
  phoneNumber: string
  device: Device
  deviceName: string
  dashboardId: string
  ipAddress: string
  userAgent: string
  canaries: Map<string, string>
}

/** Someone with links in hand and a session, whose every secret is known. Made on a Worker that works. */
async function newPerson(app: Heard): Promise<Person> {
  const helper = startLatchkey({
    env: { ...app.env, DYNAMODB_ENDPOINT: startLatchkey().env['DYNAMODB_ENDPOINT'] },
  })
  const email = newEmail('canary.example')
  const phoneNumber = newNumber()
  await approve(helper, email, { phoneNumber })
  const device = await newDevice()
  const person = {
    email,
    phoneNumber,
    device,
    deviceName: `canary phone ${random()}`,
    dashboardId: `canary_${random()}`,
    ipAddress: '203.0.113.77',
    userAgent: `CanaryAgent/${random()}`,
  }
  const used = await signIn(helper, device, email)
  helper.clock.offsetMs += 61_000
  const open = await askForLink(helper, device, email)

  const { keys } = JSON.parse(String(app.env['JWT_KEYS'])) as { keys: { d: string }[] }
  const servers = JSON.parse(String(app.env['RESOURCE_SERVERS'])) as Record<string, string>
  const [, payload, signature] = used.access_token.split('.')
  const [, refreshPayload, refreshSignature] = used.refresh_token.split('.')
  const canaries = new Map(
    Object.entries({
      email,
      'local part': email.split('@')[0]!,
      phoneNumber: phoneNumber.slice(1),
      codeVerifier: device.codeVerifier,
      codeChallenge: device.codeChallenge,
      deviceId: device.deviceId,
      deviceName: person.deviceName,
      dashboardId: person.dashboardId,
      ipAddress: person.ipAddress,
      userAgent: person.userAgent,
      'used link': used.linkToken,
      'open link': open.linkToken,
      code: open.code,
      handle: open.handle,
      'access token': payload!,
      'signature of it': signature!,
      'session JWT': refreshPayload!,
      'signature of that': refreshSignature!,
      JWT_KEYS: keys[0]!.d,
      SEAL_KEYS: String(app.env['SEAL_KEYS']).split('.')[1]!,
      RESOURCE_SERVERS: Object.values(servers)[0]!,
      AWS_SECRET_ACCESS_KEY: String(app.env['AWS_SECRET_ACCESS_KEY']),
      AWS_ACCESS_KEY_ID: String(app.env['AWS_ACCESS_KEY_ID']),
      'address id': await addressIdOf(email),
      path: 'canary-path',
      query: 'canary-query',
    }),
  )
  return { ...person, canaries, used, open, servers } as Person
}

/** Sends every kind of request there is, good and bad, as this person. */
async function driveEverything(app: Heard, someone: Person) {
  const person = someone as Person & {
    used: Tokens & { linkToken: string }
    open: { linkToken: string; handle: string; code: string }
    servers: Record<string, string>
  }
  const { email, device, used, open, phoneNumber } = person
  const { codeChallenge, codeVerifier, deviceId } = device
  const headers = {
    'CF-Connecting-IP': person.ipAddress,
    'User-Agent': person.userAgent,
    'X-Forwarded-For': person.ipAddress,
    Referer: `https://app.latchkey.test/${person.dashboardId}`,
    Cookie: `session=${used.refresh_token}`,
  }
  // Both messages are due: a good hour after the ones that newPerson asked for, within the links' life.
  app.clock.offsetMs += 122_000
  const asked = {
    email,
    codeChallenge,
    deviceName: person.deviceName,
    dashboardId: person.dashboardId,
  }
  await postJson(app, '/v1/links', asked, headers)
  await postJson(app, '/v1/links', asked, headers)
  app.clock.offsetMs += 61_000
  await postJson(app, '/v1/links', { ...asked, channel: 'sms', phoneNumber }, headers)
  app.clock.offsetMs += 61_000
  await postJson(app, '/v1/links/resend', { handle: open.handle }, headers)
  await postJson(app, '/v1/links/resend', { handle: `${open.handle}x` }, headers)
  await postJson(
    app,
    '/v1/links',
    { ...asked, email: `${email}, ${email}`, phoneNumber: `${phoneNumber}x` },
    headers,
  )
  await postJson(app, '/v1/links', { ...asked, codeChallenge: codeVerifier.slice(1) }, headers)
  await postJson(app, '/v1/links', asked, { ...headers, Origin: `https://${email.split('@')[1]}` })
  await postForm(app, '/v1/links', { email }, headers)

  for (const token of [used.access_token, used.refresh_token, `${used.access_token}x`]) {
    const init = { headers }
    await withToken(app, token, '/v1/session', init)
    await withToken(app, token, '/v1/sessions', init)
    await withToken(app, token, `/v1/sessions?cursor=${token}`, init)
    await withToken(app, token, '/v1/activity', init)
    await withToken(app, token, `/v1/activity?cursor=canary-query.${email}`, init)
    await withToken(app, token, '/v1/account/export', init)
    await withToken(app, token, `/v1/account/export?cursor=${token}`, init)
    await withToken(app, token, `/v1/sessions/${token}`, { ...init, method: 'DELETE' })
    await app.fetch(`/v1/session?access_token=${token}`, init)
    const servers = Object.entries(person.servers).flatMap(([name, secret]) => [
      `Basic ${btoa(`${name}:${secret}`)}`,
      `Basic ${btoa(`${name}:${secret}x`)}`,
      `Basic ${secret}`,
      `Bearer ${token}`,
    ])
    for (const Authorization of servers) {
      await postForm(app, '/v1/introspect', { token }, { ...headers, Authorization })
    }
  }

  const refresh = { grant_type: 'refresh_token', refresh_token: used.refresh_token }
  await postForm(app, '/v1/token', refresh, headers)
  await postJson(app, '/v1/token', { ...refresh, refresh_token: `${used.refresh_token}x` }, headers)
  await postForm(app, '/v1/token', { ...refresh, refresh_token: used.access_token }, headers)

  const code = { grant_type: 'urn:latchkey:grant-type:code', handle: open.handle, code: open.code }
  const verifier = { code_verifier: codeVerifier, device_id: deviceId }
  const wrong = { code_verifier: `${codeVerifier}x`, device_id: deviceId }
  const named = { device_name: person.deviceName }
  await redeem(app, used.linkToken, device, named, headers)
  await redeem(app, `${open.linkToken}x`, device, named, headers)
  await redeem(app, open.linkToken, { ...device, codeVerifier: `${codeVerifier}x` }, named, headers)
  await redeem(app, open.linkToken, device, { device_name: `${person.deviceName}\n` }, headers)
  await redeem(app, open.linkToken, device, named, { ...headers, DPoP: used.access_token })
  await postForm(app, '/v1/token', { ...code, ...wrong }, headers)
  await postForm(app, '/v1/token', { ...code, ...verifier, code: 'x' }, headers)
  await postForm(app, '/v1/token', { ...code, ...verifier }, headers)
  await redeem(app, open.linkToken, device, named, headers)
  const again = await redeem(app, open.linkToken, device, named, headers)
  const fresh = again.ok ? ((await again.json()) as Tokens) : used
  person.canaries.set('new access token', fresh.access_token.split('.')[2]!)
  person.canaries.set('new session JWT', fresh.refresh_token.split('.')[2]!)
  await postForm(app, '/v1/token', { grant_type: codeVerifier }, headers)

  for (const path of [
    `/link/${open.linkToken}`,
    `/link/${open.linkToken}x`,
    `/link/${email}`,
    `/canary-path/${email}?canary-query=${used.access_token}`,
    `/v1/token?link_token=${open.linkToken}`,
    '/.well-known/jwks.json',
    '/.well-known/oauth-authorization-server',
    '/readyz',
    '/healthz?canary-query',
  ]) {
    await app.fetch(path, { headers })
    await app.fetch(path, { method: 'HEAD', headers })
    await app.fetch(path, { method: 'PUT', headers, body: email })
  }
  await postForm(app, '/v1/revoke', { token: `${used.refresh_token}x` }, headers)
  await withToken(app, fresh.access_token, '/v1/sessions?keep=current', {
    method: 'DELETE',
    headers,
  })
  await postForm(app, '/v1/revoke', { token: fresh.access_token }, headers)
  await app.settle()
}

function expectNoCanary(app: Heard, { canaries }: Person) {
  const places = { lines: app.printed, answers: app.answers, urls: app.urls }
  for (const [place, texts] of Object.entries(places)) {
    expect(texts.length).toBeGreaterThan(0)
    for (const text of texts) {
      for (const [name, canary] of canaries) {
        for (const spelling of [canary, encodeURIComponent(canary)]) {
          if (text.includes(spelling)) expect.fail(`${name} stands in ${place}: ${text}`)
        }
      }
    }
  }
}
