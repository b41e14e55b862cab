import { createHash, randomBytes } from 'node:crypto'
import { localAws } from '../../dev/local-aws.ts'
import { dynamoCall } from '../../scripts/tables/dynamo-call.ts'
import { APPROVALS_TABLE, TOKENS_TABLE } from '../../src/base/tables.ts'
import { toAttributes, type Item } from '../../src/dynamo/items.ts'
import { requestIdOf } from '../../src/model/access-request.ts'
import { COMPANY_DOMAIN } from '../vars.ts'
import { requestOf, type Connection } from './connection.ts'
import type { Services } from './services.ts'
import type { Setting } from './setting.ts'

/** What an address can be. A caller must not be able to tell these apart. */
export const KINDS = ['unknown', 'approved', 'signed in', 'withdrawn', 'company'] as const
export type Kind = (typeof KINDS)[number]

/** A device that asks for a link to this address. */
export type Person = { email: string; codeVerifier: string; deviceId: string }

/** As long as COMPANY_DOMAIN, so that no request is longer than another. */
const OTHER_DOMAIN = 'another.test'
/** Each one needs a message. DynamoDB Local enforces the time between two messages, so there is one device with it. */
const DEVICES = 3

/** Addresses of a kind, with the rows that make them so. */
export async function makeAddresses(
  { services, connection, coolDown, database }: Setting,
  kind: Kind,
  count: number,
): Promise<string[]> {
  const domain = kind === 'company' ? COMPANY_DOMAIN : OTHER_DOMAIN
  const emails = Array.from({ length: count }, () => `${randomBytes(9).toString('hex')}@${domain}`)
  for (const email of emails) {
    if (kind === 'unknown' || kind === 'company') continue
    await putApproval(services, email, kind === 'withdrawn')
  }
  if (kind !== 'signed in') return emails
  for (let device = 0; device < (database ? 1 : DEVICES); device++) {
    for (const email of emails) await signIn(services, connection, newPerson(email))
    await coolDown()
  }
  return emails
}

/**
 * Lets unknown addresses wait for a decision, as they do from their second ask on with ACCESS_REQUESTS: the stand-in
 * cannot refuse to count on a row that does not exist.
 */
export async function makeWaiting({ services }: Setting, emails: readonly string[]): Promise<void> {
  for (const email of emails) {
    const tokenId = await requestIdOf(email)
    const row = { tokenId, tokenType: 'access_request', email, asks: 1, metadata: {} }
    await putRow(services, TOKENS_TABLE, row)
  }
}

export const newPerson = (email: string): Person => ({
  email,
  codeVerifier: randomBytes(32).toString('base64url'),
  deviceId: `dev_${randomBytes(9).toString('hex')}`,
})

export function askRequest({ email, codeVerifier }: Person): Buffer {
  const codeChallenge = createHash('sha256').update(codeVerifier).digest('base64url')
  const body = JSON.stringify({ email, codeChallenge })
  return requestOf('POST', '/v1/links', 'application/json', body)
}

export const resendRequest = (handle: string): Buffer =>
  requestOf('POST', '/v1/links/resend', 'application/json', JSON.stringify({ handle }))

export const codeRequest = ({ codeVerifier, deviceId }: Person, handle: string): Buffer =>
  tokenRequest({
    grant_type: 'urn:latchkey:grant-type:code',
    handle,
    // Right once in a million.
    code: '000000',
    code_verifier: codeVerifier,
    device_id: deviceId,
  })

const tokenRequest = (form: Record<string, string>): Buffer =>
  requestOf(
    'POST',
    '/v1/token',
    'application/x-www-form-urlencoded',
    new URLSearchParams(form).toString(),
  )

async function signIn(services: Services, connection: Connection, person: Person): Promise<void> {
  const asked = await connection.send(askRequest(person))
  const answer = await connection.send(
    tokenRequest({
      grant_type: 'urn:latchkey:grant-type:link',
      link_token: await services.linkTokenFor(person.email),
      code_verifier: person.codeVerifier,
      device_id: person.deviceId,
    }),
  )
  if (asked.status !== 202 || answer.status !== 200) throw new Error(`Signing in: ${answer.body}`)
}

function putApproval(services: Services, email: string, withdrawn: boolean): Promise<unknown> {
  const now = Math.floor(Date.now() / 1000)
  const end = { revokedAt: now, revokedBy: 'sales@company.test', revokedReason: 'Left the company' }
  const row = {
    email,
    approvedBy: 'sales@company.test',
    approvedAt: now,
    expiresAt: null,
    metadata: { company: 'Acme Corp', reason: 'Enterprise trial', notes: 'VP of Analytics' },
    ...(withdrawn ? end : {}),
  }
  return putRow(services, APPROVALS_TABLE, row)
}

function putRow(services: Services, table: string, row: Item): Promise<unknown> {
  const input = { TableName: table, Item: toAttributes(row) }
  return dynamoCall(localAws(services.dynamodb), 'PutItem', input)
}
