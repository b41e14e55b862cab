import { createLatchkeyClient, LatchkeyError, type LatchkeyClient } from '../../client/index.ts'
import { connect } from '../api/connect.ts'
import { EXIT, Failure, type Exit } from '../exit.ts'
import type { Machine } from '../terminal/shell.ts'
import { fileKeys, fileStorage } from './file-storage.ts'

/** The client of a person's session, which is kept in this folder. */
export const clientOf = (machine: Machine, folder: string, issuer: string): LatchkeyClient =>
  createLatchkeyClient({
    issuer,
    storage: fileStorage(folder),
    dpop: fileKeys(folder),
    deviceName: `latchkey on ${machine.hostname}`.slice(0, 100),
    now: machine.now,
    fetch: (input, init) => connect(machine, input, init),
  })

/** What to say, and to end with, when the client failed. */
export function failureOf(error: LatchkeyError): Failure {
  // A file that others can read, or Ctrl-C, behind the client's own error.
  if (error.cause instanceof Failure) return error.cause
  const wait =
    error.retryAfterSeconds === undefined ? '' : ` Try again in ${error.retryAfterSeconds} seconds.`
  const known: Record<string, readonly [Exit, string]> = {
    offline: [EXIT.unavailable, 'The issuer does not respond.'],
    unavailable: [EXIT.unavailable, `The issuer is not available at the moment.${wait}`],
    rate_limited: [EXIT.unavailable, `There were too many requests.${wait}`],
    signed_out: [EXIT.signIn, 'You are not signed in. Run: latchkey login'],
    storage: [EXIT.refused, `The session cannot be stored: ${messageOf(error.cause)}`],
    key: [EXIT.refused, `The key of the session cannot be read: ${messageOf(error.cause)}`],
  }
  const [exit, message] = known[error.code] ?? [EXIT.refused, error.message]
  return new Failure(exit, message)
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : 'unknown')
