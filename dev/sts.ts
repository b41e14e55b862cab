import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  createLocalJWKSet,
  decodeProtectedHeader,
  errors,
  jwtVerify,
  type JSONWebKeySet,
} from 'jose'
import { WORKERS } from '../scripts/infra/iam.ts'
import { roleNameOf, trustPolicyOf } from '../scripts/infra/trust.ts'
import { bodyOf, startLoopbackServer, type LoopbackServer } from './loopback-server.ts'
import { STS_FAULTS, type StsRule, type StsScenario } from './sts-scenario.ts'
import { giveTemporaryKeys } from './temporary-keys.ts'

const ACCOUNT = '123456789012'
const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/'
const ACTION = 'AssumeRoleWithWebIdentity'
/** What IAM verifies. EdDSA is not among them. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512']
const SKEW_SECONDS = 60
const MAX_LIFETIME_SECONDS = 86_400

/** The ARN of a Worker's role in the account of the stand-in. */
export const roleArnOf = (worker: (typeof WORKERS)[number]): string =>
  `arn:aws:iam::${ACCOUNT}:role/${roleNameOf(worker)}`

class Refused extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

/**
 * Stands in for AWS STS, on the loopback interface. Its account has an OIDC provider for each scenario's issuer, and
 * the roles of both Workers with the trust policies of infra/. `POST /<scenario>` is the API. `PUT
 * /_control/<scenario>` sets the issuer, its documents and the faults, `GET` lists the calls, and `DELETE` ends all
 * keys that the scenario gave.
 */
export async function startSts(): Promise<LoopbackServer> {
  const scenarios = new Map<string, StsScenario>()
  return startLoopbackServer(0, (request, response) => {
    const [, control, name] = /^\/(_control\/)?([a-z0-9-]+)$/.exec(request.url ?? '') ?? []
    void (async () => {
      if (name === undefined) throw new Refused(404, 'UnknownPath', `${request.url}`)
      const known: StsScenario = scenarios.get(name) ?? { rules: [], calls: [], keys: [] }
      scenarios.set(name, known)
      const body = (await bodyOf(request)).toString()
      if (!control) return await assume(request, response, body, known)
      if (request.method === 'PUT') setUp(known, JSON.parse(body) as Partial<StsScenario>)
      if (request.method === 'DELETE') for (const keys of known.keys) keys.endsAtMs = 0
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ calls: known.calls }))
    })().catch((error: unknown) => {
      if (error instanceof Refused) refuse(response, error)
      else refuse(response, new Refused(500, 'InternalFailure', String(error)))
    })
  })
}

function setUp(scenario: StsScenario, { provider, rules }: Partial<StsScenario>): void {
  if (provider !== undefined) scenario.provider = provider
  if (rules !== undefined) {
    if (!rules.every(({ fault }) => STS_FAULTS.includes(fault))) throw new Error('unknown fault')
    scenario.rules = rules
  }
}

async function assume(
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
  scenario: StsScenario,
): Promise<void> {
  const input = new URLSearchParams(body)
  const rule = scenario.rules.find(({ times = 1 }) => times > 0)
  if (rule?.times !== undefined) rule.times -= 1
  scenario.calls.push({ ...Object.fromEntries(input), fault: rule?.fault ?? '' })
  if (rule !== undefined && !(await play(rule, request, response))) return

  const { worker, subject, seconds } = await judge(request, input, scenario)
  const keys = giveTemporaryKeys(worker, rule?.fault === 'short' ? 60 : seconds)
  scenario.keys.push(keys)
  let xml = success(keys, worker, subject, scenario.provider!.issuer)
  if (rule?.fault === 'garbled') xml = xml.slice(0, xml.length / 2)
  if (rule?.fault === 'twice') xml += xml
  response.setHeader('content-type', 'text/xml').end(xml)
}

/** @returns whether the call goes on. */
async function play(
  { fault }: StsRule,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  if (fault === 'hang') return false
  if (fault === 'reset') request.socket.resetAndDestroy()
  if (fault === 'redirect') response.writeHead(307, { location: '/another-host' }).end()
  if (fault === 'error500') throw new Refused(500, 'InternalFailure', 'Internal failure')
  if (fault === 'throttle') throw new Refused(400, 'Throttling', 'Rate exceeded')
  if (fault === 'denied') throw denied()
  if (fault === 'unreachable-issuer') {
    throw new Refused(400, 'IDPCommunicationError', 'Could not read the documents of the issuer')
  }
  return fault !== 'reset' && fault !== 'redirect'
}

/** Checks what AWS checks: the form of the request, the token, and the role's trust policy. */
async function judge(request: IncomingMessage, input: URLSearchParams, scenario: StsScenario) {
  const invalid = (message: string) => new Refused(400, 'ValidationError', message)
  const { method, headers } = request
  if (method !== 'POST') throw invalid('use POST')
  if (headers['content-type'] !== 'application/x-www-form-urlencoded') throw invalid('not a form')
  if (headers.authorization !== undefined) throw invalid('the call must not be signed')
  const names = [...input.keys()].toSorted().join()
  if (names !== 'Action,DurationSeconds,RoleArn,RoleSessionName,Version,WebIdentityToken') {
    throw invalid(`parameters: ${names}`)
  }
  if (input.get('Action') !== ACTION || input.get('Version') !== '2011-06-15') {
    throw new Refused(400, 'InvalidAction', 'Could not find operation')
  }
  const seconds = Number(input.get('DurationSeconds'))
  if (!Number.isInteger(seconds) || seconds < 900 || seconds > 3600) throw invalid('duration')
  if (!/^[\w+=,.@-]{2,64}$/.test(input.get('RoleSessionName')!)) throw invalid('session name')

  const { iss, aud, sub } = await verify(input.get('WebIdentityToken')!, scenario)
  const worker = WORKERS.find((one) => roleArnOf(one) === input.get('RoleArn'))
  if (worker === undefined) throw denied()
  const host = iss!.replace(/^https?:\/\//, '')
  const [statement] = trustPolicyOf(worker, host, 'the provider').Statement
  const claims: Record<string, unknown> = { [`${host}:aud`]: aud, [`${host}:sub`]: sub }
  const wanted = Object.entries(statement.Condition.StringEquals)
  if (!wanted.every(([name, value]) => claims[name] === value)) throw denied()
  return { worker, subject: sub!, seconds }
}

const denied = () => new Refused(403, 'AccessDenied', `Not authorized to perform sts:${ACTION}`)

async function verify(token: string, { provider }: StsScenario) {
  const invalid = (message: string) => new Refused(400, 'InvalidIdentityToken', message)
  if (provider === undefined) throw invalid('No OpenIDConnect provider found in your account')
  const { issuer, audience } = provider
  try {
    const { kid, alg } = decodeProtectedHeader(token)
    if (!kid) throw invalid('The token has no kid')
    const keys = createLocalJWKSet(await jwksOf(provider, alg))
    const { payload } = await jwtVerify(token, keys, {
      algorithms: ALGORITHMS,
      issuer,
      audience,
      clockTolerance: SKEW_SECONDS,
      requiredClaims: ['iss', 'sub', 'aud', 'iat', 'exp'],
    })
    if (payload.iat! > Date.now() / 1000 + SKEW_SECONDS) throw invalid('Token is not yet valid')
    if (payload.exp! - payload.iat! > MAX_LIFETIME_SECONDS) throw invalid('Token lives too long')
    return payload
  } catch (error) {
    if (error instanceof Refused) throw error
    if (error instanceof errors.JWTExpired) {
      throw new Refused(400, 'ExpiredTokenException', 'Token expired')
    }
    throw invalid(String(error))
  }
}

/** The issuer's keys: the documents that a test gave, or those that the issuer publishes over HTTP. */
async function jwksOf(
  { issuer, jwks }: NonNullable<StsScenario['provider']>,
  alg: string | undefined,
): Promise<JSONWebKeySet> {
  if (jwks !== undefined) return jwks
  const get = async (url: string): Promise<Record<string, unknown>> => {
    const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(5000) })
    if (answer.status !== 200)
      throw new Refused(400, 'InvalidIdentityToken', `${url}: ${answer.status}`)
    return (await answer.json()) as Record<string, unknown>
  }
  const discovery = await get(`${issuer}/.well-known/openid-configuration`)
  if (discovery['issuer'] !== issuer) throw new Error('the document is of another issuer')
  const algorithms = discovery['id_token_signing_alg_values_supported'] as unknown[]
  if (!algorithms.includes(alg)) throw new Error(`the document does not name ${alg}`)
  return (await get(String(discovery['jwks_uri']))) as unknown as JSONWebKeySet
}

function success(
  keys: ReturnType<typeof giveTemporaryKeys>,
  worker: string,
  subject: string,
  issuer: string,
): string {
  return `<AssumeRoleWithWebIdentityResponse xmlns="${NAMESPACE}">
  <AssumeRoleWithWebIdentityResult>
    <SubjectFromWebIdentityToken>${subject}</SubjectFromWebIdentityToken>
    <Audience>sts.amazonaws.com</Audience>
    <AssumedRoleUser>
      <Arn>arn:aws:sts::${ACCOUNT}:assumed-role/latchkey-${worker}/latchkey-${worker}</Arn>
      <AssumedRoleId>AROACLKWSDQRAOEXAMPLE:latchkey-${worker}</AssumedRoleId>
    </AssumedRoleUser>
    <Credentials>
      <SessionToken>${keys.sessionToken}</SessionToken>
      <SecretAccessKey>${keys.secretAccessKey}</SecretAccessKey>
      <Expiration>${new Date(keys.endsAtMs).toISOString().replace(/\.\d{3}/, '')}</Expiration>
      <AccessKeyId>${keys.accessKeyId}</AccessKeyId>
    </Credentials>
    <Provider>arn:aws:iam::${ACCOUNT}:oidc-provider/${issuer.replace(/^https?:\/\//, '')}</Provider>
  </AssumeRoleWithWebIdentityResult>
  <ResponseMetadata><RequestId>ad4156e9-bce1-11e2-82e6-6b6efEXAMPLE</RequestId></ResponseMetadata>
</AssumeRoleWithWebIdentityResponse>`
}

function refuse(response: ServerResponse, { status, code, message }: Refused): void {
  if (response.headersSent) return void response.destroy()
  const text = message.replace(/[<&]/g, '')
  response
    .writeHead(status, { 'content-type': 'text/xml' })
    .end(
      `<ErrorResponse xmlns="${NAMESPACE}"><Error><Type>Sender</Type><Code>${code}</Code><Message>${text}</Message></Error><RequestId>c6104cbe-af31-11e0-8154-cbc7ccf896c7</RequestId></ErrorResponse>`,
    )
}
