import { domainOf, mailboxOf } from '../../base/email-address.ts'
import { toSeconds, type UnixMs, type UnixSeconds } from '../../base/time.ts'
import { refusalOf } from '../../model/mail-refusal.ts'
import { isWaiting } from '../../model/access-request.ts'
import { smsNumber } from '../../model/approval.ts'
import { standingOfAddress, type Standing } from '../../model/approval-standing.ts'
import { budgetLeft, CODE_TRIES, SENDS } from '../../model/budget.ts'
import { MAX_ATTEMPTS, notSentOf, whyNotBurnable, type LinkRow } from '../../model/link.ts'
import { endOfSession, endsAt } from '../../model/session-end.ts'
import type { SessionRow } from '../../model/session.ts'
import type { ConsoleConfig } from '../config.ts'
import type { PersonRows } from '../person.ts'
import type { Finding, LinkState } from './finding.ts'

/** Everything that the rows say of an address, by the product's own rules. */
export function findingsOf(config: ConsoleConfig, rows: PersonRows, nowMs: UnixMs): Finding[] {
  return [
    ...aboutApproval(config, rows, nowMs),
    ...aboutIdentity(rows),
    ...aboutMail(config, rows, nowMs),
    ...aboutCodes(rows, nowMs),
    ...aboutSessions(config, rows, nowMs),
  ]
}

function aboutApproval(config: ConsoleConfig, rows: PersonRows, nowMs: UnixMs): Finding[] {
  const { email, approval, request } = rows
  const now = toSeconds(nowMs)
  const found = ofStanding(config, email, standingOfAddress(config, email, approval, now))
  if (request !== undefined && isWaiting(request, now)) {
    const { askedAt: at, asks } = request
    found.push({ topic: 'approval', code: 'requested', at, asks })
  } else if (request?.decided === 'declined' && request.decidedAt !== undefined) {
    found.push({ topic: 'approval', code: 'request_declined', at: request.decidedAt })
  }
  return found
}

function ofStanding(config: ConsoleConfig, email: string, standing: Standing): Finding[] {
  const topic = 'approval'
  switch (standing.why) {
    case 'company':
      return [{ topic, code: 'company', domain: standing.domain }]
    case 'approval': {
      const { by, at, until } = standing
      return [{ topic, code: 'approved', by, at, until }]
    }
    case 'ended':
      return [{ topic, code: 'approval_ended', at: standing.at, by: standing.by }]
    case 'withdrawn': {
      const { at, by, reason } = standing
      const company = config.COMPANY_DOMAINS.includes(domainOf(email))
      return [{ topic, code: 'withdrawn', at, by, reason, company }]
    }
  }
  standing satisfies { why: 'none' }
  const mailbox = mailboxOf(email)
  const tagged = mailbox !== email && config.COMPANY_DOMAINS.includes(domainOf(email))
  return [tagged ? { topic, code: 'tag_of_company', mailbox } : { topic, code: 'not_approved' }]
}

function aboutIdentity({ address }: PersonRows): Finding[] {
  const topic = 'identity'
  if (address?.userId === undefined) return [{ topic, code: 'nobody_yet' }]
  const { userId, createdAt: since, lastingExpiresAt } = address
  const code = lastingExpiresAt === null ? 'person' : 'not_signed_in_yet'
  return [{ topic, code, userId, since }]
}

function aboutMail(config: ConsoleConfig, rows: PersonRows, nowMs: UnixMs): Finding[] {
  const { email, address, mailbox, approval } = rows
  const topic = 'mail'
  const refusal = address && refusalOf(address)
  const found: Finding[] = [
    ...(refusal ? [{ topic, code: 'mail_refused', ...refusal } as const] : []),
    ...aboutLastLink(config, rows, nowMs),
  ]
  const { left, size, nextAt } = budgetLeft(mailbox, SENDS, nowMs)
  if (nextAt !== null && left === 0) {
    found.push({ topic, code: 'messages_spent', size, nextAt })
  } else if (nextAt === null) found.push({ topic, code: 'messages_left', left, size })
  else found.push({ topic, code: 'cooling_down', nextAt })
  if (mailboxOf(email) !== email) {
    found.push({ topic, code: 'shared_mailbox', mailbox: mailboxOf(email) })
  }
  if (address !== undefined && approval !== undefined && smsNumber(approval) === undefined) {
    found.push({ topic, code: 'no_sms_number' })
  }
  return found
}

const newest = (links: readonly LinkRow[]): LinkRow | undefined =>
  links.toSorted((a, b) => b.createdAt - a.createdAt)[0]

function aboutLastLink(config: ConsoleConfig, rows: PersonRows, nowMs: UnixMs): Finding[] {
  const { address } = rows
  const topic = 'mail'
  const link = newest(rows.links)
  if (link === undefined) {
    return address === undefined
      ? [{ topic, code: 'never_asked' }]
      : [{ topic, code: 'no_link_left', askedSince: address.createdAt }]
  }
  const at = link.createdAt
  const notSent = notSentOf(link)
  const { sourceFlow: channel, ipAddress } = link.metadata
  return [
    { topic, code: 'asked', at, channel, ipAddress },
    notSent === null
      ? { topic, code: 'sent', at, channel, from: config.MAIL_FROM }
      : { topic, code: 'not_sent', at, reason: notSent },
    // Nobody has a link that was not sent: how long it works would mislead.
    ...(notSent === null || link.used
      ? [{ topic, code: 'link', askedAt: at, ...stateOfLink(link, rows, nowMs) } as const]
      : []),
  ]
}

/** By the rules of the sign-in's transaction, for the device that asked. */
export function stateOfLink(
  link: LinkRow,
  { address }: PersonRows,
  nowMs: UnixMs,
): { state: LinkState; at: UnixSeconds | null } {
  const { tokenId: linkId, userId, codeChallenge } = link
  const claim = { linkId, userId, codeChallenge, deviceId: link.deviceId ?? '' }
  switch (whyNotBurnable(link, claim, toSeconds(nowMs))) {
    case 'used':
    case 'used_by_this_device':
      return { state: 'used', at: link.usedAt }
    case 'expired':
      return { state: 'expired', at: link.expiresAt }
    case 'unknown':
      return { state: 'identity_gone', at: null }
    case null:
  }
  if (address?.userId !== userId) return { state: 'identity_gone', at: null }
  const { linksNotBefore } = address
  // The row knows the whole second of its ask alone.
  if (linksNotBefore !== undefined && link.createdAt * 1000 <= linksNotBefore) {
    return { state: 'superseded', at: toSeconds(linksNotBefore) }
  }
  return { state: 'waiting', at: link.expiresAt }
}

function aboutCodes({ address, links }: PersonRows, nowMs: UnixMs): Finding[] {
  const topic = 'code'
  const { left, size, nextAt } = budgetLeft(address, CODE_TRIES, nowMs)
  const found: Finding[] =
    left === 0 && nextAt !== null
      ? [{ topic, code: 'codes_shut', size, nextAt }]
      : [{ topic, code: 'codes_left', left, size }]
  const link = newest(links)
  if (link !== undefined && !link.used && link.attempts >= MAX_ATTEMPTS) {
    const { createdAt: askedAt, attempts } = link
    found.push({ topic, code: 'link_codes_spent', askedAt, attempts })
  }
  return found
}

function aboutSessions(config: ConsoleConfig, rows: PersonRows, nowMs: UnixMs): Finding[] {
  const topic = 'session'
  if (rows.sessions.length === 0) return [{ topic, code: 'no_session' }]
  const newestFirst = rows.sessions.toSorted((a, b) => b.createdAt - a.createdAt)
  return newestFirst.map((session) => aboutSession(config, session, rows, nowMs))
}

function aboutSession(
  config: ConsoleConfig,
  session: SessionRow,
  { address, approval }: PersonRows,
  nowMs: UnixMs,
): Finding {
  const about = {
    topic: 'session',
    sessionId: session.tokenId,
    deviceName: session.deviceName ?? null,
    since: session.createdAt,
  } as const
  const end = endOfSession(config, session, address, approval, nowMs)
  return end === null
    ? {
        ...about,
        code: 'alive',
        lastUsedAt: session.metadata.lastUsedAt,
        endsAt: endsAt(config, session),
      }
    : { ...about, code: 'ended', ...end }
}
