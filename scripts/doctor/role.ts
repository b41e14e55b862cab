import { AwsClient } from 'aws4fetch'
import type { Aws } from '../../dev/local-aws.ts'
import { isForAws } from '../../src/base/key-rings.ts'
import type { JwtKey } from '../../src/base/key-rings.ts'
import { STS_AUDIENCE } from '../../src/base/assume-role.ts'
import { WORKERS } from '../infra/iam.ts'
import { subjectOf, trustPolicyOf } from '../infra/trust.ts'
import { about, type Finding } from './finding.ts'
import { get, membersOf } from './web.ts'

const WHAT = 'AWS role'

/** Whether AWS can verify the tokens of the issuer. @param issuer the value of ISSUER. */
export async function examineProvider(issuer: string): Promise<Finding[]> {
  const say = about(WHAT)
  const found: Finding[] = []
  const { protocol, port } = new URL(issuer)
  if (protocol !== 'https:' || port !== '') {
    found.push(say.error(`${issuer} is not https on port 443, so IAM cannot trust it`))
  }
  const url = `${issuer}/.well-known/openid-configuration`
  const discovery = await membersOf<{ issuer?: string; jwks_uri?: string }>(await get(url))
  if (discovery.issuer !== issuer || !discovery.jwks_uri) {
    return [...found, say.error(`${url} does not describe ${issuer}, so AWS refuses its tokens`)]
  }
  const { keys = [] } = await membersOf<{ keys?: Pick<JwtKey, 'alg'>[] }>(
    await get(discovery.jwks_uri),
  )
  found.push(
    keys.some(isForAws)
      ? say.ok('the issuer publishes a key whose signatures AWS verifies')
      : say.error(
          'the issuer publishes no ES256 or RS256 key, and AWS verifies no other signatures',
        ),
  )
  return found
}

/**
 * The trust policy of the role: it must require AWS's audience and the subject of one Worker.
 * @param aws needs iam:GetRole. @param iamEndpoint the URL of IAM, which is a global service.
 */
export async function examineRole(
  aws: Aws,
  { issuer, arn, iamEndpoint }: { issuer: string; arn: string; iamEndpoint: string },
): Promise<Finding[]> {
  const say = about(WHAT)
  const query = new URLSearchParams({
    Action: 'GetRole',
    RoleName: arn.split('/').at(-1)!,
    Version: '2010-05-08',
  })
  // The signature of a global service names this region.
  const client = new AwsClient({ ...aws, region: 'us-east-1', service: 'iam', retries: 2 })
  const response = await client.fetch(`${iamEndpoint}/?${query.toString()}`)
  const text = await response.text()
  if (!response.ok) {
    const code = /<Code>(\w+)<\/Code>/.exec(text)?.[1] ?? response.status
    const why = `IAM answers ${code} to GetRole`
    // The operator's own key may lack the permission. The role may still be right.
    return [code === 'NoSuchEntity' ? say.error(`${arn} does not exist`) : say.warning(why)]
  }
  const encoded =
    /<AssumeRolePolicyDocument>([^<]*)<\/AssumeRolePolicyDocument>/.exec(text)?.[1] ?? ''
  const policy: unknown = JSON.parse(decodeURIComponent(encoded))
  const { host } = new URL(issuer)
  const [, , , , account] = arn.split(':')
  const provider = `arn:${arn.split(':')[1]}:iam::${account}:oidc-provider/${host}`
  const worker = WORKERS.find((one) => same(policy, trustPolicyOf(one, host, provider)))
  if (worker !== undefined) {
    return [say.ok(`only ${subjectOf(worker)} of ${host} gets its keys`)]
  }
  return [
    say.error(
      `the trust policy of ${arn} is not one of infra/. It must trust ${provider} alone, and require ${host}:aud ${STS_AUDIENCE} and ${host}:sub ${WORKERS.map(subjectOf).join(' or ')}`,
    ),
  ]
}

/** Compares JSON. IAM may return the members in another order, a single value as a list, and an added `Sid`. */
const same = (one: unknown, other: unknown): boolean =>
  JSON.stringify(normalised(one)) === JSON.stringify(normalised(other))

function normalised(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 1 ? normalised(value[0]) : value.map(normalised)
  if (typeof value !== 'object' || value === null) return value
  return Object.entries(value)
    .filter(([name]) => name !== 'Sid')
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => [name, normalised(member)])
}
