import type { JSONWebKeySet } from 'jose'
import type { TemporaryKeys } from './temporary-keys.ts'

/** The faults between a Worker and STS. */
export const STS_FAULTS = [
  'error500', // HTTP 500
  'throttle', // HTTP 400, Throttling
  'denied', // HTTP 403: there is no such role, or its trust policy refuses the token
  'unreachable-issuer', // HTTP 400, IDPCommunicationError
  'reset', // the connection is reset
  'hang', // STS never responds
  'redirect', // HTTP 307 to another host
  'garbled', // only the first half of the response arrives
  'twice', // the response has two sets of keys
  'short', // the keys are valid for a minute
] as const

export type StsRule = {
  fault: (typeof STS_FAULTS)[number]
  /** How many calls it applies to. The default is all. */
  times?: number
}

/** The provider, the rules and the recorded calls of one test. */
export type StsScenario = {
  /** IAM's OIDC provider. Without `jwks`, the stand-in reads the issuer's documents over HTTP. */
  provider?: { issuer: string; audience: string; jwks?: JSONWebKeySet }
  rules: StsRule[]
  /** The parameters of each call. */
  calls: Record<string, string>[]
  keys: TemporaryKeys[]
}
