import type { Config, Env } from '../base/config.ts'
import { encodeBase64url, sha256 } from '../base/encoding.ts'
import type { Locale } from '../base/locale.ts'
import { Problem } from '../http/problem.ts'
import { fill, type Look } from './fill.ts'

/** Pages with one message: the page was reloaded without its link, the link is not valid, the link has expired. */
export const NOTICE_NAMES = ['again', 'invalid', 'expired'] as const
export type NoticeName = (typeof NOTICE_NAMES)[number]
export type PageName = 'link' | 'account' | NoticeName

/** The path in `public/` where `npm run link-page` writes a page. */
export const pagePath = (locale: Locale, name: PageName): string =>
  `/link-page/${locale}/${name}.html`

/** A built page before its values are filled in, and its Content-Security-Policy. */
export type PageTemplate = { template: string; policy: string }

/** The part of the ASSETS binding that is used. */
type Assets = { fetch: (url: string) => Promise<Response> }

const RETRY_AFTER_SECONDS = 2

/**
 * The pages that this isolate has read. It stores no promises, because workerd does not let a request await another
 * request's I/O.
 */
const pagesOf = new WeakMap<Config, Map<string, PageTemplate>>()

/**
 * Reads a built page from the Worker's static assets, once per isolate.
 * @param look its colours are part of the style, so the hash of the style in the policy depends on them.
 * @throws Problem 503 if the binding is missing or does not return the page.
 */
export async function readPage(
  env: Env,
  config: Config,
  look: Look,
  path: string,
): Promise<PageTemplate> {
  const pages = pagesOf.get(config) ?? new Map<string, PageTemplate>()
  pagesOf.set(config, pages)
  const known = pages.get(path)
  if (known !== undefined) return known
  const template = await readAsset(env['ASSETS'] as Assets | undefined, path)
  const page = { template, policy: await policyFor(template, look) }
  pages.set(path, page)
  return page
}

async function readAsset(assets: Assets | undefined, path: string): Promise<string> {
  if (assets === undefined) {
    throw new Problem('misconfigured', { detail: 'The binding ASSETS is missing.' })
  }
  try {
    // The binding reads only the path.
    const answer = await assets.fetch(`https://assets.invalid${path}`)
    if (answer.ok) return await answer.text()
  } catch {
    // Handled like a response that is not 200.
  }
  throw unavailable()
}

const unavailable = (): Problem =>
  new Problem('unavailable', { headers: { 'Retry-After': String(RETRY_AFTER_SECONDS) } })

/**
 * The policy allows only the built script and style. They are hashed before the values of a request are filled in.
 * The style contains only the two configured colours.
 */
async function policyFor(template: string, { brandColor, brandInk }: Look): Promise<string> {
  const script = /<script>([^]*?)<\/script>/.exec(template)?.[1]
  const style = /<style>([^]*?)<\/style>/.exec(template)?.[1]
  if (script === undefined || style === undefined) throw unavailable()
  const [scriptHash, styleHash] = await Promise.all([
    hashOf(script),
    hashOf(fill(style, { brandColor, brandInk })),
  ])
  return (
    `default-src 'none'; script-src ${scriptHash}; style-src ${styleHash}; connect-src 'self'; ` +
    `img-src data:; frame-ancestors 'none'; form-action 'none'; base-uri 'none'; ` +
    `require-trusted-types-for 'script'; trusted-types 'none'`
  )
}

/** The hash of a text, as a source in a Content Security Policy (CSP Level 3, section 2.3.1). */
async function hashOf(text: string): Promise<string> {
  const base64 = encodeBase64url(await sha256(text))
    .replace(/-/g, '+')
    .replace(/_/g, '/')
  return `'sha256-${base64}='`
}
