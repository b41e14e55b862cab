import { SECURITY_HEADERS } from '../../../src/http/headers.ts'
import type { Observed } from '../workers.ts'

/** Headers that some answers have in another way: pages, documents for everyone, the files of the console. */
const OTHERWISE: Record<string, RegExp> = {
  'Content-Security-Policy':
    /^default-src 'none'(?=.*frame-ancestors 'none')(?=.*base-uri 'none')(?!.*(?:unsafe-|\*|https?:))/,
  'Referrer-Policy': /^same-origin$/,
  'Cache-Control': /^public, max-age=\d+(?:, immutable)?$/,
}

/** Which security headers are missing from an answer, or weaker than they should be. */
export function insecure({ answer }: Pick<Observed, 'answer'>): string[] {
  const wrong = Object.entries(SECURITY_HEADERS).flatMap(([name, value]) => {
    const has = answer.headers.get(name) ?? ''
    return has === value || OTHERWISE[name]?.test(has) ? [] : [`${name}: ${has}`]
  })
  const id = answer.headers.get('X-Request-Id') ?? ''
  if (!/^[0-9a-f-]{36}$/.test(id)) wrong.push(`X-Request-Id: ${id}`)
  for (const name of ['Server', 'X-Powered-By', 'Access-Control-Allow-Credentials']) {
    if (answer.headers.has(name)) wrong.push(`${name} is there`)
  }
  for (const cookie of answer.headers.getSetCookie()) {
    const kept =
      /^__Host-latchkey(?:-sign-in)?=[\w-]*; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Strict; Secure$/
    if (!kept.test(cookie)) wrong.push(`Set-Cookie: ${cookie}`)
  }
  return wrong
}
