import http from 'node:http'
import https from 'node:https'
import { syncBuiltinESMExports } from 'node:module'

/** Lets a library that only speaks HTTPS reach a server on this machine that has no certificate. */
export function withoutTls(): void {
  const request = (url: string, ...more: [object, () => void]) => http.request(url, ...more)
  https.request = request as typeof https.request
  syncBuiltinESMExports()
}
