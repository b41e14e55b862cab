import { spawn, type ChildProcess } from 'node:child_process'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { bodyOf, startLoopbackServer } from '../../dev/loopback-server.ts'
import type { Answer, Work } from './protocol.ts'

/** A Vitest that stays alive and runs what it is given. */
export type Session = {
  /** @returns null when Vitest did not answer until the deadline, or ended. The session cannot be used after that. */
  run: (work: Work, deadlineMs: number) => Promise<Answer | null>
  stop: () => Promise<void>
}

const START_MS = 120_000

export async function startSession(tree: string): Promise<Session> {
  let waiting: ServerResponse | undefined
  let arrived: (answer: Answer | null) => void = () => {}
  const server = await startLoopbackServer(0, (request, response) => {
    const listen = async (): Promise<void> => {
      const answer = JSON.parse((await bodyOf(request)).toString()) as Answer | null
      waiting = response
      arrived(answer)
    }
    void listen()
  })
  const started = new Promise<unknown>((resolve) => (arrived = resolve))
  const child = spawn(
    process.execPath,
    [
      join(process.cwd(), 'node_modules/vitest/vitest.mjs'),
      'run',
      '--config',
      'scripts/mutation/vitest.config.ts',
    ],
    {
      cwd: tree,
      // A group of its own: what hangs is killed together with its database.
      detached: true,
      stdio: [
        'ignore',
        process.env.MUTATION_DEBUG ? 'inherit' : 'ignore',
        process.env.MUTATION_DEBUG ? 'inherit' : 'ignore',
      ],
      env: { ...process.env, MUTATION_ENDPOINT: server.endpoint },
    },
  )
  const ended = new Promise<null>((resolve) => child.once('exit', () => resolve(null)))
  await within(START_MS, Promise.race([started, ended]))
  if (!waiting) throw new Error('Vitest did not start')
  return {
    async run(work, deadlineMs) {
      const answer = new Promise<Answer | null>((resolve) => (arrived = resolve))
      waiting!.end(JSON.stringify(work))
      return within(deadlineMs, Promise.race([answer, ended]))
    },
    async stop() {
      waiting?.end('null')
      if (
        (await within(
          15_000,
          ended.then(() => true),
        )) === null
      )
        killGroup(child)
      await server.stop()
    },
  }
}

function killGroup({ pid }: ChildProcess): void {
  try {
    process.kill(-pid!, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}

async function within<T>(ms: number, promise: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>((resolve) => (timer = setTimeout(() => resolve(null), ms)))
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

/** One session at a time, with a new one after a hang and after every `RUNS`: its database and isolate grow. */
export type Sessions = Pick<Session, 'run' | 'stop'>

const RUNS = 1000

export function createSessions(tree: string): Sessions {
  let current: Session | undefined
  let runs = 0
  const stop = async (): Promise<void> => {
    await current?.stop()
    current = undefined
    runs = 0
  }
  return {
    async run(work, deadlineMs) {
      if (runs >= RUNS) await stop()
      current ??= await startSession(tree)
      runs++
      const answer = await current.run(work, deadlineMs)
      if (!answer) await stop()
      return answer
    },
    stop,
  }
}
