import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { chart } from '../../bench/chart.ts'
import { Samples } from '../../bench/figures.ts'
import { readOptions } from '../../bench/options.ts'
import { report } from '../../bench/report.ts'
import { readResults, RESULTS } from '../../bench/results.ts'
import { quantile, roundTrips } from '../../bench/stats.ts'
import { StoredTable } from '../../bench/stored-table.ts'
import { summary } from '../../bench/summary.ts'
import { CHARTS } from '../../bench/texts.ts'
import { amount } from '../../bench/words.ts'

const results = readResults(RESULTS)

/** The names of all elements. @throws if the text is not well-formed XML. */
function elementsOf(xml: string): string[] {
  const open: string[] = []
  const names: string[] = []
  const tag = /<(\/?)([\w-]+)((?: [\w:-]+="[^"<&]*(?:&(?:amp|lt|quot);[^"<&]*)*")*)>/y
  let rest = 0
  while (rest < xml.length) {
    tag.lastIndex = rest
    const found = tag.exec(xml)
    if (found) {
      const [all, closing, name] = found
      if (closing === '') names.push(name!)
      if (closing === '') open.push(name!)
      else expect(open.pop()).toBe(name)
      rest += all.length
    } else {
      const [text = ''] = /^(?:[^<&]|&(?:amp|lt|quot);)+/.exec(xml.slice(rest)) ?? []
      expect(text, `not XML: ${xml.slice(rest, rest + 40)}`).not.toBe('')
      expect(open.length > 0 || text.trim() === '').toBe(true)
      rest += text.length
    }
  }
  expect(open).toEqual([])
  return names
}

describe('command line', () => {
  it('measures the usual parts at their full size', () => {
    const { parts, trial, sizeOf } = readOptions([])
    expect(parts).toEqual(['startup', 'cpu', 'load', 'latency'])
    expect(trial).toBe(false)
    expect(sizeOf('cpu')).toEqual({ rounds: 15, requests: 100 })
  })

  it('takes parts and sizes, and gives a part only the sizes that it has', () => {
    const { parts, trial, sizeOf } = readOptions(['memory', 'latency', '--quick', '--rounds', '2'])
    expect(parts).toEqual(['memory', 'latency'])
    expect(trial).toBe(true)
    expect(sizeOf('memory')).toEqual({ requests: 2000 })
    expect(sizeOf('latency')).toEqual({ rounds: 2 })
  })

  it.each([
    [['speed'], 'There is no part speed'],
    [['cpu', '--rounds', '0'], '--rounds must be a whole number above 0.'],
    [['cpu', '--against', 'no.js'], 'The file no.js does not exist.'],
  ])('refuses %j', (args, message) => {
    expect(() => readOptions(args)).toThrow(message)
  })
})

describe('stand-in for DynamoDB', () => {
  it('finds a row by its key and by its index, as it was last written', () => {
    const table = new StoredTable({ name: 't', key: ['id'], indexes: ['email'] })
    const [id, old, now] = [{ S: '1' }, { S: 'a@x' }, { S: 'b@x' }]
    table.put({ id, email: old })
    table.put({ id, email: now })
    expect(table.get({ id })).toEqual({ id, email: now })
    expect(table.query(['email', old])).toEqual([])
    expect(table.query(['email', now], ['id', id])).toEqual([{ id, email: now }])
    expect(table.query(['email', now], ['id', { S: '2' }])).toEqual([])
    expect(table.delete({ id })).toEqual({ id, email: now })
    expect(table.query(['email', now])).toEqual([])
  })

  it('finds the rows of a partition when the table has a sort key', () => {
    const table = new StoredTable({ name: 't', key: ['pk', 'sk'], indexes: [] })
    const row = (pk: string, sk: string) => ({ pk: { S: pk }, sk: { S: sk } })
    for (const [pk, sk] of [
      ['a', '1'],
      ['a', '2'],
      ['b', '1'],
    ] as const)
      table.put(row(pk, sk))
    expect(table.query(['pk', { S: 'a' }])).toEqual([row('a', '1'), row('a', '2')])
  })
})

describe('statistics', () => {
  it('interpolates a quantile between two values', () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5)
    expect(quantile([4, 1, 3, 2], 1)).toBe(4)
    expect(quantile([7], 0.25)).toBe(7)
  })

  it('counts calls in parallel as one round trip, and calls one after another as several', () => {
    expect(roundTrips([], 200)).toBe(0)
    expect(roundTrips([1003, 1000], 200)).toBe(1)
    expect(roundTrips([1000, 1205, 1208, 1420], 200)).toBe(3)
  })

  it('gives the ratio of the medians to Latchkey, with the quartiles of the ratios by round', () => {
    const samples = new Samples()
    const subject = { measure: 'cpu', unit: 'µs', flow: 'ask' } as const
    for (const value of [10, 20, 40]) samples.add({ ...subject, build: 'latchkey' }, value)
    for (const value of [20, 60, 40]) samples.add({ ...subject, build: 'openauth' }, value)
    const [latchkey, openauth] = samples.figures()
    expect(latchkey).toMatchObject({ median: 20, low: 15, high: 30, p95: 38, rounds: 3 })
    expect(latchkey).not.toHaveProperty('ratio')
    expect(openauth).toMatchObject({ median: 40, ratio: { median: 2, low: 1.5, high: 2.5 } })
  })

  it('gives no ratio to a figure of Latchkey that is 0', () => {
    const samples = new Samples()
    samples.add({ measure: 'calls', unit: '', build: 'latchkey' }, 0)
    samples.add({ measure: 'calls', unit: '', build: 'floor' }, 1)
    expect(samples.figures()[1]).not.toHaveProperty('ratio')
  })

  it.each([
    [1240.4, 'µs', '1,240 µs'],
    [0.08216, 'ms', '0.0822 ms'],
    [7, '', '7'],
    [0, '', '0'],
    [812.5, '/s', '813/s'],
  ])('writes %d as %s %s', (value, unit, text) => {
    expect(amount(value, unit)).toBe(text)
  })
})

describe('chart', () => {
  it('is valid XML, also with a title that has special characters', () => {
    const svg = chart({ title: 'a < b & "c"', measure: 'cpu', figures: [] })
    expect(elementsOf(svg)).toEqual(['svg', 'title', 'desc', 'style', 'text'])
    expect(svg).toContain('a &lt; b &amp; &quot;c&quot;')
  })

  it.each(CHARTS)('$file has every number in its description', ({ file, part, ...about }) => {
    const { figures } = results[part]!
    const svg = readFileSync(`${RESULTS}/${file}`, 'utf8')
    expect(elementsOf(svg)).toContain('rect')
    const [, description = ''] = /<desc[^>]*>([^<]*)</.exec(svg) ?? []
    const shown = figures.filter(({ measure, at }) => measure === about.measure && at === about.at)
    expect(shown.length).toBeGreaterThan(8)
    for (const { median, unit } of shown) expect(description).toContain(amount(median, unit))
  })
})

describe('results', () => {
  it('have figures of all four builds in every part that compares', () => {
    const { signing: _, ...compared } = results
    expect(Object.keys(compared)).toEqual(expect.arrayContaining(['startup', 'cpu', 'latency']))
    for (const { figures } of Object.values(compared)) {
      const builds = [...new Set(figures.map(({ build }) => build))]
      expect(builds.toSorted()).toEqual(['better-auth', 'floor', 'latchkey', 'openauth'])
    }
  })

  it('are what the pages and charts show', () => {
    expect(readFileSync(`${RESULTS}/README.md`, 'utf8')).toBe(report(results))
    for (const { file, part, ...about } of CHARTS) {
      const { figures } = results[part]!
      expect(readFileSync(`${RESULTS}/${file}`, 'utf8')).toBe(chart({ ...about, figures }))
    }
  })

  it('are what the table of the README shows', () => {
    expect(readFileSync('README.md', 'utf8')).toContain(`\n${summary(results)}\n`)
  })

  it('do not identify the machine', () => {
    for (const { machine, command } of Object.values(results)) {
      expect(Object.keys(machine)).toEqual(['cores', 'node', 'workerd'])
      expect(command).toMatch(/^npm run bench( --( [\w-]+)+)?$/)
    }
  })
})
