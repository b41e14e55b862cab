import type { AddressRow, GuardedSession } from './address.ts'
import type { SessionRow } from './session.ts'

/**
 * Whether the device of a session that was just opened is new to its person. `known`: another session row is of the same
 * device. `first`: nothing shows that anybody has signed in with the address before.
 * @param address the row after the sign-in.
 */
export function noveltyOf(
  opened: GuardedSession,
  address: AddressRow,
  sessions: readonly SessionRow[],
): 'new' | 'known' | 'first' {
  const others = sessions.filter(({ tokenId }) => tokenId !== opened.sessionId)
  if (others.some(({ deviceKey }) => deviceKey === opened.deviceKey)) return 'known'
  const otherDevices = Object.keys(address.devices ?? {}).some((key) => key !== opened.deviceKey)
  // Session rows are deleted after their 30 days, but the address row keeps its devices and marks.
  const signedInBefore =
    others.length > 0 || otherDevices || address.sessionsNotBefore !== undefined
  return signedInBefore ? 'new' : 'first'
}
