import { describe, expect, it } from 'vitest'
import { writeLine } from '../../src/base/log.ts'

function printed(fields: Parameters<typeof writeLine>[3]): string {
  const lines: string[] = []
  writeLine((line) => lines.push(line), 0, 'request', fields)
  expect(lines).toHaveLength(1)
  return lines[0]!
}

describe('works', () => {
  it('writes the time in UTC, the event, then the fields', () => {
    expect(printed({ outcome: 'ok', status: 200, problems: ['a', 'b'], kept: true })).toBe(
      '{"time":"1970-01-01T00:00:00.000Z","event":"request","outcome":"ok","status":200,"problems":["a","b"],"kept":true}',
    )
  })

  it('leaves out undefined fields', () => {
    expect(printed({ reason: undefined })).toBe(
      '{"time":"1970-01-01T00:00:00.000Z","event":"request"}',
    )
  })
})

describe('withstands', () => {
  it('T54: characters that end a line, move a cursor or reverse text: they are escaped', () => {
    const every = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code)).join('')
    const line = printed({ reason: every })
    const risky = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu
    expect(line.match(risky)).toBeNull()
    expect((JSON.parse(line) as { reason: string }).reason === every).toBe(true)
  })

  it('T54: input that imitates a field or a second line', () => {
    const attack = '"}\r\n{"event":"link_redeemed","outcome":"ok"}\u2028'
    const line = printed({ reason: attack })
    expect(line).not.toMatch(/[\r\n\u2028]/)
    expect(JSON.parse(line)).toEqual({
      time: '1970-01-01T00:00:00.000Z',
      event: 'request',
      reason: attack,
    })
  })
})
