import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clientNetwork } from '../../src/http/client-network.ts'

describe('clientNetwork', () => {
  it.each([
    ['203.0.113.9', '203.0.113.9'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:DB8:0001:0002::', '2001:db8:1:2'],
    ['2001:db8::6', '2001:db8:0:0'],
    ['2001:db8:0:0:ffff::6', '2001:db8:0:0'],
    ['2001:db8:1::2:3:4', '2001:db8:1:0'],
    ['::1', '0:0:0:0'],
    ['1:2:3::', '1:2:3:0'],
    ['unknown', 'unknown'],
  ])('T66: counts %s as %s', (ip, network) => expect(clientNetwork(ip)).toBe(network))

  it('T66: counts all spellings of a /64 under one key, and its neighbour under another', () => {
    const group = fc.integer({ min: 0, max: 0xffff })
    const groups = fc.array(group, { minLength: 8, maxLength: 8 })
    fc.assert(
      fc.property(groups, groups, (one, other) => {
        const write = (g: number[]) => g.map((n) => n.toString(16)).join(':')
        const inside = [...one.slice(0, 4), ...other.slice(4)]
        const shortened = new URL(`http://[${write(inside)}]`).hostname.slice(1, -1)
        expect(clientNetwork(shortened)).toBe(clientNetwork(write(one)))
        const next = one.with(3, one[3]! ^ 1)
        expect(clientNetwork(write(next))).not.toBe(clientNetwork(write(one)))
      }),
    )
  })
})
