import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  fromAttribute,
  fromAttributes,
  toAttribute,
  toAttributes,
  type AttributeValue,
  type Value,
} from '../../src/dynamo/items.ts'

const name = fc.string({ maxLength: 12 }).filter((text) => text !== '__proto__')
const { value } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string(),
    // DynamoDB knows one zero.
    fc.maxSafeInteger().map((n) => n + 0),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(name, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
}))

describe('works', () => {
  it('writes each kind in DynamoDB’s format', () => {
    expect(
      toAttributes({
        s: '',
        n: -7,
        yes: true,
        no: false,
        none: null,
        list: [1, 'a'],
        map: { k: 1 },
      }),
    ).toEqual({
      s: { S: '' },
      n: { N: '-7' },
      yes: { BOOL: true },
      no: { BOOL: false },
      none: { NULL: true },
      list: { L: [{ N: '1' }, { S: 'a' }] },
      map: { M: { k: { N: '1' } } },
    })
  })

  it('reads every value that it wrote, through JSON', () => {
    fc.assert(
      fc.property(value, (before) => {
        const travelled = JSON.parse(JSON.stringify(toAttribute(before))) as AttributeValue
        expect(fromAttribute(travelled)).toEqual(before)
      }),
    )
  })

  it('leaves out members that are undefined, at any depth', () => {
    expect(toAttributes({ a: undefined, b: { c: undefined, d: 1 } })).toEqual({
      b: { M: { d: { N: '1' } } },
    })
  })

  it('reads sets and binary values, which Latchkey never writes, as null', () => {
    const foreign = { set: { SS: ['a'] }, bytes: { B: 'AA==' } } as unknown as Record<
      string,
      AttributeValue
    >
    expect(fromAttributes(foreign)).toEqual({ set: null, bytes: null })
  })
})

describe('refuses', () => {
  it.each([NaN, Infinity, -Infinity, 0.5, 2 ** 53, -(2 ** 53)])(
    'to write %d, which DynamoDB would round or refuse',
    (number) => {
      expect(() => toAttribute(number)).toThrow(TypeError)
      expect(() => toAttributes({ deep: { list: [number] } })).toThrow(TypeError)
    },
  )
})
