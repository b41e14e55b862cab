import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { packed, type Packed } from '../../support/node/packed.ts'

const TARBALL_CEILING_BYTES = 40 * 1024

let installed: Packed
let home: string
beforeAll(() => {
  installed = packed('cli')
  home = mkdtempSync(join(tmpdir(), 'latchkey-home-'))
}, 60_000)
afterAll(() => {
  installed.remove()
  rmSync(home, { recursive: true })
})

/** Runs the published program on this Node, with nothing of the shell's. */
const latchkey = (...argv: string[]) =>
  spawnSync(process.execPath, [join(installed.root, 'bin/latchkey.mjs'), ...argv], {
    cwd: home,
    env: { HOME: home },
    encoding: 'utf8',
  })

describe('works', () => {
  it('publishes one built file and what starts it, and brings no dependency', () => {
    expect(installed.files).toEqual([
      'LICENSE',
      'README.md',
      'bin/latchkey.mjs',
      'dist/latchkey.js',
      'package.json',
    ])
    expect(installed.tarballBytes).toBeLessThan(TARBALL_CEILING_BYTES)
    expect(installed.dependencies).toEqual([])
    expect(statSync(join(installed.root, 'bin/latchkey.mjs')).mode & 0o111).not.toBe(0)
  })

  it('runs, and says its version', () => {
    const { stdout, stderr, status } = latchkey('--version')
    const { version } = JSON.parse(readFileSync(join(installed.root, 'package.json'), 'utf8')) as {
      version: string
    }
    expect({ stdout, stderr, status }).toEqual({ stdout: `${version}\n`, stderr: '', status: 0 })
  })

  it('says on stderr what is wrong, with the exit code of it', () => {
    const { stdout, stderr, status } = latchkey('approvals', 'shw')
    expect(stdout).toBe('')
    expect(stderr).toContain('Did you mean show?')
    expect(status).toBe(2)
  })

  it('ends quietly when its reader has seen enough', () => {
    const bin = join(installed.root, 'bin/latchkey.mjs')
    const script = `set -o pipefail; ${process.execPath} ${bin} help | true`
    const { stderr, status } = spawnSync('bash', ['-c', script], { encoding: 'utf8' })
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
  })

  it('runs from its source in the repository, where npx finds it', () => {
    const bin = 'node_modules/.bin/latchkey'
    const { stdout, stderr, status } = spawnSync(bin, ['completion', 'x'], { encoding: 'utf8' })
    expect({ stdout, stderr, status }).toEqual({
      stdout: '',
      stderr: 'SHELL must be one of bash, zsh, fish, not "x".\n',
      status: 2,
    })
  })
})
