import { randomBytes } from 'node:crypto'
import { LOCAL_AWS } from '../dev/local-aws.ts'
import { makeSecrets } from '../scripts/keys/make-secrets.ts'

/** Every address of this domain may sign in without an approval. */
export const COMPANY_DOMAIN = 'company.test'

export const ISSUER = 'https://auth.latchkey.test'

/** The variables of a measured Worker. All builds get the same, and each reads what it needs. */
export async function benchVars(endpoints: {
  dynamodb: string
  ses: string
}): Promise<Record<string, string>> {
  return {
    ISSUER,
    AUDIENCE: 'https://api.latchkey.test',
    COMPANY_DOMAINS: COMPANY_DOMAIN,
    MAIL_FROM: 'Latchkey <sign-in@latchkey.test>',
    AWS_REGION: LOCAL_AWS.region,
    AWS_ACCESS_KEY_ID: LOCAL_AWS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: LOCAL_AWS.secretAccessKey,
    DYNAMODB_ENDPOINT: endpoints.dynamodb,
    SES_ENDPOINT: endpoints.ses,
    BETTER_AUTH_SECRET: randomBytes(32).toString('base64url'),
    ...(await makeSecrets()),
  }
}
