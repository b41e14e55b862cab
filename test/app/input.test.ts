import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { approve } from '../support/workers/approvals.ts'
import { newEmail, startLatchkey, type Latchkey } from '../support/workers/latchkey.ts'
import { linksOf, sessionsOf } from '../support/workers/rows.ts'
import { SES_TAKES_IT, watchSes } from '../support/workers/ses.ts'
import {
  ask,
  LINK_GRANT,
  newDevice,
  postJson,
  redeem,
  signIn,
  tokenOf,
  withToken,
  type Tokens,
} from '../support/workers/sign-in.ts'

const MAX_BODY_BYTES = 16 * 1024
const device = await newDevice()
const { codeChallenge } = device

function startWatched() {
  const ses = watchSes(SES_TAKES_IT)
  return { ses, app: startLatchkey({ world: { fetch: ses.fetch } }) }
}

type Body = string | Uint8Array<ArrayBuffer> | ReadableStream
const post = (app: Latchkey, path: string, body: Body, headers: Record<string, string> = {}) =>
  app.fetch(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body,
  })

/** The request was refused with this status, and nothing came of it. */
async function expectNoEffect(
  { app, ses }: ReturnType<typeof startWatched>,
  answer: Response,
  status: number | number[],
) {
  expect([status].flat()).toContain(answer.status)
  await app.settle()
  expect(await app.calls()).toEqual([])
  expect(ses.mails).toEqual([])
}

const local = () => `t.${crypto.randomUUID().slice(0, 13)}`

const utf8 = (text: string) => new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>

const NAME_RULE = /must be printable text|is too long: at most 64|is too short: at least 1/

/** Names that would break a line, hide in it, grow out of it, or say nothing at all. */
const UNPRINTABLE: [what: string, name: string][] = [
  ['nothing', ''],
  ['65 characters', 'x'.repeat(65)],
  ['four thousand marks', `e${'\u0301'.repeat(4000)}`],
  ['a line break', 'a\nb'],
  ['a carriage return', 'a\rb'],
  ['a tab', 'a\tb'],
  ['NUL', 'a\u0000b'],
  ['an escape', 'a\u001b[2Kb'],
  ['delete', 'a\u007fb'],
  ['a control of Latin-1', 'a\u0085b'],
  ['a line separator', 'a\u2028b'],
  ['a paragraph separator', 'a\u2029b'],
  ['a zero-width space', 'a\u200bb'],
  ['a word joiner', 'a\u2060b'],
  ['a byte order mark', '\ufeffa'],
  ['a soft hyphen', 'a\u00adb'],
  ['a bidi override', '\u202ea'],
  ['a bidi isolate', '\u2066a'],
  ['an Arabic letter mark', 'a\u061cb'],
  ['an invisible tag', 'a\u{e0041}b'],
  ['a private character', 'a\ue000b'],
  ['a private character of another plane', 'a\u{10fffd}b'],
  ['an unassigned character', 'a\u0378b'],
  ['a noncharacter', 'a\uffffb'],
  ['three marks in a row', 'e\u0301\u0323\u0302'],
  ['three enclosing marks in a row', 'e\u20dd\u20de\u20df'],
  ['three marks before any letter', '\u0301\u0301\u0301'],
  ['half of a surrogate pair', 'a\ud800b'],
  ['the other half', 'a\udc00b'],
  ['a pair in the wrong order', '\udc00\ud800'],
]

describe('works', () => {
  it.each([
    ['mixed case', (l: string) => `${l.toUpperCase()}@SigmaComputing.Com`, 'sigmacomputing.com'],
    ['spaces around', (l: string) => `  ${l}@sigmacomputing.com `, 'sigmacomputing.com'],
    ['an IDN', (l: string) => `${l}@bücher.example`, 'xn--bcher-kva.example'],
    ['an IDN in capitals', (l: string) => `${l}@BÜCHER.Example`, 'xn--bcher-kva.example'],
    ['a decomposed IDN', (l: string) => `${l}@bu\u0308cher.example`, 'xn--bcher-kva.example'],
    ['its ASCII form', (l: string) => `${l}@XN--BCHER-KVA.example`, 'xn--bcher-kva.example'],
    ['an IDN of another script', (l: string) => `${l}@例え.テスト`, 'xn--r8jz45g.xn--zckzah'],
    ['a sharp s', (l: string) => `${l}@straße.example`, 'xn--strae-oqa.example'],
    ['a tag and every legal sign', (l: string) => `${l}+a#$&'*/=?^_\`{|}~-@x.example`, 'x.example'],
  ])('T6, T29: treats %s as one recipient, approval and identity', async (_, write, domain) => {
    const { app, ses } = startWatched()
    const name = local()
    const typed = write(name)
    const identity = `${typed.trim().split('@')[0]!.toLowerCase()}@${domain}`
    await approve(app, identity)
    expect((await ask(app, typed, device)).status).toBe(202)
    await app.settle()
    expect(ses.mails.map((mail) => mail.Destination)).toEqual([{ ToAddresses: [identity] }])
    const linkToken = tokenOf(ses.mails[0]!.Content.Simple.Body.Text.Data)
    const tokens = (await (await redeem(app, linkToken, device)).json()) as Tokens
    expect(tokens.user.email).toBe(identity)

    app.clock.offsetMs += 61_000
    expect((await ask(app, identity, device)).status).toBe(202)
    await app.settle()
    expect(ses.recipients()).toEqual([identity, identity])
    const again = tokenOf(ses.mails[1]!.Content.Simple.Body.Text.Data)
    const same = (await (await redeem(app, again, device)).json()) as Tokens
    expect(same.user).toEqual(tokens.user)
  })

  it('T51: reads a body of exactly the limit', async () => {
    const { app } = startWatched()
    const json = JSON.stringify({ email: newEmail(), codeChallenge })
    expect((await post(app, '/v1/links', json.padEnd(MAX_BODY_BYTES))).status).toBe(202)
  })

  it.each([
    'application/json',
    'application/json;charset=utf-8',
    'Application/JSON; Charset="UTF-8"',
    'application/json ; charset=UTF-8',
  ])('reads JSON sent as %s', async (type) => {
    const { app } = startWatched()
    const json = JSON.stringify({ email: newEmail(), codeChallenge })
    expect((await post(app, '/v1/links', json, { 'Content-Type': type })).status).toBe(202)
  })

  it.each([
    ['Anna’s iPhone 15 Pro'],
    ['هاتف أحمد'],
    ['太郎のiPhone 🔑'],
    ['Zoë’s Gerät – Büro №2 ½'],
    ['วันดี ที่นี่'],
    ['e\u0301\u0323 stays two marks'],
    ['x'.repeat(64)],
    ['👍🏽 ❤️ 🇨🇭'],
    ['a \\ b " c < d > & e'],
  ])('T50: accepts the device name %j, and returns it unchanged', async (device_name) => {
    const { app, ses } = startWatched()
    const email = newEmail()
    expect((await ask(app, email, device, { deviceName: device_name })).status).toBe(202)
    await app.settle()
    const linkToken = tokenOf(ses.mails[0]!.Content.Simple.Body.Text.Data)
    const answer = await redeem(app, linkToken, device, { device_name })
    const tokens = (await answer.json()) as Tokens
    const session = await withToken(app, tokens.access_token, '/v1/session')
    expect(await session.json()).toMatchObject({ session: { deviceName: device_name } })
    expect((await sessionsOf(app, email))[0]!.deviceName).toBe(device_name)
  })

  it('accepts a member whose name only looks duplicated', async () => {
    const { app } = startWatched()
    const json = `{"email":"${newEmail()}","codeChallenge":"${codeChallenge}","deviceName":"a \\"email\\": b"}`
    expect((await post(app, '/v1/links', json)).status).toBe(202)
  })
})

describe('refuses', () => {
  const bad: [string, string][] = [
    ['nothing', ''],
    ['only spaces', '   '],
    ['no at sign', 'ada.example.com'],
    ['no local part', '@example.com'],
    ['no domain', 'ada@'],
    ['two addresses', 'a@x.example,b@y.example'],
    ['two addresses by semicolon', 'a@x.example;b@y.example'],
    ['two addresses by space', 'a@x.example b@y.example'],
    ['two at signs', 'a@x.example@y.example'],
    ['a quoted local part', '"e@evil.example"@sigmacomputing.com'],
    ['a quoted ordinary local part', '"ada"@sigmacomputing.com'],
    ['a display name', 'Ada <ada@sigmacomputing.com>'],
    ['angle brackets', '<ada@sigmacomputing.com>'],
    ['a comment', 'ada(x)@sigmacomputing.com'],
    ['a route', '@evil.example:ada@sigmacomputing.com'],
    ['a percent route', 'ada%evil.example@sigmacomputing.com'],
    ['a bang route', 'evil.example!ada@sigmacomputing.com'],
    ['a full-width at sign', 'ada\uFF20sigmacomputing.com'],
    ['a small at sign', 'ada\uFE6Bsigmacomputing.com'],
    ['both at signs', 'a\uFF20evil.example@sigmacomputing.com'],
    ['a full-width letter in the domain', 'ada@\uFF53igmacomputing.com'],
    ['a full-width dot', 'ada@sigmacomputing\uFF0Ecom'],
    ['an ideographic dot', 'ada@sigmacomputing\u3002com'],
    ['a ligature', 'ada@\uFB01rm.example'],
    ['a circled letter', 'ada@\u24E2igmacomputing.com'],
    ['CRLF and a Bcc', 'ada@sigmacomputing.com\r\nBcc: victim@example.org'],
    ['LF inside', 'ada\n@sigmacomputing.com'],
    ['a trailing LF', 'ada@sigmacomputing.com\n'],
    ['a tab', 'ada\t@sigmacomputing.com'],
    ['NUL at the end', 'ada@sigmacomputing.com\u0000'],
    ['NUL and a suffix', 'ada@sigmacomputing.com\u0000.evil.example'],
    ['a lone surrogate', 'ad\uD800a@sigmacomputing.com'],
    ['a lone surrogate in the domain', 'ada@sigma\uDC00computing.com'],
    ['a bidi override', 'ada\u202E@sigmacomputing.com'],
    ['a bidi override in the domain', 'ada@\u202Emoc.gnitupmocamgis'],
    ['a zero-width space', 'ada\u200B@sigmacomputing.com'],
    ['a zero-width joiner in the domain', 'ada@sigma\u200Dcomputing.com'],
    ['a soft hyphen', 'ada@sigma\u00ADcomputing.com'],
    ['a byte order mark', '\uFEFFada@sigmacomputing.com'],
    ['a no-break space around', '\u00A0ada@sigmacomputing.com'],
    ['a letter beyond ASCII before the at sign', 'ad\u00E0@sigmacomputing.com'],
    ['a dotless i', 'm\u0131ke@sigmacomputing.com'],
    ['a Kelvin sign, whose lower case is k', 'mi\u212Ae@sigmacomputing.com'],
    ['a leading dot', '.ada@sigmacomputing.com'],
    ['a trailing dot', 'ada.@sigmacomputing.com'],
    ['two dots', 'a..da@sigmacomputing.com'],
    ['a trailing dot of the domain', 'ada@sigmacomputing.com.'],
    ['two dots in the domain', 'ada@sigmacomputing..com'],
    ['one label', 'ada@localhost'],
    ['an IPv4 address', 'ada@127.0.0.1'],
    ['an IPv4 address in another writing', 'ada@0x7f.1'],
    ['an address literal', 'ada@[127.0.0.1]'],
    ['an IPv6 literal', 'ada@[IPv6:::1]'],
    ['a port', 'ada@sigmacomputing.com:25'],
    ['a path', 'ada@sigmacomputing.com/x'],
    ['a query', 'ada@sigmacomputing.com?bcc=x'],
    ['a fragment', 'ada@sigmacomputing.com#x'],
    ['user info', 'ada@x:y@sigmacomputing.com'],
    ['an underscore in the domain', 'ada@sigma_computing.com'],
    ['a hyphen at a label’s edge', 'ada@-sigma.com'],
    ['an A-label of nothing', 'ada@xn--.example'],
    ['a 64-character label', `ada@${'a'.repeat(64)}.example`],
    ['a 255-character label', `ada@${'a'.repeat(255)}.example`],
    ['a 65-character local part', `${'a'.repeat(65)}@sigmacomputing.com`],
    ['a local part of 300', `${'a'.repeat(300)}@sigmacomputing.com`],
    ['254 characters and one more', `a@${`${'a'.repeat(49)}.`.repeat(5)}abc`],
    ['mailto:', 'mailto:ada@sigmacomputing.com'],
  ]
  it.each(bad)('T6, T50: an address with %s', async (_, email) => {
    const watched = startWatched()
    const answer = await postJson(watched.app, '/v1/links', { email, codeChallenge })
    await expectNoEffect(watched, answer, 400)
    expect(await answer.json()).toMatchObject({
      type: 'urn:latchkey:problem:invalid_request',
      errors: [{ pointer: '#/email', detail: 'must be an email address' }],
    })
  })

  const email = 'ada@sigmacomputing.com'
  const good = `"email":"${email}","codeChallenge":"${codeChallenge}"`
  const bodies: [string, Body, number | number[], Record<string, string>?][] = [
    ['an empty body', '', 400],
    ['a bare string', '"x"', 400],
    ['a number', '1', 400],
    ['null', 'null', 400],
    ['an array', `[{${good}}]`, 400],
    ['a cut body', `{${good}`, 400],
    ['two values', `{${good}}{${good}}`, 400],
    ['a trailing comma', `{${good},}`, 400],
    ['a comment', `{${good}/**/}`, 400],
    ['single quotes', `{'email':'${email}'}`, 400],
    ['NaN', `{${good},"locale":NaN}`, 400],
    ['a raw line break in a string', `{${good},"deviceName":"a\nb"}`, 400],
    ['a duplicate key', `{${good},"email":"other@sigmacomputing.com"}`, 400],
    ['a duplicate key, same value', `{${good},"email":"${email}"}`, 400],
    ['a duplicate key in escapes', `{${good},"\\u0065mail":"other@sigmacomputing.com"}`, 400],
    ['a duplicate key with odd spaces', `{${good},"email"\t:\n"other@sigmacomputing.com"}`, 400],
    ['a duplicate key deep down', `{${good},"x":[{"a":1,"a":2}]}`, 400],
    ['arrays 8,000 deep', '['.repeat(8000) + ']'.repeat(8000), 400],
    ['objects 2,700 deep', '{"a":'.repeat(2700) + '1' + '}'.repeat(2700), 400],
    ['arrays 10,000 deep', '['.repeat(10_000) + ']'.repeat(10_000), 413],
    ['10,000 brackets never closed', '['.repeat(10_000), 400],
    ['1e400 for a string', `{"email":1e400,"codeChallenge":"${codeChallenge}"}`, 400],
    ['an array for a string', `{"email":["${email}"],"codeChallenge":"${codeChallenge}"}`, 400],
    ['an object for a string', `{"email":{"$ne":""},"codeChallenge":"${codeChallenge}"}`, 400],
    ['a boolean for a string', `{"email":true,"codeChallenge":"${codeChallenge}"}`, 400],
    ['a 64 KB local part', `{"email":"${'a'.repeat(65_536)}@x.example"}`, 413],
    ['an unknown channel', `{${good},"channel":"pigeon"}`, 400],
    ['a device name of 65', `{${good},"deviceName":"${'x'.repeat(65)}"}`, 400],
    ['NUL in a device name', `{${good},"deviceName":"a\\u0000"}`, 400],
    ['a lone surrogate in a device name', `{${good},"deviceName":"\\ud800"}`, 400],
    ['bidi in a device name', `{${good},"deviceName":"\\u202ex"}`, 400],
    ['a path for a dashboard', `{${good},"dashboardId":"../../etc"}`, 400],
    ['a lone surrogate as a name', `{${good},"\\ud800":1}`, 400],
    ['a byte order mark', utf8(`\uFEFF{${good}}`), 400],
    ['UTF-16', utf16(`{${good}}`), 400],
    ['a broken UTF-8 sequence', Uint8Array.of(0x7b, 0x22, 0xc3, 0x28, 0x22, 0x7d), 400],
    ['an overlong UTF-8 sequence', Uint8Array.of(0x22, 0xc0, 0xaf, 0x22), 400],
    ['another charset', `{${good}}`, 415, { 'Content-Type': 'application/json; charset=utf-16' }],
    ['Latin-1', `{${good}}`, 415, { 'Content-Type': 'application/json; charset="iso-8859-1"' }],
    ['gzip', `{${good}}`, 415, { 'Content-Encoding': 'gzip' }],
    ['two encodings', `{${good}}`, 415, { 'Content-Encoding': 'identity, gzip' }],
    ['another JSON type', `{${good}}`, 415, { 'Content-Type': 'application/ld+json' }],
  ]
  it.each(bodies)('T50: %s', async (_, body, status, headers = {}) => {
    const watched = startWatched()
    const answer = await post(watched.app, '/v1/links', body, headers)
    await expectNoEffect(watched, answer, status)
    expect(answer.headers.get('Content-Type')).toBe('application/problem+json')
  })

  it.each(['/v1/links', '/v1/token'])('T50: a body that breaks off, at %s', async (path) => {
    const watched = startWatched()
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(utf8(`{${good}`)),
      pull: (controller) => controller.error(new Error('Network connection lost.')),
    })
    await expectNoEffect(watched, await post(watched.app, path, body), 400)
    expect(watched.app.lines).toMatchObject([{ status: 400, outcome: 'refused' }])
  })

  it('T50: a gzip body', async () => {
    const watched = startWatched()
    const gzip = new Blob([`{${good}}`]).stream().pipeThrough(new CompressionStream('gzip'))
    const body = new Uint8Array(await new Response(gzip).arrayBuffer())
    await expectNoEffect(watched, await post(watched.app, '/v1/links', body), 400)
  })

  it.each([
    'role',
    'approvedBy',
    'userId',
    'used',
    'isAdmin',
    '__proto__',
    'constructor',
    'toString',
    'a/b~c',
  ])('T30: the unknown member %s, with a pointer to it', async (name) => {
    const watched = startWatched()
    const json = `{"email":"${newEmail()}","codeChallenge":"${codeChallenge}",${JSON.stringify(name)}:{"role":"admin"}}`
    const answer = await post(watched.app, '/v1/links', json)
    await expectNoEffect(watched, answer, 400)
    const escaped = encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'))
    expect(await answer.json()).toMatchObject({ errors: [{ pointer: `#/${escaped}` }] })
  })

  it('T30: all invalid members at once, each with its pointer and never with its value', async () => {
    const watched = startWatched()
    const secret = 'canary-value'
    const body = { email: secret, codeChallenge: secret, deviceName: `${secret}\n`, [secret]: 1 }
    const answer = await postJson(watched.app, '/v1/links', { ...body, locale: '!' })
    await expectNoEffect(watched, answer, 400)
    const problem = (await answer.json()) as { errors: { pointer: string; detail: string }[] }
    expect(problem.errors.map(({ pointer }) => pointer).toSorted()).toEqual(
      ['#/canary-value', '#/codeChallenge', '#/deviceName', '#/email', '#/locale'].toSorted(),
    )
    for (const { detail } of problem.errors) expect(detail).not.toContain(secret)
  })

  it.each(UNPRINTABLE)('T50: %s in deviceName, with a pointer to it', async (_, deviceName) => {
    const watched = startWatched()
    const json = { email: newEmail(), codeChallenge, deviceName }
    const answer = await postJson(watched.app, '/v1/links', json)
    await expectNoEffect(watched, answer, 400)
    const { errors } = (await answer.json()) as { errors: { pointer: string; detail: string }[] }
    expect(new Set(errors.map(({ pointer }) => pointer))).toEqual(new Set(['#/deviceName']))
    expect(errors[0]!.detail).toMatch(NAME_RULE)
  })

  it.each(UNPRINTABLE)(
    'T50: %s in device_name, for both grants, and names the parameter',
    async (_, device_name) => {
      const watched = startWatched()
      for (const grant of [
        { grant_type: LINK_GRANT, link_token: 'tok_ml_x' },
        { grant_type: 'urn:latchkey:grant-type:code', handle: 'x', code: '123456' },
      ]) {
        const { codeVerifier: code_verifier, deviceId: device_id } = device
        const json = { ...grant, code_verifier, device_id, device_name }
        const answer = await postJson(watched.app, '/v1/token', json)
        await expectNoEffect(watched, answer, 400)
        const body = (await answer.json()) as Record<string, string>
        expect(body['error']).toBe('invalid_request')
        expect(body['error_description']).toMatch(/^device_name /)
        expect(body['error_description']).toMatch(NAME_RULE)
      }
    },
  )

  const verifier = device.codeVerifier
  const grant = { grant_type: LINK_GRANT, code_verifier: verifier, device_id: device.deviceId }
  const form = (more: Record<string, string>) =>
    new URLSearchParams({ ...grant, ...more }).toString()
  const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' }
  const tokens: [string, Body, number, Record<string, string>][] = [
    ['an empty form', '', 400, FORM],
    ['a repeated parameter', `${form({ link_token: 'a' })}&link_token=b`, 400, FORM],
    ['a repeated parameter in escapes', `${form({ link_token: 'a' })}&link%5Ftoken=b`, 400, FORM],
    ['NUL in a token', form({ link_token: 'tok_ml_\0' }), 400, FORM],
    ['percent signs that escape nothing', `${form({})}&link_token=%zz%`, 400, FORM],
    ['a byte order mark', `\uFEFF${form({ link_token: 'a' })}`, 400, FORM],
    ['a token of 3,000', form({ link_token: 'a'.repeat(3000) }), 400, FORM],
    ['a grant named like an Object’s member', 'grant_type=constructor', 400, FORM],
    ['a grant named __proto__', 'grant_type=__proto__', 400, FORM],
    [
      'another charset',
      form({ link_token: 'a' }),
      415,
      { 'Content-Type': `${FORM['Content-Type']}; charset=utf-16` },
    ],
    ['gzip', form({ link_token: 'a' }), 415, { ...FORM, 'Content-Encoding': 'gzip' }],
    ['multipart', 'x', 415, { 'Content-Type': 'multipart/form-data; boundary=x' }],
    ['a JSON array', '[]', 400, {}],
    ['a JSON null', 'null', 400, {}],
    ['a duplicate key', '{"grant_type":"a","grant_type":"b"}', 400, {}],
    ['an array for a string', JSON.stringify({ ...grant, link_token: ['a'] }), 400, {}],
    ['1e400 for a string', `{"grant_type":"${LINK_GRANT}","link_token":1e400}`, 400, {}],
    ['__proto__ for the grant', `{"__proto__":{"grant_type":"${LINK_GRANT}"}}`, 400, {}],
    ['arrays 8,000 deep', '['.repeat(8000) + ']'.repeat(8000), 400, {}],
    [
      'a lone surrogate in a token',
      JSON.stringify({ ...grant, link_token: 'tok_ml_\uD800' }),
      400,
      {},
    ],
    [
      'a lone surrogate in a device name',
      JSON.stringify({ ...grant, link_token: 'a', device_name: '\uDC00' }),
      400,
      {},
    ],
  ]
  it.each(tokens)('T50: %s at the token endpoint', async (_, body, status, headers) => {
    const watched = startWatched()
    const answer = await post(watched.app, '/v1/token', body, headers)
    await expectNoEffect(watched, answer, status)
    expect(await answer.json()).toMatchObject({ error: expect.stringMatching(/^[a-z_]+$/) })
  })

  it('T50: a valid link token in another base64 form: padding bits, plus, slash', async () => {
    const { app, ses } = startWatched()
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    // Of three lengths in a row, two leave bits in the last character that say nothing.
    for (const dashboardId of ['a', 'ab', 'abc']) {
      await ask(app, `t${crypto.randomUUID()}@sigmacomputing.com`, device, { dashboardId })
      await app.settle()
      const linkToken = tokenOf(ses.mails.at(-1)!.Content.Simple.Body.Text.Data)
      const before = (await app.calls()).length
      const last = alphabet.indexOf(linkToken.at(-1)!)
      const spellings = [
        linkToken.slice(0, -1) + alphabet[last ^ 1],
        linkToken.slice(0, -1),
        `${linkToken}A`,
        `${linkToken.slice(0, 20)}+${linkToken.slice(21)}`,
        `${linkToken.slice(0, 20)}/${linkToken.slice(21)}`,
        linkToken.toUpperCase(),
      ]
      for (const spelling of spellings) {
        const answer = await redeem(app, spelling, device)
        expect(answer.status).toBe(400)
        expect(await answer.json()).toMatchObject({ error: 'invalid_grant' })
      }
      expect((await app.calls()).length).toBe(before)
      expect((await redeem(app, linkToken, device)).status).toBe(200)
      await app.settle()
    }
  })

  it('T50: a duplicate and an unknown query parameter', async () => {
    const app = startLatchkey()
    const { access_token } = await signIn(app)
    const queries = [
      'cursor=a&cursor=b',
      'cursor=a&%63ursor=b',
      'cursor=',
      'cursor=AA==',
      'cursor=%00',
      'cursor=%zz',
      'cursor[]=a',
      'role=admin',
      '__proto__=x',
      'constructor=x',
      'keep=current',
    ]
    for (const query of queries) {
      const answer = await withToken(app, access_token, `/v1/sessions?${query}`)
      expect(answer.status, query).toBe(400)
    }
    const keep = ['keep=all', 'keep=current&keep=current', 'keep', 'user=usr_x', 'keep[]=current']
    for (const query of keep) {
      const answer = await withToken(app, access_token, `/v1/sessions?${query}`, {
        method: 'DELETE',
      })
      expect(answer.status, query).toBe(400)
    }
    expect((await withToken(app, access_token, '/v1/session')).status).toBe(200)
  })
})

describe('withstands', () => {
  const user = (text: string) => ({ 'User-Agent': text })
  const from = (text: string) => ({ 'CF-Connecting-IP': text })
  const sent: [what: string, headers: Record<string, string>, ip: string, agent: RegExp][] = [
    ['nothing', {}, 'unknown', /^$/],
    [
      'what phones send',
      { ...user('App/1.0 (iOS 18)'), ...from('203.0.113.9') },
      '203.0.113.9',
      /^App\/1\.0 \(iOS 18\)$/,
    ],
    ['an IPv6 address', from('2001:DB8::1'), '2001:DB8::1', /^$/],
    ['an IPv4 address in IPv6', from('::ffff:203.0.113.9'), '::ffff:203.0.113.9', /^$/],
    ['an endless agent', user('A'.repeat(8000)), 'unknown', /^A{256}$/],
    ['markup', user('<script>alert(1)</script>'), 'unknown', /^<script>alert\(1\)<\/script>$/],
    ['other letters', user('Телефон 電話 🔑'), 'unknown', /^\?+ \?+ \?+$/],
    [
      'bidi controls and escapes',
      user('a\u202eb\u001b[2Kc\u2028d\u0085'),
      'unknown',
      /^[\x20-\x7e]+$/,
    ],
    ['a tab', user('a\tb'), 'unknown', /^a\?b$/],
    ['an address that is none', from('localhost'), 'unknown', /^$/],
    ['two addresses', from('203.0.113.9, 203.0.113.10'), 'unknown', /^$/],
    ['an address with a port', from('203.0.113.9:443 '), '203.0.113.9:443', /^$/],
    ['an address with a zone', from('fe80::1%eth0'), 'unknown', /^$/],
    ['an endless address', from('1'.repeat(5000)), 'unknown', /^$/],
    ['markup for an address', from('"><b>'), 'unknown', /^$/],
    ['a line for an address', from('203.0.113.9\u2028x'), 'unknown', /^$/],
  ]
  it.each(sent)(
    'T54: input of a caller: it stores only bounded, printable text: %s',
    async (_, headers, ipAddress, agent) => {
      const { app, ses } = startWatched()
      const email = newEmail()
      const json = { email, codeChallenge }
      expect((await postJson(app, '/v1/links', json, headers)).status).toBe(202)
      await app.settle()
      const linkToken = tokenOf(ses.mails[0]!.Content.Simple.Body.Text.Data)
      const answer = await redeem(app, linkToken, device, {}, headers)
      const tokens = (await answer.json()) as Tokens
      const rows = [...(await linksOf(app, email)), ...(await sessionsOf(app, email))]
      expect(rows).toHaveLength(2)
      const { session } = await (
        await withToken(app, tokens.access_token, '/v1/session')
      ).json<{ session: { ipAddress: string; userAgent: string } }>()
      for (const seen of [...rows.map((row) => row.metadata), session]) {
        expect(seen.ipAddress).toBe(ipAddress)
        expect(seen.ipAddress).toMatch(/^[0-9A-Fa-f.:]{2,45}$|^unknown$/)
        expect(seen.userAgent).toMatch(agent)
        expect(seen.userAgent).toMatch(/^[\x20-\x7e]{0,256}$/)
      }
    },
  )

  const filler = new Uint8Array(MAX_BODY_BYTES + 1).fill(0x20)

  /** A body in chunks: a good request, then spaces past the limit. */
  const chunked = () =>
    new ReadableStream({
      start(controller) {
        controller.enqueue(utf8(JSON.stringify({ email: newEmail(), codeChallenge })))
        for (let at = 0; at < filler.length; at += 1000) {
          controller.enqueue(filler.subarray(at, at + 1000))
        }
        controller.close()
      },
    })

  it.each([
    ['chunked', {}],
    ['chunked, with a lying Content-Length', { 'Content-Length': '10' }],
    ['chunked, with a Content-Length that is no number', { 'Content-Length': 'many' }],
    ['chunked, with a negative Content-Length', { 'Content-Length': '-1' }],
    ['chunked, with both headers', { 'Content-Length': '10', 'Transfer-Encoding': 'chunked' }],
    ['honest about its length', { 'Content-Length': String(filler.length + 200) }],
  ])('T51: an oversize body, %s: refused before any effect', async (_, headers) => {
    for (const path of ['/v1/links', '/v1/token', '/v1/revoke']) {
      const watched = startWatched()
      await expectNoEffect(watched, await post(watched.app, path, chunked(), headers), 413)
    }
  })

  it('T51: an endless body: refused, and not read to the end', async () => {
    const watched = startWatched()
    let pulled = 0
    const endless = new ReadableStream({
      pull(controller) {
        pulled++
        controller.enqueue(new Uint8Array(4096).fill(0x20))
      },
    })
    await expectNoEffect(watched, await post(watched.app, '/v1/links', endless), 413)
    expect(pulled).toBeLessThan(20)
  })

  it('T50: arbitrary JSON: 4xx without effect', async () => {
    const watched = startWatched()
    const { app } = watched
    const member = fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary' }))
    const names = fc.constantFrom(
      'email',
      'codeChallenge',
      'channel',
      'phoneNumber',
      'deviceName',
      'x',
    )
    const bodies = fc.oneof(
      fc.json(),
      fc.dictionary(names, member).map((v) => JSON.stringify(v)),
    )
    await fc.assert(
      fc.asyncProperty(bodies, fc.constantFrom('/v1/links', '/v1/token'), async (body, path) => {
        const { status } = await post(app, path, body)
        expect([400, 413, 415]).toContain(status)
      }),
      { numRuns: 300 },
    )
    expect(await app.calls()).toEqual([])
  })

  it('T50: arbitrary bytes: 4xx without effect', async () => {
    const { app } = startWatched()
    const paths = fc.constantFrom('/v1/links', '/v1/token', '/v1/revoke')
    const types = fc.constantFrom('application/json', 'application/x-www-form-urlencoded')
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 200 }),
        paths,
        types,
        async (bytes, path, type) => {
          const body = Uint8Array.from(bytes)
          const { status } = await post(app, path, body, { 'Content-Type': type })
          expect([400, 415]).toContain(status)
        },
      ),
      { numRuns: 200 },
    )
    expect(await app.calls()).toEqual([])
  })
})

/** As a Windows editor saves it: little endian, with a byte order mark. */
function utf16(text: string): Uint8Array<ArrayBuffer> {
  const units = `\uFEFF${text}`.split('').map((unit) => unit.charCodeAt(0))
  return new Uint8Array(Uint16Array.from(units).buffer)
}
