import { concatBytes } from '../../src/base/encoding.ts'

/** One request, as data: it can be printed, made smaller and sent again. `‹name›` stands for a credential (people.ts). */
export type HostileRequest = {
  worker: 'public' | 'console'
  caller: string
  method: string
  /** Path and query, as they are sent. */
  path: string
  headers: [name: string, value: string][]
  body?: HostileBody | undefined
}

export type HostileBody = {
  text: string
  /** The text so many times, up to a million characters. */
  times?: number
  /** Bytes before and after the text, in hexadecimal: a byte order mark, broken UTF-8. */
  before?: string
  after?: string
  /** A stream, whose length is not said in advance. */
  chunked?: boolean
}

const bytesOf = (hex = ''): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))

const MAX_LENGTH = 1_000_000

function encode({ text, times = 1, before, after }: HostileBody): Uint8Array<ArrayBuffer> {
  const most = Math.max(1, Math.floor(MAX_LENGTH / Math.max(1, text.length)))
  const encoded = new TextEncoder().encode(text.repeat(Math.min(times, most)))
  return concatBytes(bytesOf(before), encoded, bytesOf(after))
}

/** What a header can carry: the runtime refuses line breaks, NUL and what is no byte. */
const headerText = (value: string): string =>
  Array.from(value, (one) => (one > '\u00ff' ? '?' : one))
    .filter((one) => !'\r\n\0'.includes(one))
    .join('')

/** @returns null for a request that cannot be sent: the runtime refuses it before it leaves. */
export function toRequest(
  { method, path, headers, body }: HostileRequest,
  origin: string,
): { request: Request; bytes: Uint8Array<ArrayBuffer> } | null {
  const bytes = body === undefined ? new Uint8Array() : encode(body)
  try {
    const sent = new Headers()
    for (const [name, value] of headers) sent.append(name, headerText(value))
    const content = body?.chunked ? new Blob([bytes]).stream() : bytes
    const url = origin + (path.startsWith('/') ? path : `/${path}`)
    const init = { method, headers: sent, ...(body === undefined ? {} : { body: content }) }
    return { request: new Request(url, init), bytes }
  } catch (error) {
    if (error instanceof TypeError) return null
    throw error
  }
}
