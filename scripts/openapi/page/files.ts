import { SECURITY_HEADERS } from '../../../src/http/headers.ts'
import type { Document } from './document.ts'
import { docsPage, policyFor } from './page.ts'

/** The name of the shell variable for the origin, by the folder of static assets. */
const ORIGINS = { public: 'LATCHKEY', 'public-console': 'CONSOLE' } as const
export type AssetsFolder = keyof typeof ORIGINS

/** The paths that Cloudflare serves from the folder without the Worker (`run_worker_first` in wrangler.toml). */
export const STATIC_PATHS = ['/docs', '/openapi.json']

/**
 * The static assets that show an API: the document, its page, and their headers.
 * @param text the OpenAPI document.
 * @returns path → text.
 */
export function docsFiles(folder: AssetsFolder, text: string): Record<string, string> {
  const page = docsPage({ document: JSON.parse(text) as Document, origin: ORIGINS[folder] })
  return {
    [`${folder}/openapi.json`]: text,
    [`${folder}/docs.html`]: page,
    // Without this line, the page would only be at its file name.
    [`${folder}/_redirects`]: '/docs /docs.html 200\n',
    [`${folder}/_headers`]: [
      headersOf('/docs', { 'Content-Security-Policy': policyFor(page) }),
      headersOf('/openapi.json', {}),
    ].join('\n'),
  }
}

/** The security headers of the Worker's own responses. These two files may be cached, as they are public. */
function headersOf(path: string, own: Record<string, string>): string {
  const headers = { ...SECURITY_HEADERS, 'Cache-Control': 'public, max-age=300', ...own }
  const lines = Object.entries(headers).map(([name, value]) => `  ${name}: ${value}\n`)
  return `${path}\n${lines.join('')}`
}
