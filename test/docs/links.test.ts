import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, it } from 'vitest'

const IGNORED = /(?:^|[/\\])(?:node_modules|dist|coverage|\.local|\.wrangler)(?:[/\\]|$)/
const files = globSync('**/*.md', { exclude: (path) => IGNORED.test(path) })
const proseOf = (file: string) => readFileSync(file, 'utf8').replace(/^( *)```[^]*?^\1```$/gm, '')

/** The anchors that GitHub gives to a document's headings; a second one of a name gets `-1`. */
function anchorsOf(file: string): Set<string> {
  const anchors = new Set<string>()
  for (const [, title] of proseOf(file).matchAll(/^#{1,6} +(.+?) *$/gm)) {
    const words = title!.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase()
    const name = words.replace(/[^\p{L}\p{M}\p{N}_ -]/gu, '').replaceAll(' ', '-')
    let anchor = name
    for (let n = 1; anchors.has(anchor); n++) anchor = `${name}-${n}`
    anchors.add(anchor)
  }
  return anchors
}

describe.each(files)('%s', (file) => {
  const prose = proseOf(file)

  it('links to files and headings that exist', () => {
    const targets = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1]!)
    const dead = targets.filter((target) => {
      if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return false
      const [path = '', anchor] = target.split('#')
      const linked = path === '' ? file : normalize(join(dirname(file), path))
      if (!existsSync(linked)) return true
      return anchor !== undefined && !anchorsOf(linked).has(anchor)
    })
    expect(dead).toEqual([])
  })

  it('names files that exist in the repository', () => {
    const named = [
      ...prose.matchAll(/`((?:src|test|scripts|dev|bench|docs|packages|link-page)\/[\w./-]+)`/g),
    ]
    expect(named.map((match) => match[1]!).filter((path) => !existsSync(path))).toEqual([])
  })
})

it('looks at every document', () => {
  expect(files).toEqual(expect.arrayContaining(['README.md', join('docs', 'threats.md')]))
})
