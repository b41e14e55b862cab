import { env as workerEnv } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { ConfigError, parseConfig, type Config, type Env } from '../src/base/config.ts'
import { realWorld, type World } from '../src/base/world.ts'
import type { Deps } from '../src/http/deps.ts'
import { createIsolate, createShare, type IsolatePlan } from '../src/isolate.ts'

const PLAN: IsolatePlan<Config> = {
  name: 'public',
  parseConfig,
  originOf: ({ ISSUER }) => ISSUER,
}

/** One request's share of an isolate; what it leaves for later is in `waiting`. */
async function startShare(world: World = realWorld) {
  const lines: Record<string, unknown>[] = []
  const waiting: Promise<unknown>[] = []
  const sink = (line: string) => lines.push(JSON.parse(line) as Record<string, unknown>)
  const isolate = await createIsolate(workerEnv as Env, world, sink, PLAN)
  const share = createShare(isolate, world, sink, { requestId: 'request-1' })
  return {
    share,
    deps: share.deps,
    lines,
    waiting,
    answer: () => share.startBackground((promise) => waiting.push(promise)),
    /** Waits for everything, also for what is added meanwhile. */
    settle: async () => {
      for (let done = 0; done < waiting.length; done++) await waiting[done]
    },
  }
}

const note = (done: string[], what: string) => async () => void done.push(what)

describe('works', () => {
  it('starts background work in order, one turn after the response is ready', async () => {
    const { deps, answer, settle, waiting } = await startShare()
    const done: string[] = []
    deps.background('sessions_marked', note(done, 'first'))
    deps.background('sessions_marked', note(done, 'second'))
    await scheduler.wait(5)
    expect([done, waiting]).toEqual([[], []])
    answer()
    expect([done, waiting.length]).toEqual([[], 2])
    await settle()
    expect(done).toEqual(['first', 'second'])
  })

  it('runs nested background work at any depth, and waits for it', async () => {
    const { deps, answer, settle, waiting } = await startShare()
    const done: string[] = []
    const nest = (depth: number) => async (after: Deps) => {
      done.push(`depth ${depth}`)
      if (depth < 3) after.background('link_not_sent', nest(depth + 1))
    }
    deps.background('link_not_sent', nest(1))
    answer()
    await settle()
    expect(done).toEqual(['depth 1', 'depth 2', 'depth 3'])
    expect(waiting).toHaveLength(3)
  })

  it('runs the request’s background work after its response', async () => {
    const { deps, answer, settle } = await startShare()
    const done: string[] = []
    answer()
    deps.background('link_not_sent', note(done, 'late'))
    await settle()
    expect(done).toEqual(['late'])
  })

  it('counts the calls of background work separately from those of the request', async () => {
    const { share, deps, answer, settle } = await startShare()
    const key = { TableName: deps.config.TOKENS_TABLE, Key: { tokenId: 'tst_nobody' } }
    await deps.db.get(key)
    deps.background('link_not_sent', async (after) => {
      await Promise.all([after.db.get(key), after.db.get(key)])
    })
    answer()
    await settle()
    expect(share.trace).toMatchObject({ calls: 1, roundTrips: 1 })
  })

  it('uses the last event name, and keeps the fields of all calls', async () => {
    const { share, deps } = await startShare()
    expect(share.said()).toEqual({ event: 'request', fields: {} })
    deps.log.event('link_asked', { channel: 'sms' })
    deps.log.event('link_resent', { outcome: 'accepted' })
    const fields = { channel: 'sms', outcome: 'accepted' }
    expect(share.said()).toEqual({ event: 'link_resent', fields })
  })
})

describe('refuses', () => {
  it('an invalid environment, and names its variables', async () => {
    const env = { ...(workerEnv as Env), SEAL_KEYS: 'weak', AUDIENCE: undefined }
    const made = createIsolate(env, realWorld, () => {}, PLAN)
    await expect(made).rejects.toBeInstanceOf(ConfigError)
    await expect(made).rejects.toThrow(/AUDIENCE is missing.*SEAL_KEYS must/)
  })
})

describe('withstands', () => {
  it('background work that fails: logs one line with the request’s id, and runs the rest', async () => {
    const { deps, answer, settle, lines } = await startShare()
    const done: string[] = []
    deps.background('link_not_sent', async (after) => {
      after.background('sessions_marked', note(done, 'nested'))
      throw new RangeError('canary')
    })
    deps.background('sessions_marked', note(done, 'next'))
    answer()
    await settle()
    expect(done.toSorted()).toEqual(['nested', 'next'])
    expect(lines).toMatchObject([
      { event: 'link_not_sent', outcome: 'failed', error: 'RangeError', requestId: 'request-1' },
    ])
    expect(JSON.stringify(lines)).not.toContain('canary')
  })
})
