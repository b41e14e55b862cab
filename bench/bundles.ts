import { build } from 'esbuild'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { WRANGLER, wranglerEnv } from '../dev/wrangler-env.ts'

/** One built file each. `against`: another build of Latchkey, when there is one to compare with. */
export type Bundles = Record<'empty' | 'floor' | 'latchkey', Buffer> & { against?: Buffer }

/**
 * Builds Latchkey as it would be deployed, and the reference floor and an empty Worker the same way.
 * @param against path of a bundle that is there already.
 */
export async function bundles(against?: string): Promise<Bundles> {
  const dir = mkdtempSync(join(tmpdir(), 'latchkey-bundles-'))
  try {
    const flags = ['deploy', '--dry-run', '--minify', '--outdir', dir]
    const env = wranglerEnv(process.env)
    execFileSync(process.execPath, ['--no-warnings', WRANGLER, ...flags], { env, stdio: 'pipe' })
    const [floor, empty] = [join(dir, 'floor.js'), join(dir, 'empty.js')]
    const common = { bundle: true, minify: true, format: 'esm', target: 'es2024' } as const
    await build({ ...common, entryPoints: ['bench/floor.ts'], outfile: floor })
    const contents = 'export default { fetch: () => new Response("ok") }'
    await build({ ...common, stdin: { contents }, outfile: empty })
    return {
      empty: readFileSync(empty),
      floor: readFileSync(floor),
      latchkey: readFileSync(join(dir, 'index.js')),
      ...(against === undefined ? {} : { against: readFileSync(against) }),
    }
  } finally {
    rmSync(dir, { recursive: true })
  }
}

/** `gzip: floor 20.1 KiB, latchkey 61.7 KiB`. */
export function sizes(built: Bundles): string {
  const { empty: _, ...others } = built
  const said = Object.entries(others).map(([name, bundle]) => {
    return `${name} ${(gzipSync(bundle, { level: 9 }).length / 1024).toFixed(1)} KiB`
  })
  return `gzip: ${said.join(', ')}`
}
