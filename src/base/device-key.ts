import { shortHash } from './encoding.ts'

/**
 * The short name of a device on its person's address row and in tokens: 72 bits of a hash of the
 * `device_id` that the app chose. It bounds what an app can write there, and shows no API the app's own id.
 */
export const deviceKeyOf = (deviceId: string): Promise<string> => shortHash(deviceId, 12)
