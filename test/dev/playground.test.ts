import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { buildWorker } from '../../dev/build-worker.ts'
import { GROUPS } from '../../dev/playground/browser/threats/threats.ts'
import { newMachine, withMachine } from '../../dev/playground/console-machine.ts'
import { readPromises } from '../../dev/playground/promises.ts'
import { bundleScript } from '../../dev/playground/script.ts'

describe('works', () => {
  it('names only promises that docs/threats.md makes, each button for at least one', async () => {
    const promises = await readPromises()
    for (const { button, promises: names } of GROUPS.flatMap(({ threats }) => threats)) {
      expect(names.length, button).toBeGreaterThan(0)
      for (const name of names) expect(promises[name], `${button}: ${name}`).toMatch(/^[A-Z].+/)
    }
    expect(promises['T43']).toMatch(/^If a response is lost after the write, /)
  })

  it('gives the console a machine, and keeps those of the developer', () => {
    const machine = newMachine()
    const crm = { secretSha256: 'x'.repeat(43), scopes: ['people:read'] }
    const clients = JSON.parse(withMachine(JSON.stringify({ crm }), machine)) as object
    expect(clients).toEqual({
      crm,
      playground: {
        secretSha256: createHash('sha256').update(machine.secret).digest('base64url'),
        scopes: ['approvals:read', 'approvals:write'],
      },
    })
    expect(Object.keys(JSON.parse(withMachine(undefined, machine)) as object)).toEqual([
      'playground',
    ])
    // The console then says which variable is wrong.
    expect(withMachine('not JSON', machine)).toBe('not JSON')
  })

  it('has the real client in its page', async () => {
    expect(await bundleScript()).toContain('urn:latchkey:grant-type:')
  })
})

describe('refuses', () => {
  it.each(['', 'console'] as const)('to be a part of a deployment: [env.%s]', (name) => {
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-playground-'))
    try {
      buildWorker(folder, name)
      const bundle = readFileSync(join(folder, 'index.js'), 'utf8')
      expect(bundle).toContain('/healthz')
      expect(bundle).not.toMatch(/playground|X-Latchkey-Line|aheadMs/i)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
