import { randomBytes } from 'node:crypto'
import { createVerifier } from '../../packages/verify/index.ts'
import { encodeBase64url, sha256 } from '../../src/base/encoding.ts'
import { about, type Finding } from '../doctor/finding.ts'
import { get, membersOf } from '../doctor/web.ts'

const CODE_GRANT = 'urn:latchkey:grant-type:code'

type Tokens = { access_token: string; refresh_token: string; session_id: string; error?: string }

/** A failed step: the steps after it cannot run. */
class Stop extends Error {}

const postForm = (url: string, form: Record<string, string>): Promise<Response> =>
  get(url, { method: 'POST', body: new URLSearchParams(form) })

/** Asks for a link. This takes a message from the budget of the address, and sends it if the address is approved. */
export async function askForCode(
  origin: string,
  email: string,
): Promise<{ finding: Finding; handle: string; codeVerifier: string }> {
  const say = about('ask')
  const codeVerifier = encodeBase64url(randomBytes(32))
  const answer = await get(`${origin}/v1/links`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      email,
      codeChallenge: encodeBase64url(await sha256(codeVerifier)),
      deviceName: 'Smoke test',
    }),
  })
  const { handle = '' } = await membersOf<{ handle: string }>(answer)
  const retry = answer.headers.get('Retry-After')
  const finding =
    answer.status === 202 && handle !== ''
      ? say.ok('accepted. It is the same for every address, so look into the mailbox')
      : say.error(`answers ${answer.status}${retry ? `. Try again in ${retry} seconds` : ''}`)
  return { finding, handle, codeVerifier }
}

/**
 * A whole sign-in with the code from the mailbox, as an app does it: verify the token offline, use it, refresh, sign
 * out. It leaves an ended session and a used link.
 * @param readCode asks the person for the code.
 */
export async function examineSignIn(
  origin: string,
  email: string,
  readCode: () => Promise<string>,
): Promise<Finding[]> {
  const { finding, handle, codeVerifier } = await askForCode(origin, email)
  if (finding.level === 'error') return [finding]
  const say = about('sign-in')
  const found = [finding]
  const expectStep = (works: boolean, what: string, otherwise: string): void => {
    if (!works) {
      found.push(say.error(otherwise))
      throw new Stop()
    }
    found.push(say.ok(what))
  }
  const withToken = (token: string) =>
    get(`${origin}/v1/session`, { headers: { Authorization: `Bearer ${token}` } })
  const refresh = (token: string) =>
    postForm(`${origin}/v1/token`, { grant_type: 'refresh_token', refresh_token: token })

  try {
    const opened = await postForm(`${origin}/v1/token`, {
      grant_type: CODE_GRANT,
      handle,
      code: (await readCode()).replaceAll(/\D/g, ''),
      code_verifier: codeVerifier,
      device_id: 'dev_smoke_test',
      device_name: 'Smoke test',
    })
    const first = await membersOf<Tokens>(opened)
    expectStep(
      opened.status === 200,
      'the code opens a session',
      `the code is refused: ${opened.status} ${first.error ?? ''}${first.error === 'invalid_dpop_proof' ? '. With DPOP=required this test cannot sign in' : ''}`,
    )
    await examineOffline(origin, first.access_token!, expectStep)
    const used = await withToken(first.access_token!)
    expectStep(used.status === 200, 'the session is live', `/v1/session answers ${used.status}`)

    const renewed = await refresh(first.refresh_token!)
    const second = await membersOf<Tokens>(renewed)
    expectStep(
      renewed.status === 200 && second.session_id === first.session_id,
      'a refresh continues the session',
      `the refresh answers ${renewed.status} ${second.error ?? ''}`,
    )

    const revoked = await postForm(`${origin}/v1/revoke`, { token: second.refresh_token! })
    expectStep(revoked.status === 200, 'it signs out', `/v1/revoke answers ${revoked.status}`)
    const after = [await refresh(second.refresh_token!), await withToken(second.access_token!)]
    expectStep(
      after[0]!.status === 400 && after[1]!.status === 401,
      'the session has ended at once',
      `after signing out, a refresh answers ${after[0]!.status} and a request ${after[1]!.status}`,
    )
  } catch (error) {
    if (!(error instanceof Stop)) throw error
  }
  return found
}

async function examineOffline(
  issuer: string,
  token: string,
  expectStep: (works: boolean, what: string, otherwise: string) => void,
): Promise<void> {
  const [, payload = ''] = token.split('.')
  const { aud } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as {
    aud: string | string[]
  }
  // The issuer itself is an audience too. The other one is AUDIENCE.
  const audience = [aud].flat().find((one) => one !== issuer) ?? issuer
  const verified = await createVerifier({ issuer, audience })(token).then(
    () => true,
    () => false,
  )
  expectStep(
    verified,
    `a back end with the audience ${audience} accepts the access token`,
    'a back end refuses the access token: its key is not in jwks.json, or its issuer differs',
  )
}
