import { sample, stringMatching, constantFrom, json, nat, tuple, oneof } from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { kotlinPhone, type KotlinPhone } from '../../support/node/kotlin.ts'

const TEXTS = 4000

let phone: KotlinPhone
beforeAll(async () => {
  phone = await kotlinPhone('https://auth.latchkey.test')
}, 180_000)
afterAll(() => phone.stop())

/** Its own parser, as JSON of a value, or null for what it refuses. */
async function readByKotlin(texts: string[]): Promise<(string | null)[]> {
  const read = (await phone.call('json', { texts })) as ({ value: unknown } | null)[]
  return read.map((one) => one && JSON.stringify(one.value))
}

/** What JSON.parse says. The library refuses besides it an object that names a member twice, and an endless number. */
function readHere(text: string): string | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  const strings = text.match(/"(?:[^"\\]|\\.)*"[ \t\n\r]*:?/g) ?? []
  const named = strings.filter((one) => one.endsWith(':')).length
  return named === membersIn(value) && isFinite(value) ? JSON.stringify(value) : null
}

const membersIn = (value: unknown): number =>
  typeof value === 'object' && value !== null
    ? Object.values(value).reduce((sum: number, one) => sum + membersIn(one), 0) +
      (Array.isArray(value) ? 0 : Object.keys(value).length)
    : 0

const isFinite = (value: unknown): boolean =>
  typeof value === 'object' && value !== null
    ? Object.values(value).every(isFinite)
    : typeof value !== 'number' || Number.isFinite(value)

/** JSON with one character changed, which may still be JSON. */
const spoiled = tuple(json(), nat(), constantFrom(...'{}[]:,"\\ 0-1.eEtfnu\n\u0000\ud800')).map(
  ([text, at, char]) => {
    const place = at % (text.length + 1)
    return text.slice(0, place) + char + text.slice(place + (at % 2))
  },
)
const numberLike = stringMatching(/^-?[0-9.eE+-]{1,12}$/)
const escapes = stringMatching(/^"(\\["\\/bfnrtux]|[0-9a-fA-F]|\\u[0-9a-f]{3,4}){0,6}"$/)

it('reads what JSON.parse reads, as the same value, and refuses what it refuses', async () => {
  const texts = sample(oneof(json(), spoiled, numberLike, escapes), { numRuns: TEXTS, seed: 1 })
  const read = await readByKotlin(texts)
  const wrong = texts
    .map((text, at) => ({ text, kotlin: read[at], here: readHere(text) }))
    .filter(({ kotlin, here }) => kotlin !== here)
  expect(wrong).toEqual([])
  expect(read.filter((one) => one === null).length).toBeGreaterThan(TEXTS / 10)
  expect(read.filter((one) => one !== null).length).toBeGreaterThan(TEXTS / 3)
})

it('refuses a member that is named twice, an endless number, and what is nested 65 times', async () => {
  const nested = (times: number) => '['.repeat(times) + ']'.repeat(times)
  const texts = ['{"a":1,"a":2}', '1e999', nested(64), nested(65), nested(100_000), '']
  const read = await readByKotlin(texts)
  expect(read.map((one) => one !== null)).toEqual([false, false, true, false, false, false])
})
