/**
 * Prints a set of production secrets as JSON for `wrangler secret bulk`. With `--rotate`, it reads the
 * current set from standard input and prints the next one. With `--console-client NAME`, it prints a new
 * secret for a machine that calls the console, and the hash of it for CONSOLE_CLIENTS. It stores nothing.
 */
import { text } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { Plain, run } from '../fail.ts'
import { makeConsoleClient, makeSecrets } from './make-secrets.ts'
import { rotateKeys, type SecretSet } from './rotate-keys.ts'

await run(async () => {
  const { values } = parseArgs({
    options: {
      rotate: { type: 'boolean', default: false },
      'console-client': { type: 'string' },
    },
  })
  const client = values['console-client']
  if (client !== undefined) {
    console.log(JSON.stringify(await makeConsoleClient(client), null, 2))
    return
  }
  const now = Math.floor(Date.now() / 1000)
  const secrets = values.rotate
    ? await rotated(await text(process.stdin), now)
    : await makeSecrets()
  console.log(JSON.stringify(secrets, null, 2))
})

async function rotated(input: string, now: number): Promise<SecretSet> {
  let current: SecretSet
  try {
    current = JSON.parse(input) as SecretSet
  } catch {
    throw new Plain(
      'Pass the current secrets as JSON: npm run --silent keys -- --rotate < secrets.json',
    )
  }
  try {
    return await rotateKeys(current, now)
  } catch (error) {
    throw new Plain((error as Error).message)
  }
}
