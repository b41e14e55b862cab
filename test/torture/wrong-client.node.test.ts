import { describe, expect, inject, it } from 'vitest'
import { CASES } from '../../torture/cases/cases.ts'
import { MISTAKES, type Mistake } from '../../torture/wrong/mistakes.ts'
import { playCase } from '../../torture/runner.ts'
import { createWrongClient } from '../../torture/wrong/client.ts'
import { controlOf } from '../support/torture.ts'

const control = await controlOf(inject('tortureEndpoint'))

const play = (name: string, mistakes: Mistake[]) =>
  playCase(control, name, { make: (options) => createWrongClient(options, mistakes) })

const wrongs = CASES.flatMap(({ name, failedBy }) =>
  failedBy.map((mistake): [string, Mistake] => [name, mistake]),
)

describe('refuses', () => {
  it.concurrent.each(wrongs)('in %s a client that %s', async (name, mistake) => {
    const { pass, wrong } = await play(name, [mistake])
    expect(pass).toBe(false)
    // The kit must notice the mistake, and not fail by itself.
    expect(wrong.filter((sentence) => sentence.startsWith('the kit failed'))).toEqual([])
  })

  it('every case by a mistake, and every mistake by a case', () => {
    expect(CASES.filter(({ failedBy }) => failedBy.length === 0)).toEqual([])
    const noticed = new Set(wrongs.map(([, mistake]) => mistake))
    expect(MISTAKES.filter((mistake) => !noticed.has(mistake))).toEqual([])
  })
})

describe('works', () => {
  it.concurrent.each(CASES.map(({ name }) => name))('%s, without a mistake', async (name) => {
    expect((await play(name, [])).wrong).toEqual([])
  })

  it('has a name of its own for each case', () => {
    expect(new Set(CASES.map(({ name }) => name)).size).toBe(CASES.length)
  })
})
