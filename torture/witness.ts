import { APPROVALS_TABLE } from '../src/base/tables.ts'
import { dynamoCall } from '../scripts/tables/dynamo-call.ts'
import { introspect } from './proof.ts'
import type { Run } from './run.ts'

/** What the kit knows and does at the server, past the client. */
export type Witness = {
  /** Each person who signed in has one session, however often the client asked for it. */
  oneSession: () => void
  /** How often the client has called `POST /v1/token`. */
  tokenRequests: () => number
  /** The newest session JWT that the Worker gave. */
  lastToken: () => string
  hasEnded: (token: string) => Promise<boolean>
  /** Somebody ends the session at the server. */
  revoke: () => Promise<void>
  /** The company shuts this address out. */
  withdrawApproval: () => Promise<void>
}

export function witnessOf(run: Run): Witness {
  const { wire, kit } = run
  const self: Witness = {
    oneSession() {
      const signIns = wire.given.filter(({ request }) => request.includes('grant-type'))
      for (const [email, given] of Map.groupBy(signIns, ({ email }) => email)) {
        const sessions = new Set(given.map(({ sessionId }) => sessionId)).size
        if (sessions > 1) run.wrong(`one sign-in of ${email} opened ${sessions} sessions`)
      }
    },
    tokenRequests: () => wire.log.filter(({ request }) => request === 'POST /v1/token').length,
    lastToken: () => wire.given.at(-1)?.refreshToken ?? '',
    hasEnded: async (token) => !(await introspect(run, token)).active,
    async revoke() {
      await wire.direct('POST', '/v1/revoke', { token: self.lastToken() })
    },
    async withdrawApproval() {
      const now = Math.floor((Date.now() + wire.settings.aheadMs) / 1000)
      const Item = {
        email: { S: run.email },
        approvedBy: { S: 'torture' },
        approvedAt: { N: String(now - 60) },
        revokedAt: { N: String(now) },
        revokedBy: { S: 'torture' },
      }
      await dynamoCall(kit.aws, 'PutItem', { TableName: APPROVALS_TABLE, Item })
    },
  }
  return self
}
