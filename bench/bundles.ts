import { build } from 'esbuild'
import { execFileSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WRANGLER, wranglerEnv } from '../dev/wrangler-env.ts'

/** Builds Latchkey as it would be deployed, and the reference floor and an empty Worker the same way. */
export async function bundles(): Promise<{ latchkey: string; floor: string; empty: string }> {
  const dir = mkdtempSync(join(tmpdir(), 'latchkey-bundles-'))
  const flags = ['deploy', '--dry-run', '--minify', '--outdir', dir]
  const env = wranglerEnv(process.env)
  execFileSync(process.execPath, ['--no-warnings', WRANGLER, ...flags], { env, stdio: 'pipe' })
  const [floor, empty] = [join(dir, 'floor.js'), join(dir, 'empty.js')]
  const common = { bundle: true, minify: true, format: 'esm', target: 'es2024' } as const
  await build({ ...common, entryPoints: ['bench/floor.ts'], outfile: floor })
  const contents = 'export default { fetch: () => new Response("ok") }'
  await build({ ...common, stdin: { contents }, outfile: empty })
  return { latchkey: join(dir, 'index.js'), floor, empty }
}
