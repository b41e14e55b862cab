import { build } from 'esbuild'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildWorker } from '../dev/build-worker.ts'
import type { Mailbox } from './mailbox.ts'
import { betterAuthVisitor } from './visitors/better-auth.ts'
import { floorVisitor } from './visitors/floor.ts'
import { latchkeyVisitor } from './visitors/latchkey.ts'
import { openauthVisitor } from './visitors/openauth.ts'
import type { Flow, Visitor } from './visitors/visitor.ts'

export type BuildName = 'latchkey' | 'against' | 'floor' | 'openauth' | 'better-auth'

/** A bundle to measure, and how a person uses it. */
export type Build = {
  name: BuildName
  bundle: Buffer
  /** HTTP requests of each flow that the build has. */
  requests: Partial<Record<Flow, number>>
  visit: (origin: string, mailbox: Mailbox) => Visitor
}

const ONE_EACH = { ask: 1, 'sign-in': 1, check: 1, refresh: 1 }

/**
 * Builds Latchkey as a deployment would, and all others with esbuild, minified as well.
 * @param against path of another build of Latchkey, which is only read.
 */
export async function makeBuilds(against?: string): Promise<Build[]> {
  const latchkey = { requests: ONE_EACH, visit: latchkeyVisitor }
  const builds: Build[] = [
    { name: 'latchkey', bundle: buildLatchkey(), ...latchkey },
    {
      name: 'floor',
      bundle: await bundle('bench/floor.ts'),
      requests: { 'sign-in': 1, check: 1 },
      visit: floorVisitor,
    },
    {
      name: 'openauth',
      bundle: await bundle('bench/peers/openauth.ts'),
      requests: { ask: 3, 'sign-in': 2, refresh: 1 },
      visit: openauthVisitor,
    },
    {
      name: 'better-auth',
      bundle: await bundle('bench/peers/better-auth.ts'),
      requests: ONE_EACH,
      visit: betterAuthVisitor,
    },
  ]
  if (against !== undefined)
    builds.push({ name: 'against', bundle: readFileSync(against), ...latchkey })
  return builds
}

/** A Worker that does nothing, to know what workerd itself costs. */
export const EMPTY = Buffer.from('export default{fetch:()=>new Response("ok")}')

/** Latchkey's bundle, as a deployment would build it. */
export function buildLatchkey(): Buffer {
  const dir = mkdtempSync(join(tmpdir(), 'latchkey-bundles-'))
  try {
    buildWorker(dir)
    return readFileSync(join(dir, 'index.js'))
  } finally {
    rmSync(dir, { recursive: true })
  }
}

/** The settings of wrangler, which builds Latchkey. Names of functions are not kept, as in Latchkey's wrangler.toml. */
export async function bundle(entry: string | { contents: string }): Promise<Buffer> {
  const input =
    typeof entry === 'string'
      ? { entryPoints: [entry] }
      : { stdin: { ...entry, resolveDir: '.', loader: 'ts' as const } }
  const { outputFiles } = await build({
    ...input,
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2024',
    conditions: ['workerd', 'worker', 'browser'],
    external: ['cloudflare:*', 'node:*'],
    logLevel: 'error',
  })
  return Buffer.from(outputFiles[0]!.contents)
}
