import { describe, expect, inject, it } from 'vitest'
import { startKotlin } from '../support/node/kotlin.ts'
import { casesOf, controlOf } from '../support/torture.ts'

type Verdict = { case: string; pass: boolean; wrong: string[] }

const endpoint = inject('tortureEndpoint')
const { kit } = (await (await fetch(endpoint)).json()) as { kit: string }
const cases = await casesOf(await controlOf(endpoint))
const tries = process.env.CI ? '2' : '1'
const runner = await startKotlin('dev.latchkey.test.TortureKt', kit, 'bound', tries)

/** The runner plays several cases side by side, and says each verdict when it has it. */
const verdicts = new Map<string, Verdict>()
const ended = (async () => {
  for await (const line of runner.lines) {
    const verdict = JSON.parse(line) as Verdict
    verdicts.set(verdict.case, verdict)
  }
})()

describe('packages/kotlin withstands', () => {
  it.concurrent.each(cases)('%s', { timeout: 180_000 }, async (name) => {
    await ended
    expect(verdicts.get(name)?.wrong ?? ['the runner gave no verdict']).toEqual([])
    expect(verdicts.get(name)?.pass).toBe(true)
  })
})
