import { homedir, hostname } from 'node:os'
import { run } from './run.ts'

const interrupted = new AbortController()
let signalled: NodeJS.Signals | undefined
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    signalled ??= signal
    interrupted.abort()
  })
}
// A reader that has seen enough, such as head, is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
})

const exit = await run(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  home: homedir(),
  hostname: hostname(),
  now: Date.now,
  fetch: (input, init) => fetch(input, init),
  signal: interrupted.signal,
})
process.exitCode = signalled === 'SIGTERM' ? 143 : signalled === 'SIGHUP' ? 129 : exit
