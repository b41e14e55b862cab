import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'

/**
 * Reads the command line of a measurement: `--against <index.js>`, the bundle of another build of Latchkey,
 * and `--rounds` and `--requests` (of each flow in a round), for a shorter or longer run.
 */
export function readOptions(defaults: { rounds: number; requests: number }): {
  against: string | undefined
  rounds: number
  requests: number
} {
  const text = { type: 'string' } as const
  const { values } = parseArgs({ options: { against: text, rounds: text, requests: text } })
  const { against } = values
  if (against !== undefined && !existsSync(against))
    throw new Error(`The file ${against} does not exist.`)
  const whole = (value: string | undefined, fallback: number): number => {
    const number = Number(value ?? fallback)
    if (Number.isInteger(number) && number > 0) return number
    throw new Error('--rounds and --requests must be whole numbers above 0.')
  }
  return {
    against,
    rounds: whole(values.rounds, defaults.rounds),
    requests: whole(values.requests, defaults.requests),
  }
}
