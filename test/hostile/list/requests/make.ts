import type { HostileBody, HostileRequest } from '../../request.ts'

/** Makes whole requests. */
type Headers = Record<string, string>

export const request = (
  worker: HostileRequest['worker'],
  line: string,
  headers: Headers = {},
  body?: HostileBody | string,
  caller = 'stranger',
): HostileRequest => {
  const [method = '', ...path] = line.split(' ')
  return {
    worker,
    caller,
    method,
    path: path.join(' '),
    headers: Object.entries(headers),
    body: typeof body === 'string' ? { text: body } : body,
  }
}

export const JSON_TYPE = { 'Content-Type': 'application/json' }
export const FORM_TYPE = { 'Content-Type': 'application/x-www-form-urlencoded' }

export const ASK = '"email":"‹new-email›","codeChallenge":"‹challenge›"'
export const ask = (body: HostileBody | string, headers: Headers = {}): HostileRequest =>
  request('public', 'POST /v1/links', { ...JSON_TYPE, ...headers }, body)
export const token = (form: string, headers: Headers = {}): HostileRequest =>
  request('public', 'POST /v1/token', { ...FORM_TYPE, ...headers }, form)
export const LINK = 'grant_type=urn:latchkey:grant-type:link'
export const CODE = 'grant_type=urn:latchkey:grant-type:code'
export const DEVICE = 'code_verifier=‹verifier›&device_id=‹device›'
