/** What the console answers with, as far as it is shown here. openapi-console.json has all of it. Times in Unix seconds. */

export type Approval = {
  email: string
  state: 'active' | 'ending' | 'ended' | 'withdrawn'
  company: string | null
  reason: string | null
  notes: string | null
  expiresAt: number | null
  phoneNumber: string | null
  approvedBy: string | null
  approvedAt: number | null
  withdrawnAt: number | null
  withdrawnBy: string | null
  withdrawnReason: string | null
  etag: string
}

export type Change = {
  at: number
  action: string
  by: string
  reason: string | null
  before: Record<string, unknown> | null
  after: Record<string, unknown> | null
}

export type ApprovalWithHistory = { approval: Approval; history: Change[] }

export type AccessRequest = {
  email: string
  /** The address was approved in another way; its device still waits for a link. */
  approved: boolean
  firstAskedAt: number
  askedAt: number
  asks: number
  deviceName: string | null
  ipAddress: string
}

export type Budget = { left: number; size: number; nextAt: number | null }

export type Session = {
  id: string
  deviceId: string
  deviceName?: string
  createdAt: number
  lastUsedAt: number
  ipAddress: string
  alive: boolean
  end: { reason: string; at: number | null; by: string | null } | null
  endsAt: number | null
}

export type PersonEvent = { at: number; kind: string } & Record<string, unknown>

export type Person = {
  email: string
  userId: string | null
  standing: { approved: boolean; why: string }
  firstAskedAt: number | null
  hasSignedIn: boolean
  budgets: { messages: Budget; codes: Budget }
  approval: Approval | null
  mailRefused: { at: number; why: string } | null
  request: AccessRequest | null
  sessions: Session[]
}

export type Why = {
  email: string
  answers: Record<'notApproved' | 'noMail' | 'thrownOut', { problem: boolean; sentence: string }>
  findings: { topic: string; code: string; sentence: string }[]
}

export type Me =
  | {
      kind: 'person'
      role: string
      email: string
      signedInAt: number
      signInAgainAt: number
      recentUntil: number
    }
  | { kind: 'machine'; name: string; scopes: string[] }
