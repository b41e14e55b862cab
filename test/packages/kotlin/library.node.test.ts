import { describe, it } from 'vitest'
import { startKotlin } from '../../support/node/kotlin.ts'

/** Compiled and run before vitest asks which tests there are: their names are in the Kotlin sources. */
const results: { name: string; error: string | null }[] = []
const { lines } = await startKotlin('dev.latchkey.test.TestsKt')
for await (const line of lines) results.push(JSON.parse(line) as (typeof results)[number])

describe('packages/kotlin', () => {
  for (const { name, error } of results) {
    it(name, () => {
      if (error !== null) throw new Error(error)
    })
  }
})
