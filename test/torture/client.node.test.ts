import { describe, expect, inject, it } from 'vitest'
import { playCase } from '../../torture/runner.ts'
import { casesOf, controlOf } from '../support/torture.ts'

const control = await controlOf(inject('tortureEndpoint'))
const cases = await casesOf(control)

// In workerd and in Chromium sessions are bound to a key wherever the case leaves it open.
describe('withstands in Node', () => {
  it.concurrent.each(cases)('%s', async (name) => {
    const { wrong } = await playCase(control, name, { bound: false })
    expect(wrong).toEqual([])
  })
})
