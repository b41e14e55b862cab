import { describe, expect, it } from 'vitest'
import { asOAuthError, OAuthError } from '../../src/http/oauth-error.ts'
import { Problem } from '../../src/http/problem.ts'

const scope = { requestId: 'id', answerHeaders: {} }

describe('works', () => {
  it('follows RFC 6749 section 5.2, with the reason only for an entitled caller', async () => {
    const plain = new OAuthError('invalid_grant', 'No.').toResponse(scope)
    expect(plain.status).toBe(400)
    expect(plain.headers.get('Content-Type')).toBe('application/json')
    expect(plain.headers.get('Cache-Control')).toBe('no-store')
    expect(await plain.json()).toEqual({ error: 'invalid_grant', error_description: 'No.' })
    const told = new OAuthError('invalid_grant', 'No.', { reason: 'used' }).toResponse(scope)
    expect(await told.json()).toMatchObject({ latchkey_reason: 'used' })
  })

  it('has its headers, including those collected during the request', () => {
    const error = new OAuthError('use_dpop_nonce', 'No.', { headers: { 'Retry-After': '2' } })
    const { headers } = error.toResponse({ ...scope, answerHeaders: { 'DPoP-Nonce': 'n' } })
    expect([headers.get('Retry-After'), headers.get('DPoP-Nonce')]).toEqual(['2', 'n'])
    expect(headers.get('X-Request-Id')).toBe('id')
  })

  it.each([
    ['invalid_request', 'invalid_request', 400],
    ['payload_too_large', 'invalid_request', 413],
    ['unsupported_media_type', 'invalid_request', 415],
    ['rate_limited', 'temporarily_unavailable', 429],
    ['internal', 'server_error', 500],
    ['unavailable', 'temporarily_unavailable', 503],
    ['misconfigured', 'temporarily_unavailable', 503],
  ] as const)('says %s as %s with %d, and keeps the headers', async (code, error, status) => {
    const headers = { 'Retry-After': '7' }
    const response = asOAuthError(new Problem(code, { headers })).toResponse(scope)
    expect(response.status).toBe(status)
    expect(response.headers.get('Retry-After')).toBe('7')
    expect(await response.json()).toMatchObject({ error })
  })
})
