import type { Config, Env } from '../../src/base/config.ts'
import { isReachableIssuer } from './issuer.ts'

/** What stands for ISSUER while the other variables are checked: a local issuer allows the example values. */
const LOCAL = 'http://localhost'

/**
 * Also accepts an ISSUER that only a developer's Worker may have: plain HTTP on a private address, for a phone in the same
 * network; and any https origin beside the example values of wrangler.toml, for a tunnel. A deployed Worker accepts
 * neither.
 */
export const inDevelopment =
  <C extends Config>(parse: (env: Env) => C) =>
  (env: Env): C => {
    const { ISSUER } = env
    if (typeof ISSUER !== 'string' || !isReachableIssuer(ISSUER)) return parse(env)
    return { ...parse({ ...env, ISSUER: LOCAL }), ISSUER }
  }
