import { realWorld, type World } from '../../../src/base/world.ts'

/** Time of which some passes only when every request has its response: nothing depends on how fast the machine is. */
export type SimulatedTime = {
  /** For a Worker, together with `world`. Its clock moves with the simulated time. */
  clock: { offsetMs: number }
  world: Pick<World, 'ticks' | 'sleep' | 'timeout' | 'fetch'>
  /** Waits until nothing is on its way, and nothing waits. */
  quiet: () => Promise<void>
}

type Timer = { at: number; fire: () => void }

/**
 * A Worker that waits for a response, for its next try or for a deadline waits no real time. The fault proxy says for
 * how long it would have kept the Worker waiting (dev/fault-proxy.ts).
 * @param send the network. Every response arrives before any simulated time passes.
 */
export function createSimulatedTime(send: World['fetch'] = realWorld.fetch): SimulatedTime {
  const clock = { offsetMs: 0 }
  const timers = new Set<Timer>()
  const timeouts = new WeakMap<AbortSignal, Timer>()
  const state = { ticks: 0, running: 0, isPassing: false }

  function at(ms: number, fire: () => void): Timer {
    // Whole milliseconds, because rows hold them.
    const timer = { at: state.ticks + Math.ceil(ms), fire }
    timers.add(timer)
    void pass()
    return timer
  }

  async function pass(): Promise<void> {
    if (state.isPassing) return
    state.isPassing = true
    while (state.running === 0 && timers.size > 0) {
      // Whatever can go on without waiting goes on first.
      await scheduler.wait(1)
      if (state.running > 0 || timers.size === 0) break
      const [next] = [...timers].toSorted((a, b) => a.at - b.at)
      timers.delete(next!)
      clock.offsetMs += next!.at - state.ticks
      state.ticks = next!.at
      next!.fire()
    }
    state.isPassing = false
  }

  async function counted(url: string, init: RequestInit, time: string): Promise<Response> {
    state.running++
    try {
      const headers = new Headers(init.headers)
      headers.set('x-simulated-time', time)
      const response = await send(url, { ...init, headers, signal: null })
      const body = await response.arrayBuffer()
      return new Response(body.byteLength === 0 ? null : body, response)
    } finally {
      if (--state.running === 0) void pass()
    }
  }

  return {
    clock,
    world: {
      ticks: () => state.ticks,
      sleep: (ms) =>
        ms === 0 ? realWorld.sleep(0) : new Promise<void>((resolve) => void at(ms, resolve)),
      timeout(ms) {
        const controller = new AbortController()
        const reason = new DOMException('The simulated time is over', 'TimeoutError')
        timeouts.set(
          controller.signal,
          at(ms, () => controller.abort(reason)),
        )
        return controller.signal
      },
      async fetch(url, init) {
        const { signal } = init
        try {
          const response = await counted(url, init, '1')
          const wait = response.headers.get('x-simulated-wait')
          if (wait === null) return response
          const { promise, resolve, reject } = Promise.withResolvers<Response>()
          signal?.addEventListener('abort', () => reject(signal.reason as Error))
          // A request that is late still arrives, also when nobody waits for its response any more.
          if (wait !== 'Infinity') {
            at(Number(wait), () => void counted(url, init, 'waited').then(resolve, reject))
          }
          return await promise
        } finally {
          const timer = signal && timeouts.get(signal)
          if (timer) timers.delete(timer)
        }
      },
    },
    async quiet() {
      while (state.running > 0 || timers.size > 0) await scheduler.wait(1)
    },
  }
}
