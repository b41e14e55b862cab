import { EXIT, Failure } from '../exit.ts'
import type { Machine } from '../terminal/shell.ts'
import { bodyOf, connect } from '../api/connect.ts'
import { originOf } from './place.ts'

const METADATA = '/.well-known/oauth-protected-resource'

/** Asks the console where its people sign in (RFC 9728). @returns the issuer's origin. */
export async function discoverIssuer(machine: Machine, console: string): Promise<string> {
  const response = await connect(machine, console + METADATA, { redirect: 'error' })
  const text = await bodyOf(machine, response, console)
  const metadata = response.ok ? parse(text) : null
  const [issuer] = metadata?.authorization_servers ?? []
  // RFC 9728 section 3.3: metadata that names another resource must not be used.
  if (metadata?.resource !== console || typeof issuer !== 'string') {
    if (response.status >= 500 || response.status === 429) {
      throw new Failure(
        EXIT.unavailable,
        `${console} is not available at the moment. Try again later.`,
      )
    }
    throw new Failure(EXIT.refused, `${console} is no console of Latchkey, or has another address.`)
  }
  return originOf(issuer, 'The issuer of the console')
}

function parse(text: string): { resource?: unknown; authorization_servers?: unknown[] } | null {
  try {
    return Object(JSON.parse(text)) as { resource?: unknown; authorization_servers?: unknown[] }
  } catch {
    return null
  }
}
