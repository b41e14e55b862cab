import { readFileSync } from 'node:fs'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { bodyOf, startLoopbackServer, type LoopbackServer } from '../../dev/loopback-server.ts'
import { roleArnOf, startSts } from '../../dev/sts.ts'
import { LOCAL_AWS } from '../../dev/local-aws.ts'
import { makeSecrets } from '../../scripts/keys/make-secrets.ts'
import { startWorkerd } from '../../torture/workerd.ts'
import type { Provided } from '../support/node/provided.ts'

const provided = (name: keyof Provided): string => inject(name)
const [, date] = /^compatibility_date = "(.+)"$/m.exec(readFileSync('wrangler.toml', 'utf8'))!

/** Both Workers in workerd, each with its role, and STS, which reads the issuer's documents over HTTP. */
describe('both Workers without an access key', () => {
  const servers: LoopbackServer[] = []
  let issuer: LoopbackServer
  let consoleWorker: LoopbackServer
  let sts: LoopbackServer

  const bundle = async (entry: string): Promise<string> => {
    const { outputFiles } = await build({
      entryPoints: [entry],
      bundle: true,
      write: false,
      format: 'esm',
      target: 'es2024',
      conditions: ['workerd', 'worker', 'browser'],
      external: ['cloudflare:*', 'node:*'],
      loader: { '.html': 'text', '.css': 'text' },
    })
    return outputFiles[0]!.text
  }

  beforeAll(async () => {
    let worker: LoopbackServer | undefined
    // ISSUER must be known before workerd has its port.
    issuer = await startLoopbackServer(0, (request, response) => {
      void (async () => {
        const body = await bodyOf(request)
        const answer = await fetch(worker!.endpoint + request.url!, {
          method: request.method!,
          headers: { 'content-type': request.headers['content-type'] ?? 'text/plain' },
          ...(body.length > 0 && { body: new Uint8Array(body) }),
        })
        response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type')! })
        response.end(await answer.text())
      })()
    })
    sts = await startSts()
    const vars = {
      ISSUER: issuer.endpoint,
      AUDIENCE: 'https://api.latchkey.test',
      AWS_REGION: LOCAL_AWS.region,
      STS_ENDPOINT: `${sts.endpoint}/both`,
      DYNAMODB_ENDPOINT: `${provided('faultEndpoint')}/keyless`,
      SES_ENDPOINT: provided('inboxEndpoint'),
      COMPANY_DOMAINS: 'sigmacomputing.com',
      MAIL_FROM: 'Latchkey <sign-in@latchkey.test>',
      ...(await makeSecrets()),
    }
    worker = await startWorkerd(await bundle('src/index.ts'), date!, {
      ...vars,
      AWS_ROLE_ARN: roleArnOf('public'),
    })
    consoleWorker = await startWorkerd(await bundle('src/console/index.ts'), date!, {
      ...vars,
      CONSOLE_ORIGIN: 'https://console.latchkey.test',
      AWS_ROLE_ARN: roleArnOf('console'),
    })
    servers.push(issuer, sts, worker, consoleWorker)
    const provider = { issuer: issuer.endpoint, audience: 'sts.amazonaws.com' }
    await fetch(`${sts.endpoint}/_control/both`, {
      method: 'PUT',
      body: JSON.stringify({ provider, rules: [] }),
    })
  }, 60_000)
  afterAll(() => Promise.all(servers.map((server) => server.stop())))

  const calls = async () => {
    const answer = await fetch(`${sts.endpoint}/_control/both`)
    return ((await answer.json()) as { calls: Record<string, string>[] }).calls
  }

  it('T96: get keys from STS, which verifies their tokens with the documents that the issuer publishes', async () => {
    expect((await fetch(`${issuer.endpoint}/readyz`)).status).toBe(200)
    expect((await fetch(`${consoleWorker.endpoint}/readyz`)).status).toBe(200)
    expect((await calls()).map(({ RoleArn }) => RoleArn)).toEqual(
      (['public', 'console'] as const).map(roleArnOf),
    )
  })

  it('serves 100 requests at once from one isolate, with one call of STS in all', async () => {
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => fetch(`${issuer.endpoint}/readyz`)),
    )
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(await calls()).toHaveLength(2)
  })

  it('sends the link by email with the keys of the role', async () => {
    const email = `keyless-${Date.now()}@sigmacomputing.com`
    const codeChallenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
    const asked = await fetch(`${issuer.endpoint}/v1/links`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, codeChallenge }),
    })
    expect(asked.status).toBe(202)
    const inbox = `${provided('inboxEndpoint')}/messages?to=${email}`
    await expect
      .poll(async () => ((await (await fetch(inbox)).json()) as unknown[]).length, {
        timeout: 10_000,
      })
      .toBe(1)
  })
})
