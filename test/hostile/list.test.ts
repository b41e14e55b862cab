import { afterAll, beforeAll, expect, it } from 'vitest'
import { expectAllWell } from './drive.ts'
import { REQUESTS } from './list/requests/all.ts'
import { OWN_STRINGS, STRINGS } from './list/strings.ts'
import { CALLERS } from './people.ts'
import { POSITIONS } from './positions.ts'
import { startHostileWorkers, type HostileWorkers } from './workers.ts'

let workers: HostileWorkers
beforeAll(async () => {
  workers = await startHostileWorkers()
}, 60_000)
afterAll(() => workers.finish())

const PATIENCE = { timeout: 240_000 }

it('T50: the list has more than 500 texts and 400 whole requests', () => {
  expect(OWN_STRINGS.length).toBeGreaterThan(500)
  expect(REQUESTS.length).toBeGreaterThan(400)
})

it('T50: withstands every whole request of the list', PATIENCE, async () => {
  await expectAllWell(workers, REQUESTS)
})

it('T50: withstands a hostile text in every place that can hold one', PATIENCE, async () => {
  // Each text stands in two or three of the places; `npm run test:hostile` puts all of them everywhere.
  const requests = POSITIONS.map(({ endpoint, put }, i) => {
    const callers = Object.keys(CALLERS[endpoint.worker])
    return put(callers[i % callers.length]!, STRINGS[(i * 7) % STRINGS.length]!)
  })
  await expectAllWell(workers, requests)
})
