import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { EXPORTED } from '../../src/account/export.ts'
import { sampleApprovals } from '../../dev/sample-approvals.ts'
import { parseSealKeys } from '../../src/base/key-rings.ts'
import type { Config } from '../../src/base/config.ts'
import { approvalsTable, TTL_ATTRIBUTE, tokensTable } from '../../src/base/tables.ts'
import { unixMs, unixSeconds } from '../../src/base/time.ts'
import { realWorld } from '../../src/base/world.ts'
import { createSeals } from '../../src/crypto/seal.ts'
import type { Part } from '../../src/dynamo/db.ts'
import type { Item, Value } from '../../src/dynamo/items.ts'
import * as request from '../../src/model/access-request.ts'
import * as address from '../../src/model/address.ts'
import * as addressEnds from '../../src/model/address-ends.ts'
import * as byAdmin from '../../src/model/address-by-admin.ts'
import * as approval from '../../src/model/approval.ts'
import * as approvalChange from '../../src/model/approval-change.ts'
import * as audit from '../../src/model/audit.ts'
import * as budget from '../../src/model/budget.ts'
import * as devices from '../../src/model/devices.ts'
import * as digest from '../../src/model/digest.ts'
import * as erasure from '../../src/model/erasure.ts'
import * as link from '../../src/model/link.ts'
import * as mailRefusal from '../../src/model/mail-refusal.ts'
import { newLinkId, newUserId, sealLink, type LinkContent } from '../../src/model/sealed-link.ts'
import * as session from '../../src/model/session.ts'
import { makeSealKey } from '../../scripts/keys/make-secrets.ts'

const page = readFileSync('docs/data.md', 'utf8')

/** The text from a heading to the next one of any level. */
function section(heading: string): string {
  const [, text] = page.split(`\n## ${heading}\n`)
  if (text === undefined) throw new Error(`docs/data.md has no section ${heading}`)
  return text.split(/\n## /)[0]!
}

/** The cells of each row of a section's tables, without their heads. */
const rowsOf = (heading: string): string[][] =>
  [...section(heading).matchAll(/^\| (.+) \|$/gm)]
    .map(([, cells]) => cells!.split(' | ').map((cell) => cell.trim()))
    .filter(([first]) => first !== '---')
    .slice(1)

/** The attributes that a section names; `x1` … `x3` stands for three. */
function documented(heading: string): string[] {
  return rowsOf(heading).flatMap(([cell = '']) => {
    const [, slot, last] = /^`(\w+?)1` … `\w+?(\d+)`$/.exec(cell) ?? []
    if (slot !== undefined) return Array.from({ length: Number(last) }, (_, i) => slot + (i + 1))
    return /^`([\w.]+)`$/.exec(cell)?.[1] ?? `not an attribute: ${cell}`
  })
}

const config = {
  TOKENS_TABLE: 'tokens',
  APPROVALS_TABLE: 'approvals',
  COMPANY_DOMAINS: [] as string[],
  LINK_TTL_SECONDS: 900,
  SESSION_TTL_SECONDS: 1000,
  SESSION_IDLE_SECONDS: 1000,
} as Config
const nowMs = unixMs(1_800_000_000_000)
const now = unixSeconds(1_800_000_000)
const caller = { ipAddress: '192.0.2.1', userAgent: 'x' }
const LINK: LinkContent & { email: string; userId: string; codeChallenge: string } = {
  linkId: newLinkId(realWorld),
  createdAtMs: nowMs,
  flow: 'email',
  userId: newUserId(realWorld),
  email: 'ada@example.com',
  dashboardId: 'db_1',
  locale: 'en',
  codeChallenge: 'c',
  keyId: 1,
}
const ASK = {
  email: LINK.email,
  linkId: LINK.linkId,
  sealedLink: 's',
  flow: 'email',
  deviceName: 'n',
  caller,
}
const CLAIM = { linkId: LINK.linkId, userId: LINK.userId, codeChallenge: 'c', deviceId: 'dev_1' }
const SESSION = {
  sessionId: 'ses_1',
  userId: LINK.userId,
  email: LINK.email,
  deviceId: 'dev_1',
  deviceKey: 'key',
  generation: 0,
  amr: [],
  openedAtMs: nowMs,
  jkt: 'jkt',
}
const DEVICES = Object.fromEntries(
  Array.from({ length: 51 }, (_, i) => [`key${i}`, unixMs(nowMs - i)]),
)
const WITH_MANY_DEVICES: address.AddressRow = {
  tokenId: 'adr_1',
  tokenType: 'address',
  createdAt: now,
  expiresAt: null,
  devices: DEVICES,
}

/** Every write of a row, by the function that makes it, once for each shape that its arguments give it. */
const WRITES: Record<string, Record<string, (Part | null)[]>> = {
  'The link row': {
    putLink: [link.putLink(config, LINK, { phoneNumber: '+14155551234', caller })],
    countAttempt: [link.countAttempt(config, LINK.linkId, 'c', 'take')],
    burnLink: [link.burnLink(config, CLAIM, now)],
    claimSending: [link.claimSending(config, LINK.linkId)],
    noteSending: [link.noteSending(config, LINK.linkId, 'send_failed')],
  },
  'The session row': {
    openSession: [
      session.openSession(
        config,
        SESSION,
        { sealedJwt: 's', deviceName: 'n', sourceFlow: 'email', dashboardId: 'd', caller },
        now,
      ),
    ],
    rotateSession: [
      session.rotateSession(config, SESSION, 's', now),
      session.rotateSession(config, { ...SESSION, jkt: undefined }, 's', now),
    ],
    endSession: [session.endSession(config, SESSION, { by: 'system', reason: 'reuse' }, now)],
  },
  'The address row': {
    takeSend: [
      address.takeSend(config, 'adr_1', 'take', nowMs),
      address.takeSend(config, 'adr_1', 'take', nowMs, LINK.userId),
    ],
    identify: [address.identify(config, 'adr_1', LINK.userId, nowMs)],
    takeCodeTry: [address.takeCodeTry(config, 'adr_1', 'take', nowMs)],
    advance: [
      address.advance(config, 'adr_1', SESSION, nowMs, false),
      address.advance(config, 'adr_1', SESSION, nowMs, true),
    ],
    endSessionsUntil: [
      addressEnds.endSessionsUntil(config, 'adr_1', SESSION, false, nowMs),
      addressEnds.endSessionsUntil(config, 'adr_1', SESSION, true, nowMs),
    ],
    forgetOwnIdentity: [addressEnds.forgetOwnIdentity(config, 'adr_1', SESSION, nowMs)],
    pruneDevices: [devices.pruneDevices(config, WITH_MANY_DEVICES)],
    endSessionsOfAddress: [byAdmin.endSessionsOfAddress(config, 'adr_1', nowMs)],
    endEverySession: [byAdmin.endEverySession(config, 'adr_1', LINK.userId, nowMs)],
    forgetIdentity: [byAdmin.forgetIdentity(config, 'adr_1', LINK.userId, nowMs)],
    markMailRefused: [mailRefusal.markMailRefused(config, 'adr_1', 'bounce', nowMs, nowMs)],
    allowMail: [mailRefusal.allowMail(config, 'adr_1', LINK.userId, nowMs)],
    keepIdentity: [byAdmin.keepIdentity(config, 'adr_1', LINK.userId, nowMs)],
  },
  'The phone row': {
    takePhoneSend: [budget.takePhoneSend(config, 'phn_1', 'take', nowMs)],
  },
  'The audit row': {
    anonymiseAudit: [erasure.anonymiseAudit(config, { tokenId: 'aud_1' } as audit.AuditRow)],
    putAudit: [
      audit.putAudit(
        config,
        'aud_1',
        {
          email: LINK.email,
          action: 'approval_changed',
          by: 'b',
          reason: 'r',
          before: null,
          after: {},
        },
        nowMs,
      ),
    ],
  },
  'The digest row': {
    claimDigest: [digest.claimDigest(config, nowMs)],
  },
  'The budget rows of requests': {
    takeFromRow: [
      budget.takeFromRow(config, budget.REQUESTS_ID, 'budget', budget.REQUESTS, 'take', nowMs),
    ],
  },
  'The request row': {
    putRequest: [request.putRequest(config, 'req_1', ASK, nowMs)],
    repeatRequest: [
      request.repeatRequest(config, 'req_1', ASK, nowMs),
      request.repeatRequest(config, 'req_1', { ...ASK, deviceName: undefined }, nowMs),
    ],
    decideRequest: [
      request.decideRequest(
        config,
        { tokenId: 'req_1', lastLinkId: LINK.linkId } as request.AccessRequestRow,
        { decided: 'approved', by: 'usr_1', sent: { sealedLink: 's', expiresAt: now } },
        now,
      ),
    ],
  },
}

/** The console's write of an approval. It writes `metadata` as a whole. */
const REPLACE_APPROVAL = approvalChange.replaceApproval(config, undefined, { email: LINK.email })

/** Every other function of src/model: it reads, decides, names or seals. */
const NO_WRITES = (
  'addressIdOf addressKey unprovenUntil keepWholeValues endAllValues forgetValues isSuperseded requireNoAccount requireNotEnded whyEndedHere approvalKey isApproved requireApproval smsNumber ' +
  'budgetRetryAfter budgetLeft clearExpression phoneIdOf networkIdOf notSentOf requestIdOf requestKey isWaiting ' +
  'mayReplaceRequest queryQueue isYoung deleteRequest isWithdrawn standingOfAddress endOfSession endsAt ' +
  'isShutOut deleteApproval readIndexed scrub scrubLater takeExpression tookBudget linkKey whyNotBurnable ' +
  'judgeSession readSessionRows codeOf newLinkId newTakeId newUserId openHandle openLink sealHandle sealLink ' +
  'sessionIdOf requireLive sessionKey standingOf whyEndedOnItsRow ' +
  'refusalOf noveltyOf sessionsOfPerson isColleague isCompany contentOf stateOf endAfter whyNotChange isDone rowAfter tagOf newAuditId auditOf isOfApproval'
).split(' ')

/**
 * What the export of an account has of each row, and what it leaves out: the person's own address and id, which it has
 * once, ids and secrets of Latchkey, fixed values, and names of other people.
 */
const NOT_EXPORTED: Record<string, [exported: string, leftOut: string]> = {
  'The link row': [
    EXPORTED.link,
    'tokenId tokenType email userId sessionJWT codeChallenge lastAttemptId',
  ],
  'The session row': [
    EXPORTED.session,
    'tokenId tokenType email userId openedAtMs used sessionJWT revokedBy',
  ],
  'The address row': [
    EXPORTED.address,
    'tokenId tokenType userId lastingExpiresAt keepSessionId mailAllowedAt sentAtId codeTriedAtId',
  ],
  'The request row': [
    EXPORTED.request,
    'tokenId tokenType userId email lastLinkId sealedLink decidedBy',
  ],
  'The approval row': [`${EXPORTED.approval} metadata`, 'email approvedBy revokedBy version'],
  'The audit row': [
    `${EXPORTED.change} before after`,
    'tokenId tokenType email changedAtMs expiresAt by',
  ],
}

/** `metadata` is a fixed set of members, and `devices` has a member for each device. */
const pathOf = (path: string): string => (path.startsWith('metadata.') ? path : path.split('.')[0]!)

function membersOf(item: Item, prefix = ''): string[] {
  const isMetadata = (value: Value | undefined): value is Item =>
    prefix === '' && typeof value === 'object' && value !== null && 'ipAddress' in value
  return Object.entries(item).flatMap(([name, value]) =>
    isMetadata(value) ? membersOf(value, `${name}.`) : prefix + name,
  )
}

/** The attributes that a part writes or removes, and those of its key. */
function attributesOf(part: Part | null): string[] {
  if (part !== null && 'Put' in part) return membersOf(part.Put.Item as Item)
  if (part === null || !('Update' in part)) throw new Error('not a write')
  const { Key, UpdateExpression, ExpressionAttributeNames = {} } = part.Update
  const expression = UpdateExpression.replace(/#\w+/g, (name) => ExpressionAttributeNames[name]!)
  const [, set = '', remove = ''] = /^(?:SET (.*?))?(?: ?REMOVE (.*))?$/.exec(expression)!
  const targets = [...set.matchAll(/([\w.]+) = /g)].map(([, target]) => target!)
  const removed = remove === '' ? [] : remove.split(', ')
  return [...Object.keys(Key), ...[...targets, ...removed].map(pathOf)]
}

describe('docs/data.md', () => {
  it.each(Object.entries(WRITES))(
    'names every attribute of %s, and no other',
    (heading, makers) => {
      const written = Object.values(makers).flatMap((parts) => parts.flatMap(attributesOf))
      expect(documented(heading).toSorted()).toEqual([...new Set(written)].toSorted())
    },
  )

  it.each(Object.entries(WRITES))(
    'names in %s every function that writes it',
    (heading, makers) => {
      const text = section(heading)
      expect(Object.keys(makers).filter((name) => !text.includes(`\`${name}\``))).toEqual([])
    },
  )

  it('knows for every function in src/model whether it writes', async () => {
    const files = globSync('src/model/*.ts').map((file) => `../../${file.replaceAll('\\', '/')}`)
    const modules = await Promise.all(
      files.map((file) => import(file) as Promise<Record<string, unknown>>),
    )
    const exported = modules.flatMap((module) =>
      Object.keys(module).filter((name) => typeof module[name] === 'function'),
    )
    const writing = Object.values(WRITES).flatMap((makers) => Object.keys(makers))
    expect(exported.toSorted()).toEqual([...writing, 'replaceApproval', ...NO_WRITES].toSorted())
  })

  it('is right that no other folder writes rows', () => {
    const elsewhere = globSync('src/**/*.ts').filter(
      (file) =>
        !/^src.(?:model|dynamo)./.test(file) &&
        /UpdateExpression|\bPut:/.test(readFileSync(file, 'utf8')),
    )
    expect(elsewhere).toEqual([])
  })

  it('names every attribute of an approval in the sample people, the console and the rules', () => {
    const samples = sampleApprovals(now).flatMap(({ metadata, ...row }) => [
      ...Object.keys(row),
      ...Object.keys(metadata as object).map((name) => `metadata.${name}`),
    ])
    const said = documented('The approval row')
    const written = attributesOf(REPLACE_APPROVAL).filter((name) => name !== 'metadata')
    expect(said.toSorted()).toEqual([...new Set([...samples, ...written])].toSorted())
    expect(section('The approval row')).toContain('`replaceApproval`')
    const { ConditionExpression } = approval.requireApproval(config, LINK.email, now).ConditionCheck
    const read = ConditionExpression.match(/(?<![:\w])[a-z]\w+(?![\w(])/g) ?? []
    expect(read).toContain('revokedAt')
    expect(read.filter((name) => !said.includes(name))).toEqual([])
  })

  it.each(Object.entries(NOT_EXPORTED))(
    'has no attribute of %s that is neither exported nor left out on purpose',
    (heading, [exported, leftOut]) => {
      const tops = documented(heading).map((name) => name.split('.')[0]!)
      const named = [exported, leftOut].flatMap((names) => names.split(' '))
      expect(named.toSorted()).toEqual([...new Set(tops)].toSorted())
    },
  )

  it('describes both tables as they are created', () => {
    const text = section('Tables and indexes')
    const [tokens, approvals] = [tokensTable(), approvalsTable()]
    const keyOf = (keys: { AttributeName: string }[]) =>
      keys.map(({ AttributeName }) => `\`${AttributeName}\``)
    for (const { TableName, KeySchema } of [tokens, approvals]) {
      expect(text).toMatch(new RegExp(`\`${TableName}\`.* \\| ${keyOf(KeySchema)[0]} \\(S\\)`))
    }
    for (const { IndexName, KeySchema } of tokens.GlobalSecondaryIndexes!) {
      expect(text).toMatch(
        new RegExp(`\`${IndexName}\`: ${keyOf(KeySchema).join(' \\([SN]\\), ')} \\([SN]\\)`),
      )
    }
    expect(text).toContain(`| \`${TTL_ATTRIBUTE}\` |`)
  })
})

describe('the budgets of docs/data.md', () => {
  const HMS = /^(\d\d):(\d\d):(\d\d)$/
  const toMs = (text: string): number => {
    const [, hours, minutes, seconds] = HMS.exec(text) ?? []
    return hours === undefined
      ? 0
      : 1000 * (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds))
  }
  const rows = rowsOf('Budgets')

  it('have the values of the code', () => {
    const said = rows.filter(([name = '']) => /^`[A-Z_]+`$/.test(name))
    expect(said.map(([name, , ...limits]) => [name!.replaceAll('`', ''), ...limits])).toEqual(
      Object.entries({
        SENDS: budget.SENDS,
        PHONE_SENDS: budget.PHONE_SENDS,
        CODE_TRIES: budget.CODE_TRIES,
        REQUESTS: budget.REQUESTS,
        NETWORK_REQUESTS: budget.NETWORK_REQUESTS,
      }).map(([name, { size, windowMs, cooldownMs }]) => [
        name,
        String(size),
        `${windowMs / 1000} s`,
        expect.stringMatching(`^${cooldownMs / 1000} s`),
      ]),
    )
  })

  it('behave as in the example', () => {
    const example = rows.filter(([at = '']) => HMS.test(at))
    expect(example.length).toBeGreaterThan(5)
    let before: Record<string, number> = {}
    for (const [at = '', answer = '', ...slots] of example) {
      const moment = unixMs(toMs(at))
      const { cooldownMs, windowMs } = budget.SENDS
      const open =
        (before['sentAt1'] ?? -Infinity) <= moment - cooldownMs &&
        (before['sentAt5'] ?? -Infinity) <= moment - windowMs
      const after = Object.fromEntries(slots.map((slot, i) => [`sentAt${i + 1}`, toMs(slot)]))
      if (open) {
        expect([at, answer]).toEqual([at, expect.stringMatching(/^taken/)])
        const times = [moment, ...Object.values(before)].slice(0, 5)
        expect([at, ...Object.values(after)]).toEqual([at, ...times, 0, 0, 0, 0, 0].slice(0, 6))
      } else {
        const seconds = budget.budgetRetryAfter(before, budget.SENDS, moment)
        expect([at, answer]).toEqual([at, expect.stringMatching(`^refused, ${seconds} s`)])
        expect([at, after]).toEqual([at, before])
      }
      before = after
    }
  })
})

it('gives the sealed link of an SMS the number of characters in docs/data.md', async () => {
  const seals = await createSeals(parseSealKeys(makeSealKey(1))!, realWorld)
  const { length } = await sealLink(seals, { ...LINK, flow: 'sms' })
  expect(section('Sealed links and handles')).toContain(`the token has ${length} characters`)
})
