import { bundles } from './bundles.ts'
import { benchVars } from './people.ts'
import { serve } from './serve.ts'
import { median } from './stats.ts'

/**
 * CPU from the start of workerd to its first answer, less that of an empty Worker: what loading and running
 * the module costs, beside the reference floor, in alternating rounds.
 */
const ROUNDS = 25

const vars = await benchVars('http://127.0.0.1:9')
const built = await bundles()
const spent: Record<string, number[]> = { empty: [], floor: [], latchkey: [] }
for (let round = 0; round < ROUNDS; round++) {
  for (const name of ['empty', 'floor', 'latchkey'] as const) {
    const served = await serve(built[name], vars)
    spent[name]!.push(served.cpuMicros() / 1000)
    await served.stop()
  }
}
const above = (name: string) =>
  median(spent[name]!.map((ms, round) => ms - spent['empty']![round]!))
console.log(
  `start-up above an empty Worker: floor ${above('floor').toFixed(1)} ms, latchkey ${above('latchkey').toFixed(1)} ms CPU`,
)
console.log(`start-up, latchkey / floor: ${(above('latchkey') / above('floor')).toFixed(2)}`)
