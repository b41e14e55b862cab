/** The members of Expo's app config that are used. */
type Config = {
  scheme?: string | string[]
  ios?: { associatedDomains?: string[] }
  android?: { intentFilters?: IntentFilter[] }
}
type IntentFilter = {
  action: string
  autoVerify?: boolean
  category?: string | string[]
  data?: Data | Data[]
}
type Data = { scheme?: string; host?: string; pathPrefix?: string }

export type PluginOptions = {
  /** `ISSUER` of the Worker: `https://auth.example.com`. */
  issuer: string
  /** `APP_LINK_ORIGIN` of the Worker, if it has one: `https://open.example.com`. */
  appLinkOrigin?: string
  /** `APP_SCHEME` of the Worker. `latchkey` by default, as there. */
  scheme?: string
  /** Lets iOS fetch the association file from the host itself, not Apple's copy of it. For development builds. */
  developerMode?: boolean
}

const MEMBERS = ['issuer', 'appLinkOrigin', 'scheme', 'developerMode']
/** As `ISSUER` may be in development: this machine, or its private address in the network (RFC 1918). */
const LOCAL =
  /^http:\/\/(?:localhost|127\.0\.0\.1|10(?:\.\d+){3}|192\.168(?:\.\d+){2}|172\.(?:1[6-9]|2\d|3[01])(?:\.\d+){2})(?::\d+)?\/?$/

/**
 * A config plugin of Expo: writes the URL scheme, the associated domains of iOS and the intent filters of Android. What
 * is there already stays, and is not added twice. A local issuer has no app links: then only the scheme is written.
 * @throws Error that names the member that is missing or wrong.
 */
export function withLatchkey<T extends object>(config: T & Config, options?: PluginOptions): T {
  const { issuer, appLinkOrigin, scheme, developerMode } = read(options)
  const schemed = { ...config, scheme: withScheme(config.scheme, scheme) }
  if (LOCAL.test(issuer)) return schemed
  const hosts = [...new Set([issuer, appLinkOrigin ?? issuer].map(hostOf))]
  const mode = developerMode ? '?mode=developer' : ''
  const domains = [
    ...hosts.map((host) => `applinks:${host}${mode}`),
    `webcredentials:${hosts[0]}${mode}`,
  ]
  return {
    ...schemed,
    ios: {
      ...config.ios,
      associatedDomains: withDomains(config.ios?.associatedDomains ?? [], domains),
    },
    android: {
      ...config.android,
      intentFilters: withHosts(config.android?.intentFilters ?? [], hosts),
    },
  }
}

type Read = PluginOptions & { scheme: string; developerMode: boolean }

function read(options: PluginOptions | undefined): Read {
  const given = Object(options) as Record<string, unknown>
  for (const name of Object.keys(given)) {
    if (!MEMBERS.includes(name)) fail(`"${name}" is not one of ${MEMBERS.join(', ')}`)
  }
  const { issuer, appLinkOrigin, scheme = 'latchkey', developerMode = false } = given
  if (!isOrigin(issuer) && !LOCAL.test(String(issuer))) {
    fail('"issuer" must be an origin such as https://auth.example.com')
  }
  if (appLinkOrigin !== undefined && !isOrigin(appLinkOrigin)) {
    fail('"appLinkOrigin" must be an origin such as https://open.example.com')
  }
  if (typeof scheme !== 'string' || !/^[a-z][a-z0-9+.-]*$/.test(scheme)) {
    fail('"scheme" must be a URL scheme such as latchkey')
  }
  if (typeof developerMode !== 'boolean') fail('"developerMode" must be true or false')
  return { issuer, appLinkOrigin, scheme, developerMode } as Read
}

function fail(message: string): never {
  throw new Error(`@latchkey/expo: ${message}`)
}

/** Without a port: neither system opens links of one. */
const isOrigin = (value: unknown): boolean =>
  typeof value === 'string' && /^https:\/\/[a-z0-9-]+(?:\.[a-z0-9-]+)+\/?$/.test(value)

const hostOf = (origin: string): string => origin.replace(/^https:\/\/|\/$/g, '')

function withScheme(before: string | string[] = [], scheme: string): string | string[] {
  const schemes = [before].flat()
  if (schemes.includes(scheme)) return before
  return schemes.length === 0 ? scheme : [...schemes, scheme]
}

/** A domain that the app names itself, maybe with another mode, stays as it is. */
function withDomains(before: string[], wanted: string[]): string[] {
  const bare = (domain: string) => domain.replace(/\?.*$/, '')
  const known = new Set(before.map(bare))
  return [...before, ...wanted.filter((domain) => !known.has(bare(domain)))]
}

const PATH_PREFIX = '/link/'

/** One verified intent filter with all hosts that no filter of the app has yet. */
function withHosts(before: IntentFilter[], hosts: string[]): IntentFilter[] {
  const known = before
    .filter(({ action, autoVerify }) => action === 'VIEW' && autoVerify)
    .flatMap(({ data = [] }) => data)
    .filter(({ scheme, pathPrefix }) => scheme === 'https' && pathPrefix === PATH_PREFIX)
  const missing = hosts.filter((host) => !known.some((one) => one.host === host))
  if (missing.length === 0) return before
  const filter: IntentFilter = {
    action: 'VIEW',
    autoVerify: true,
    category: ['BROWSABLE', 'DEFAULT'],
    data: missing.map((host) => ({ scheme: 'https', host, pathPrefix: PATH_PREFIX })),
  }
  return [...before, filter]
}
