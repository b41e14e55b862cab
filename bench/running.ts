import type { LoopbackServer } from '../dev/loopback-server.ts'
import type { Build } from './builds.ts'
import { startMailbox, type Mailbox } from './mailbox.ts'
import { serve, type Served } from './serve.ts'
import { startStore } from './store.ts'
import { benchVars } from './vars.ts'
import type { Visitor } from './visitors/visitor.ts'

export type Running = Omit<Build, 'visit'> & { served: Served; visit: () => Visitor }

/** Runs each build in a workerd of its own, in front of one database and one mailbox. */
export async function startBuilds(
  builds: readonly Build[],
  dynamodb: string,
  mailbox: Mailbox,
): Promise<Running[]> {
  const vars = await benchVars({ dynamodb, ses: mailbox.endpoint })
  const running: Running[] = []
  for (const build of builds) {
    const served = await serve(build.bundle, vars)
    running.push({ ...build, served, visit: () => build.visit(served.origin, mailbox) })
  }
  return running
}

export async function stopAll(parts: readonly { stop: () => Promise<void> }[]): Promise<void> {
  await Promise.all(parts.map((part) => part.stop()))
}

/** Runs the builds in front of the stand-in store, which responds at once. */
export async function withStandIns<T>(
  builds: readonly Build[],
  measure: (running: Running[]) => Promise<T>,
): Promise<T> {
  const [store, mailbox]: [LoopbackServer, Mailbox] = await Promise.all([
    startStore(),
    startMailbox(),
  ])
  const running = await startBuilds(builds, store.endpoint, mailbox)
  try {
    return await measure(running)
  } finally {
    await stopAll([...running.map(({ served }) => served), store, mailbox])
  }
}

/** The order of the builds alternates from round to round, so that none always runs after the same other. */
export const inOrder = <T>(round: number, builds: readonly T[]): readonly T[] =>
  round % 2 === 0 ? builds : builds.toReversed()
