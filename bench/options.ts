import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'

/**
 * What every measurement takes from the command line: `--against <index.js>`, the built bundle of another
 * Latchkey, and `--rounds`, `--requests` (of each flow in a round) for a shorter or a longer run.
 */
export function readOptions(defaults: { rounds: number; requests: number }): {
  against: string | undefined
  rounds: number
  requests: number
} {
  const text = { type: 'string' } as const
  const { values } = parseArgs({ options: { against: text, rounds: text, requests: text } })
  const { against } = values
  if (against !== undefined && !existsSync(against)) throw new Error(`There is no file ${against}.`)
  const whole = (value: string | undefined, fallback: number): number => {
    const number = Number(value ?? fallback)
    if (Number.isInteger(number) && number > 0) return number
    throw new Error('--rounds and --requests are whole numbers above 0.')
  }
  return {
    against,
    rounds: whole(values.rounds, defaults.rounds),
    requests: whole(values.requests, defaults.requests),
  }
}
