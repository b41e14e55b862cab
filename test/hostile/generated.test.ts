import { it } from 'vitest'
import { size } from '../support/workers/size.ts'
import { expectGeneratedWell } from './drive.ts'
import { startHostileWorkers } from './workers.ts'

/** How many requests `npm run test:hostile` sends; none in other runs. */
const MANY = Number(import.meta.env['LATCHKEY_HOSTILE'] ?? 0)
const TOTAL = MANY > 0 ? MANY : size({ usual: 1000, long: 6000 })

/** The same requests in every run, but for `npm run test:hostile`. That prints its seed, to repeat it. */
const SEED = Number(
  import.meta.env['LATCHKEY_HOSTILE_SEED'] ?? (MANY > 0 ? Date.now() % 2 ** 31 : 1),
)

const AT_A_TIME = 1000
const TIMEOUT_MS = MANY > 0 ? 24 * 3_600_000 : 240_000

it('T50: withstands any request', { tags: 'long', timeout: TIMEOUT_MS }, async () => {
  const workers = await startHostileWorkers()
  const startedAt = Date.now()
  for (let sent = 0; sent < TOTAL; sent += AT_A_TIME) {
    const seed = SEED + sent / AT_A_TIME
    const count = Math.min(AT_A_TIME, TOTAL - sent)
    await expectGeneratedWell(workers, seed, count)
    const rate = ((sent + count) * 1000) / (Date.now() - startedAt)
    console.log(`${sent + count} of ${TOTAL} requests, seed ${seed}, ${Math.round(rate)} a second`)
  }
  await workers.finish()
})
