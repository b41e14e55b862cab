import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { Plain, run } from '../fail.ts'
import { WRANGLER, wranglerEnv } from '../../dev/wrangler-env.ts'

/** What one Worker may weigh. Raise it only for a feature. */
type Ceiling = { worker: string; env: string; outdir: string; kib: number }

/**
 * Signing in by link alone took 48; codes, SMS, refresh, DPoP and introspection are the rest. The page behind
 * the link stands in public/ and costs only its filling. The console weighs nothing on the way of a sign-in.
 */
const CEILINGS: Ceiling[] = [
  { worker: 'the public Worker', env: '', outdir: 'dist', kib: 52 },
  { worker: 'the console', env: 'console', outdir: 'dist/console', kib: 52 },
]

/** Builds what would be deployed into `dist/` and holds its gzip size against the ceiling. */
await run(() => {
  const tooLarge = CEILINGS.filter(({ worker, env, outdir, kib: most }) => {
    build(env, outdir)
    const kib = gzipSync(readFileSync(`${outdir}/index.js`), { level: 9 }).length / 1024
    console.log(`${worker} is ${kib.toFixed(1)} KiB gzip; at most ${most}`)
    return kib > most
  })
  if (tooLarge.length > 0) throw new Plain('too large')
})

function build(env: string, outdir: string): void {
  const flags = ['deploy', `--env=${env}`, '--dry-run', '--minify', '--outdir', outdir]
  try {
    execFileSync(process.execPath, ['--no-warnings', WRANGLER, ...flags], {
      env: wranglerEnv(process.env),
      stdio: 'pipe',
      encoding: 'utf8',
    })
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string }
    throw new Plain(`${stdout}${stderr}`.trim())
  }
}
