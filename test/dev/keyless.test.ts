import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import type { LoopbackServer } from '../../dev/loopback-server.ts'
import { roleArnOf } from '../../dev/sts.ts'
import { makeJwtKey } from '../../scripts/keys/make-secrets.ts'
import { bundleWorker, startWorkerd } from '../../torture/workerd.ts'
import { startIssuer, type Issuer } from '../support/node/issuer.ts'
import type { Provided } from '../support/node/provided.ts'
import { workerBindings } from '../support/node/worker-bindings.ts'

const provided = (name: keyof Provided): string => inject(name)

/** Both Workers in workerd, each with its role. STS reads the issuer's documents over HTTP. */
describe.each(['ES256', 'RS256'] as const)('both Workers without an access key, %s', (alg) => {
  const scenario = `both-${alg.toLowerCase()}`
  const sts = `${provided('stsEndpoint')}/${scenario}`
  const control = `${provided('stsEndpoint')}/_control/${scenario}`
  const withRole = (worker: 'public' | 'console') => ({
    AWS_ACCESS_KEY_ID: '',
    AWS_SECRET_ACCESS_KEY: '',
    AWS_ROLE_ARN: roleArnOf(worker),
    STS_ENDPOINT: sts,
  })
  let issuer: Issuer
  let consoleWorker: LoopbackServer

  beforeAll(async () => {
    const key = await makeJwtKey(alg)
    issuer = await startIssuer([key], withRole('public'))
    consoleWorker = await startWorkerd(
      await bundleWorker(new URL('../../src/console/index.ts', import.meta.url)),
      {
        ...workerBindings(provided('faultEndpoint'), provided('inboxEndpoint')),
        ISSUER: issuer.url,
        CONSOLE_ORIGIN: 'https://console.latchkey.test',
        JWT_KEYS: JSON.stringify({ keys: [key] }),
        ...withRole('console'),
      },
    )
    const provider = { issuer: issuer.url, audience: 'sts.amazonaws.com' }
    await fetch(control, { method: 'PUT', body: JSON.stringify({ provider }) })
  }, 60_000)
  afterAll(() => Promise.all([issuer.stop(), consoleWorker.stop()]))

  const calls = async () =>
    ((await (await fetch(control)).json()) as { calls: Record<string, string>[] }).calls

  it('T96: get keys from STS, which verifies their tokens with the documents that the issuer publishes', async () => {
    // A cold isolate, and all of these at once.
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => fetch(`${issuer.url}/readyz`)),
    )
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(issuer.fetched('/.well-known/openid-configuration')).toBe(1)
    expect(issuer.fetched('/.well-known/jwks.json')).toBe(1)
    expect((await fetch(`${consoleWorker.endpoint}/readyz`)).status).toBe(200)
    const arns = (await calls()).map(({ RoleArn }) => RoleArn)
    expect(arns).toEqual([roleArnOf('public'), roleArnOf('console')])
  })

  it('sign a person in: DynamoDB and SES accept the keys of the role', async () => {
    expect((await issuer.signIn()).userId).toMatch(/^usr_/)
    expect(await calls()).toHaveLength(2)
  })
})
