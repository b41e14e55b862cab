/**
 * Counts what one request spent on DynamoDB. Calls made side by side are one round trip: that is what a
 * person waits for.
 */
export type Trace = {
  calls: number
  roundTrips: number
  /** Time during which at least one call was under way. */
  ms: number
  /** Starts a call at this tick; what it returns ends it. */
  begin: (ticks: number) => (ticks: number) => void
}

export function createTrace(): Trace {
  let underWay = 0
  let since = 0
  const trace: Trace = {
    calls: 0,
    roundTrips: 0,
    ms: 0,
    begin(ticks) {
      trace.calls++
      if (underWay++ === 0) {
        trace.roundTrips++
        since = ticks
      }
      return (endTicks) => {
        if (--underWay === 0) trace.ms += endTicks - since
      }
    },
  }
  return trace
}
