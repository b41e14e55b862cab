import type { Deps } from '../http/deps.ts'
import { requestIdOf, requestKey } from '../model/access-request.ts'
import { openHandle, type LinkContent } from '../model/sealed-link.ts'

/**
 * The link that a handle leads to. Somebody who asked to be let in, and was let in when the link of their ask had
 * grown old, was sent a fresh one; their device still has the old handle. It leads to the fresh link when it has the same
 * challenge. One round trip, for every address alike, and only for handles that have grown old.
 */
export async function followRequest(
  { config, db, seals }: Deps,
  asked: LinkContent & { email: string },
): Promise<LinkContent> {
  const row = await db.get(requestKey(config, await requestIdOf(asked.email)))
  if (row?.tokenType !== 'access_request' || row.decided !== 'approved') return asked
  const sent = await openHandle(seals, row.sealedLink)
  return sent !== null && sent.codeChallenge === asked.codeChallenge && sent.email === asked.email
    ? sent
    : asked
}
