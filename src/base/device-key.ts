import { shortHash } from './encoding.ts'

/**
 * A short name for a device, on its person's address row and in tokens: 72 bits of a hash of the `device_id` that the
 * app chose. It limits the size of what an app can write there, and hides the app's own id from APIs.
 */
export const deviceKeyOf = (deviceId: string): Promise<string> => shortHash(deviceId, 12)
