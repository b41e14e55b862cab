import * as fc from 'fast-check'
import { bodyText, contentTypeOf, escaped, jsonText, type Pair, type Parts } from '../compose.ts'
import type { Endpoint } from '../endpoints.ts'
import type { HostileBody } from '../request.ts'
import { hostileText, hostileValue } from './values.ts'

/** What happens to JSON as text: a second member of the same name, a byte order mark, and so on. */
const spoilJson: fc.Arbitrary<(text: string, name: string) => HostileBody> = fc.oneof(
  { weight: 12, arbitrary: fc.constant((text: string) => ({ text })) },
  fc.constantFrom<((text: string, name: string) => HostileBody)[]>(
    (text, name) => ({ text: text.replace(/\}$/, `,${JSON.stringify(name)}:"x"}`) }),
    (text, name) => ({ text: text.replace(/^\{/, `{"__proto__":{"${name}":"x"},`) }),
    (text) => ({ text, before: 'efbbbf' }),
    (text) => ({ text, before: 'c0af' }),
    (text) => ({ text, after: 'eda080' }),
    (text) => ({ text, after: '00' }),
    (text) => ({ text: `${text}${text}` }),
    (text) => ({ text: `[${text}]` }),
    (text) => ({ text: text.slice(0, -1) }),
    (text) => ({ text: text.slice(1) }),
    (text) => ({ text: text.replaceAll('"', "'") }),
    (text) => ({ text: text.replace(/\}$/, ',}') }),
    (text) => ({ text: text.replace(/:"[^"]*"/, ':1e400') }),
    (text) => ({ text: text.replace(/:"[^"]*"/, `:${'['.repeat(4000)}${']'.repeat(4000)}`) }),
    (text) => ({ text: `${text}${' '.repeat(20_000)}` }),
    (text) => ({ text, times: 70_000 }),
  ),
)

const OTHER_TYPES = [
  'application/json',
  'application/x-www-form-urlencoded',
  'text/csv',
  'text/plain',
  'multipart/form-data; boundary=b',
  null,
]

const NAMES = ['__proto__', 'constructor', 'toString', 'role', 'admin', 'userId', 'approvedBy', '']

export function bodyFor(endpoint: Endpoint): fc.Arbitrary<Pick<Parts, 'body' | 'contentType'>> {
  const { body } = endpoint
  const type = contentTypeOf(endpoint)
  const contentType = fc.oneof(
    { weight: 12, arbitrary: fc.constant(type) },
    { weight: 1, arbitrary: fc.constant(`${type}; charset=UTF-8`) },
    { weight: 1, arbitrary: fc.constant(`${type}; charset=utf-16`) },
    { weight: 1, arbitrary: fc.constant(`${type}, ${type}`) },
    {
      weight: 2,
      arbitrary: fc.constantFrom(...OTHER_TYPES),
    },
  )
  const raw = fc.oneof(
    hostileText.map((text): HostileBody => ({ text })),
    fc
      .uint8Array({ maxLength: 60 })
      .map((bytes): HostileBody => ({ text: '', before: hexOf(bytes) })),
    fc.array(fc.tuple(hostileText, hostileText)).map((pairs): HostileBody => ({
      text: pairs.map(([name, value]) => multipart(name, value)).join('') + '--b--\r\n',
    })),
    fc.constantFrom<HostileBody[]>(
      { text: 'x', times: 1_000_000 },
      { text: '{"a":', times: 200_000 },
      { text: 'a=1&', times: 4000 },
      { text: 'email,reason\n', times: 2000 },
    ),
  )
  const { members = {}, type: kind = 'json' } = body ?? {}
  const names = Object.keys(members)
  const changes = fc.array(
    fc.tuple(
      fc.constantFrom(...names, ...(names.length === 0 ? NAMES : []), ...NAMES.slice(0, 2)),
      hostileValue,
    ),
    { maxLength: 3 },
  )
  const mutated = fc.tuple(changes, spoilJson).map(([changed, spoil]): HostileBody => {
    const made = { ...members, ...Object.fromEntries(changed) }
    // Own, and not the prototype.
    const all = Object.fromEntries(Object.entries(made).filter(([, value]) => value !== undefined))
    const text = kind === 'json' ? jsonText(all) : bodyText(endpoint, all)
    return kind === 'json' ? spoil(text, names[0] ?? 'x') : { text }
  })
  const twice = fc
    .tuple(fc.constantFrom(...names, 'x'), hostileText)
    .map(([name, value]): HostileBody => {
      const form = Object.entries(members).map(([one, right]): Pair => [one, String(right)])
      return { text: [...form, [name, value]].map(([a, b]) => `${a}=${escaped(b!)}`).join('&') }
    })
  const content = fc.oneof(
    { weight: body === undefined ? 1 : 12, arbitrary: mutated },
    { weight: 2, arbitrary: raw },
    { weight: kind === 'form' ? 2 : 1, arbitrary: twice },
  )
  const chunked = fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, fc.constant(true))
  const made = fc
    .record({ body: content, contentType, chunked })
    .map(({ body: one, contentType: sent, chunked: stream }) => ({
      body: stream ? { ...one, chunked: true } : one,
      contentType: sent,
    }))
  const none = fc.constant({ body: null, contentType: null })
  return body === undefined ? fc.oneof({ weight: 6, arbitrary: none }, made) : made
}

const hexOf = (bytes: Uint8Array) =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

const multipart = (name: string, value: string) =>
  `--b\r\nContent-Disposition: form-data; name="${name}"; filename="${value}"\r\n\r\n${value}\r\n`
