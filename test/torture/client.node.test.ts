import { describe, expect, inject, it } from 'vitest'
import { CASES } from '../../torture/cases/cases.ts'
import { playCase } from '../../torture/runner.ts'
import { controlOf } from '../support/node/torture.ts'

describe.each([
  ['bound', true],
  ['not bound', false],
])('withstands, with a session that is %s', (_, bound) => {
  it.concurrent.each(CASES.map(({ name }) => name))('%s', async (name) => {
    const { wrong } = await playCase(await controlOf(inject('tortureEndpoint')), name, { bound })
    expect(wrong).toEqual([])
  })
})
