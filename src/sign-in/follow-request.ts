import type { Deps } from '../http/deps.ts'
import { requestIdOf, requestKey } from '../model/access-request.ts'
import { openHandle, type LinkContent } from '../model/sealed-link.ts'

/**
 * The link that a handle leads to. If an access request was approved after its link had become too old, the person
 * was sent a new link, but the device still has the old handle. The handle leads to the new link if both have the
 * same challenge. It costs one round trip, for every address, but only for old handles.
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
