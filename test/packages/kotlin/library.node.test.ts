import { describe, it } from 'vitest'
import { runKotlin } from '../../support/node/kotlin.ts'

/** Compiled and run before vitest asks which tests there are: the names are in the Kotlin sources. */
const said = await runKotlin('dev.latchkey.test.TestsKt')
const results = said
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { name: string; error: string | null })

describe('packages/kotlin', () => {
  for (const { name, error } of results) {
    it(name, () => {
      if (error !== null) throw new Error(error)
    })
  }
})
