import type { Deps } from '../http/deps.ts'
import { linkKey, type Link } from '../model/link.ts'
import { openHandle, openLink, type LinkContent } from '../model/sealed-link.ts'
import type { LinkParameters } from './schema.ts'
import { signIn, type Device, type SignedIn } from './sign-in.ts'

/** Redeems a sealed link. A forged one is refused here, without a request to DynamoDB. */
export async function redeemLink(
  deps: Deps,
  input: LinkParameters,
  device: Device,
): Promise<SignedIn> {
  const sealed = await openLink(deps.seals, input.link_token)
  const link = sealed && (await complete(deps, sealed, input.handle))
  return link ? signIn(deps, link, device, [link.flow]) : { ok: false, reason: 'unknown' }
}

/**
 * An SMS link has no room for its address and user id. The app's handle contains both. Without the handle, this reads
 * the row, which costs one more round trip.
 */
async function complete(
  { config, db, seals }: Deps,
  link: LinkContent,
  handle: string | undefined,
): Promise<Link | null> {
  if (isComplete(link)) return link
  const known = handle === undefined ? null : await openHandle(seals, handle)
  if (known?.linkId === link.linkId && isComplete(known)) return known
  const row = await db.get(linkKey(config, link.linkId))
  if (row?.tokenType !== 'magic_link') return null
  const { email, userId, metadata } = row
  return { ...link, email, userId, dashboardId: metadata.dashboardId }
}

const isComplete = (link: LinkContent): link is Link =>
  link.email !== undefined && link.userId !== undefined
