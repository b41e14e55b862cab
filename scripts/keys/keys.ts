/**
 * Prints a set of production secrets as JSON for `wrangler secret bulk`. With `--rotate`, it reads the
 * current set from standard input and prints the next one. With `--alg RS256`, the new signing key is an RSA key. With
 * `--console-client NAME`, it prints a new secret for a machine that calls the console, and its hash for
 * CONSOLE_CLIENTS. It stores nothing.
 */
import { text } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { Plain, run } from '../fail.ts'
import {
  JWT_ALGORITHMS,
  makeConsoleClient,
  makeSecrets,
  type JwtAlgorithm,
} from './make-secrets.ts'
import { rotateKeys, type SecretSet } from './rotate-keys.ts'

await run(async () => {
  const { values } = parseArgs({
    options: {
      alg: { type: 'string' },
      rotate: { type: 'boolean', default: false },
      'console-client': { type: 'string' },
    },
  })
  const client = values['console-client']
  if (client !== undefined) {
    console.log(JSON.stringify(await makeConsoleClient(client), null, 2))
    return
  }
  const alg = readAlgorithm(values.alg)
  const now = Math.floor(Date.now() / 1000)
  const secrets = values.rotate
    ? await rotated(await text(process.stdin), now, alg)
    : await makeSecrets(alg)
  console.log(JSON.stringify(secrets, null, 2))
})

function readAlgorithm(given: string | undefined): JwtAlgorithm | undefined {
  const alg = JWT_ALGORITHMS.find((one) => one === given)
  if (given !== undefined && alg === undefined) {
    throw new Plain(`--alg must be one of ${JWT_ALGORITHMS.join(', ')}.`)
  }
  return alg
}

async function rotated(input: string, now: number, alg?: JwtAlgorithm): Promise<SecretSet> {
  let current: SecretSet
  try {
    current = JSON.parse(input) as SecretSet
  } catch {
    throw new Plain(
      'Pass the current secrets as JSON: npm run --silent keys -- --rotate < secrets.json',
    )
  }
  try {
    return await rotateKeys(current, now, alg)
  } catch (error) {
    throw new Plain((error as Error).message)
  }
}
