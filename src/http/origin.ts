import type { Deps } from './deps.ts'

/**
 * Whether a web page may call: pages of other sites must neither read a response nor cause an effect. Apps send no
 * Origin.
 * @param headers receives the CORS headers (Fetch Standard, section 3.3) for an allowed origin.
 */
export function originAllowed(
  { config: { ALLOWED_ORIGINS }, origin: own }: Pick<Deps, 'config' | 'origin'>,
  request: { method: string; origin: string | null },
  headers: Record<string, string>,
): boolean {
  const { method, origin } = request
  // A shared cache must not give browsers a copy without CORS headers.
  if (ALLOWED_ORIGINS.length > 0) headers['Vary'] = 'Origin'
  if (origin === null || origin === own) return true
  if (!ALLOWED_ORIGINS.includes(origin)) return method === 'GET' || method === 'HEAD'
  headers['Access-Control-Allow-Origin'] = origin
  headers['Access-Control-Expose-Headers'] =
    'DPoP-Nonce, Retry-After, WWW-Authenticate, X-Request-Id'
  if (method === 'OPTIONS') {
    headers['Access-Control-Allow-Methods'] = 'GET, POST, DELETE'
    headers['Access-Control-Allow-Headers'] = 'Authorization, Content-Type, DPoP'
    headers['Access-Control-Max-Age'] = '600'
  }
  return true
}
