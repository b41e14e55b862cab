import { Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { LOCAL_AWS } from '../dev/local-aws.ts'
import { bodyOf } from '../dev/loopback-server.ts'
import { makeJwtKey, makeSealKey } from '../scripts/keys/make-secrets.ts'
import type { RunSettings } from './run-settings.ts'
import { bundleWorker, startWorkerd } from './workerd.ts'

export type Answer = { status: number; headers: IncomingHttpHeaders; body: Buffer }
export type Sent = { method: string; path: string; headers: IncomingHttpHeaders; body: Buffer }

/** The real Worker in workerd. */
export type Latchkey = {
  send: (settings: RunSettings, sent: Sent) => Promise<Answer>
  stop: () => Promise<void>
}

export const RESOURCE_SERVER = { name: 'torture', secret: 'a secret of the kit, known to nobody' }
export const AUDIENCE = 'https://api.latchkey.test'
export const COMPANY = 'sigmacomputing.com'

/** Starts workerd with the Worker, on a database and an inbox that run already. */
export async function startLatchkey(dynamodb: string, inbox: string): Promise<Latchkey> {
  const workerd = await startWorkerd(await bundleWorker(new URL('worker.ts', import.meta.url)), {
    AUDIENCE,
    AWS_REGION: LOCAL_AWS.region,
    AWS_ACCESS_KEY_ID: LOCAL_AWS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: LOCAL_AWS.secretAccessKey,
    DYNAMODB_ENDPOINT: dynamodb,
    SES_ENDPOINT: inbox,
    SMS_ENDPOINT: inbox,
    COMPANY_DOMAINS: COMPANY,
    MAIL_FROM: 'Latchkey <sign-in@latchkey.test>',
    RESOURCE_SERVERS: JSON.stringify({ [RESOURCE_SERVER.name]: RESOURCE_SERVER.secret }),
    RINGS: JSON.stringify(await rings()),
  })
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  return {
    send: (settings, sent) => send(workerd.endpoint, agent, settings, sent),
    async stop() {
      agent.destroy()
      await workerd.stop()
    },
  }
}

/** The first keys; new ones before them, as after a rotation; and new ones alone, as after a theft. */
async function rings() {
  const [oldSeal, newSeal] = [makeSealKey(1), makeSealKey(2)]
  const [oldJwt, newJwt] = [await makeJwtKey(), await makeJwtKey()]
  const ring = (seals: string[], keys: unknown[]) => ({
    SEAL_KEYS: seals.join(','),
    JWT_KEYS: JSON.stringify({ keys }),
  })
  return {
    first: ring([oldSeal], [oldJwt]),
    rotated: ring([newSeal, oldSeal], [newJwt, oldJwt]),
    replaced: ring([newSeal], [newJwt]),
  }
}

function send(origin: string, agent: Agent, settings: RunSettings, sent: Sent): Promise<Answer> {
  const { host: _host, connection: _connection, ...headers } = sent.headers
  const options = {
    method: sent.method,
    agent,
    headers: { ...headers, 'x-torture': JSON.stringify(settings) },
  }
  return new Promise((resolve, reject) => {
    const request = httpRequest(origin + sent.path, options, (incoming) => {
      const {
        connection: _c,
        'transfer-encoding': _t,
        'keep-alive': _k,
        ...kept
      } = incoming.headers
      bodyOf(incoming)
        .then((body) => ({ status: incoming.statusCode ?? 502, headers: kept, body }))
        .then(resolve, reject)
    })
    request.once('error', reject)
    request.end(sent.body)
  })
}
