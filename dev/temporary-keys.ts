import { randomBytes } from 'node:crypto'
import type { WorkerName } from '../scripts/infra/grants.ts'
import { LOCAL_AWS } from './local-aws.ts'

/** Keys that the stand-in of STS gave to a Worker. */
export type TemporaryKeys = {
  worker: WorkerName
  region: string
  accessKeyId: string
  secretAccessKey: string
  sessionToken: string
  endsAtMs: number
}

const given = new Map<string, TemporaryKeys>()

/** Makes keys that the stand-ins of DynamoDB, SES and SMS accept until their end. */
export function giveTemporaryKeys(worker: WorkerName, seconds: number): TemporaryKeys {
  const keys = {
    worker,
    region: LOCAL_AWS.region,
    accessKeyId: `ASIA${randomBytes(8).toString('hex').toUpperCase()}`,
    secretAccessKey: randomBytes(30).toString('base64'),
    sessionToken: randomBytes(300).toString('base64'),
    endsAtMs: Date.now() + seconds * 1000,
  }
  given.set(keys.accessKeyId, keys)
  return keys
}

export const temporaryKeysOf = (accessKeyId: string): TemporaryKeys | undefined =>
  given.get(accessKeyId)
