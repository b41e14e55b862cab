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

describe('works', () => {
  it('fills in the defaults of the design', () => {
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

  it('T29: writes domains and admins as addresses are written', () => {
    const config = parseConfig({
      ...given,
      COMPANY_DOMAINS: ' Sigma.Example , bücher.example,,',
      ADMIN_EMAILS: 'Ada@BÜCHER.example',
    })
    expect(config.COMPANY_DOMAINS).toEqual(['sigma.example', 'xn--bcher-kva.example'])
    expect(config.ADMIN_EMAILS).toEqual(['ada@xn--bcher-kva.example'])
  })

  it('T4: makes an origin of ISSUER, with or without a slash, and plain http only at home', () => {
    const issuer = (ISSUER: string) => parseConfig({ ...given, ISSUER }).ISSUER
    expect(issuer('https://auth.latchkey.test/')).toBe('https://auth.latchkey.test')
    expect(issuer('http://127.0.0.1:8787')).toBe('http://127.0.0.1:8787')
    expect(issuer('http://localhost:8787')).toBe('http://localhost:8787')
  })
})

describe('refuses', () => {
  it('T31: what is missing, by name', () => {
    for (const name of ['ISSUER', 'AUDIENCE', 'AWS_REGION', 'MAIL_FROM', 'SEAL_KEYS', 'JWT_KEYS']) {
      expect(problemsOf({ [name]: undefined })).toEqual([`${name} is missing`])
      expect(problemsOf({ [name]: '' })).toEqual([`${name} is missing`])
    }
  })

  it('T31: an issuer that looks like home and is not', () => {
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

  it('T31: and never says a value, whatever it was', () => {
    const canary = 'canary'.repeat(10)
    for (const name of Object.keys(given)) {
      for (const problem of problemsOf({ [name]: `${canary}\n${canary}` })) {
        expect(problem).not.toContain('canary')
        expect(problem).toMatch(new RegExp(`^${name} `))
      }
    }
  })
})
