import { spawn, spawnSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../../dev/ports.ts'
import { devSettings } from '../../dev/settings.ts'
import { ensureDevVars, overrides } from '../../dev/vars.ts'
import { tidy } from '../../dev/tidy-wrangler.ts'
import { Plain } from '../../scripts/fail.ts'

const DEV = resolve('dev/dev.ts')
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Those of a laptop in a home. */
const addresses = () => ['127.0.0.1', '::1', '192.168.1.23', '203.0.113.7', 'fe80::1']

const at = (port: number): string => `http://127.0.0.1:${port}`

async function freePorts(): Promise<Record<string, string>> {
  const names = ['PORT', 'DYNAMODB_PORT', 'INBOX_PORT', 'CONSOLE_PORT']
  const ports = await Promise.all(names.map(() => freePort()))
  return Object.fromEntries(names.map((name, index) => [name, String(ports[index])]))
}

/** Runs `dev` where it is expected to give up. */
function dev(
  env: NodeJS.ProcessEnv,
  ...flags: string[]
): { status: number | null; lines: string[] } {
  const clean = { PATH: process.env.PATH, JAVA_HOME: process.env.JAVA_HOME, ...env }
  const options = { cwd: folder, env: clean, encoding: 'utf8', timeout: 60_000 } as const
  const { status, stdout, stderr } = spawnSync(process.execPath, [DEV, ...flags], options)
  return { status, lines: `${stdout}${stderr}`.trim().split('\n') }
}

describe('refuses with one clear line', () => {
  it.each([
    [{ PORT: 'abc' }, 'PORT must be a port from 1 to 65535, not "abc".'],
    [{ INBOX_PORT: '70000' }, 'INBOX_PORT must be a port from 1 to 65535, not "70000".'],
    [
      { PORT: '8000' },
      'PORT (8000), DYNAMODB_PORT (8000), INBOX_PORT (8788) and CONSOLE_PORT (8789) must be different ports.',
    ],
    [{ CONSOLE_PORT: '0' }, 'CONSOLE_PORT must be a port from 1 to 65535, not "0".'],
    [
      { DYNAMODB_ENDPOINT: 'localhost:8000' },
      'DYNAMODB_ENDPOINT must be a URL such as http://127.0.0.1:8000, not "localhost:8000".',
    ],
    [
      { DYNAMODB_ENDPOINT: 'https://dynamodb.us-east-1.amazonaws.com' },
      'DYNAMODB_ENDPOINT must not be AWS. npm run dev needs a local DynamoDB.',
    ],
    [
      { ISSUER: 'http://auth.example.com' },
      'ISSUER must be the https origin of a tunnel, such as https://name.trycloudflare.com, not "http://auth.example.com".',
    ],
    [
      { ISSUER: 'https://name.trycloudflare.com/path' },
      'ISSUER must be the https origin of a tunnel, such as https://name.trycloudflare.com, not "https://name.trycloudflare.com/path".',
    ],
  ])('the variable %o', (env, line) => {
    expect(() => devSettings([], env)).toThrow(new Plain(line))
  })

  it.each(['0.0.0.0', '127.0.0.1', '203.0.113.7', '10.255.255.254', 'phone.local'])(
    'the LAN_ADDRESS %s, which is no private address of this machine',
    (address) => {
      const line = `LAN_ADDRESS must be a private IPv4 address of this machine (192.168.1.23), not "${address}".`
      expect(() => devSettings([], { LAN_ADDRESS: address }, addresses)).toThrow(new Plain(line))
    },
  )

  it('an unknown flag', () => {
    expect(dev({}, '--memroy')).toEqual({
      status: 1,
      lines: ['npm run dev accepts --memory and --no-worker, not --memroy.'],
    })
  })

  it.each(['PORT', 'DYNAMODB_PORT', 'INBOX_PORT', 'CONSOLE_PORT'])(
    'a busy %s',
    async (variable) => {
      const server = createServer()
      await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
      const { port } = server.address() as AddressInfo
      const { status, lines } = dev({ ...(await freePorts()), [variable]: String(port) })
      server.close()
      expect(status).toBe(1)
      expect(lines).toHaveLength(1)
      expect(lines[0]).toMatch(
        new RegExp(`^Port ${port} for .+ is in use. Free it, or set ${variable} to another port.$`),
      )
    },
  )

  it('a machine without Java', async () => {
    const env = { ...(await freePorts()), PATH: folder, JAVA_HOME: '' }
    expect(dev(env)).toEqual({
      status: 1,
      lines: [expect.stringMatching(/openjdk-17-jre-headless.*DYNAMODB_ENDPOINT/)],
    })
  })

  it('a DynamoDB that does not respond', async () => {
    const { DYNAMODB_PORT, ...ports } = await freePorts()
    const endpoint = `http://127.0.0.1:${DYNAMODB_PORT}`
    expect(dev({ ...ports, DYNAMODB_ENDPOINT: endpoint })).toEqual({
      status: 1,
      lines: [`DynamoDB does not respond at ${endpoint}.`],
    })
  })
})

describe('works', () => {
  it('keeps the Worker on this machine, unless an address or a tunnel is named', () => {
    expect(devSettings([], { PORT: '9000' })).toMatchObject({ issuer: at(9000) })
    expect(devSettings([], { PORT: '9000' }).lanAddress).toBeUndefined()
    const tunnel = 'https://name.trycloudflare.com'
    const settings = devSettings([], { ISSUER: `${tunnel}/` })
    expect(settings.issuer).toBe(tunnel)
    expect(settings.lanAddress).toBeUndefined()
  })

  it('takes an address of this machine in its network', () => {
    const lanAddress = '192.168.1.23'
    const env = { LAN_ADDRESS: lanAddress, PORT: '9000' }
    const issuer = `http://${lanAddress}:9000`
    expect(devSettings([], env, addresses)).toMatchObject({ lanAddress, issuer })
    // A tunnel in front of it decides the issuer.
    const tunnel = 'https://name.trycloudflare.com'
    const both = devSettings([], { ...env, ISSUER: tunnel }, addresses)
    expect(both).toMatchObject({ lanAddress, issuer: tunnel })
  })

  it('starts everything except the Workers, prints how to start them, and leaves nothing behind', async () => {
    const ports = await freePorts()
    const env = { ...process.env, ...ports, DYNAMODB_ENDPOINT: '' }
    const child = spawn(process.execPath, [DEV, '--memory', '--no-worker'], { cwd: folder, env })
    const output = await new Promise<string>((done) => {
      let text = ''
      child.once('exit', () => done(text))
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (chunk: Buffer) => {
          text += chunk.toString()
          if (text.includes('Start the Worker with: npx wrangler dev dev/workers/public.ts'))
            done(text)
        })
      }
    })
    expect(output).toContain(`--var DYNAMODB_ENDPOINT:http://127.0.0.1:${ports.DYNAMODB_PORT}`)
    const inbox = `http://127.0.0.1:${ports.INBOX_PORT}/messages`
    expect(await (await fetch(inbox)).json()).toEqual([])

    const exited = new Promise<number | null>((done) => child.once('exit', done))
    child.kill('SIGINT')
    child.kill('SIGINT')
    expect(await exited).toBe(0)
    await expect(fetch(inbox)).rejects.toThrow()
    await expect(fetch(`http://127.0.0.1:${ports.DYNAMODB_PORT}`)).rejects.toThrow()
  })

  it('writes .dev.vars once, readable only by its owner, and never changes a value in it', async () => {
    const file = join(folder, 'own.dev.vars')
    appendFileSync(file, 'ISSUER=https://tunnel.example.com', { mode: 0o644 })
    const added = await ensureDevVars(file)
    expect(added).toContain('SEAL_KEYS')
    expect(added).not.toContain('ISSUER')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const text = readFileSync(file, 'utf8')
    expect(text).toMatch(/^ISSUER=https:\/\/tunnel\.example\.com\n/)
    expect(await ensureDevVars(file)).toEqual([])
    expect(readFileSync(file, 'utf8')).toBe(text)
  })

  it('passes other ports to the Worker, but keeps a value that a developer changed', async () => {
    const file = join(folder, 'moved.dev.vars')
    appendFileSync(file, 'SES_ENDPOINT=http://mailhog:1025\n')
    await ensureDevVars(file)
    const places = {
      ISSUER: at(9000),
      CONSOLE_ORIGIN: at(8789),
      DYNAMODB_ENDPOINT: at(8000),
      SES_ENDPOINT: at(9001),
      SMS_ENDPOINT: at(9001),
    }
    expect(overrides(file, places)).toEqual({ ISSUER: at(9000), SMS_ENDPOINT: at(9001) })
  })

  it("shows the Worker's lines and build errors, but no line that contains a link", () => {
    const keep = tidy()
    const shown = [
      'Using secrets defined in .dev.vars',
      'Your Worker has access to the following bindings:',
      'env.AUDIENCE ("https://api.latchkey.test")   Environment Variable   local',
      '',
      '⎔ Starting local server...',
      '\u001B[32m[wrangler:info] GET /link/tok_ml_secret 200 OK (3ms)\u001B[39m',
      '▲ [WARNING] Scheduled Workers are not automatically triggered during local development.',
      '  To manually trigger a scheduled event, run:',
      '    curl "http://127.0.0.1:8789/cdn-cgi/local/scheduled"',
      '  For more details, see https://developers.cloudflare.com/workers/configuration/cron-triggers/',
      '{"event":"request"}',
      '✘ [ERROR] Build failed with 1 error:',
    ].filter((line) => keep(line))
    expect(shown).toEqual(['{"event":"request"}', '✘ [ERROR] Build failed with 1 error:'])
  })
})
