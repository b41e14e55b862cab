import type { HostileRequest } from '../../request.ts'
import { BYTES, JSON_BODIES, MEDIA_TYPES } from './bodies.ts'
import { GRANTS, PROOFS } from './grants.ts'
import { BY_A_PERSON, METHODS, OVERRIDES, PATHS } from './routes.ts'

/** Whole requests, by hand. */
export const REQUESTS: readonly HostileRequest[] = [
  ...JSON_BODIES,
  ...BYTES,
  ...MEDIA_TYPES,
  ...GRANTS,
  ...PROOFS,
  ...PATHS,
  ...METHODS,
  ...OVERRIDES,
  ...BY_A_PERSON,
]
