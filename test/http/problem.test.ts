import { describe, expect, it } from 'vitest'
import { Problem } from '../../src/http/problem.ts'

const scope = { requestId: 'id', answerHeaders: {} }

describe('works', () => {
  it('T56: follows RFC 9457: media type, type, title, status and request id', async () => {
    const response = new Problem('not_found').toResponse(scope)
    expect(response.status).toBe(404)
    expect(response.headers.get('Content-Type')).toBe('application/problem+json')
    expect(await response.json()).toEqual({
      type: 'urn:latchkey:problem:not_found',
      title: 'The resource does not exist',
      status: 404,
      requestId: 'id',
    })
  })

  it('has its headers, a detail and pointers to invalid members', async () => {
    const errors = [{ pointer: '#/email', detail: 'is malformed' }]
    const headers = { 'Retry-After': '2' }
    const problem = new Problem('invalid_request', { detail: 'x', errors, headers })
    const response = problem.toResponse({ ...scope, answerHeaders: { 'DPoP-Nonce': 'n' } })
    expect(response.headers.get('Retry-After')).toBe('2')
    expect(response.headers.get('DPoP-Nonce')).toBe('n')
    expect(await response.json()).toMatchObject({ detail: 'x', errors })
  })
})

describe('withstands', () => {
  it('T56: an exception: it shows no stack, name or cause', async () => {
    const problem = new Problem('internal')
    problem.cause = new Error('canary')
    const text = await problem.toResponse(scope).text()
    expect(text).not.toMatch(/canary|stack|\.ts/)
    expect(Object.keys(JSON.parse(text) as object)).toEqual([
      'type',
      'title',
      'status',
      'requestId',
    ])
  })
})
