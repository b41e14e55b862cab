import { readFile } from 'node:fs/promises'

/** What docs/threats.md promises, by number. */
export async function readPromises(): Promise<Record<string, string>> {
  const text = await readFile(new URL('../../docs/threats.md', import.meta.url), 'utf8')
  const rows = text.matchAll(/^\| (T\d+) \| (.+?) \| /gm)
  return Object.fromEntries([...rows].map(([, name = '', promise = '']) => [name, plain(promise)]))
}

/** Without Markdown's marks for code, emphasis and links. */
const plain = (text: string): string =>
  text.replace(/\[([^\]]+)\]\([^)]*\)/g, '$1').replace(/`|\B_|_\B/g, '')
