import { parseConfig } from '../../../src/base/config.ts'
import { unixMs } from '../../../src/base/time.ts'
import { realWorld } from '../../../src/base/world.ts'
import { createSeals, type Seals } from '../../../src/crypto/seal.ts'
import { newLinkId, newUserId, sealLink, type LinkContent } from '../../../src/model/sealed-link.ts'
import { newEmail, type Latchkey } from './latchkey.ts'

/** The seals of a Worker, as a thief of its keys holds them. */
export const sealsOf = (app: Latchkey): Promise<Seals> =>
  createSeals(parseConfig(app.env).SEAL_KEYS, realWorld)

/** A link token that this Worker sealed: for a row that is not there, unless one is named. */
export async function sealToken(app: Latchkey, more: Partial<LinkContent> = {}): Promise<string> {
  const seals = await sealsOf(app)
  return sealLink(seals, {
    linkId: newLinkId(realWorld),
    createdAtMs: unixMs(Date.now()),
    flow: 'email',
    userId: newUserId(realWorld),
    email: newEmail(),
    keyId: seals.currentKeyId,
    ...more,
  })
}
