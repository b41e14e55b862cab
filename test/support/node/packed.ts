import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type Packed = { folder: string; remove: () => void }

/** A folder that has Latchkey installed as others would have it: built, with what it depends on, and no more. */
export function packed(): Packed {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-packed-'))
  const modules = join(folder, 'node_modules')
  const latchkey = join(modules, 'latchkey')
  mkdirSync(latchkey, { recursive: true })
  cpSync('package.json', join(latchkey, 'package.json'))
  const outDir = join(latchkey, 'dist')
  const tsc = 'node_modules/typescript/bin/tsc'
  const flags = [tsc, '-p', 'tsconfig.packages.json', '--outDir', outDir]
  execFileSync(process.execPath, flags, { stdio: 'inherit' })
  for (const name of ['jose', 'hono', '@types']) {
    symlinkSync(join(process.cwd(), 'node_modules', name), join(modules, name))
  }
  return { folder, remove: () => rmSync(folder, { recursive: true }) }
}
