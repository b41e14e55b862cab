import { createHash, randomBytes } from 'node:crypto'
import { LOCAL_AWS } from '../dev/local-aws.ts'
import { makeSecrets } from '../scripts/keys/make-secrets.ts'
import { parseConfig, type Config } from '../src/base/config.ts'
import { createSeals, type Seals } from '../src/crypto/seal.ts'
import { toAttributes } from '../src/dynamo/items.ts'
import { putLink } from '../src/model/link.ts'
import { newLinkId, sealLink } from '../src/model/sealed-link.ts'
import { userIdOf } from '../src/model/address.ts'
import { realWorld } from '../src/base/world.ts'

/** The environment of a measured Worker. Its log is part of what it costs. */
export async function benchVars(dynamodbEndpoint: string): Promise<Record<string, string>> {
  return {
    ISSUER: 'https://auth.example.com',
    AUDIENCE: 'https://api.example.com',
    AWS_REGION: LOCAL_AWS.region,
    AWS_ACCESS_KEY_ID: LOCAL_AWS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: LOCAL_AWS.secretAccessKey,
    DYNAMODB_ENDPOINT: dynamodbEndpoint,
    COMPANY_DOMAINS: 'sigmacomputing.com',
    MAIL_FROM: 'Latchkey <sign-in@example.com>',
    ...(await makeSecrets()),
  }
}

export type Mailed = { row: Record<string, unknown>; form: string }

/** Links as if they had been mailed: the row for the store, and the form that redeems it. */
export async function mailLinks(vars: Record<string, string>, count: number): Promise<Mailed[]> {
  const config: Config = parseConfig(vars)
  const seals: Seals = await createSeals(config.SEAL_KEYS, realWorld)
  return Promise.all(Array.from({ length: count }, () => mailLink(config, seals)))
}

async function mailLink(config: Config, seals: Seals): Promise<Mailed> {
  const email = `${randomBytes(9).toString('hex')}@sigmacomputing.com`
  const codeVerifier = randomBytes(32).toString('base64url')
  const codeChallenge = createHash('sha256').update(codeVerifier).digest('base64url')
  const link = {
    linkId: newLinkId(realWorld),
    createdAtMs: Date.now(),
    flow: 'email' as const,
    email,
    keyId: seals.currentKeyId,
  }
  const client = { ipAddress: '192.0.2.1', userAgent: 'bench' }
  const put = putLink(config, link, { userId: await userIdOf(email), codeChallenge, client })
  const form = new URLSearchParams({
    grant_type: 'urn:latchkey:grant-type:link',
    link_token: await sealLink(seals, link),
    code_verifier: codeVerifier,
    device_id: `dev_${randomBytes(9).toString('hex')}`,
  })
  return { row: toAttributes(put.Item), form: form.toString() }
}
