import type { Hono } from 'hono/tiny'
import { createApp } from '../../src/app.ts'
import { parseConfig, type Env } from '../../src/base/config.ts'
import { unixMs } from '../../src/base/time.ts'
import { realWorld } from '../../src/base/world.ts'
import type { AppEnv } from '../../src/http/scope.ts'
import { LOCAL_AWS } from '../local-aws.ts'
import { LINE_HEADER, STAGING_HEADER, type Staging } from '../playground/staging.ts'
import { inDevelopment } from './config.ts'

type Instance = {
  app: Hono<AppEnv>
  env: Env
  clock: { aheadMs: number; patience: number }
  /** By request id, until the response leaves. */
  lines: Map<string, string>
}

const MOST_STAGES = 20
const stages = new Map<string, Instance>()

/** @returns null if the request is not one of the playground of this `npm run dev`. */
export function stagingOf(request: Request, env: Env): Staging | null {
  const [text, key] = [request.headers.get(STAGING_HEADER), env['PLAYGROUND_KEY']]
  if (text === null || typeof key !== 'string' || key === '') return null
  try {
    const staging = JSON.parse(text) as Staging
    return staging.key === key ? staging : null
  } catch {
    return null
  }
}

/**
 * Runs a request in an instance of the public Worker that only this stage uses: its clock may be wrong, its database may
 * fail, and it has no rate limits, because one machine plays all phones.
 */
export async function runStaged(
  request: Request,
  env: Env,
  context: ExecutionContext,
  staging: Staging,
): Promise<Response> {
  const { app, env: own, clock, lines } = instanceOf(staging, env)
  clock.aheadMs = staging.aheadMs
  clock.patience = staging.patience
  const response = await app.fetch(request, own, context)
  const id = response.headers.get('X-Request-Id') ?? ''
  const headers = new Headers(response.headers)
  headers.set(LINE_HEADER, lines.get(id) ?? '{}')
  lines.delete(id)
  return new Response(response.body, { status: response.status, headers })
}

function instanceOf({ stage, dynamodb, inbox }: Staging, env: Env): Instance {
  const known = stages.get(stage)
  if (known !== undefined) return known
  const clock = { aheadMs: 0, patience: 1 }
  const lines = new Map<string, string>()
  const world = {
    ...realWorld,
    now: () => unixMs(Date.now() + clock.aheadMs),
    ticks: () => realWorld.ticks() / clock.patience,
    timeout: (ms: number) => realWorld.timeout(ms * clock.patience),
  }
  const keep = (line: string): void => {
    const { requestId, status } = JSON.parse(line) as { requestId?: string; status?: number }
    // Lines of work after the response have no status.
    if (requestId !== undefined && status !== undefined) lines.set(requestId, line)
  }
  const made: Instance = {
    app: createApp(world, keep, inDevelopment(parseConfig)),
    env: {
      ...env,
      DYNAMODB_ENDPOINT: dynamodb,
      SES_ENDPOINT: inbox,
      SMS_ENDPOINT: inbox,
      AWS_REGION: LOCAL_AWS.region,
      AWS_ACCESS_KEY_ID: LOCAL_AWS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: LOCAL_AWS.secretAccessKey,
      AWS_ROLE_ARN: '',
      LIMIT_BY_IP: undefined,
      LIMIT_BY_IP_AND_ADDRESS: undefined,
    },
    clock,
    lines,
  }
  const [oldest] = stages.keys()
  if (stages.size >= MOST_STAGES && oldest !== undefined) stages.delete(oldest)
  stages.set(stage, made)
  return made
}
