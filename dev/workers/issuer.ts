/** Whether an origin is https, or plain HTTP on a private IPv4 address (RFC 1918). */
export function isReachableIssuer(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || url.origin !== text) return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && isPrivateAddress(url.hostname))
}

export const isPrivateAddress = (address: string): boolean =>
  /^(?:10\.\d{1,3}|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d{1,3}\.\d{1,3}$/.test(address)
