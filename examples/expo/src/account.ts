import { LatchkeyError } from '@latchkey/client'
import { latchkey } from './latchkey'
import { ISSUER } from './settings'

export type Device = {
  id: string
  deviceName?: string
  /** Unix seconds. */
  lastUsedAt: number
  current: boolean
}

/** All live sessions of the person: `GET /v1/sessions`, page by page. */
export async function listDevices(): Promise<Device[]> {
  const devices: Device[] = []
  let cursor: string | undefined
  do {
    const query = cursor ? `?cursor=${encodeURIComponent(cursor)}` : ''
    const answer = await latchkey.fetch(`${ISSUER}/v1/sessions${query}`)
    if (!answer.ok) throw new Error(`the list of devices returned ${answer.status}`)
    const page = (await answer.json()) as { sessions: Device[]; nextCursor?: string }
    devices.push(...page.sessions)
    cursor = page.nextCursor
  } while (cursor)
  return devices.toSorted(
    (a, b) => Number(b.current) - Number(a.current) || b.lastUsedAt - a.lastUsedAt,
  )
}

/** Ends a session of another device. One that has already ended returns 404, which is as good. */
export async function endDevice(id: string): Promise<void> {
  const path = `/v1/sessions/${encodeURIComponent(id)}`
  const answer = await latchkey.fetch(ISSUER + path, { method: 'DELETE' })
  if (!answer.ok && answer.status !== 404) throw new Error(`the device returned ${answer.status}`)
}

/**
 * - `deleted`: the account and all sessions are gone, and this device is signed out.
 * - `sign_in_again`: the server wants a sign-in of the last five minutes (RFC 9470).
 */
export type Deletion = 'deleted' | 'sign_in_again'

/** Deletes the person's account: `DELETE /v1/account`. */
export async function deleteAccount(): Promise<Deletion> {
  try {
    await latchkey.deleteAccount()
    return 'deleted'
  } catch (error) {
    if (error instanceof LatchkeyError && error.code === 'sign_in_again') return 'sign_in_again'
    throw error
  }
}
