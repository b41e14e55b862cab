import type { Config } from '../../base/config.ts'
import { readableOn } from '../../base/color.ts'
import { encodeBase64url, sha256 } from '../../base/encoding.ts'
import { Problem } from '../../http/problem.ts'
import { openRoutes } from '../../http/route-group.ts'
import { answer, depsOf } from '../../http/scope.ts'
import { SCRIPT } from './script.ts'
import { STYLE } from './style.ts'

/** A file whose name changes with its content, so browsers may keep it for ever. */
type Asset = { path: string; text: string; type: string }
export type Assets = { style: Asset; script: Asset }

/** What this isolate has built, by configuration, because the style contains the company's colour. */
const made = new WeakMap<Config, Assets>()

export async function assetsOf(config: Config): Promise<Assets> {
  const known = made.get(config)
  if (known !== undefined) return known
  const brand = `:root{--brand:${config.BRAND_COLOR};--brand-ink:${readableOn(config.BRAND_COLOR)}}`
  const assets = {
    style: await asset('style', 'css', 'text/css', brand + smaller(STYLE)),
    script: await asset('script', 'js', 'text/javascript', SCRIPT),
  }
  made.set(config, assets)
  return assets
}

async function asset(name: string, ext: string, type: string, text: string): Promise<Asset> {
  const hash = encodeBase64url(await sha256(text)).slice(0, 16)
  return { path: `/assets/${name}.${hash}.${ext}`, text, type: `${type}; charset=utf-8` }
}

const smaller = (style: string): string =>
  style.replace(/\/\*[^]*?\*\//g, '').replace(/\s*\n\s*/g, '\n')

/** Style and script contain nothing about a person. */
export const assetRoutes = openRoutes('page')

assetRoutes.get('/assets/:file', async (c) => {
  const assets = Object.values(await assetsOf(depsOf(c).config))
  const asked = assets.find(({ path }) => path === `/assets/${c.req.param('file')}`)
  if (asked === undefined) throw new Problem('not_found')
  return answer(c.get('scope'), asked.text, 200, {
    'Content-Type': asked.type,
    'Cache-Control': 'public, max-age=31536000, immutable',
  })
})
