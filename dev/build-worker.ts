import { execFileSync } from 'node:child_process'
import type { WorkerName } from './worker.ts'
import { WRANGLER, wranglerEnv } from './wrangler-env.ts'

/**
 * Builds a Worker exactly as a deployment would, into `<folder>/index.js`. It uploads nothing.
 * @param name its environment in wrangler.toml.
 * @throws Error with wrangler's output in `stdout` and `stderr`.
 */
export function buildWorker(folder: string, name: WorkerName = ''): void {
  const flags = ['deploy', `--env=${name}`, '--dry-run', '--minify', '--outdir', folder]
  const env = wranglerEnv(process.env)
  const options = { env, stdio: 'pipe', encoding: 'utf8' } as const
  execFileSync(process.execPath, ['--no-warnings', WRANGLER, ...flags], options)
}
