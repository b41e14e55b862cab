import { existsSync, readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { WORKER_AWS } from '../../../dev/local-aws.ts'
import { makeSecrets } from '../../../scripts/keys/make-secrets.ts'

const secrets = await makeSecrets()

const aws = WORKER_AWS.public

/** The whole environment of the public Worker under test. Nothing of the shell's or the developer's gets in. */
export function workerBindings(faultEndpoint: string, inboxEndpoint: string) {
  return {
    ...emptied('.dev.vars'),
    ISSUER: 'https://auth.latchkey.test',
    AUDIENCE: 'https://api.latchkey.test',
    APP_NAME: 'Latchkey',
    APP_SCHEME: 'latchkey',
    AWS_REGION: aws.region,
    AWS_ACCESS_KEY_ID: aws.accessKeyId,
    AWS_SECRET_ACCESS_KEY: aws.secretAccessKey,
    AWS_ROLE_ARN: '',
    DYNAMODB_ENDPOINT: `${faultEndpoint}/default`,
    SES_ENDPOINT: inboxEndpoint,
    SMS_ENDPOINT: inboxEndpoint,
    COMPANY_DOMAINS: 'sigmacomputing.com',
    ADMIN_EMAILS: 'admin@sigmacomputing.com',
    MAIL_FROM: 'Latchkey <sign-in@latchkey.test>',
    // Tests read the newest message to an address for its link. Those of this email turn it on.
    NEW_DEVICE_MAIL: 'off',
    ...secrets,
  }
}

/** Wrangler lays .dev.vars over wrangler.toml here too. An empty variable counts as an absent one. */
function emptied(file: string): Record<string, string> {
  if (!existsSync(file)) return {}
  const names = Object.keys(parseEnv(readFileSync(file, 'utf8')))
  return Object.fromEntries(names.map((name) => [name, '']))
}
