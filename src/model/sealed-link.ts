import { concatBytes, decodeBase64url, encodeBase64url, fromUtf8, utf8 } from '../base/encoding.ts'
import { unixMs, type UnixMs } from '../base/time.ts'
import type { World } from '../base/world.ts'
import type { Opened, SealPurpose, Seals } from '../crypto/seal.ts'

/** How a link is sent: the schema's `metadata.sourceFlow`. */
export type Flow = 'email' | 'sms'

/** The content of a sealed link or a handle. Only the first three members fit into an SMS link. */
export type LinkContent = {
  /** The row's `tokenId`. */
  linkId: string
  createdAtMs: UnixMs
  flow: Flow
  userId?: string | undefined
  email?: string | undefined
  dashboardId?: string | undefined
  /** BCP 47, as requested by the app. */
  locale?: string | undefined
  /** S256 of the asking device's verifier. Only in the handle. */
  codeChallenge?: string | undefined
  /** The sealing key that first sealed this link. Its code and its session id are derived with it. */
  keyId: number
}

export const LINK_PREFIX = 'tok_ml_'
const USER_PREFIX = 'usr_'
const ID_BYTES = 16
const TIME_BYTES = 6

const FLOWS: readonly Flow[] = ['email', 'sms']
/** Id, createdAt and flow: everything that fits into an SMS link. */
const HEAD_BYTES = ID_BYTES + TIME_BYTES + 1

/** 128 random bits. */
export const newLinkId = (world: World): string =>
  LINK_PREFIX + encodeBase64url(world.randomBytes(ID_BYTES))

/** 128 random bits: a user id reveals nothing about the address. */
export const newUserId = (world: World): string =>
  USER_PREFIX + encodeBase64url(world.randomBytes(ID_BYTES))

/**
 * Layout: id (16 bytes), createdAt (6, Unix ms), flow (1). Except in an SMS link, then userId (16), and email,
 * dashboard, locale and challenge, one line each.
 */
function pack(content: LinkContent): Uint8Array<ArrayBuffer> {
  const head = new DataView(new ArrayBuffer(TIME_BYTES + 1))
  head.setUint16(0, Math.floor(content.createdAtMs / 2 ** 32))
  head.setUint32(2, content.createdAtMs % 2 ** 32)
  head.setUint8(TIME_BYTES, FLOWS.indexOf(content.flow))
  const packed = concatBytes(bytesOf(LINK_PREFIX, content.linkId), new Uint8Array(head.buffer))
  if (content.userId === undefined) return packed
  const { email, dashboardId, locale, codeChallenge } = content
  const lines = [email, dashboardId, locale, codeChallenge].map((line) => line ?? '')
  return concatBytes(
    packed,
    bytesOf(USER_PREFIX, content.userId),
    utf8(lines.join('\n').replace(/\n+$/, '')),
  )
}

const bytesOf = (prefix: string, id: string) => decodeBase64url(id.slice(prefix.length))!

function unpack({ bytes, keyId }: Opened): LinkContent | null {
  const flow = FLOWS[bytes[HEAD_BYTES - 1] ?? -1]
  if (flow === undefined) return null
  const time = new DataView(bytes.buffer, bytes.byteOffset + ID_BYTES)
  const head = {
    linkId: LINK_PREFIX + encodeBase64url(bytes.subarray(0, ID_BYTES)),
    createdAtMs: unixMs(time.getUint16(0) * 2 ** 32 + time.getUint32(2)),
    flow,
    keyId,
  }
  if (bytes.length === HEAD_BYTES) return head
  const rest = bytes.subarray(HEAD_BYTES + ID_BYTES)
  const [email, dashboardId, locale, codeChallenge] = fromUtf8(rest).split('\n')
  return {
    ...head,
    userId: USER_PREFIX + encodeBase64url(bytes.subarray(HEAD_BYTES, HEAD_BYTES + ID_BYTES)),
    email: email || undefined,
    dashboardId: dashboardId || undefined,
    locale: locale || undefined,
    codeChallenge: codeChallenge || undefined,
  }
}

async function open(
  seals: Seals,
  purpose: SealPurpose,
  sealed: string,
): Promise<LinkContent | null> {
  const opened = await seals.open(purpose, sealed)
  return opened && unpack(opened)
}

/** The token in a link's URL, `tok_ml_…`. An SMS only has room for the first three members. */
export async function sealLink(seals: Seals, content: LinkContent): Promise<string> {
  const { linkId, createdAtMs, flow, keyId } = content
  const fits =
    flow === 'sms' ? { linkId, createdAtMs, flow, keyId } : { ...content, codeChallenge: undefined }
  return LINK_PREFIX + (await seals.seal('sealed-link', pack(fits), keyId))
}

/**
 * Opens a sealed link. It tolerates the changes that mail programs make to links: the whole URL, a trailing dot or
 * bracket, an added query, percent-escapes. @returns null if Latchkey did not seal it. This needs no request to
 * DynamoDB.
 */
export async function openLink(seals: Seals, linkToken: string): Promise<LinkContent | null> {
  const token = /tok(?:_|%5f)ml(?:_|%5f)((?:[A-Za-z0-9_-]|%[0-9a-f]{2})+)/i.exec(linkToken)?.[1]
  if (token === undefined) return null
  const sealed = token.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return open(seals, 'sealed-link', /^[A-Za-z0-9_-]*/.exec(sealed)![0])
}

/** The handle, which the asking app receives: the same content and the challenge, sealed for another purpose. */
export const sealHandle = (seals: Seals, content: LinkContent): Promise<string> =>
  seals.seal('link-handle', pack(content), content.keyId)

export const openHandle = (seals: Seals, handle: string): Promise<LinkContent | null> =>
  open(seals, 'link-handle', handle)

/** The HMAC of the link's id, so one link leads to only one session id. */
export async function sessionIdOf(
  seals: Seals,
  link: Pick<LinkContent, 'linkId' | 'keyId'>,
): Promise<string> {
  const bytes = await seals.derive(link.keyId, 'session-id', link.linkId)
  return `ses_${encodeBase64url(bytes.subarray(0, 16))}`
}

/** Six digits, derived and never stored. The bias of 2^64 modulo 10^6 is below 10^-13. */
export async function codeOf(seals: Seals, link: LinkContent): Promise<string> {
  const bytes = await seals.derive(link.keyId, 'code', link.linkId)
  const number = new DataView(bytes.buffer).getBigUint64(0) % 1_000_000n
  return number.toString().padStart(6, '0')
}
