import { execFileSync } from 'node:child_process'
import { WRANGLER, wranglerEnv } from './wrangler-env.ts'

/**
 * Builds the Worker exactly as a deployment would, into `<folder>/index.js`. It uploads nothing.
 * @throws Error with wrangler's output in `stdout` and `stderr`.
 */
export function buildWorker(folder: string): void {
  const flags = ['deploy', '--dry-run', '--minify', '--outdir', folder]
  const env = wranglerEnv(process.env)
  const options = { env, stdio: 'pipe', encoding: 'utf8' } as const
  execFileSync(process.execPath, ['--no-warnings', WRANGLER, ...flags], options)
}
