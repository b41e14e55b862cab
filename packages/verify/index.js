export { VerifyError } from './error.ts'
export { createVerifier } from './verify.ts'
