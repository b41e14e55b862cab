import { SECURITY_HEADERS } from '../../src/http/headers.ts'
import { get } from '../doctor/web.ts'
import { about, type Finding } from '../doctor/finding.ts'

/** Headers that a host may make stricter, but that must be there with at least this. */
const NEEDED: Record<string, RegExp> = {
  'X-Content-Type-Options': /^nosniff$/,
  // The console's forms need the referrer of their own pages.
  'Referrer-Policy': /^(?:no-referrer|same-origin)$/,
  'X-Frame-Options': /^DENY$/,
  'Content-Security-Policy': /default-src 'none'.*frame-ancestors 'none'/,
  'Cross-Origin-Opener-Policy': /^same-origin$/,
}
const YEAR_SECONDS = 31_536_000

export const isLocal = (origin: string): boolean =>
  ['localhost', '127.0.0.1', '[::1]'].includes(new URL(origin).hostname)

/** What is wrong with the headers of a response. @param isPrivate whether it must not be stored. */
export function wrongHeaders({ headers }: Response, isPrivate: boolean): string[] {
  const wrong = Object.entries(NEEDED)
    .filter(([name, pattern]) => !pattern.test(headers.get(name) ?? ''))
    .map(([name]) => name)
  const maxAge = /max-age=(\d+)/.exec(headers.get('Strict-Transport-Security') ?? '')?.[1] ?? 0
  if (Number(maxAge) < YEAR_SECONDS) wrong.push('Strict-Transport-Security')
  const stored = headers.get('Cache-Control') ?? ''
  if (isPrivate && stored !== SECURITY_HEADERS['Cache-Control']) wrong.push('Cache-Control')
  return wrong
}

/**
 * The headers of a page, of a document that may be cached, of a refusal and of a file that Cloudflare serves itself.
 * @param paths each with whether its response must not be stored.
 */
export async function examineHeaders(
  origin: string,
  paths: Record<string, boolean>,
): Promise<Finding[]> {
  const say = about(`headers (${origin})`)
  const found: Finding[] = []
  for (const [path, isPrivate] of Object.entries(paths)) {
    const wrong = wrongHeaders(await get(`${origin}${path}`), isPrivate)
    if (wrong.length > 0) found.push(say.error(`${path} lacks, or weakens: ${wrong.join(', ')}`))
  }
  if (found.length === 0) found.push(say.ok('every response has its security headers'))
  if (!isLocal(origin)) found.push(...(await examinePlainHttp(origin)))
  return found
}

/** Without TLS, nothing may be answered but a redirect: the first request of a phone could be read. */
async function examinePlainHttp(origin: string): Promise<Finding[]> {
  const say = about(`headers (${origin})`)
  if (!origin.startsWith('https:')) return [say.error('the origin must be https')]
  const plain = await get(`http:${origin.slice('https:'.length)}/healthz`).catch(() => null)
  return plain?.ok
    ? [say.warning('http answers too. Turn on "Always Use HTTPS" for the zone')]
    : [say.ok('http answers nothing but a redirect')]
}
