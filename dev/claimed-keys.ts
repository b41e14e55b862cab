import type { IncomingHttpHeaders } from 'node:http'
import type { WorkerName } from '../scripts/infra/grants.ts'
import { verifySigV4, type ReceivedRequest, type Refusal } from './inbox/sigv4.ts'
import { LOCAL_AWS, WORKER_AWS } from './local-aws.ts'
import { temporaryKeysOf, type TemporaryKeys } from './temporary-keys.ts'

/**
 * The credentials that a request claims to be signed with. For an unknown key it returns LOCAL_AWS, and the signature
 * check then fails.
 */
export function claimedKeys({ authorization = '' }: IncomingHttpHeaders) {
  const id = /Credential=([^/]+)\//.exec(authorization)?.[1] ?? ''
  const temporary = temporaryKeysOf(id)
  if (temporary !== undefined) return { worker: temporary.worker, aws: temporary, temporary }
  const [worker, aws] = Object.entries(WORKER_AWS).find(([, aws]) => aws.accessKeyId === id) ?? []
  return { worker: worker as WorkerName | undefined, aws: aws ?? LOCAL_AWS, temporary }
}

/**
 * Checks a request as AWS does: its signature, and for temporary keys their token and their end.
 * @param nowMs the server's clock. @returns null if the request is authentic, otherwise the refusal that AWS would send.
 */
export async function verifyRequest(
  request: ReceivedRequest,
  service: string,
  nowMs: number,
): Promise<Refusal | null> {
  const { aws, temporary } = claimedKeys(request.headers)
  const wrongToken = checkToken(request.headers['x-amz-security-token'], temporary)
  if (wrongToken !== null) return wrongToken
  return verifySigV4(request, { ...aws, service }, nowMs)
}

function checkToken(
  token: string | string[] | undefined,
  keys: TemporaryKeys | undefined,
): Refusal | null {
  if (keys === undefined) return null
  if (token !== keys.sessionToken) {
    const message = 'The security token included in the request is invalid.'
    return { code: 'UnrecognizedClientException', message }
  }
  if (keys.endsAtMs <= Date.now()) {
    const message = 'The security token included in the request is expired'
    return { code: 'ExpiredTokenException', message }
  }
  return null
}
