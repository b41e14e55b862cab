import type { Hono } from 'hono/tiny'
import { createApp } from '../src/app.ts'
import type { Env } from '../src/base/config.ts'
import { unixMs } from '../src/base/time.ts'
import { realWorld } from '../src/base/world.ts'
import type { AppEnv } from '../src/http/scope.ts'
import type { Ring, RunSettings } from './run-settings.ts'

type KeyRings = Record<Ring, Env>

type Instance = { app: Hono<AppEnv>; env: Env; clock: { aheadMs: number } }

const instances = new Map<string, Instance>()

/** On a busy machine the database may be slow. A 503 that the kit does not play would be a failure of the kit. */
const PATIENCE = 5

/**
 * The public Worker. Each run has an issuer, keys and a clock of its own, so that time passes for this run alone, and
 * the Worker's deadlines towards the database are longer.
 */
export default {
  fetch(request: Request, env: Env, context: ExecutionContext): Response | Promise<Response> {
    const settings = JSON.parse(request.headers.get('X-Torture') ?? '') as RunSettings
    const { app, env: own, clock } = instanceOf(settings, env)
    clock.aheadMs = settings.aheadMs
    return app.fetch(request, own, context)
  },
}

function instanceOf({ issuer, ring }: RunSettings, env: Env): Instance {
  const name = `${issuer} ${ring}`
  const known = instances.get(name)
  if (known !== undefined) return known
  const clock = { aheadMs: 0 }
  const world = {
    ...realWorld,
    now: () => unixMs(Date.now() + clock.aheadMs),
    ticks: () => realWorld.ticks() / PATIENCE,
    timeout: (ms: number) => realWorld.timeout(ms * PATIENCE),
  }
  const rings = JSON.parse(env['RINGS'] as string) as KeyRings
  const made = {
    app: createApp(world, () => {}),
    env: { ...env, ...rings[ring], ISSUER: issuer },
    clock,
  }
  instances.set(name, made)
  return made
}
