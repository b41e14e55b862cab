import { WORKER_AWS } from '../../../dev/local-aws.ts'
import { createConsole } from '../../../src/console/app.ts'
import { encodeBase64url, sha256, utf8 } from '../../../src/base/encoding.ts'
import { parseConsoleConfig } from '../../../src/console/config.ts'
import { SESSION_SECONDS } from '../../../src/console/actor.ts'
import { createSeals } from '../../../src/crypto/seal.ts'
import { realWorld } from '../../../src/base/world.ts'
import { TOKENS_TABLE } from '../../../src/base/tables.ts'
import { addressIdOf } from '../../../src/model/address.ts'
import {
  newEmail,
  startLatchkey,
  startWorker,
  type Latchkey,
  type StartOptions,
} from './latchkey.ts'
import { postForm, signIn, type Tokens } from './sign-in.ts'

export const CONSOLE_ORIGIN = 'https://console.latchkey.test'

/** Both Workers, on one clock. */
export type Console = Latchkey & { auth: Latchkey }

export const SECRET = 'a secret of a machine that is random enough'
const CLIENTS = {
  reader: ['approvals:read'],
  writer: ['approvals:read', 'approvals:write'],
  people: ['people:read', 'people:write'],
}
export type ClientName = keyof typeof CLIENTS

/** The administrators and approvers of this file's tests: each test has people of its own. */
export const newAdmin = (): string => newEmail('admins.latchkey.test')
export const newApprover = (): string => newEmail('approvers.latchkey.test')

/**
 * The console and the public Worker. Their people: every address that `people` lists. All of latchkey.test's
 * domains below are the company's.
 */
export async function startConsole(
  people: { admins?: string[]; approvers?: string[] } = {},
  options: StartOptions & { shared?: Record<string, string>; auth?: StartOptions } = {},
): Promise<Console> {
  const secretSha256 = encodeBase64url(await sha256(SECRET))
  const clients = Object.entries(CLIENTS).map(([name, scopes]) => [name, { secretSha256, scopes }])
  const shared = {
    COMPANY_DOMAINS: 'sigmacomputing.com,admins.latchkey.test,approvers.latchkey.test',
    ADMIN_EMAILS: (people.admins ?? []).join(','),
    ...options.shared,
  }
  const auth = startLatchkey({ ...options.auth, env: shared })
  const env = {
    ...shared,
    CONSOLE_ORIGIN,
    AWS_ACCESS_KEY_ID: WORKER_AWS.console.accessKeyId,
    AWS_SECRET_ACCESS_KEY: WORKER_AWS.console.secretAccessKey,
    APPROVER_EMAILS: (people.approvers ?? []).join(','),
    CONSOLE_CLIENTS: JSON.stringify(Object.fromEntries(clients)),
    ...options.env,
  }
  const app = startWorker(createConsole, CONSOLE_ORIGIN, { clock: auth.clock, ...options, env })
  return { ...app, auth }
}

/** A console with one administrator and one approver, both signed in, and a machine of each kind. */
export async function staffedConsole(options: Parameters<typeof startConsole>[1] = {}) {
  const [adminEmail, approverEmail] = [newAdmin(), newApprover()]
  const app = await startConsole({ admins: [adminEmail], approvers: [approverEmail] }, options)
  const admin = await signIn(app.auth, undefined, adminEmail)
  const approver = await signIn(app.auth, undefined, approverEmail)
  return {
    app,
    admin: await asBrowser(app, admin),
    approver: await asBrowser(app, approver),
    adminEmail,
    approverEmail,
  }
}

export type Headers = Record<string, string>

export const bearer = ({ access_token }: Pick<Tokens, 'access_token'>): Headers => ({
  Authorization: `Bearer ${access_token}`,
})

/** The cookie that a browser has after its sign-in here. */
export async function cookieOf(app: Console, { refresh_token }: Tokens): Promise<Headers> {
  const seals = await createSeals(parseConsoleConfig(app.env).SEAL_KEYS, realWorld)
  const sealed = await seals.seal('console-session', utf8(refresh_token))
  return { Cookie: `other=1; __Host-latchkey=${sealed}` }
}

/** What a browser sends with a form of the console's own page. */
export const fromOwnPage = { Origin: CONSOLE_ORIGIN }

/** The headers of a person who uses the API from a page of the console. */
export const asBrowser = async (app: Console, tokens: Tokens): Promise<Headers> => ({
  ...(await cookieOf(app, tokens)),
  ...fromOwnPage,
})

export const machineToken = (
  app: Console,
  name: string,
  secret: string = SECRET,
  more: Record<string, string> = {},
): Promise<Response> =>
  postForm(
    app,
    '/v1/token',
    { grant_type: 'client_credentials', ...more },
    { Authorization: `Basic ${btoa(`${name}:${secret}`)}` },
  )

export async function machine(app: Console, name: ClientName): Promise<Headers> {
  return bearer(await (await machineToken(app, name)).json())
}

/** Sends JSON to the console, with the headers that prove who the caller is. */
export const send = (
  app: Console,
  method: string,
  path: string,
  who: Headers,
  body?: unknown,
  headers: Headers = {},
): Promise<Response> =>
  app.fetch(path, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...who,
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })

/** Lets so much time pass that a sign-in of now is too old for the console. */
export const growStale = (app: Console): void => {
  app.clock.offsetMs += (SESSION_SECONDS + 1) * 1000
}

/** A person who has signed in before may ask for a link again at once. */
export const forgetAsks = async (app: Console, email: string): Promise<unknown> =>
  app.db.update({
    Update: {
      TableName: TOKENS_TABLE,
      Key: { tokenId: await addressIdOf(email) },
      UpdateExpression: 'REMOVE sentAt1, sentAt2, sentAt3, sentAt4, sentAt5',
    },
  })
