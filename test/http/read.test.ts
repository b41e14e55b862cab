import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { OAuthError } from '../../src/http/oauth-error.ts'
import { Problem } from '../../src/http/problem.ts'
import {
  callerOf,
  MAX_BODY_BYTES,
  readJson,
  readOAuthParameters,
  readQuery,
} from '../../src/http/read.ts'
import type { AppEnv } from '../../src/http/scope.ts'

const Schema = z.strictObject({
  a: z.optional(z.string()),
  'x/y~z': z.optional(z.string()),
  b: z.optional(z.array(z.strictObject({ c: z.string() }))),
})

const app = new Hono<AppEnv>()
app.post('/json', async (c) => c.json(await readJson(c, Schema)))
app.post('/form', async (c) => c.json(await readOAuthParameters(c)))
app.get('/query', (c) => c.json(readQuery(c, z.strictObject({ a: z.optional(z.string()) }))))
app.get('/caller', (c) => c.json(callerOf(c)))
app.onError((error, c) => {
  const known = error instanceof Problem || error instanceof OAuthError
  return known ? error.toResponse({ requestId: 'id', answerHeaders: {} }) : c.text('bug', 500)
})

const JSON_TYPE = { 'Content-Type': 'application/json' }
const FORM_TYPE = { 'Content-Type': 'application/x-www-form-urlencoded' }
const post = (path: string, body: BodyInit, headers: Record<string, string>) =>
  app.request(path, { method: 'POST', body, headers })

async function pointers(body: string): Promise<string[]> {
  const answer = await post('/json', body, JSON_TYPE)
  expect(answer.status).toBe(400)
  const { errors }: { errors: { pointer: string }[] } = await answer.json()
  return errors.map((error) => error.pointer)
}

describe('readJson', () => {
  it.each([
    '{}',
    ' {"a":"b"} ',
    '{"a":"\\"a\\":"}',
    '{"a":"\\\\","b":[]}',
    '{"b":[{"c":"x"},{"c":"y"}]}',
  ])('reads %s', async (body) => {
    const answer = await post('/json', body, JSON_TYPE)
    expect(await answer.json()).toEqual(JSON.parse(body))
  })

  it('T30: points at invalid members in the format of RFC 6901', async () => {
    expect(await pointers('{"a":1}')).toEqual(['#/a'])
    expect(await pointers('{"x/y~z":1}')).toEqual(['#/x~1y~0z'])
    expect(await pointers('{"b":[{"c":"x"},{"c":1,"d":2}]}')).toEqual(['#/b/1/c', '#/b/1/d'])
    expect(await pointers('{"ä \\ud800":1}')).toEqual(['#/%C3%A4%20%EF%BF%BD'])
    expect(await pointers('[]')).toEqual(['#'])
    expect(await pointers(`{"${'x'.repeat(500)}":1}`)).toEqual([`#/${'x'.repeat(64)}`])
  })

  it.each([
    '{"a":"1","a":"2"}',
    '{"a":"1","\\u0061":"2"}',
    '{"b":[{"c":"x","c":"x"}]}',
    '{"__proto__":1,"__proto__":2}',
  ])('T50: refuses a duplicate name in %s', async (body) => {
    const answer = await post('/json', body, JSON_TYPE)
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ detail: 'The body has a duplicate member.' })
  })

  it('T51: reads exactly up to the limit', async () => {
    expect((await post('/json', '{}'.padEnd(MAX_BODY_BYTES), JSON_TYPE)).status).toBe(200)
    expect((await post('/json', '{}'.padEnd(MAX_BODY_BYTES + 1), JSON_TYPE)).status).toBe(413)
  })
})

describe('readOAuthParameters', () => {
  it('treats a parameter without a value as omitted (RFC 6749 section 3.2)', async () => {
    expect(await (await post('/form', 'a=&b=c', FORM_TYPE)).json()).toEqual({ b: 'c' })
  })

  it.each(['a=1&a=2', 'a=1&%61=2', '__proto__=1&__proto__=2'])(
    'T50: refuses a duplicate parameter in %s',
    async (body) => {
      expect((await post('/form', body, FORM_TYPE)).status).toBe(400)
    },
  )

  it('T30: treats a parameter named like a member of Object as an ordinary one', async () => {
    const answer = await post('/form', 'constructor=x&toString=y', FORM_TYPE)
    expect(await answer.json()).toEqual({ constructor: 'x', toString: 'y' })
  })
})

describe('readQuery', () => {
  it.each([
    ['', 200],
    ['?a=b', 200],
    ['?a=b&a=c', 400],
    ['?a=b&%61=c', 400],
    ['?b=c', 400],
    ['?__proto__=x', 400],
  ])('T50: answers %s with %d', async (query, status) => {
    expect((await app.request(`/query${query}`)).status).toBe(status)
  })
})

describe('callerOf', () => {
  it('T66: only trusts Cloudflare’s header', async () => {
    const headers = {
      'X-Forwarded-For': '1.1.1.1',
      'X-Real-IP': '1.1.1.1',
      'True-Client-IP': '1.1.1.1',
    }
    const spoofed = await app.request('/caller', { headers })
    expect(await spoofed.json()).toEqual({ ipAddress: 'unknown', userAgent: '' })
    const real = await app.request('/caller', {
      headers: { ...headers, 'CF-Connecting-IP': '2.2.2.2' },
    })
    expect(await real.json()).toMatchObject({ ipAddress: '2.2.2.2' })
  })

  it('T54: limits a user agent to 256 printable ASCII characters', async () => {
    const headers = { 'User-Agent': `a\u001B[31mb\u0085${'x'.repeat(400)}` }
    const { userAgent } = (await (await app.request('/caller', { headers })).json()) as {
      userAgent: string
    }
    expect(userAgent).toMatch(/^a\?\[31mb\?+x+$/)
    expect(userAgent).toHaveLength(256)
  })
})
