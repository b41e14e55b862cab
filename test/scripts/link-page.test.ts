import { describe, expect, it } from 'vitest'
import { buildPages, staleFiles } from '../../link-page/build.ts'

describe('works', () => {
  it('is up to date: npm run link-page writes it', () => {
    expect(staleFiles(buildPages())).toEqual([])
  })

  it('names every file that differs, is missing, or is extra', () => {
    const pages = buildPages()
    pages.set('/link-page/en/link.html', '')
    pages.set('/link-page/xx/link.html', '')
    pages.delete('/link-page/de/again.html')
    expect(staleFiles(pages)).toEqual(
      ['de/again', 'en/link', 'xx/link'].map(
        (name) => `public/link-page/${name}.html is out of date: run npm run link-page`,
      ),
    )
  })
})
