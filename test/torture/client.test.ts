import { describe, expect, inject, it } from 'vitest'
import { playCase } from '../../torture/runner.ts'
import { casesOf, controlOf } from '../support/torture.ts'

const control = await controlOf(inject('tortureEndpoint'))
const cases = await casesOf(control)

describe('withstands in workerd', () => {
  it.concurrent.each(cases)('%s', { timeout: 60_000 }, async (name) => {
    const { wrong } = await playCase(control, name, { bound: true })
    expect(wrong).toEqual([])
  })
})
