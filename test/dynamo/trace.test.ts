import { expect, it } from 'vitest'
import { createTrace } from '../../src/dynamo/trace.ts'

it('counts the time from the start of the first parallel call to the end of the last, and no time between', () => {
  const trace = createTrace()
  const first = trace.begin(100)
  const second = trace.begin(110)
  first(130)
  expect(trace.ms).toBe(0)
  second(150)
  expect(trace).toMatchObject({ calls: 2, roundTrips: 1, ms: 50 })
  trace.begin(1000)(1007)
  expect(trace).toMatchObject({ calls: 3, roundTrips: 2, ms: 57 })
})
