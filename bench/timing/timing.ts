import { parseArgs } from 'node:util'
import { buildLatchkey } from '../builds.ts'
import { busyCores, machine } from '../machine.ts'
import { LATE_MICROS, measureAnswers } from './answers.ts'
import {
  ALPHA,
  comparePairs,
  compareWithUnknown,
  powerOf,
  type Pair,
  type Power,
} from './conclude.ts'
import { measureCpu, measureNeighbour } from './neighbour.ts'
import { writeReport, type Neighbour } from './report.ts'
import { Samples } from './samples.ts'
import { startSetting } from './setting.ts'

/**
 * Measures whether a caller can tell from times what an address is: unknown, approved, with sessions, withdrawn, of the
 * company. See "Timing" in docs/threats.md. With `--database`, it uses DynamoDB Local and not the stand-in.
 */
const { values } = parseArgs({
  options: {
    blocks: { type: 'string' },
    neighbour: { type: 'string' },
    database: { type: 'boolean', default: false },
  },
})
const { database } = values
const blocks = whole(values.blocks, database ? 400 : 10_000)
const neighbourBlocks = whole(values.neighbour, 500)
/** Each Worker is new after this many, so that no single start-up decides, and the stand-in's memory stays small. */
const WORKER_BLOCKS = database ? blocks : 1000

const startedAt = Date.now()
const busyBefore = await busyCores()
const bundle = buildLatchkey()

const answers = new Samples()
for (let done = 0; done < blocks; done += WORKER_BLOCKS) {
  const setting = await startSetting(bundle, database)
  await measureAnswers(setting, answers, Math.min(WORKER_BLOCKS, blocks - done))
  await setting.stop()
  console.log(`${Math.min(done + WORKER_BLOCKS, blocks)} of ${blocks} blocks`)
}
const pairs = comparePairs(answers)
const power = powerOf(answers, pairs.length)

// The work after a response is the same with any database, and the stand-in's times vary less.
const neighbour = database ? null : { off: await besides('off'), on: await besides('on') }

const conclusion = conclude(pairs, power)
const args = process.argv.slice(2)
const markdown = writeReport(database ? 'timing-database' : 'timing', {
  date: new Date().toISOString().slice(0, 10),
  command: ['npm run timing', ...(args.length > 0 ? ['--', ...args] : [])].join(' '),
  machine: machine(),
  busyCores: [busyBefore, await busyCores()],
  seconds: Math.round((Date.now() - startedAt) / 1000),
  database: database ? 'DynamoDB Local' : 'stand-in',
  blocks,
  conclusion,
  pairs,
  power,
  neighbour,
})
console.log(markdown)
const isAlike = pairs.every(({ corrected }) => corrected >= ALPHA)
const isValid = power.every(({ control }) => control.corrected >= ALPHA)
// A run that misses the longest delay shows nothing.
const isStrong = power.every(({ late }) => late.at(-1)?.found)
process.exitCode = isAlike && isValid && isStrong ? 0 : 1

async function besides(accessRequests: 'off' | 'on'): Promise<Neighbour> {
  const isOn = accessRequests === 'on'
  const setting = await startSetting(bundle, false, { ACCESS_REQUESTS: accessRequests })
  const samples = new Samples()
  await measureNeighbour(setting, samples, neighbourBlocks, isOn)
  const cpuMicros = await measureCpu(setting, isOn, Math.min(10, neighbourBlocks))
  await setting.stop()
  console.log(`neighbour, with ACCESS_REQUESTS ${accessRequests}: ${neighbourBlocks} blocks`)
  return { blocks: neighbourBlocks, pairs: compareWithUnknown(samples), cpuMicros }
}

function conclude(pairs: Pair[], power: Power[]): string[] {
  const differ = pairs.filter(({ corrected }) => corrected < ALPHA)
  const smallest = Math.max(...power.map(({ smallestMicros }) => smallestMicros))
  const found = Number.isFinite(smallest)
    ? `No pair of kinds differs in any request. A difference of ${smallest.toFixed(1)} µs would have been found with a probability of 90%.`
    : '**There are too few samples to find anything.**'
  const invalid = power.filter(({ control }) => control.corrected < ALPHA)
  const missed = power.flatMap(({ flow, late }) =>
    late.filter(({ found }) => !found).map(({ micros }) => `${micros} µs (${flow})`),
  )
  return [
    differ.length === 0
      ? found
      : `These differ: ${differ.map(({ flow, left, right, shift }) => `${left} and ${right} by ${shift.toFixed(1)} µs (${flow})`).join(', ')}.`,
    invalid.length === 0
      ? 'The two groups of unknown addresses do not differ, as it must be.'
      : `**The run is not valid**: two groups of unknown addresses differ (${invalid.map(({ flow }) => flow).join(', ')}).`,
    missed.length === 0
      ? `Every delay on purpose was found: ${LATE_MICROS.join(', ')} µs, each in a quarter of the blocks.`
      : `Of the delays on purpose, each in a quarter of the blocks, these were not found: ${missed.join(', ')}.`,
  ]
}

function whole(value: string | undefined, fallback: number): number {
  const number = Number(value ?? fallback)
  if (Number.isInteger(number) && number > 0) return number
  throw new Error('--blocks and --neighbour must be whole numbers above 0.')
}
