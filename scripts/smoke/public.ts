import { about, examine, type Finding } from '../doctor/finding.ts'
import { examineAssociation, examineIssuer, get, membersOf } from '../doctor/web.ts'
import { examineHeaders, isLocal } from './headers.ts'

type Metadata = { issuer?: string; token_endpoint?: string; jwks_uri?: string }
type Jwks = { keys?: Record<string, unknown>[] }

const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']
/** No origin that a deployment would allow. */
const FOREIGN = 'https://smoke.invalid'

/** The public Worker, from outside. It sends nothing that could change a row. */
export const examinePublic = (origin: string): Promise<Finding[]>[] => [
  examine('health', () => examineHealth(origin)),
  examine('issuer', () => examineIssuer(origin)),
  examine('documents', () => examineDocuments(origin)),
  examine('app links', () => examineAssociation(origin)),
  examine('headers', () =>
    examineHeaders(origin, {
      '/healthz': true,
      '/v1/session': true,
      '/link/smoke': true,
      '/smoke-no-such-path': true,
      '/.well-known/jwks.json': false,
      '/openapi.json': false,
    }),
  ),
  examine('guards', () => examineGuards(origin)),
]

export async function examineHealth(origin: string): Promise<Finding[]> {
  const say = about(`health (${origin})`)
  const { status } = await get(`${origin}/healthz`)
  const ready = await get(`${origin}/readyz`)
  const found = [
    status === 200 ? say.ok('it runs') : say.error(`/healthz answers ${status}`),
    ready.status === 200 ? say.ok('it is ready') : say.error(`/readyz answers ${ready.status}`),
  ]
  // The entry points of development accept an issuer that a phone can reach, and say what runs where.
  if (!isLocal(origin) && (await get(`${origin}/development.json`)).status !== 404) {
    found.push(say.error('/development.json exists: this is a Worker for development'))
  }
  return found
}

/** Both metadata documents, and the keys at the address that they name. */
async function examineDocuments(origin: string): Promise<Finding[]> {
  const say = about('documents')
  const found: Finding[] = []
  for (const name of ['oauth-authorization-server', 'openid-configuration']) {
    const metadata = await membersOf<Metadata>(await get(`${origin}/.well-known/${name}`))
    const wrong = Object.entries({
      issuer: origin,
      token_endpoint: `${origin}/v1/token`,
      jwks_uri: `${origin}/.well-known/jwks.json`,
    }).filter(([member, expected]) => metadata[member as keyof Metadata] !== expected)
    for (const [member, expected] of wrong) {
      found.push(say.error(`${name}: ${member} is not ${expected}`))
    }
  }
  const { keys = [] } = await membersOf<Jwks>(await get(`${origin}/.well-known/jwks.json`))
  if (keys.some((key) => PRIVATE_MEMBERS.some((member) => member in key))) {
    found.push(say.error('jwks.json holds a private or secret key. Replace JWT_KEYS now'))
  }
  if (keys.some(({ kid, alg, use }) => !kid || !alg || use !== 'sig')) {
    found.push(say.error('a key in jwks.json has no kid or alg, or is not for signatures'))
  }
  if (new Set(keys.map(({ kid }) => kid)).size < keys.length) {
    found.push(say.error('two keys in jwks.json have the same kid'))
  }
  return found.length > 0 ? found : [say.ok('discovery and public keys agree with the origin')]
}

type Refusal = { what: string; path: string; init?: RequestInit; status: number; body: RegExp }

/** Requests that every deployment must refuse. Each is refused before it could change anything. */
const REFUSALS: readonly Refusal[] = [
  {
    what: 'a request without a token',
    path: '/v1/session',
    status: 401,
    body: /urn:latchkey:problem:/,
  },
  {
    what: 'a token that it did not issue',
    path: '/v1/session',
    init: { headers: { Authorization: 'Bearer smoke' } },
    status: 401,
    body: /urn:latchkey:problem:/,
  },
  {
    what: 'a refresh with nonsense',
    path: '/v1/token',
    init: {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: 'smoke' }),
    },
    status: 400,
    body: /"invalid_grant"/,
  },
  {
    what: 'a page of another site',
    path: '/v1/links',
    init: {
      method: 'POST',
      headers: { Origin: FOREIGN, 'Content-Type': 'application/json' },
      body: '{}',
    },
    status: 403,
    body: /origin_not_allowed/,
  },
  {
    what: 'a request for a link without an address',
    path: '/v1/links',
    init: { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}' },
    status: 400,
    body: /urn:latchkey:problem:/,
  },
  { what: 'another method', path: '/v1/links', status: 405, body: /urn:latchkey:problem:/ },
]

async function examineGuards(origin: string): Promise<Finding[]> {
  const say = about('guards')
  const found: Finding[] = []
  for (const { what, path, init, status, body } of REFUSALS) {
    const answer = await get(`${origin}${path}`, init)
    const text = await answer.text()
    if (answer.status !== status || !body.test(text)) {
      found.push(say.error(`${what}: answers ${answer.status}, must be ${status} of Latchkey`))
    }
    if (answer.headers.get('Access-Control-Allow-Origin') === FOREIGN) {
      found.push(say.error('lets pages of any site read its answers'))
    }
  }
  return found.length > 0 ? found : [say.ok('refuses what every deployment must refuse')]
}
