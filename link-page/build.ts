import { buildSync } from 'esbuild'
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Plain, run } from '../scripts/fail.ts'
import { LOCALES } from '../src/base/locale.ts'
import { NOTICE_NAMES, pagePath } from '../src/link-page/page.ts'
import { accountPage } from './account/markup.ts'
import { linkPage, noticePage } from './markup.ts'

/** Wrangler uploads this folder (`[assets]` in wrangler.toml). This script writes only its `link-page/`. */
const FOLDER = 'public'

/** @returns every page in every language, by its path in `public/`. The same sources give the same text. */
export function buildPages(): Map<string, string> {
  const style = minified('style.css')
  const inlined = { style, script: minified('script.ts') }
  const account = { style, script: minified('account/script.ts') }
  for (const [name, text] of Object.entries({ ...inlined, 'account script': account.script })) {
    // The page's policy allows the style and the script by their hashes. So no value may be filled into them, and no
    // tag may end them early.
    if (/\{\{\w+\}\}|<\//.test(text)) {
      throw new Error(`The ${name} must hold neither {{name}} nor </`)
    }
  }
  return new Map(
    LOCALES.flatMap((locale) => [
      [pagePath(locale, 'link'), linkPage(locale, inlined)] as const,
      [pagePath(locale, 'account'), accountPage(locale, account)] as const,
      ...NOTICE_NAMES.map(
        (name) => [pagePath(locale, name), noticePage(locale, name, inlined)] as const,
      ),
    ]),
  )
}

function minified(file: string): string {
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(new URL(file, import.meta.url))],
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2020',
    charset: 'utf8',
    write: false,
  })
  return outputFiles[0]!.text.trim()
}

/** @returns one line for each file in `public/` that differs from the build result. */
export function staleFiles(pages: Map<string, string>): string[] {
  const present = new Map(
    globSync('link-page/**/*.*', { cwd: FOLDER }).map((file) => [
      `/${file.replaceAll('\\', '/')}`,
      readFileSync(join(FOLDER, file), 'utf8'),
    ]),
  )
  const paths = new Set([...pages.keys(), ...present.keys()])
  return [...paths]
    .filter((path) => pages.get(path) !== present.get(path))
    .map((path) => `${FOLDER}${path} is out of date: run npm run link-page`)
    .toSorted()
}

if (import.meta.main) {
  await run(() => {
    const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })
    const pages = buildPages()
    if (!values.check) {
      rmSync(join(FOLDER, 'link-page'), { recursive: true, force: true })
      for (const [path, html] of pages) {
        mkdirSync(dirname(join(FOLDER, path)), { recursive: true })
        writeFileSync(join(FOLDER, path), html)
      }
    }
    const stale = staleFiles(pages)
    if (stale.length > 0) throw new Plain(stale.join('\n'))
    console.log(`${FOLDER}: ${pages.size} pages in ${LOCALES.length} languages`)
  })
}
