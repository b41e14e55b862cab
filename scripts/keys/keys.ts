/**
 * Prints a set of production secrets as JSON for `wrangler secret bulk`. With `--rotate`, it reads the
 * current set from standard input and prints the next one. With `--replace SEAL_KEYS` or `--replace JWT_KEYS`, or both,
 * it does the same, but old keys of these rings become invalid. With `--alg RS256`, the new signing key is an RSA key.
 * With `--console-client NAME`, it prints a new secret for a machine that calls the console, and its hash for
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
import type { SecretSet } from './read-rings.ts'
import { replaceKeys, RINGS, type Ring } from './replace-keys.ts'
import { rotateKeys } from './rotate-keys.ts'

await run(async () => {
  const { values } = parseArgs({
    options: {
      alg: { type: 'string' },
      rotate: { type: 'boolean', default: false },
      replace: { type: 'string', multiple: true },
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
  const secrets = await makeNext(values.rotate, readRings(values.replace), now, alg)
  console.log(JSON.stringify(secrets, null, 2))
})

async function makeNext(
  rotate: boolean,
  rings: Ring[],
  now: number,
  alg?: JwtAlgorithm,
): Promise<SecretSet> {
  if (!rotate && rings.length === 0) return makeSecrets(alg)
  if (rotate && rings.length > 0) throw new Plain('Use --rotate or --replace, not both.')
  const current = readSecrets(await text(process.stdin), rotate ? '--rotate' : '--replace …')
  try {
    return await (rotate ? rotateKeys(current, now, alg) : replaceKeys(current, rings, alg))
  } catch (error) {
    throw new Plain((error as Error).message)
  }
}

function readRings(given: string[] = []): Ring[] {
  return given.map((name) => {
    const ring = RINGS.find((one) => one === name)
    if (ring === undefined) throw new Plain(`--replace must be one of ${RINGS.join(', ')}.`)
    return ring
  })
}

function readAlgorithm(given: string | undefined): JwtAlgorithm | undefined {
  const alg = JWT_ALGORITHMS.find((one) => one === given)
  if (given !== undefined && alg === undefined) {
    throw new Plain(`--alg must be one of ${JWT_ALGORITHMS.join(', ')}.`)
  }
  return alg
}

function readSecrets(input: string, flag: string): SecretSet {
  try {
    return JSON.parse(input) as SecretSet
  } catch {
    throw new Plain(
      `Pass the current secrets as JSON: npm run --silent keys -- ${flag} < secrets.json`,
    )
  }
}
