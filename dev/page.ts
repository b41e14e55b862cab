import { randomBytes } from 'node:crypto'
import type { ServerResponse } from 'node:http'

/** Responds with a page of development. Its policy allows only the style and the script that have the nonce. */
export function respondPage(response: ServerResponse, render: (nonce: string) => string): void {
  const nonce = randomBytes(16).toString('base64')
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  })
  response.end(render(nonce))
}
