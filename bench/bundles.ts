import { build } from 'esbuild'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { buildWorker } from '../dev/build-worker.ts'

/** One built file each. `against` is another build of Latchkey, to compare with. */
export type Bundles = Record<'empty' | 'floor' | 'latchkey', Buffer> & { against?: Buffer }

/**
 * Builds Latchkey as a deployment would, and the reference floor and an empty Worker, minified as well.
 * @param against path of another build of Latchkey, which is only read.
 */
export async function bundles(against?: string): Promise<Bundles> {
  const dir = mkdtempSync(join(tmpdir(), 'latchkey-bundles-'))
  try {
    buildWorker(dir)
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
  const parts = Object.entries(others).map(([name, bundle]) => {
    return `${name} ${(gzipSync(bundle, { level: 9 }).length / 1024).toFixed(1)} KiB`
  })
  return `gzip: ${parts.join(', ')}`
}
