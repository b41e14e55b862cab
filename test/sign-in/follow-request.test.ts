import { expect, it } from 'vitest'
import { parseConfig } from '../../src/base/config.ts'
import { unixMs } from '../../src/base/time.ts'
import { realWorld } from '../../src/base/world.ts'
import type { Deps } from '../../src/http/deps.ts'
import { requestIdOf } from '../../src/model/access-request.ts'
import { newLinkId, newUserId, sealHandle } from '../../src/model/sealed-link.ts'
import { followRequest } from '../../src/sign-in/follow-request.ts'
import { newEmail, startLatchkey } from '../support/workers/latchkey.ts'
import { putRow } from '../support/workers/rows.ts'
import { sealsOf } from '../support/workers/seals.ts'

it.each<[boolean, string, object, object]>([
  [true, 'the new link of an approved request', {}, {}],
  [false, 'a link of another device', { codeChallenge: 'another-challenge' }, {}],
  [false, 'a link to another address', { email: 'eve@guest.test' }, {}],
  [false, 'a request that waits', {}, { decided: undefined }],
  [false, 'a request that was declined', {}, { decided: 'declined' }],
  [false, 'a row that is no request', {}, { tokenType: 'address' }],
  [false, 'a link that Latchkey did not seal', {}, { sealedLink: 'x' }],
])('follows (%s) an old handle to %s', async (follows, _, link, row) => {
  const app = startLatchkey()
  const [config, seals] = [parseConfig(app.env), await sealsOf(app)]
  const asked = {
    linkId: newLinkId(realWorld),
    createdAtMs: unixMs(Date.now()),
    flow: 'email' as const,
    userId: newUserId(realWorld),
    email: newEmail('guest.test'),
    codeChallenge: 'its-challenge',
    keyId: seals.currentKeyId,
  }
  const sent = { ...asked, linkId: newLinkId(realWorld), ...link }
  await putRow(app, {
    tokenId: await requestIdOf(asked.email),
    tokenType: 'access_request',
    decided: 'approved',
    sealedLink: await sealHandle(seals, sent),
    ...row,
  })
  const { linkId } = await followRequest({ config, db: app.db, seals } as Deps, asked)
  expect(linkId).toBe(follows ? sent.linkId : asked.linkId)
})
