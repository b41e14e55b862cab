import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { Plain, run } from '../fail.ts'
import { buildWorker } from '../../dev/build-worker.ts'

/**
 * A new isolate must load and compile its Worker's bundle, so the size is limited. Raise a limit only for a new
 * feature. The built pages are not part of a bundle: their HTML is in public/.
 */
const WORKERS = [
  { title: 'the public Worker', name: '', folder: 'dist', maxKib: 57.3 },
  { title: 'the console', name: 'console', folder: 'dist/console', maxKib: 157 },
] as const

/** Builds each Worker into `dist/`, as a deployment would, and fails if its gzip size is above its limit. */
await run(() => {
  const messages = WORKERS.map(({ title, name, folder, maxKib }) => {
    try {
      buildWorker(folder, name)
    } catch (error) {
      const { stdout, stderr } = error as { stdout: string; stderr: string }
      throw new Plain(`${stdout}${stderr}`.trim())
    }
    const kib = gzipSync(readFileSync(`${folder}/index.js`), { level: 9 }).length / 1024
    const message = `the bundle of ${title} has ${kib.toFixed(1)} KiB (gzip), the limit is ${maxKib} KiB`
    return { message, tooLarge: kib > maxKib }
  })
  const tooLarge = messages.filter((one) => one.tooLarge)
  if (tooLarge.length > 0) throw new Plain(tooLarge.map(({ message }) => message).join('\n'))
  for (const { message } of messages) console.log(message)
})
