import { env as bindings } from 'cloudflare:workers'

/** The variables of bench/vars.ts. */
export const env = bindings as unknown as Record<
  | 'AWS_ACCESS_KEY_ID'
  | 'AWS_SECRET_ACCESS_KEY'
  | 'AWS_REGION'
  | 'BETTER_AUTH_SECRET'
  | 'DYNAMODB_ENDPOINT'
  | 'ISSUER'
  | 'MAIL_FROM'
  | 'SES_ENDPOINT',
  string
>
