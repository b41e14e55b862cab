import { deviceKeyOf } from '../src/base/device-key.ts'
import { addressIdOf } from '../src/model/address.ts'

const DAY = 86_400

/** 128 random bits, as every user id; a fixed one, so that a second start of the database finds the same person. */
const USER_ID = 'usr_sampleJohnDoe000000000'
const DEVICE_ID = 'dev_sample_iphone'

/**
 * John Doe's identity and history, so that lists have something to show: a link that was used, the session that
 * it opened (signed out since), and an older session that has ended. None of them signs anybody in: the link
 * is used, and there is no session JWT.
 * @param now Unix seconds.
 * @returns token rows in the shape of the schema.
 */
export async function sampleTokens(
  now: number,
): Promise<({ tokenId: string } & Record<string, unknown>)[]> {
  const email = 'john.doe@acmecorp.com'
  const person = { email, userId: USER_ID, deviceId: DEVICE_ID }
  const client = { sourceFlow: 'email', ipAddress: '192.0.2.10', userAgent: 'MobileDashboard/1.0' }
  const asked = now - 2 * DAY
  const opened = asked + 45
  const before = now - 40 * DAY
  const session = {
    tokenType: 'session',
    ...person,
    deviceKey: await deviceKeyOf(DEVICE_ID),
    used: true,
    generation: 0,
    sessionJWT: null,
  }
  return [
    {
      tokenId: await addressIdOf(email),
      tokenType: 'address',
      userId: USER_ID,
      createdAt: before,
      expiresAt: null,
      lastingExpiresAt: null,
      linksNotBefore: opened * 1000,
      devices: {},
    },
    {
      tokenId: 'tok_ml_sampleUsedLink000000000',
      tokenType: 'magic_link',
      ...person,
      createdAt: asked,
      expiresAt: asked + 900,
      used: true,
      usedAt: opened,
      sessionJWT: null,
      codeChallenge: 'sampleSampleSampleSampleSampleSampleSample0',
      attempts: 0,
      metadata: { ...client, dashboardId: 'workbook_abc123' },
    },
    {
      tokenId: 'ses_sampleSignedOut0000000',
      ...session,
      deviceName: 'iPhone of John',
      createdAt: opened,
      openedAtMs: opened * 1000,
      expiresAt: opened + 30 * DAY,
      usedAt: opened,
      revokedAt: now - DAY,
      revokedBy: USER_ID,
      revokedReason: 'signed_out',
      metadata: { ...client, dashboardId: 'workbook_abc123', lastUsedAt: now - DAY },
    },
    {
      tokenId: 'ses_sampleEnded00000000000',
      ...session,
      deviceName: 'iPad of John',
      createdAt: before,
      openedAtMs: before * 1000,
      expiresAt: before + 30 * DAY,
      usedAt: before,
      metadata: { ...client, lastUsedAt: before + 3 * DAY },
    },
  ]
}
