import type { Env } from '../../src/base/config.ts'

/** Where a development Worker says what runs beside it. A deployed Worker answers 404 there. */
export const DESCRIPTION_PATH = '/development.json'

/** What `npm run dev` runs. Everything in it is an address on the developer's machine, a name or a domain. */
export type Development = {
  /** Says which kind of document this is. */
  latchkey: 'development'
  issuer: string
  inbox: string
  console: string
  dynamodb: string
  appScheme: string
  audience: string
  companyDomains: string[]
  adminEmails: string[]
  approverEmails: string[]
}

/** The inbox stands in for SES, so it is where the Worker sends its emails. */
export const describeDevelopment = (env: Env): Development => ({
  latchkey: 'development',
  issuer: text(env['ISSUER']),
  inbox: text(env['SES_ENDPOINT']),
  console: text(env['CONSOLE_ORIGIN']),
  dynamodb: text(env['DYNAMODB_ENDPOINT']),
  appScheme: text(env['APP_SCHEME']),
  audience: text(env['AUDIENCE']),
  companyDomains: list(env['COMPANY_DOMAINS']),
  adminEmails: list(env['ADMIN_EMAILS']),
  approverEmails: list(env['APPROVER_EMAILS']),
})

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

const list = (value: unknown): string[] =>
  text(value)
    .split(',')
    .flatMap((item) => item.trim() || [])
