import { describe, expect, it } from 'vitest'
import { asOAuthError, OAuthError, Problem } from '../../src/http/problem.ts'

describe('Problem', () => {
  it('T56: is RFC 9457: media type, type, title, status, and which request it was', async () => {
    const response = new Problem('not_found').toResponse('id')
    expect(response.status).toBe(404)
    expect(response.headers.get('Content-Type')).toBe('application/problem+json')
    expect(await response.json()).toEqual({
      type: 'urn:latchkey:problem:not_found',
      title: 'Nothing is here',
      status: 404,
      requestId: 'id',
    })
  })

  it('carries headers, a detail and pointers to bad members', async () => {
    const errors = [{ pointer: '#/email', detail: 'is malformed' }]
    const headers = { 'Retry-After': '2' }
    const response = new Problem('invalid_request', { detail: 'x', errors, headers }).toResponse(
      'id',
    )
    expect(response.headers.get('Retry-After')).toBe('2')
    expect(await response.json()).toMatchObject({ detail: 'x', errors })
  })

  it('T56: shows no stack, no name and no cause', async () => {
    const problem = new Problem('internal')
    problem.cause = new Error('canary')
    const text = await problem.toResponse('id').text()
    expect(text).not.toMatch(/canary|stack|\.ts/)
    expect(Object.keys(JSON.parse(text) as object)).toEqual([
      'type',
      'title',
      'status',
      'requestId',
    ])
  })
})

describe('OAuthError', () => {
  it('is RFC 6749 section 5.2, with the reason only for whom it is', async () => {
    const plain = new OAuthError('invalid_grant', 'No.').toResponse()
    expect(plain.status).toBe(400)
    expect(plain.headers.get('Content-Type')).toBe('application/json')
    expect(await plain.json()).toEqual({ error: 'invalid_grant', error_description: 'No.' })
    const told = new OAuthError('invalid_grant', 'No.', { reason: 'used' }).toResponse()
    expect(await told.json()).toMatchObject({ latchkey_reason: 'used' })
  })
})

describe('asOAuthError', () => {
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
    const response = asOAuthError(new Problem(code, { headers })).toResponse()
    expect(response.status).toBe(status)
    expect(response.headers.get('Retry-After')).toBe('7')
    expect(await response.json()).toMatchObject({ error })
  })
})
