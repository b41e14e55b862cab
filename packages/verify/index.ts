export type { AccessClaims } from './claims.ts'
export { VerifyError, type DpopMode, type VerifyErrorCode } from './error.ts'
export type { IncomingRequest } from './request.ts'
export { createVerifier, type VerifierOptions, type Verify, type WithProof } from './verify.ts'
