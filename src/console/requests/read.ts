import { requestIdOf, requestKey, type AccessRequestRow } from '../../model/access-request.ts'
import { approvalKey, type ApprovalRow } from '../../model/approval.ts'
import type { ConsoleDeps } from '../deps.ts'

/** How often a decision is tried while other writers change its rows. */
export const TRIES = 3

export type RequestRows = {
  request: AccessRequestRow | undefined
  approval: ApprovalRow | undefined
}

export const readRequest = async (
  { config, db }: ConsoleDeps,
  email: string,
): Promise<RequestRows> =>
  db.batchGet({
    request: requestKey(config, await requestIdOf(email)),
    approval: approvalKey(config, email),
  })
