import * as fc from 'fast-check'
import { STRINGS } from '../list/strings.ts'

const NUMBERS = [
  0, -0, -1, 1, 0.5, 1e21, 1e308, -1e308, 5e-324, 2147483648, 9007199254740992,
  18446744073709551616, 8.64e15, 253402300799, 253402300800,
]

/** Mostly from the list; otherwise anything, unpaired surrogates too. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...STRINGS) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 300 }) },
  {
    weight: 1,
    arbitrary: fc
      .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 })
      .map((units) => String.fromCharCode(...units)),
  },
  { weight: 1, arbitrary: fc.emailAddress() },
  { weight: 1, arbitrary: fc.webUrl() },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(...STRINGS), fc.constantFrom(...STRINGS))
      .map(([one, other]) => one + other),
  },
)

/** A value of any JSON type. `undefined` leaves the member out. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 8, arbitrary: hostileText },
  { weight: 1, arbitrary: fc.constantFrom(null, true, false, undefined, [], {}, '') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...NUMBERS),
  },
  { weight: 1, arbitrary: fc.array(hostileText, { maxLength: 3 }) },
  { weight: 1, arbitrary: fc.dictionary(hostileText, hostileText, { maxKeys: 3 }) },
  { weight: 1, arbitrary: fc.jsonValue() },
)
