import { describe, expect, it } from 'vitest'
import { withLatchkey, type PluginOptions } from '../../../packages/expo/plugin.ts'

const ISSUER = 'https://auth.example.com'
const FILTER = {
  action: 'VIEW',
  autoVerify: true,
  category: ['BROWSABLE', 'DEFAULT'],
}
const at = (host: string) => ({ scheme: 'https', host, pathPrefix: '/link/' })

describe('works', () => {
  it('writes the scheme, the domains and one intent filter, and keeps the rest of the config', () => {
    const config = { name: 'App', ios: { bundleIdentifier: 'com.example.app' } }
    const options = { issuer: ISSUER, appLinkOrigin: 'https://open.example.com/', scheme: 'myapp' }
    expect(withLatchkey(config, options)).toEqual({
      name: 'App',
      scheme: 'myapp',
      ios: {
        bundleIdentifier: 'com.example.app',
        associatedDomains: [
          'applinks:auth.example.com',
          'applinks:open.example.com',
          'webcredentials:auth.example.com',
        ],
      },
      android: {
        intentFilters: [{ ...FILTER, data: [at('auth.example.com'), at('open.example.com')] }],
      },
    })
    expect(config).toEqual({ name: 'App', ios: { bundleIdentifier: 'com.example.app' } })
  })

  it('changes nothing the second time', () => {
    const options = { issuer: ISSUER, appLinkOrigin: 'https://open.example.com' }
    const once = withLatchkey({ scheme: ['exp', 'other'] }, options)
    expect(once).toMatchObject({ scheme: ['exp', 'other', 'latchkey'] })
    expect(withLatchkey(once, options)).toEqual(once)
  })

  it('adds only what the app does not have', () => {
    const config = {
      scheme: 'latchkey',
      ios: {
        associatedDomains: ['applinks:auth.example.com?mode=developer', 'applinks:shop.example'],
      },
      android: { intentFilters: [{ ...FILTER, data: at('auth.example.com') }] },
    }
    const options = { issuer: ISSUER, appLinkOrigin: 'https://open.example.com' }
    expect(withLatchkey(config, options)).toEqual({
      scheme: 'latchkey',
      ios: {
        associatedDomains: [
          'applinks:auth.example.com?mode=developer',
          'applinks:shop.example',
          'applinks:open.example.com',
          'webcredentials:auth.example.com',
        ],
      },
      android: {
        intentFilters: [
          { ...FILTER, data: at('auth.example.com') },
          { ...FILTER, data: [at('open.example.com')] },
        ],
      },
    })
  })

  it('asks iOS for the file of the host itself in developer mode', () => {
    const { ios } = withLatchkey({ ios: {} }, { issuer: ISSUER, developerMode: true })
    expect(ios).toEqual({
      associatedDomains: [
        'applinks:auth.example.com?mode=developer',
        'webcredentials:auth.example.com?mode=developer',
      ],
    })
  })

  it('writes only the scheme for an issuer on this machine', () => {
    for (const host of ['127.0.0.1', 'localhost', '192.168.1.23', '10.0.0.7', '172.16.0.1']) {
      const issuer = `http://${host}:8787`
      expect(withLatchkey({}, { issuer }), host).toEqual({ scheme: 'latchkey' })
    }
    for (const host of [
      '192.169.1.23',
      '172.32.0.1',
      '11.0.0.1',
      '10.evil.example',
      'example.com',
    ]) {
      expect(() => withLatchkey({}, { issuer: `http://${host}:8787` }), host).toThrow('"issuer"')
    }
  })
})

describe('refuses', () => {
  it.each<[string, unknown]>([
    ['"issuer"', undefined],
    ['"issuer"', {}],
    ['"issuer"', { issuer: 'auth.example.com' }],
    ['"issuer"', { issuer: 'http://auth.example.com' }],
    ['"issuer"', { issuer: 'https://auth.example.com/v1' }],
    ['"issuer"', { issuer: 'https://auth.example.com:8443' }],
    ['"appLinkOrigin"', { issuer: ISSUER, appLinkOrigin: 'open.example.com' }],
    ['"appLinkOrigin"', { issuer: ISSUER, appLinkOrigin: '' }],
    ['"scheme"', { issuer: ISSUER, scheme: 'latchkey://' }],
    ['"scheme"', { issuer: ISSUER, scheme: 7 }],
    ['"developerMode"', { issuer: ISSUER, developerMode: 'yes' }],
    ['"isuer"', { isuer: ISSUER }],
  ])('names the wrong member %s of %j', (member, options) => {
    expect(() => withLatchkey({}, options as PluginOptions)).toThrow(
      new RegExp(`^@latchkey/expo: ${member} `),
    )
  })
})
