import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { ConfigError, parseConfig, type Env } from '../../src/base/config.ts'

const given = env as Env
const problemsOf = (change: Env): readonly string[] => {
  try {
    parseConfig({ ...given, ...change })
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

/** What wrangler.toml and the documentation write where a deployment has its own names. */
const EXAMPLES: [name: string, value: string][] = [
  ['ISSUER', 'https://auth.example.com'],
  ['AUDIENCE', 'https://api.example.com'],
  ['COMPANY_DOMAINS', 'example.com'],
  ['ADMIN_EMAILS', 'admin@example.com'],
  ['MAIL_FROM', 'Latchkey <sign-in@example.com>'],
  ['ALLOWED_ORIGINS', 'https://app.example.com'],
  ['APP_LINK_ORIGIN', 'https://open.example.com'],
]

describe('works', () => {
  it('fills in the defaults', () => {
    const names = [
      'LINK_TTL_SECONDS',
      'ACCESS_TOKEN_TTL_SECONDS',
      'SESSION_TTL_SECONDS',
      'SESSION_IDLE_SECONDS',
    ]
    const empty = Object.fromEntries(names.map((name) => [name, '']))
    const config = parseConfig({
      ...given,
      ...empty,
      TOKENS_TABLE: '',
      APPROVALS_TABLE: '',
      DPOP: '',
    })
    expect(config).toMatchObject({
      LINK_TTL_SECONDS: 900,
      ACCESS_TOKEN_TTL_SECONDS: 600,
      SESSION_TTL_SECONDS: 2_592_000,
      SESSION_IDLE_SECONDS: 1_209_600,
      TOKENS_TABLE: 'mobile-auth-tokens',
      APPROVALS_TABLE: 'mobile-approved-emails',
      DPOP: 'optional',
    })
  })

  it('has no company domains, administrators or SES configuration set by default', () => {
    const config = parseConfig({
      ...given,
      COMPANY_DOMAINS: '',
      ADMIN_EMAILS: undefined,
      SES_CONFIGURATION_SET: '',
    })
    expect(config.COMPANY_DOMAINS).toEqual([])
    expect(config.ADMIN_EMAILS).toEqual([])
    expect(config.SES_CONFIGURATION_SET).toBeUndefined()
    const named = parseConfig({ ...given, SES_CONFIGURATION_SET: 'sign-in_Mails-2' })
    expect(named.SES_CONFIGURATION_SET).toBe('sign-in_Mails-2')
  })

  it('T29: normalises domains and administrators like addresses', () => {
    const config = parseConfig({
      ...given,
      COMPANY_DOMAINS: ' Sigma.Example , bücher.example,,',
      ADMIN_EMAILS: 'Ada@BÜCHER.example',
    })
    expect(config.COMPANY_DOMAINS).toEqual(['sigma.example', 'xn--bcher-kva.example'])
    expect(config.ADMIN_EMAILS).toEqual(['ada@xn--bcher-kva.example'])
  })

  it('T4: turns ISSUER into an origin, with or without a slash, and allows plain http only locally', () => {
    const issuer = (ISSUER: string) => parseConfig({ ...given, ISSUER }).ISSUER
    expect(issuer('https://auth.latchkey.test/')).toBe('https://auth.latchkey.test')
    expect(issuer('http://127.0.0.1:8787')).toBe('http://127.0.0.1:8787')
    expect(issuer('http://localhost:8787')).toBe('http://localhost:8787')
  })

  it.each(['http://localhost:8787', 'http://127.0.0.1:8787', 'http://[::1]:8787'])(
    'T31: accepts example values while ISSUER is %s',
    (ISSUER) => {
      const config = parseConfig({ ...given, ...Object.fromEntries(EXAMPLES), ISSUER })
      expect(config.AUDIENCE).toBe('https://api.example.com')
    },
  )

  it.each([
    ['ISSUER', 'https://auth.my-example.com'],
    ['AUDIENCE', 'https://example.computer.test'],
    ['COMPANY_DOMAINS', 'example.co, example.company, myexample.com, example'],
    ['ADMIN_EMAILS', 'example@sigmacomputing.com'],
    ['MAIL_FROM', 'Our example <example@sigmacomputing.com>'],
    ['ALLOWED_ORIGINS', 'https://counterexample.org'],
    ['APP_LINK_ORIGIN', 'https://example.netherlands.test'],
  ])('T31: accepts %s = %s, which only looks like an example', (name, value) => {
    expect(
      problemsOf({ [name]: value }).filter((one) => one.includes('example.com value')),
    ).toEqual([])
  })
})

describe('refuses', () => {
  it.each(EXAMPLES)('T31: the example %s = %s, in its own line', (name, value) => {
    expect(problemsOf({ [name]: value })).toEqual([`${name} still has an example.com value`])
  })

  it('T31: all examples at once, each by its name', () => {
    const names = EXAMPLES.map(([name]) => name)
    for (const top of ['com', 'net', 'org']) {
      const change = EXAMPLES.map(([name, value]) => [
        name,
        value.replace('example.com', `example.${top}`),
      ])
      expect(problemsOf(Object.fromEntries(change) as Env)).toEqual(
        names.map((name) => `${name} still has an example.com value`),
      )
    }
  })

  it('T31: an example among good values of a list', () => {
    for (const COMPANY_DOMAINS of [
      'sigmacomputing.com,example.com',
      'sigmacomputing.com , Example.Org',
      'mail.example.net,sigmacomputing.com',
    ]) {
      expect(problemsOf({ COMPANY_DOMAINS })).toEqual([
        'COMPANY_DOMAINS still has an example.com value',
      ])
    }
  })

  it.each(['with spaces', 'a/b', 'ü', 'x'.repeat(65)])(
    'T31: an SES configuration set with an invalid name: %s',
    (SES_CONFIGURATION_SET) => {
      expect(problemsOf({ SES_CONFIGURATION_SET })).toEqual([
        'SES_CONFIGURATION_SET must be 1 to 64 letters, digits, _ or -',
      ])
    },
  )

  it('T31: missing variables, by name', () => {
    for (const name of ['ISSUER', 'AUDIENCE', 'AWS_REGION', 'MAIL_FROM', 'SEAL_KEYS', 'JWT_KEYS']) {
      expect(problemsOf({ [name]: undefined })).toEqual([`${name} is missing`])
      expect(problemsOf({ [name]: '' })).toEqual([`${name} is missing`])
    }
  })

  it('T96: an access key together with a role, and neither of them', () => {
    const AWS_ROLE_ARN = 'arn:aws:iam::123456789012:role/latchkey-public'
    const [id, secret] = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']
    const without = { [id]: '', [secret]: '' }
    const absent = (name: string) => `${name} must be absent, because AWS_ROLE_ARN is set`
    expect(problemsOf({ AWS_ROLE_ARN, ...without })).toEqual([])
    expect(problemsOf({ AWS_ROLE_ARN })).toEqual([absent(id), absent(secret)])
    expect(problemsOf({ AWS_ROLE_ARN, ...without, AWS_SESSION_TOKEN: 'token' })).toEqual([
      absent('AWS_SESSION_TOKEN'),
    ])
    expect(problemsOf(without)).toEqual([
      'AWS_ROLE_ARN is missing. Set it, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
    ])
    expect(problemsOf({ [id]: '' })).toEqual(['AWS_ACCESS_KEY_ID is missing'])
  })

  it.each([
    'latchkey-public',
    'arn:aws:iam::123456789012:user/latchkey',
    'arn:aws:iam::1234:role/latchkey',
    'arn:aws:iam::123456789012:role/latch key',
    'arn:aws-cn:iam::123456789012:role/latchkey',
  ])('T96: a role that is none, or in a partition with other hosts: %s', (AWS_ROLE_ARN) => {
    expect(problemsOf({ AWS_ROLE_ARN, AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' })).toEqual([
      'AWS_ROLE_ARN must be the ARN of a role, such as arn:aws:iam::123456789012:role/latchkey-public',
    ])
  })

  it('T96: a role without a key whose signatures AWS verifies', () => {
    const k = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(33))))
    const key = {
      kid: 'h',
      kty: 'oct',
      alg: 'HS256',
      k: k.replaceAll('+', '-').replaceAll('/', '_'),
    }
    const role = {
      AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/latchkey-public',
      AWS_ACCESS_KEY_ID: '',
      AWS_SECRET_ACCESS_KEY: '',
    }
    expect(problemsOf({ ...role, JWT_KEYS: JSON.stringify({ keys: [key] }) })).toEqual([
      'JWT_KEYS must have a key with alg ES256 or RS256 for AWS_ROLE_ARN',
    ])
  })

  it('T31: an issuer that only looks local', () => {
    for (const ISSUER of [
      'http://127.0.0.1.evil.example',
      'http://localhost.evil.example',
      'http://localhost@evil.example',
    ]) {
      expect(problemsOf({ ISSUER })).toEqual([
        expect.stringMatching(/^ISSUER must be an https origin/),
      ])
    }
  })

  it('T31: invalid values, without repeating any of them', () => {
    const canary = 'canary'.repeat(10)
    for (const name of Object.keys(given)) {
      for (const problem of problemsOf({ [name]: `${canary}\n${canary}` })) {
        expect(problem).not.toContain('canary')
        expect(problem).toMatch(new RegExp(`^${name} `))
      }
    }
  })
})
