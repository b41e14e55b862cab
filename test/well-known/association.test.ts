import { describe, expect, it } from 'vitest'
import { startLatchkey, type Latchkey } from '../support/workers/latchkey.ts'

const APPLE = '/.well-known/apple-app-site-association'
const ANDROID = '/.well-known/assetlinks.json'
const print = (byte: string) => Array(32).fill(byte).join(':')

async function read(app: Latchkey, url: string): Promise<unknown> {
  const answer = await app.fetch(url, { redirect: 'manual' })
  expect(answer.status).toBe(200)
  expect(answer.headers.get('Content-Type')).toBe('application/json')
  expect(answer.headers.get('Cache-Control')).toBe('public, max-age=3600')
  expect(answer.headers.get('Location')).toBeNull()
  const text = await answer.text()
  // Apple takes no more than 128 KB.
  expect(text.length).toBeLessThan(128 * 1024)
  return JSON.parse(text)
}

describe('works', () => {
  it('T63: names the apps that open links, on both hosts, without redirect', async () => {
    const app = startLatchkey({
      env: {
        APP_LINK_ORIGIN: 'https://open.latchkey.test',
        APPLE_APP_IDS: 'ABCDE12345.com.example.app, ABCDE12345.com.example.beta',
        ANDROID_APPS: [
          `com.example.app=${print('AA')}`,
          `com.example.beta=${print('BB')}`,
          `com.example.app=${print('CC')}`,
          `com.example.app=${print('AA')}`,
        ].join(','),
      },
    })
    for (const origin of ['https://auth.latchkey.test', 'https://open.latchkey.test']) {
      const apps = ['ABCDE12345.com.example.app', 'ABCDE12345.com.example.beta']
      expect(await read(app, origin + APPLE)).toEqual({
        applinks: { details: [{ appIDs: apps, components: [{ '/': '/link/*' }] }] },
        webcredentials: { apps },
      })
      const statement = (package_name: string, sha256_cert_fingerprints: string[]) => ({
        relation: [
          'delegate_permission/common.handle_all_urls',
          'delegate_permission/common.get_login_creds',
        ],
        target: { namespace: 'android_app', package_name, sha256_cert_fingerprints },
      })
      expect(await read(app, origin + ANDROID)).toEqual([
        statement('com.example.app', [print('AA'), print('CC')]),
        statement('com.example.beta', [print('BB')]),
      ])
    }
    expect(await app.calls()).toEqual([])
  })

  it('names no app if none is configured', async () => {
    const app = startLatchkey({ env: { APPLE_APP_IDS: '', ANDROID_APPS: '' } })
    expect(await read(app, APPLE)).toEqual({
      applinks: { details: [] },
      webcredentials: { apps: [] },
    })
    expect(await read(app, ANDROID)).toEqual([])
  })

  it('answers the verifiers of Apple and Google like any caller', async () => {
    const app = startLatchkey()
    for (const headers of [
      { 'User-Agent': 'AASA-Bot/1.0.0', Accept: '*/*' },
      { 'User-Agent': 'GoogleAssociationService', Accept: 'application/json' },
    ]) {
      for (const path of [APPLE, ANDROID]) {
        expect((await app.fetch(path, { headers })).status).toBe(200)
        expect((await app.fetch(path, { headers, method: 'HEAD' })).status).toBe(200)
      }
    }
  })
})

describe('refuses', () => {
  it('to start with an invalid app id or fingerprint', async () => {
    for (const env of [
      { APPLE_APP_IDS: 'com.example.app' },
      { ANDROID_APPS: `com.example.app=${print('aa')}` },
      { ANDROID_APPS: 'com.example.app' },
    ]) {
      const app = startLatchkey({ env })
      expect((await app.fetch(APPLE)).status).toBe(503)
      expect(JSON.stringify(app.lines)).toContain(Object.keys(env)[0])
    }
  })
})
