import { deviceKeyOf } from '../src/base/device-key.ts'
import { addressIdOf } from '../src/model/address.ts'

const DAY = 86_400

/**
 * It has the form of a random user id, 16 bytes in base64url, so that a link can hold it. It is fixed, so that every start
 * of the database has the same person.
 */
const USER_ID = 'usr_sampleJohnDoe00000000A'
const DEVICE_ID = 'dev_sample_iphone'

/**
 * The address row and the history of one sample person, so that the lists show something: a used link, the
 * session that it opened and that was signed out, and an older session that has expired. Nobody can sign in
 * with these rows: the link is used, and no row has a session JWT.
 * @param now Unix seconds.
 * @returns token rows as the schema has them.
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
