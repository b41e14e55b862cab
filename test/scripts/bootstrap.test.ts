import { describe, expect, it } from 'vitest'
// @ts-expect-error plain JavaScript, for a machine with nothing installed
import { whyInstall } from '../../scripts/bootstrap.mjs'

type Packages = Record<string, object>
const decide = whyInstall as (
  locked: Packages,
  installed: Packages | null,
  machine?: { platform: string; arch: string },
) => string | null

const LINUX = { platform: 'linux', arch: 'x64' }
const hono = { version: '4.13.0', integrity: 'sha512-a' }
const native = {
  version: '1.0.0',
  integrity: 'sha512-b',
  optional: true,
  os: ['linux'],
  cpu: ['x64'],
}
// As npm writes a workspace into both files; packages of a registry are `resolved` in one of them alone.
const workspace = {
  'node_modules/@latchkey/client': { resolved: 'packages/client', link: true },
  'packages/client': { name: '@latchkey/client', version: '0.1.0', license: 'MIT' },
}
const locked = {
  '': { name: 'latchkey', workspaces: ['packages/*'] },
  ...workspace,
  'node_modules/hono': hono,
  'node_modules/native': native,
}
const installed = {
  ...workspace,
  'node_modules/hono': { ...hono, resolved: 'https://registry.example/hono.tgz' },
  'node_modules/native': native,
}

describe('works', () => {
  it('installs nothing if the installed packages match the lock file', () => {
    expect(decide(locked, installed, LINUX)).toBeNull()
  })

  it('accepts a missing optional package, which may be for another operating system', () => {
    const { 'node_modules/native': _, ...others } = installed
    expect(decide(locked, others, LINUX)).toBeNull()
  })
})

describe('installs', () => {
  it.each([
    ['nothing is installed', null],
    ['a package is missing', { ...workspace, 'node_modules/native': native }],
    ['a workspace is not linked', { 'node_modules/hono': hono, 'node_modules/native': native }],
    [
      'a workspace has moved',
      {
        ...installed,
        'node_modules/@latchkey/client': { resolved: 'client', link: true },
      },
    ],
    ['a version differs', { ...installed, 'node_modules/hono': { ...hono, version: '4.12.0' } }],
    ['the bytes differ', { ...installed, 'node_modules/hono': { ...hono, integrity: 'sha512-c' } }],
    ['a package is there that is not locked', { ...installed, 'node_modules/left': hono }],
  ])('when %s', (_, found) => {
    expect(decide(locked, found, LINUX)).toEqual(expect.any(String))
  })

  it('when node_modules was copied from another operating system', () => {
    expect(decide(locked, installed, { platform: 'darwin', arch: 'x64' })).toMatch(
      'another operating system',
    )
    expect(decide(locked, installed, { platform: 'linux', arch: 'arm64' })).toMatch('processor')
  })
})
