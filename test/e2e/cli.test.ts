import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify, stripVTControlCharacters } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { widthOf } from '../../packages/cli/terminal/width.ts'
import { packed, type Packed } from '../support/node/packed.ts'
import { ask, redeem } from './person.ts'
import { ageSession, forgetBudget, typeApproval } from './rows.ts'
import { CLI_ADMINS, MACHINE } from './setup.ts'
import { latchkey, latchkeyOnTerminal, type Home, type Running } from './terminal.ts'
import { devWorld, type DevWorld } from './world.ts'

const [ADMIN = '', NEW = '', STALE = '', BUSY = ''] = CLI_ADMINS

let world: DevWorld
/** The command line as it is published. */
let installed: Packed
let temp: string
/** The machine of an administrator who has signed in. */
let admin: Home
let machine: Home

beforeAll(async () => {
  installed = packed('cli')
  world = await devWorld()
  temp = mkdtempSync(join(tmpdir(), 'latchkey-cli-e2e-'))
  admin = newHome()
  machine = newHome({
    LATCHKEY_CLIENT_ID: MACHINE.id,
    LATCHKEY_CLIENT_SECRET: MACHINE.secret,
    LATCHKEY_CONSOLE: world.consoleOrigin,
  })
  await signIn(admin, ADMIN)
})
afterAll(() => {
  rmSync(temp, { recursive: true })
  installed.remove()
})

const newHome = (env: NodeJS.ProcessEnv = {}): Home => ({
  folder: mkdtempSync(join(temp, 'home-')),
  env,
  bin: join(installed.root, 'bin/latchkey.mjs'),
})
const newGuest = () => `t-${randomUUID().slice(0, 12)}@guests.example`

/** What it printed, when it did what it was told. */
async function done({ ended }: Running): Promise<string> {
  const { exit, out, err } = await ended
  expect({ exit, err }).toEqual({ exit: 0, err: expect.any(String) })
  return out
}
const json = async <T>(running: Running): Promise<T> => JSON.parse(await done(running)) as T

type Mail = { code: string }
/** Those with a code: an email about a new device has none. */
async function mailsTo(email: string): Promise<Mail[]> {
  const answer = await fetch(`${world.inbox}/messages?to=${encodeURIComponent(email)}`)
  const all = (await answer.json()) as (Mail | { code: null })[]
  return all.filter((one) => one.code !== null)
}

/** Types the code of the next mail at the question for it. */
async function typeCode(running: Running, email: string, before: number): Promise<void> {
  await running.wrote('Code: ')
  for (let tries = 0; tries < 400; tries++) {
    const mails = await mailsTo(email)
    if (mails.length > before) return running.type(`${mails[0]!.code}\n`)
    await sleep(25)
  }
  throw new Error(`no message came to ${email}`)
}

async function signIn(home: Home, email: string): Promise<string> {
  const before = (await mailsTo(email)).length
  const login = latchkeyOnTerminal(home, 'login', email, '--console', world.consoleOrigin)
  await typeCode(login, email, before)
  return done(login)
}

const folderOf = (home: Home): string => {
  const root = join(home.folder, '.config/latchkey')
  return join(root, readdirSync(root)[0]!)
}
const sessionOf = (home: Home) =>
  JSON.parse(readFileSync(join(folderOf(home), 'session.json'), 'utf8')) as {
    session_id: string
    token_type: string
    refresh_token: string
  }
/** As if the access token's ten minutes were over. */
function expireToken(home: Home, refresh_token = sessionOf(home).refresh_token): void {
  const session = { ...sessionOf(home), refresh_token, obtainedAt: 1 }
  writeFileSync(join(folderOf(home), 'session.json'), JSON.stringify(session))
}

describe('works', () => {
  it('T81: signs in by the code that is typed, and keeps the session where only the person can read it', async () => {
    const home = newHome()
    const before = (await mailsTo(NEW)).length
    const login = latchkeyOnTerminal(home, 'login', '--console', world.consoleOrigin)
    await login.wrote('Email address: ')
    login.type(`${NEW}\n`)
    await login.wrote('Code: ')
    login.type('12\n')
    await login.wrote('six digits')
    await typeCode(login, NEW, before)
    expect(await done(login)).toContain(`Signed in as ${NEW} (admin) until `)
    expect(sessionOf(home).token_type).toBe('DPoP')
    const folder = folderOf(home)
    const files = readdirSync(folder)
    expect(files.toSorted()).toEqual(['console.json', 'device.json', 'key.json', 'session.json'])
    const modes = [folder, ...files.map((file) => join(folder, file))].map(
      (path) => statSync(path).mode & 0o077,
    )
    expect(modes).toEqual(modes.map(() => 0))
    const me = await json<object>(latchkey(home, 'whoami', '--json'))
    expect(me).toMatchObject({ kind: 'person', role: 'admin', email: NEW })
  })

  it('approves, extends, changes, withdraws and restores; lists and shows it in 80 columns', async () => {
    const guest = newGuest()
    const add = ['approvals', 'add', guest, '--days', '30', '--reason', 'Trial', '--company']
    const added = latchkey(admin, ...add, '日本語の会社'.repeat(20))
    expect(await done(added)).toContain(`${guest} may sign in until `)
    const shown = () =>
      json<{ approval: Record<string, unknown> }>(
        latchkey(admin, 'approvals', 'show', guest, '--json'),
      )
    const end = (await shown()).approval['expiresAt'] as number
    await done(latchkey(admin, 'approvals', 'extend', guest, '--days', '10'))
    await done(latchkey(admin, 'approvals', 'change', guest, '--notes', "it's", '--company', ''))
    expect((await shown()).approval).toMatchObject({
      expiresAt: end + 10 * 86_400,
      notes: "it's",
      company: null,
    })

    const withdrawn = latchkeyOnTerminal(admin, 'approvals', 'withdraw', guest, '--reason', 'Left')
    await withdrawn.wrote('Go on? [y/N]')
    withdrawn.type('y\n')
    expect(await done(withdrawn)).toContain('may not sign in any more')

    const list = await done(latchkeyOnTerminal(admin, 'approvals', 'list', '--all'))
    const lines = stripVTControlCharacters(list).split(/\r?\n/)
    expect(lines[0]).toMatch(/^ADDRESS +STATE +ENDS +COMPANY +APPROVED BY$/)
    for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(80)
    expect(lines.find((line) => line.startsWith(guest))).toMatch(/ withdrawn /)

    await done(latchkey(admin, 'approvals', 'restore', guest))
    expect(await done(latchkey(admin, 'approvals', 'show', guest))).toMatch(
      /restored[^]*withdrawn +\S+ +Left[^]*created/,
    )
  })

  it('says why, shows a person, and ends their sessions', async () => {
    const asked = await ask(world)
    await redeem(world, asked, 'code')
    const person = await done(latchkey(admin, 'people', 'show', asked.email))
    expect(person).toMatch(/STATE[^]*\nactive/)
    expect(person).toMatch(/may sign in +yes, as an address of the company/)
    const end = latchkeyOnTerminal(admin, 'people', 'end', asked.email, '--reason', 'Lost phone')
    await end.wrote('Active: 1')
    // Two devices may have one name.
    await end.wrote('UTC, ses_')
    await end.wrote('[y/N]')
    end.type('y\n')
    await done(end)
    const why = await done(latchkey(admin, 'why', asked.email))
    expect(why).toMatch(/I am signed out[^\n]*\n.*the company ended it/)
    const { sessions } = (
      await json<{ person: { sessions: { alive: boolean }[] } }>(
        latchkey(machine, 'people', 'show', asked.email, '--json'),
      )
    ).person
    expect(sessions.map(({ alive }) => alive)).toEqual([false])
    expect((await latchkey(machine, 'people', 'show', newGuest()).ended).exit).toBe(4)
  })

  it('imports in several calls, tells of all refused lines, and goes on after it was killed', async () => {
    const guests = Array.from({ length: 300 }, newGuest)
    const lines = guests.map((email) => `${email},Trial`)
    // One in the part of the first call, one in that of the last.
    const csv = ['email,reason', 'nobody,Trial', ...lines, `${newGuest()},`].join('\n')
    const file = join(machine.folder, 'guests.csv')
    writeFileSync(file, csv)
    const dry = await latchkey(machine, 'approvals', 'import', file, '--dry-run').ended
    expect(dry.out).toContain('It would be: 300 new, 0 changed, 0 as they were, 2 refused.')
    expect(dry.exit).toBe(1)

    const killed = latchkey(machine, 'approvals', 'import', file)
    await killed.wrote('going on with line')
    killed.kill('SIGKILL')
    await killed.ended
    const again = await latchkey(machine, 'approvals', 'import', file).ended
    const [, created, same] = /(\d+) new, 0 changed, (\d+) as they were, 2 refused/.exec(again.out)!
    expect(Number(created) + Number(same)).toBe(300)
    expect(Number(same)).toBeGreaterThanOrEqual(250)
    expect(again.out).toMatch(/^2 +email must be an email address$/m)
    expect(again.out).toMatch(/^303 .*reason is missing$/m)
    expect(again.exit).toBe(1)
    // More than a page of the console holds.
    const { total, approvals, nextCursor } = await json<{
      total: number
      approvals: { email: string }[]
      nextCursor?: string
    }>(latchkey(machine, 'approvals', 'list', '--all', '--json'))
    const listed = new Set(approvals.map(({ email }) => email))
    expect(listed.size).toBe(total)
    expect(guests.filter((guest) => !listed.has(guest))).toEqual([])
    expect(nextCursor).toBeUndefined()
  })

  it('writes what it exports, and takes the file back', async () => {
    const file = join(admin.folder, 'out.csv')
    await done(latchkey(admin, 'approvals', 'export', '-o', file, 'acmecorp'))
    const csv = readFileSync(file, 'utf8')
    expect(csv).toMatch(/^\uFEFFemail,company,[^\r]*\r\njohn\.doe@acmecorp\.com,/)
    const report = await json<{ counts: object }>(
      latchkey(admin, 'approvals', 'import', file, '--json'),
    )
    expect(report.counts).toEqual({ created: 0, changed: 0, unchanged: 1, refused: 0 })
  })

  it('T27: signs in again by code when the sign-in is too old to end access, and goes on', async () => {
    const home = newHome()
    const guest = newGuest()
    await signIn(home, STALE)
    await done(latchkey(machine, 'approvals', 'add', guest, '--days', '1', '--reason', 'Trial'))
    expireToken(home, await ageSession(world, sessionOf(home).refresh_token, 16 * 60))
    const argv = ['approvals', 'withdraw', guest] as const
    const refused = await latchkey(home, ...argv, '--yes').ended
    expect(refused).toMatchObject({ exit: 3, err: expect.stringContaining('latchkey login') })

    await forgetBudget(world, STALE)
    const before = (await mailsTo(STALE)).length
    const withdrawn = latchkeyOnTerminal(home, ...argv, '--yes')
    await withdrawn.wrote('This needs a sign-in of the last 15 minutes.')
    await typeCode(withdrawn, STALE, before)
    expect(await done(withdrawn)).toContain('Withdrawn')
  })
})

describe('docs/cli.md', () => {
  it('has examples for machines that run as they stand', async () => {
    const [, block = ''] = /<!-- run by test\/e2e\/cli\.test\.ts -->\n\n```sh\n([^]*?)```/.exec(
      readFileSync('docs/cli.md', 'utf8'),
    )!
    const bin = join(machine.folder, 'bin')
    mkdirSync(bin)
    symlinkSync(machine.bin, join(bin, 'latchkey'))
    const { stdout, stderr } = await promisify(execFile)(
      'bash',
      ['--norc', '-euo', 'pipefail', '-c', block],
      {
        env: { ...machine.env, HOME: machine.folder, PATH: `${bin}:${process.env.PATH}` },
      },
    )
    const [added, extended, total, withdrawn] = stdout.split('\n')
    expect(added).toContain('ada@guests.example may sign in until ')
    expect(extended).toContain('ada@guests.example may sign in until ')
    expect(Number(total)).toBeGreaterThan(0)
    expect(withdrawn).toContain('Withdrawn')
    expect(stdout).toMatch(/“It says I am not approved.” problem/)
    expect(stdout).toMatch(/ended with 4\n$/)
    expect(stderr).toBe('There is no approval of nobody@guests.example.\n')
  })
})

describe('refuses', () => {
  it('with exit codes that a script can tell apart', async () => {
    const guest = newGuest()
    const add = ['approvals', 'add', guest, '--until', 'never', '--reason', 'Trial']
    await done(latchkey(machine, ...add))
    const wrong = { ...machine, env: { ...machine.env, LATCHKEY_CLIENT_SECRET: 'wrong' } }
    const exits = await Promise.all(
      [
        latchkey(machine, ...add.slice(0, -1), 'Another'),
        latchkey(machine, 'approvals', 'extend', guest, '--days', '3'),
        latchkey(machine, 'approvals', 'add', 'nobody', '--days', '3', '--reason', 'x'),
        latchkey(machine, 'approvals', 'show', newGuest()),
        latchkey(machine, 'approvals', 'withdraw', guest),
        latchkey(wrong, 'whoami'),
        latchkey(newHome(), 'whoami', '--console', world.consoleOrigin),
        latchkey(machine, 'whoami', '--console', 'http://127.0.0.1:9'),
      ].map(async ({ ended }) => (await ended).exit),
    )
    expect(exits).toEqual([5, 5, 2, 4, 2, 3, 3, 75])
  })

  it('a change of what somebody else has changed meanwhile, and says who', async () => {
    const guest = newGuest()
    await done(latchkey(machine, 'approvals', 'add', guest, '--days', '9', '--reason', 'Trial'))
    const withdrawn = latchkeyOnTerminal(admin, 'approvals', 'withdraw', guest)
    await withdrawn.wrote('Go on? [y/N]')
    await done(latchkey(machine, 'approvals', 'extend', guest, '--days', '9'))
    withdrawn.type('y\n')
    const { exit, out } = await withdrawn.ended
    expect(out).toMatch(/client:crm has changed the approval[^]*Nothing was done/)
    expect(exit).toBe(5)
    const { approval } = await json<{ approval: { state: string } }>(
      latchkey(machine, 'approvals', 'show', guest, '--json'),
    )
    expect(approval.state).toBe('active')
  })

  it('T81: a session that others can read', async () => {
    const { ended } = latchkey(
      { ...admin, env: { XDG_CONFIG_HOME: copyReadable(admin) } },
      'whoami',
    )
    expect(await ended).toMatchObject({ exit: 1, err: expect.stringContaining('chmod 600') })
  })

  it('a person without a role, and keeps no session of theirs', async () => {
    const home = newHome()
    const nobody = `t-${randomUUID().slice(0, 12)}@sigmacomputing.com`
    const login = latchkeyOnTerminal(home, 'login', nobody, '--console', world.consoleOrigin)
    await typeCode(login, nobody, 0)
    const { exit, out } = await login.ended
    expect(out).toContain('neither administrator nor approver')
    expect(exit).toBe(1)
    expect(readdirSync(folderOf(home))).not.toContain('session.json')
  })
})

describe('withstands', () => {
  it('several commands that refresh one session at once', async () => {
    const home = newHome()
    await signIn(home, BUSY)
    const before = sessionOf(home)
    expireToken(home)
    await Promise.all(Array.from({ length: 4 }, () => done(latchkey(home, 'whoami'))))
    const after = sessionOf(home)
    expect(after.session_id).toBe(before.session_id)
    expect(after.refresh_token).not.toBe(before.refresh_token)
    await done(latchkey(home, 'whoami'))

    const out = await latchkey(home, 'logout').ended
    expect(out).toMatchObject({ exit: 0, err: expect.stringContaining('Signed out') })
    expect((await latchkey(home, 'whoami').ended).exit).toBe(3)
    expect(readdirSync(folderOf(home))).not.toContain('session.json')
  })

  it('Ctrl-C at a question: nothing is done, and the session is as it was', async () => {
    const withdrawn = latchkeyOnTerminal(admin, 'approvals', 'withdraw', 'john.doe@acmecorp.com')
    await withdrawn.wrote('Go on? [y/N]')
    withdrawn.type('\u0003')
    const { exit, out } = await withdrawn.ended
    expect(out).toContain('Nothing was done')
    expect(exit).toBe(130)
    await done(latchkey(admin, 'approvals', 'show', 'john.doe@acmecorp.com'))
  })

  it('T82: escape sequences in what the tables hold', async () => {
    const HOSTILE = 'evil\u001b[2J\u009b2J\u202e'
    const guest = newGuest()
    await typeApproval(world, guest, HOSTILE)
    const shown = [
      ['approvals', 'show', guest],
      ['approvals', 'list', guest],
      ['approvals', 'show', guest, '--json'],
      ['approvals', 'export', guest],
    ]
    for (const argv of shown) {
      const out = await done(
        latchkeyOnTerminal({ ...machine, env: { ...machine.env, NO_COLOR: '1' } }, ...argv),
      )
      expect(out).toContain('evil')
      for (const control of ['\u001b', '\u009b', '\u202e']) expect(out).not.toContain(control)
    }
    const { approval } = await json<{ approval: { company: string } }>(
      latchkey(machine, 'approvals', 'show', guest, '--json'),
    )
    expect(approval.company).toBe(HOSTILE)
  })
})

/** The administrator's files, as a careless copy leaves them. */
function copyReadable(home: Home): string {
  const copy = mkdtempSync(join(temp, 'copy-'))
  const from = folderOf(home)
  const to = join(copy, 'latchkey', from.slice(from.lastIndexOf('/') + 1))
  mkdirSync(to, { recursive: true })
  for (const file of readdirSync(from)) {
    copyFileSync(join(from, file), join(to, file))
    chmodSync(join(to, file), 0o644)
  }
  return copy
}
