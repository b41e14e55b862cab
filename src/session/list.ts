import { EMAIL_INDEX } from '../base/tables.ts'
import type { Deps } from '../http/deps.ts'
import { queryPage, type ListPage } from '../http/list-page.ts'
import type { LinkRow } from '../model/link.ts'
import { judgeSession, type SessionRows } from '../model/live-session.ts'
import { sessionsOfPerson, type SessionRow } from '../model/session.ts'
import { describeSession } from './describe.ts'

/** A person's session rows (access pattern 3), including ended ones: see liveSessions. */
export const querySessions = (
  deps: Deps,
  { userId }: { userId: string },
  cursor: string | undefined,
): Promise<ListPage<SessionRow>> =>
  queryPage<SessionRow>(
    deps,
    { list: 'sessions', userId },
    sessionsOfPerson(deps.config, userId),
    cursor,
  )

/**
 * Recent links and sessions of an address, newest first (access pattern 4). The index is keyed by address, so rows of
 * a previous owner of the address are left out here.
 */
export async function queryActivity(
  deps: Deps,
  { userId, email }: { userId: string; email: string },
  cursor: string | undefined,
): Promise<ListPage<LinkRow | SessionRow>> {
  const page = await queryPage<LinkRow | SessionRow>(
    deps,
    { list: 'activity', userId },
    {
      IndexName: EMAIL_INDEX,
      KeyConditionExpression: 'email = :email',
      ExpressionAttributeValues: { ':email': email },
      ScanIndexForward: false,
    },
    cursor,
  )
  return page && { ...page, rows: page.rows.filter((row) => row.userId === userId) }
}

/** The live sessions of a page, according to their own rows and the address row, which is read in parallel. */
export function liveSessions(
  { config, world }: Deps,
  rows: readonly SessionRow[],
  asking: SessionRows & { session: SessionRow },
) {
  const nowMs = world.now()
  return rows
    .filter((session) => judgeSession(config, { ...asking, session }, asking.session, nowMs).ok)
    .map((session) => ({
      ...describeSession(session),
      current: session.tokenId === asking.session.tokenId,
    }))
}
