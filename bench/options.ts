import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { Plain } from '../scripts/fail.ts'
import { PARTS, type Size } from './parts.ts'

export type Options = {
  parts: string[]
  /** The bundle of another build of Latchkey. */
  against: string | undefined
  /** Measures nothing, and writes the pages of the results that are there. */
  pages: boolean
  /** The results are not those of the repository. */
  trial: boolean
  sizeOf: (part: string) => Partial<Size>
}

/**
 * Reads the command line: `[part…] [--quick] [--rounds n] [--requests n] [--against <index.js>]`, or `--pages`. Without
 * a part, all parts but those on demand.
 * @throws Plain that says what is wrong.
 */
export function readOptions(args: string[]): Options {
  const text = { type: 'string' } as const
  const { positionals, values } = parseArgs({
    args,
    options: {
      quick: { type: 'boolean', default: false },
      pages: { type: 'boolean', default: false },
      rounds: text,
      requests: text,
      against: text,
    },
    allowPositionals: true,
  })
  const { quick, pages, against } = values
  const names = Object.keys(PARTS)
  const unknown = positionals.find((name) => !names.includes(name))
  if (unknown !== undefined)
    throw new Plain(`There is no part ${unknown}. The parts are ${names.join(', ')}.`)
  if (against !== undefined && !existsSync(against))
    throw new Plain(`The file ${against} does not exist.`)
  const given = { ...whole('rounds', values.rounds), ...whole('requests', values.requests) }
  return {
    parts: positionals.length > 0 ? positionals : names.filter((name) => !PARTS[name]!.onDemand),
    against,
    pages,
    trial: quick || against !== undefined,
    sizeOf(part) {
      const { size, quick: small } = PARTS[part]!
      const entries = Object.entries(quick ? small : size) as [keyof Size, number][]
      return Object.fromEntries(entries.map(([name, value]) => [name, given[name] ?? value]))
    },
  }
}

function whole(name: keyof Size, value: string | undefined): Partial<Size> {
  if (value === undefined) return {}
  const number = Number(value)
  if (!Number.isInteger(number) || number < 1)
    throw new Plain(`--${name} must be a whole number above 0.`)
  return { [name]: number }
}
