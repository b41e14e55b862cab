import { STS_AUDIENCE } from '../../src/base/assume-role.ts'
import type { WorkerName } from './grants.ts'

/** The `sub` of the token with which a Worker asks AWS STS for keys (src/crypto/web-identity.ts). */
export const subjectOf = (worker: WorkerName): string => `latchkey:${worker}`

/** The name of a Worker's role. It is fixed, so that AWS_ROLE_ARN is known before the role exists. */
export const roleNameOf = (worker: WorkerName): string => `latchkey-${worker}`

export type TrustPolicy = {
  Version: '2012-10-17'
  Statement: [
    {
      Effect: 'Allow'
      Principal: { Federated: string }
      Action: 'sts:AssumeRoleWithWebIdentity'
      Condition: { StringEquals: Record<string, string> }
    },
  ]
}

/**
 * The trust policy of a Worker's role: only a token of this issuer, with AWS's audience and this Worker's subject,
 * gets its keys. Without the condition on `sub`, the console's role would be open to the public Worker.
 * @param host of ISSUER. @param provider the ARN of its OIDC provider in IAM.
 */
export const trustPolicyOf = (worker: WorkerName, host: string, provider: string): TrustPolicy => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Federated: provider },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: {
        StringEquals: { [`${host}:aud`]: STS_AUDIENCE, [`${host}:sub`]: subjectOf(worker) },
      },
    },
  ],
})
