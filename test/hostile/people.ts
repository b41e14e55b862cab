import { utf8 } from '../../src/base/encoding.ts'
import { parseConfig } from '../../src/base/config.ts'
import { normaliseEmail } from '../../src/base/email-address.ts'
import { etagOf } from '../../src/console/approvals/describe.ts'
import { approvalKey } from '../../src/model/approval.ts'
import { nowSeconds } from '../support/workers/clock.ts'
import {
  cookieOf,
  machineToken,
  newAdmin,
  newApprover,
  SECRET,
  startConsole,
  CONSOLE_ORIGIN,
  type Console,
} from '../support/workers/console.ts'
import { newEmail } from '../support/workers/latchkey.ts'
import { newGuest } from '../support/workers/console-approvals.ts'
import { approve } from '../support/workers/approvals.ts'
import { sealsOf } from '../support/workers/seals.ts'
import { askForLink, newDevice, signIn, type Tokens } from '../support/workers/sign-in.ts'
import {
  newProofKey,
  resourceServer,
  revoke,
  signInBound,
  type ProofKey,
} from '../support/workers/tokens.ts'
import { forgedTokens, PROOFS } from './forged.ts'

export type People = {
  app: Console
  proofKey: ProofKey
  /** What `‹name›` stands for in a request. */
  values: Record<string, string>
}

/** Credentials and ids that a stranger could get hold of, or make. None is enough where it is put. */
export const LOOSE = [
  'spare-access',
  'spare-refresh',
  'bound-access',
  'ended-access',
  'ended-refresh',
  'handle',
  'link',
  'code',
  'verifier',
  'challenge',
  'device',
  'session',
  'user',
  'email',
  'cursor',
  'cursor-of-another',
  'pending-cookie',
  'reader-token',
  'basic',
  'etag',
  'other-user',
  'other-session',
  'other-handle',
  'other-link',
  ...PROOFS,
] as const

/** The people of a run, with every kind of credential. The bystander's rows must never change. */
export async function startPeople(): Promise<People & { bystander: Tokens }> {
  const [adminEmail, approverEmail] = [newAdmin(), newApprover()]
  const app = await startConsole({ admins: [adminEmail], approvers: [approverEmail] })
  const { auth } = app
  const proofKey = await newProofKey()
  // One after the other: each waits for its own mail.
  const [admin, approver, person, spare, ended, bystander, bound] = [
    await signIn(auth, undefined, adminEmail),
    await signIn(auth, undefined, approverEmail),
    await signIn(auth),
    await signIn(auth),
    await signIn(auth),
    await signIn(auth),
    await signInBound(auth, proofKey),
  ]
  const [device, otherDevice] = [await newDevice(), await newDevice()]
  const [asked, other, guest] = [
    await askForLink(auth, device),
    await askForLink(auth, otherDevice, newEmail()),
    newGuest(),
  ]
  await Promise.all([revoke(auth, ended.refresh_token), approve(auth, guest)])
  const row = await app.db.get(approvalKey(parseConfig(app.env), normaliseEmail(guest)!))
  const seals = await sealsOf(auth)
  const cookie = async (tokens: Tokens) => (await cookieOf(app, tokens))['Cookie']!
  const cursorOf = (userId: string) =>
    seals.seal('cursor', utf8(JSON.stringify(['sessions', userId, { tokenId: 'x' }])))
  const pending = {
    email: asked.email,
    handle: asked.handle,
    codeVerifier: device.codeVerifier,
    deviceId: device.deviceId,
  }
  const token = async (name: string) =>
    (await (await machineToken(app, name)).json<{ access_token: string }>()).access_token
  const values = {
    ...(await forgedTokens(auth, person)),
    access: person.access_token,
    refresh: person.refresh_token,
    'bound-access': bound.access_token,
    'bound-refresh': bound.refresh_token,
    'ended-access': ended.access_token,
    'ended-refresh': ended.refresh_token,
    handle: asked.handle,
    link: asked.linkToken,
    code: asked.code,
    verifier: device.codeVerifier,
    challenge: device.codeChallenge,
    device: device.deviceId,
    'spare-access': spare.access_token,
    'spare-refresh': spare.refresh_token,
    'spare-cookie': await cookie(spare),
    session: spare.session_id,
    user: spare.user.id,
    email: spare.user.email,
    guest,
    etag: await etagOf(row!),
    'other-email': other.email,
    'other-user': bystander.user.id,
    'other-session': bystander.session_id,
    'other-handle': other.handle,
    'other-link': other.linkToken,
    cursor: await cursorOf(spare.user.id),
    'cursor-of-another': await cursorOf(bystander.user.id),
    'person-cookie': await cookie(person),
    'admin-cookie': await cookie(admin),
    'approver-cookie': await cookie(approver),
    'pending-cookie': `__Host-latchkey-sign-in=${await seals.seal('console-sign-in', utf8(JSON.stringify(pending)))}`,
    'reader-token': await token('reader'),
    'writer-token': await token('writer'),
    'people-token': await token('people'),
    basic: resourceServer(auth).basic,
    'machine-basic': `Basic ${btoa(`reader:${SECRET}`)}`,
    soon: String(nowSeconds(app) + 30 * 86_400),
  }
  return { app, proofKey, values, bystander }
}

type Caller = {
  /** May change something at the console's guarded routes. */
  staff?: boolean
  /** Headers that say who this is. */
  headers: [string, string][]
}

const own: [string, string] = ['Origin', CONSOLE_ORIGIN]
const bearer = (name: string): [string, string] => ['Authorization', `Bearer ‹${name}›`]

/** Who calls. Everybody else than staff changes nothing at the console. */
export const CALLERS: Record<'public' | 'console', Record<string, Caller>> = {
  public: {
    stranger: { headers: [] },
    person: { headers: [bearer('access')] },
    'person with a key': {
      headers: [
        ['Authorization', 'DPoP ‹bound-access›'],
        ['DPoP', '‹proof›'],
      ],
    },
    'resource server': { headers: [['Authorization', '‹basic›']] },
  },
  console: {
    stranger: { headers: [] },
    'stranger on its page': { headers: [own] },
    'ordinary person': { headers: [['Cookie', '‹person-cookie›'], own] },
    'ordinary person with a token': { headers: [bearer('access')] },
    'person in a sign-in': { headers: [['Cookie', '‹pending-cookie›'], own] },
    'admin on another page': {
      headers: [
        ['Cookie', '‹admin-cookie›'],
        ['Origin', 'https://evil.example'],
      ],
    },
    'admin with no origin': { headers: [['Cookie', '‹admin-cookie›']] },
    reader: { headers: [bearer('reader-token')] },
    client: { headers: [['Authorization', '‹machine-basic›']] },
    admin: { staff: true, headers: [['Cookie', '‹admin-cookie›'], own] },
    approver: { staff: true, headers: [['Cookie', '‹approver-cookie›'], own] },
    writer: { staff: true, headers: [bearer('writer-token')] },
    'people machine': { staff: true, headers: [bearer('people-token')] },
  },
}
