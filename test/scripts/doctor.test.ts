import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { afterEach, describe, expect, inject, it } from 'vitest'
import { verifySigV4 } from '../../dev/inbox/sigv4.ts'
import { LOCAL_AWS, localAws, WORKER_AWS } from '../../dev/local-aws.ts'
import { startLoopbackServer, type LoopbackServer } from '../../dev/loopback-server.ts'
import { diagnose } from '../../scripts/doctor/doctor.ts'
import type { Finding } from '../../scripts/doctor/finding.ts'
import { examineMail } from '../../scripts/doctor/mail.ts'
import { examineRights } from '../../scripts/doctor/rights.ts'
import { examineProvider, examineRole } from '../../scripts/doctor/role.ts'
import { trustPolicyOf, type TrustPolicy } from '../../scripts/infra/trust.ts'
import { examineRows, examineTables } from '../../scripts/doctor/tables.ts'
import { examineAssociation, examineIssuer } from '../../scripts/doctor/web.ts'
import { dynamoCall } from '../../scripts/tables/dynamo-call.ts'
import { ensureTables } from '../../scripts/tables/tables.ts'
import type { Provided } from '../support/node/provided.ts'

const provided = (name: keyof Provided): string => inject(name)
const aws = localAws(provided('dynamodbEndpoint'))
const servers: LoopbackServer[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()))
})

async function serve(
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  const server = await startLoopbackServer(0, handle)
  servers.push(server)
  return server.endpoint
}

type Answers = Record<string, { status?: number; json?: unknown; type?: string; to?: string }>

/** Answers each path as told, and 404 for the rest. */
const site = (answers: Answers): Promise<string> =>
  serve((request, response) => {
    const {
      status = 200,
      json,
      type = 'application/json',
      to,
    } = answers[request.url ?? ''] ?? {
      status: 404,
    }
    response.writeHead(status, { 'content-type': type, ...(to && { location: to }) })
    response.end(json === undefined ? '' : JSON.stringify(json))
  })

/** SES as far as the doctor asks it. It checks each signature, as AWS does. */
const ses = (answers: Answers): Promise<string> =>
  serve((request, response) => {
    void (async () => {
      const { method = '', url = '', headers } = request
      const signed = { method, url, headers, body: Buffer.alloc(0) }
      const refusal = await verifySigV4(signed, { ...LOCAL_AWS, service: 'ses' }, Date.now())
      const { status = 200, json = {} } = refusal
        ? { status: 403 }
        : (answers[url] ?? { status: 404 })
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(json))
    })()
  })

const GOOD_MAIL: Answers = {
  '/v2/email/account': { json: { ProductionAccessEnabled: true, SendingEnabled: true } },
  '/v2/email/identities/example.org': {
    json: { VerifiedForSendingStatus: true, DkimAttributes: { Status: 'SUCCESS' } },
  },
  '/v2/email/configuration-sets/latchkey': { json: {} },
}
const dmarc = async () => [['v=DMARC1; p=reject']]
const mail = async (answers: Answers, more: object = {}, txt = dmarc) =>
  examineMail(
    aws,
    {
      from: 'Latchkey <login@example.org>',
      configurationSet: 'latchkey',
      usesSes: true,
      sesEndpoint: await ses(answers),
      ...more,
    },
    txt,
  )

const bad = (findings: Finding[]) =>
  findings.filter(({ level }) => level !== 'ok').map(({ level, text }) => `${level}: ${text}`)

const scenario = () => `${provided('faultEndpoint')}/doctor-${randomUUID()}`

describe('works', () => {
  it('finds nothing wrong with permissions, email and issuer of a correct deployment', async () => {
    for (const worker of ['public', 'console'] as const) {
      const found = await examineRights({ ...WORKER_AWS[worker], endpoint: scenario() }, worker, {})
      expect(bad(found)).toEqual([])
      expect(found.length).toBe(14)
    }
    expect(bad(await mail(GOOD_MAIL))).toEqual([])
    const answers: Answers = { '/readyz': {}, '/.well-known/jwks.json': { json: { keys: [{}] } } }
    const issuer = await site(answers)
    answers['/.well-known/oauth-authorization-server'] = { json: { issuer } }
    answers['/.well-known/apple-app-site-association'] = {
      json: { webcredentials: { apps: ['ABCDE12345.com.example.app'] } },
    }
    answers['/.well-known/assetlinks.json'] = { json: [{}] }
    expect(bad(await examineIssuer(issuer))).toEqual([])
    expect(bad(await examineAssociation(issuer))).toEqual([])
  })

  it('checks what the variables allow, and lists what it skipped', async () => {
    const { findings, skipped } = await diagnose({
      DYNAMODB_ENDPOINT: provided('dynamodbEndpoint'),
    })
    expect(skipped).toEqual(['issuer: ISSUER is not set', 'mail: MAIL_FROM is not set'])
    expect(new Set(findings.map(({ about }) => about))).toContain('tables')
  })

  it('continues with the rest if one part cannot be checked', async () => {
    const { findings } = await diagnose({
      ISSUER: 'http://127.0.0.1:1',
      DYNAMODB_ENDPOINT: provided('dynamodbEndpoint'),
    })
    expect(bad(findings)).toContainEqual(expect.stringMatching(/^error: could not be checked: .+/))
    expect(findings.some(({ about, level }) => about === 'tables' && level === 'ok')).toBe(true)
  })
})

describe('finds', () => {
  it('tables that are missing or differ, and tables without protection', async () => {
    const names = { tokens: `tokens-${randomUUID()}`, approvals: `approvals-${randomUUID()}` }
    expect(bad(await examineTables(aws, names))).toEqual([
      `error: ${names.tokens}: does not exist`,
      `error: ${names.approvals}: does not exist`,
    ])
    await ensureTables(aws, names)
    expect(bad(await examineTables(aws, names))).toContain(
      `warning: ${names.tokens} has no deletion protection`,
    )
  })

  it('approvals that no sign-in finds, and tokens as in the schema’s samples', async () => {
    const names = { tokens: `tokens-${randomUUID()}`, approvals: `approvals-${randomUUID()}` }
    await ensureTables(aws, names)
    expect(bad(await examineRows(aws, names))).toEqual([])
    const put = (TableName: string, Item: object) => dynamoCall(aws, 'PutItem', { TableName, Item })
    await put(names.approvals, { email: { S: 'Ada@Example.com' } })
    await put(names.approvals, { email: { S: 'ada@example.com' } })
    await put(names.tokens, { tokenId: { S: 'tok_ml_1' }, tokenType: { S: 'magic_link' } })
    const link = { tokenId: { S: 'tok_ml_2' }, tokenType: { S: 'magic_link' } }
    await put(names.tokens, { ...link, codeChallenge: { S: 'x' } })
    expect(bad(await examineRows(aws, names))).toEqual([
      expect.stringMatching(/^error: 1 of 2 rows have a key that no sign-in looks up/),
      expect.stringMatching(/^warning: 1 of the first 2 rows are links and sessions/),
    ])
  })

  it('a missing permission, and one that the public Worker must not have', async () => {
    const console_ = { ...WORKER_AWS.console, endpoint: scenario() }
    expect(bad(await examineRights(console_, 'public', {}))).toEqual([
      'error: has dynamodb:UpdateItem on mobile-approved-emails, which it must not have',
      'error: has dynamodb:DeleteItem on mobile-approved-emails, which it must not have',
      'error: has dynamodb:Scan on mobile-approved-emails, which it must not have',
    ])
    const public_ = { ...WORKER_AWS.public, endpoint: scenario() }
    expect(bad(await examineRights(public_, 'console', {}))).toContain(
      'error: dynamodb:Scan on mobile-approved-emails is missing',
    )
  })

  it.each<[string, Answers, object, RegExp]>([
    [
      'the sandbox',
      { '/v2/email/account': { json: { SendingEnabled: true } } },
      {},
      /^error: SES is in the sandbox/,
    ],
    [
      'an account that may not send',
      { '/v2/email/account': { json: { ProductionAccessEnabled: true } } },
      {},
      /^error: SES has disabled/,
    ],
    [
      'a domain that is not verified',
      { '/v2/email/identities/example.org': { status: 404 } },
      {},
      /^error: example\.org is not a verified/,
    ],
    [
      'no DKIM',
      { '/v2/email/identities/example.org': { json: { VerifiedForSendingStatus: true } } },
      {},
      /^warning: example\.org does not sign/,
    ],
    [
      'no configuration set',
      {},
      { configurationSet: undefined },
      /^warning: SES_CONFIGURATION_SET/,
    ],
    [
      'a configuration set that does not exist',
      {},
      { configurationSet: 'other' },
      /^error: the configuration set other/,
    ],
  ])('%s', async (_what, answers, more, finding) => {
    expect(bad(await mail({ ...GOOD_MAIL, ...answers }, more))).toContainEqual(
      expect.stringMatching(finding),
    )
  })

  it('only DNS if MAIL_SENDERS leaves SES out', async () => {
    expect(bad(await mail({}, { usesSes: false }))).toEqual([])
    const none = () => Promise.reject(new Error('ENOTFOUND'))
    expect(bad(await mail({}, { usesSes: false }, none))).toEqual([
      'warning: _dmarc.example.org has no DMARC record',
    ])
  })

  it('a domain without a DMARC record', async () => {
    const none = () => Promise.reject(new Error('ENOTFOUND'))
    expect(bad(await mail(GOOD_MAIL, {}, none))).toEqual([
      'warning: _dmarc.example.org has no DMARC record',
    ])
  })

  it.each<[string, Answers, RegExp]>([
    [
      'a bad configuration',
      { '/readyz': { status: 503, json: { type: 'urn:latchkey:problem:misconfigured' } } },
      /config_invalid/,
    ],
    [
      'no DynamoDB',
      { '/readyz': { status: 503, json: { type: 'urn:latchkey:problem:unavailable' } } },
      /DynamoDB does not respond/,
    ],
    ['another site', {}, /not a Latchkey Worker/],
    [
      'another ISSUER',
      {
        '/readyz': {},
        '/.well-known/oauth-authorization-server': { json: { issuer: 'https://other.example' } },
      },
      /^error: its ISSUER is https:\/\/other\.example/,
    ],
  ])('an issuer with %s', async (_what, answers, finding) => {
    expect(bad(await examineIssuer(await site(answers)))).toContainEqual(
      expect.stringMatching(finding),
    )
  })

  it.each<[string, Answers[string], RegExp]>([
    ['a redirect', { status: 301, to: '/elsewhere' }, /answers 301/],
    ['HTML', { json: 'hello', type: 'text/html' }, /is not JSON/],
    ['no app', { json: [] }, /names no app/],
  ])('an association file with %s', async (_what, answer, finding) => {
    const origin = await site({ '/.well-known/assetlinks.json': answer })
    expect(bad(await examineAssociation(origin))).toContainEqual(expect.stringMatching(finding))
  })
})

describe('the AWS role', () => {
  const ARN = 'arn:aws:iam::123456789012:role/latchkey-public'
  const PROVIDER = 'arn:aws:iam::123456789012:oidc-provider/auth.example.com'
  const GOOD = trustPolicyOf('public', 'auth.example.com', PROVIDER)

  /** IAM as far as the doctor asks it. It checks the signature, as AWS does. */
  const iam = (policy: unknown): Promise<string> =>
    serve((request, response) => {
      void (async () => {
        const { method = '', url = '', headers } = request
        const signed = { method, url, headers, body: Buffer.alloc(0) }
        const expected = { ...LOCAL_AWS, region: 'us-east-1', service: 'iam' }
        const refusal = await verifySigV4(signed, expected, Date.now())
        const document = encodeURIComponent(JSON.stringify(policy))
        const code = refusal?.code ?? (policy === undefined ? 'NoSuchEntity' : undefined)
        response.statusCode = code === undefined ? 200 : 404
        response.end(
          code === undefined
            ? `<Role><AssumeRolePolicyDocument>${document}</AssumeRolePolicyDocument></Role>`
            : `<Error><Code>${code}</Code></Error>`,
        )
      })()
    })
  const role = async (policy: unknown): Promise<Finding[]> =>
    examineRole(aws, {
      issuer: 'https://auth.example.com',
      arn: ARN,
      iamEndpoint: await iam(policy),
    })
  const [statement] = GOOD.Statement
  const withCondition = (equals: Record<string, string>): TrustPolicy => ({
    ...GOOD,
    Statement: [{ ...statement, Condition: { StringEquals: equals } }],
  })

  it('T96: has the trust policy of infra/, as IAM returns it', async () => {
    const reordered = {
      Statement: GOOD.Statement.map((one) => ({ Sid: '1', ...one })),
      Version: GOOD.Version,
    }
    for (const policy of [
      GOOD,
      reordered,
      trustPolicyOf('console', 'auth.example.com', PROVIDER),
    ]) {
      expect(await role(policy)).toMatchObject([{ level: 'ok' }])
    }
  })

  it.each<[string, unknown]>([
    ['without the subject', withCondition({ 'auth.example.com:aud': 'sts.amazonaws.com' })],
    ['without the audience', withCondition({ 'auth.example.com:sub': 'latchkey:public' })],
    ['of another issuer', trustPolicyOf('public', 'evil.example.com', PROVIDER)],
    ['of another provider', trustPolicyOf('public', 'auth.example.com', `${PROVIDER}.evil`)],
    ['with a second statement', { ...GOOD, Statement: [statement, statement] }],
    ['of a role that does not exist', undefined],
  ])('T96: a trust policy %s is an error', async (_, policy) => {
    expect(await role(policy)).toMatchObject([{ level: 'error' }])
  })

  it('T96: the issuer must publish an ES256 or RS256 key, over https', async () => {
    const of = async (alg: string) => {
      const answers: Answers = { '/jwks': { json: { keys: [{ alg }] } } }
      const issuer = await site(answers)
      answers['/.well-known/openid-configuration'] = {
        json: { issuer, jwks_uri: `${issuer}/jwks` },
      }
      return (await examineProvider(issuer)).map(({ level }) => level)
    }
    // These issuers are at http and a port of their own.
    expect(await of('ES256')).toEqual(['error', 'ok'])
    expect(await of('RS256')).toEqual(['error', 'ok'])
    expect(await of('EdDSA')).toEqual(['error', 'error'])
    expect(await examineProvider(await site({}))).toMatchObject([
      { level: 'error' },
      { level: 'error', text: expect.stringContaining('openid-configuration') as string },
    ])
  })
})
