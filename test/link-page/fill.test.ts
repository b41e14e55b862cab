import { describe, expect, it } from 'vitest'
import { escapeHtml } from '../../src/base/html.ts'
import { fill } from '../../src/link-page/fill.ts'

describe('works', () => {
  it('replaces each name with its value, every time it occurs', () => {
    expect(fill('<b>{{code}}</b> {{code}} {{account}}', { code: '123456', account: '' })).toBe(
      '<b>123456</b> 123456 ',
    )
  })
})

describe('refuses', () => {
  it('a name without a value, including one that every object has', () => {
    for (const name of ['token', 'brand', 'constructor', '__proto__']) {
      expect(() => fill(`{{${name}}}`, { code: '123456' })).toThrow(`no value for {{${name}}}`)
    }
  })
})

describe('withstands', () => {
  it('markup in a value', () => {
    expect(fill('<a title="{{appName}}">', { appName: `"'><script>&` })).toBe(
      '<a title="&quot;&#39;&gt;&lt;script&gt;&amp;">',
    )
  })

  it.each(['$&', '$1', '$`', "$'", '$$', '{{code}}', '{{appName}}', '{{', '}}'])(
    'the value %s, and leaves it unchanged',
    (appName) => {
      const filled = fill('({{appName}}|{{code}})', { appName, code: '123456' })
      expect(filled).toBe(`(${escapeHtml(appName)}|123456)`)
    },
  )
})
