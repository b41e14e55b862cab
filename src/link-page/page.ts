import type { Config, Env } from '../base/config.ts'
import { encodeBase64url, sha256 } from '../base/encoding.ts'
import type { Locale } from '../base/locale.ts'
import { Problem } from '../http/problem.ts'
import { fill, type Look } from './fill.ts'

/** Pages that say one thing: reloaded without its link, not a link of ours, past its life. */
export const NOTICE_NAMES = ['again', 'invalid', 'expired'] as const
export type NoticeName = (typeof NOTICE_NAMES)[number]
export type PageName = 'link' | NoticeName

/** Where `npm run link-page` puts a page, below `public/`. */
export const pagePath = (locale: Locale, name: PageName): string =>
  `/link-page/${locale}/${name}.html`

/** A built page with its values still open, and the Content-Security-Policy that it is answered with. */
export type LinkPageHtml = { template: string; policy: string }

/** As much of the binding as is used here. */
type Assets = { fetch: (url: string) => Promise<Response> }

const RETRY_AFTER_SECONDS = 2

/** What this isolate has read. Never a promise: a request must not wait for what another one started. */
const pagesOf = new WeakMap<Config, Map<string, LinkPageHtml>>()

/**
 * Reads a built page from the Worker's static assets, once an isolate.
 * @param look of this configuration: its colours are in the style, and so in the policy.
 * @throws Problem 503 when the binding is missing, or does not answer with the page.
 */
export async function readPage(
  env: Env,
  config: Config,
  look: Look,
  path: string,
): Promise<LinkPageHtml> {
  const pages = pagesOf.get(config) ?? new Map<string, LinkPageHtml>()
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
    // The binding looks at the path alone.
    const answer = await assets.fetch(`https://assets.invalid${path}`)
    if (answer.ok) return await answer.text()
  } catch {
    // As an answer without the page.
  }
  throw unavailable()
}

const unavailable = (): Problem =>
  new Problem('unavailable', { headers: { 'Retry-After': String(RETRY_AFTER_SECONDS) } })

/**
 * Lets run the script and the style that were built, and nothing else. Their hashes are taken before any
 * value of a request is in the page; of the configuration, only the two colours are in the style.
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

/** A source of a Content Security Policy (CSP Level 3, section 2.3.1). */
async function hashOf(text: string): Promise<string> {
  const base64 = encodeBase64url(await sha256(text))
    .replace(/-/g, '+')
    .replace(/_/g, '/')
  return `'sha256-${base64}='`
}
