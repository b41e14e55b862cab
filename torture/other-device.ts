import { createHash, randomBytes } from 'node:crypto'
import type { Run } from './run.ts'

/** The same person asks for a link on another device. The message goes to the same mailbox. */
export async function askElsewhere(run: Run): Promise<string> {
  const codeVerifier = randomBytes(32).toString('base64url')
  const codeChallenge = createHash('sha256').update(codeVerifier).digest('base64url')
  const { status, body } = await run.wire.direct('POST', '/v1/links', {
    email: run.email,
    codeChallenge,
  })
  if (status !== 202) throw new Error(`the other device may not ask: ${body.toString()}`)
  return codeVerifier
}

/** The same person signs in on another device. */
export async function signInElsewhere(run: Run): Promise<void> {
  const codeVerifier = await askElsewhere(run)
  const { link } = await run.mail()
  const { status, body } = await run.wire.direct('POST', '/v1/token', {
    grant_type: 'urn:latchkey:grant-type:link',
    link_token: link,
    code_verifier: codeVerifier,
    device_id: 'dev_of_the_same_person',
  })
  if (status !== 200) throw new Error(`the other device may not sign in: ${body.toString()}`)
}
