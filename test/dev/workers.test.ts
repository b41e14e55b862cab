import { describe, expect, it } from 'vitest'
import { inDevelopment } from '../../dev/workers/config.ts'
import { parseConfig } from '../../src/base/config.ts'
import { workerBindings } from '../support/node/worker-bindings.ts'

/** As wrangler.toml and `npm run dev` make it, with the example values of wrangler.toml. */
const env = (ISSUER: string) => ({
  ...workerBindings('http://127.0.0.1:1', 'http://127.0.0.1:2'),
  AUDIENCE: 'https://api.example.com',
  MAIL_FROM: 'Latchkey <sign-in@example.com>',
  ISSUER,
})
const parse = inDevelopment(parseConfig)

describe('works', () => {
  it.each([
    'http://127.0.0.1:8787',
    'http://10.0.0.5:8787',
    'http://172.16.0.5:8787',
    'http://192.168.1.23:8787',
    'https://name.trycloudflare.com',
  ])('a development Worker may have the issuer %s', (issuer) => {
    expect(parse(env(issuer)).ISSUER).toBe(issuer)
  })
})

describe('refuses', () => {
  it.each(['http://192.168.1.23:8787', 'https://name.trycloudflare.com'])(
    'a deployed Worker refuses %s with example values',
    (issuer) => {
      expect(() => parseConfig(env(issuer))).toThrow()
    },
  )

  it.each([
    'http://auth.latchkey.test',
    'http://203.0.113.7:8787',
    'http://172.32.0.5:8787',
    'http://192.168.1.23.evil.example',
    'https://name.trycloudflare.com/path',
    'not an origin',
  ])('a development Worker refuses the issuer %s', (issuer) => {
    expect(() => parse(env(issuer))).toThrow(/ISSUER/)
  })

  it('a development Worker with another wrong variable, whatever its issuer', () => {
    const wrong = { ...env('http://192.168.1.23:8787'), AWS_REGION: 'nowhere' }
    expect(() => parse(wrong)).toThrow(/AWS_REGION/)
  })
})
