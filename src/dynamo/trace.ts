/**
 * Counts the DynamoDB calls of one request. Parallel calls are one round trip, because the person waits for them only
 * once.
 */
export type Trace = {
  calls: number
  roundTrips: number
  /** Milliseconds during which at least one call was running. */
  ms: number
  /** Records the start of a call at this tick. @returns a function that records its end. */
  begin: (ticks: number) => (ticks: number) => void
}

export function createTrace(): Trace {
  let running = 0
  let since = 0
  const trace: Trace = {
    calls: 0,
    roundTrips: 0,
    ms: 0,
    begin(ticks) {
      trace.calls++
      if (running++ === 0) {
        trace.roundTrips++
        since = ticks
      }
      return (endTicks) => {
        if (--running === 0) trace.ms += endTicks - since
      }
    },
  }
  return trace
}
