import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  makePrivate,
  readPrivate,
  removeLeftovers,
  writePrivate,
} from '../../../../packages/cli/session/private-file.ts'

let temp: string
let folder: string
let file: string
beforeEach(() => {
  temp = mkdtempSync(join(tmpdir(), 'latchkey-private-'))
  folder = join(temp, 'latchkey', 'https_console.example')
  file = join(folder, 'session.json')
})
afterEach(() => rmSync(temp, { recursive: true }))

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8)

describe('works', () => {
  it('T81: makes folders and files that only the person can read, whatever the umask', async () => {
    const umask = process.umask(0)
    try {
      await writePrivate(file, 'a')
    } finally {
      process.umask(umask)
    }
    expect([modeOf(file), modeOf(folder), modeOf(join(temp, 'latchkey'))]).toEqual([
      '600',
      '700',
      '700',
    ])
    expect(await readPrivate(file)).toBe('a')
  })

  it('reads nothing where there is nothing', async () => {
    expect(await readPrivate(file)).toBeNull()
  })

  it('makes a file once: everybody who makes it at the same time gets the same text', async () => {
    const texts = Array.from({ length: 20 }, (_, n) => `key ${n}`)
    const made = await Promise.all(texts.map((text) => makePrivate(file, text)))
    expect(new Set(made)).toEqual(new Set([readFileSync(file, 'utf8')]))
    expect(readdirSync(folder)).toEqual(['session.json'])
    expect(modeOf(file)).toBe('600')
  })
})

describe('refuses', () => {
  it.each([0o640, 0o604, 0o620, 0o666])(
    'T81: a file of mode %o: others may know it',
    async (mode) => {
      await writePrivate(file, 'a')
      chmodSync(file, mode)
      await expect(readPrivate(file)).rejects.toMatchObject({ exit: 1, message: /chmod 600/ })
    },
  )

  it.each([0o720, 0o702, 0o777])('to write into a folder of mode %o', async (mode) => {
    mkdirSync(folder, { recursive: true })
    chmodSync(folder, mode)
    await expect(writePrivate(file, 'a')).rejects.toMatchObject({ exit: 1, message: /chmod 700/ })
    expect(readdirSync(folder)).toEqual([])
  })
})

describe('withstands', () => {
  it('many writers and readers at once: each text is whole, and nothing is left behind', async () => {
    const texts = Array.from({ length: 30 }, (_, n) => `${n}`.repeat(50_000))
    await writePrivate(file, texts[0]!)
    const reads: Promise<string | null>[] = []
    await Promise.all(
      texts.map(async (text) => {
        await writePrivate(file, text)
        reads.push(readPrivate(file))
      }),
    )
    for (const read of await Promise.all(reads)) expect(texts).toContain(read)
    expect(readdirSync(folder)).toEqual(['session.json'])
  })

  it('a process that was killed while it wrote: the old text is there, and what it left goes', async () => {
    await writePrivate(file, 'old')
    writeFileSync(join(folder, '.session.json.0123.tmp'), 'ne', { mode: 0o600 })
    expect(await readPrivate(file)).toBe('old')
    await removeLeftovers(folder)
    expect(readdirSync(folder)).toEqual(['session.json'])
  })
})
