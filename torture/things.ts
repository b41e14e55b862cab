import { readDpopProof } from '../packages/verify/dpop-proof.ts'
import { introspect } from './proof.ts'
import type { Run } from './run.ts'

export const THINGS = '/torture/things'

/** A back end of the app, beside the issuer: it takes a token that is good, and sends back the body. */
export function serveThings(run: Run): void {
  run.wire.serve(THINGS, async (x) => {
    const { authorization = '', dpop } = x.request.headers
    const [, scheme, token = ''] = /^(Bearer|DPoP) (.+)$/.exec(authorization) ?? []
    const claims = await introspect(run, token)
    const url = run.wire.baseUrl + THINGS
    const proven =
      scheme === 'Bearer' ||
      (typeof dpop === 'string' &&
        (await readDpopProof(dpop, { method: x.request.method!, url, accessToken: token })) !==
          null)
    if (!claims.active || !proven) {
      return x.reply({
        status: 401,
        headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
      })
    }
    x.reply({ status: 200, headers: { 'content-type': 'text/plain' }, body: x.body })
  })
}
