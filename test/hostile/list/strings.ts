import naughty from 'big-list-of-naughty-strings'
import { LOOSE } from '../people.ts'
import { INJECTIONS } from './injections.ts'
import { NAMES } from './names.ts'
import { TEXT } from './text.ts'
import { VALUES } from './values.ts'

const GROUPS: Record<string, readonly string[]> = { ...TEXT, ...VALUES, ...INJECTIONS, ...NAMES }

/** The list of this repository, by hand. */
export const OWN_STRINGS: readonly string[] = Object.values(GROUPS).flat()

/** Every hostile string: our own, the Big List of Naughty Strings, and credentials where they do not belong. */
export const STRINGS: readonly string[] = [
  ...new Set([...OWN_STRINGS, ...(naughty as string[]), ...LOOSE.map((name) => `‹${name}›`)]),
]
