import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { run } from '../../../packages/cli/run.ts'
import { testMachine } from '../../support/node/cli.ts'

type Answer = (request: IncomingMessage, response: ServerResponse) => void

/** A server that answers what a test says, after the token: what no console of ours does, or only in an outage. */
let server: Server
let origin: string
let asked: string[]
let answers: Answer[]
let token: Answer
beforeEach(async () => {
  asked = []
  token = json({ access_token: 'TOKEN' })
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.authorization ?? '-'}`)
    if (request.url === '/v1/token') return token(request, response)
    const answer = answers.length > 1 ? answers.shift()! : answers[0]!
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

const json =
  (body: object, status = 200, headers: Record<string, string> = {}): Answer =>
  (_, response) => {
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers })
    response.end(JSON.stringify(body))
  }
const unavailable = (retryAfter: string) =>
  json({ title: 'Not now' }, 503, { 'Retry-After': retryAfter })
const breaksOff: Answer = (_, response) => {
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': '100' })
  response.write('{')
  setTimeout(() => response.destroy(), 20)
}

/** Runs a command as a machine, with a terminal or without one. */
async function latchkey(argv: string[], isTTY = false) {
  const env = {
    LATCHKEY_CLIENT_ID: 'crm',
    LATCHKEY_CLIENT_SECRET: 'a:b c',
    LATCHKEY_CONSOLE: origin,
  }
  const machine = testMachine({ isTTY, env, network: true })
  try {
    const exit = await run(argv, machine)
    return { exit, out: machine.out(), err: machine.err() }
  } finally {
    machine.remove()
  }
}
const calls = () => asked.filter((line) => !line.includes('/v1/token')).length
const ADD = ['approvals', 'add', 'a@b.example', '--days', '3', '--reason', 'x']

describe('works', () => {
  it('sends name and secret form-encoded, once for all calls (RFC 6749 section 2.3.1)', async () => {
    answers = [
      json({ approvals: [], total: 0, nextCursor: 'next' }),
      json({ approvals: [], total: 0 }),
    ]
    await latchkey(['approvals', 'list', '--all'])
    const basic = Buffer.from('crm:a%3Ab+c').toString('base64')
    expect(asked).toEqual([
      `POST /v1/token Basic ${basic}`,
      'GET /v1/approvals?limit=200 Bearer TOKEN',
      'GET /v1/approvals?limit=200&cursor=next Bearer TOKEN',
    ])
  })

  it('reads again when the console is unavailable for a moment', async () => {
    answers = [unavailable('1'), json({ kind: 'machine', name: 'client:crm', scopes: [] })]
    const { exit, out } = await latchkey(['whoami'])
    expect(exit).toBe(0)
    expect(out).toContain('client:crm')
    expect(calls()).toBe(2)
  })

  it('gets another token when the first one has expired', async () => {
    answers = [json({}, 401), json({ kind: 'machine', name: 'client:crm', scopes: [] })]
    expect((await latchkey(['whoami'])).exit).toBe(0)
    expect(asked.filter((line) => line.includes('/v1/token'))).toHaveLength(2)
  })
})

describe('refuses', () => {
  it('to wait for long: the person may try again', async () => {
    answers = [unavailable('600')]
    const { exit, err } = await latchkey(['whoami'])
    expect({ exit, err }).toEqual({ exit: 75, err: 'Not now. Try again in 600 seconds.\n' })
    expect(calls()).toBe(1)
  })

  it('to follow a redirect, which could lead the request to another server', async () => {
    answers = [(_, response) => response.writeHead(307, { Location: `${origin}/elsewhere` }).end()]
    expect((await latchkey(ADD)).exit).toBe(75)
    expect(asked.filter((line) => line.includes('elsewhere'))).toEqual([])
  })

  it.each([
    [
      'is of another console',
      { resource: 'https://console.example', authorization_servers: ['https://auth.example'] },
    ],
    ['names nobody', { resource: 'here', authorization_servers: [] }],
  ])('to sign in by metadata that %s', async (_, metadata) => {
    answers = [json(metadata.resource === 'here' ? { ...metadata, resource: origin } : metadata)]
    const machine = testMachine({ isTTY: true, network: true })
    const exit = await run(['login', 'a@b.example', '--console', origin], machine)
    machine.remove()
    expect(exit).toBe(1)
    expect(machine.err()).toContain('is no console of Latchkey')
    expect(asked).toEqual(['GET /.well-known/oauth-protected-resource -'])
  })

  it.each(['<html>\u001b[2J', '{"access_token": 5}', 'null'])(
    'a token response that no console sends, without repeating it: %j',
    async (body) => {
      token = (_, response) => response.end(body)
      const { exit, out, err } = await latchkey(['whoami'])
      expect({ exit, out }).toEqual({ exit: 75, out: '' })
      expect(err).toBe('The response does not come from a console of Latchkey.\n')
    },
  )

  it('to let others read an export, which contains addresses', async () => {
    answers = [(_, response) => response.end('email\r\n')]
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-export-'))
    const file = join(folder, 'approvals.csv')
    const umask = process.umask(0)
    try {
      expect((await latchkey(['approvals', 'export', '--output', file])).exit).toBe(0)
      expect(statSync(file).mode & 0o777).toBe(0o600)
      expect(readdirSync(folder)).toEqual(['approvals.csv'])
    } finally {
      process.umask(umask)
      rmSync(folder, { recursive: true })
    }
  })

  it('to sign in at an issuer without TLS', async () => {
    answers = [
      (request, response) =>
        json({ resource: origin, authorization_servers: ['http://auth.example'] })(
          request,
          response,
        ),
    ]
    const machine = testMachine({ isTTY: true, network: true })
    const exit = await run(['login', 'a@b.example', '--console', origin], machine)
    machine.remove()
    expect({ exit, err: machine.err() }).toMatchObject({
      err: expect.stringContaining('must begin with https'),
    })
  })
})

describe('withstands', () => {
  it('a change whose answer is lost: it is not repeated, and the message says that it may be done', async () => {
    answers = [breaksOff]
    const { exit, err } = await latchkey(ADD)
    expect(exit).toBe(75)
    expect(err).toContain('It may have been done anyway.')
    expect(calls()).toBe(1)
  })

  it('a change that the console cannot make at the moment: it is not repeated', async () => {
    answers = [unavailable('1')]
    expect((await latchkey(ADD)).exit).toBe(75)
    expect(calls()).toBe(1)
  })

  it('a page of a network that wants a sign-in of its own', async () => {
    answers = [
      (_, response) =>
        response.writeHead(200, { 'Content-Type': 'application/json' }).end('<html>'),
    ]
    const { exit } = await latchkey(ADD)
    expect(exit).toBe(75)
  })

  it('T82: a problem with escape sequences, and an import that does not get further', async () => {
    answers = [json({ detail: 'bad \u001b[2J' }, 403)]
    expect((await latchkey(ADD, true)).err).not.toContain('\u001b[2J')
    const report = {
      dryRun: false,
      lines: [],
      counts: { created: 0, changed: 0, unchanged: 0, refused: 0 },
    }
    answers = [json({ ...report, nextLine: 2 })]
    const { exit, err } = await latchkey(['approvals', 'import', 'package.json'])
    expect(exit).toBe(1)
    expect(err).toContain('The import does not go on.')
  })
})
