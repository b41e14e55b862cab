/**
 * - `not_development`: the issuer is not a Worker that `npm run dev` started. Nothing was sent.
 * - `unreachable`: nothing answers there.
 * - `refused`: Latchkey refused the request.
 * - `no_message`: no message arrived in time.
 * - `bad_answer`: an answer that is not Latchkey's, or not the inbox's.
 */
export type TestingErrorCode =
  'not_development' | 'unreachable' | 'refused' | 'no_message' | 'bad_answer'

/** Why a test could not sign in. The message never contains a token, a link, a code or an address. */
export class TestingError extends Error {
  readonly code: TestingErrorCode

  constructor(code: TestingErrorCode, message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'TestingError'
    this.code = code
  }
}
