import { concatBytes, decodeBase64url, encodeBase64url, fromUtf8, utf8 } from '../base/encoding.ts'
import type { Opened, SealPurpose, Seals } from '../crypto/seal.ts'
import type { World } from '../base/world.ts'

/** How a link travels, the schema's `metadata.sourceFlow`. */
export type Flow = 'email' | 'sms'

/** What a sealed link or handle says. In an SMS link only the first three fit. */
export type LinkContent = {
  /** The row's `tokenId`. */
  linkId: string
  createdAtMs: number
  flow: Flow
  email?: string | undefined
  dashboardId?: string | undefined
  /** BCP 47, as the app asked for it. */
  locale?: string | undefined
  /** S256 of the asking device's verifier: in the handle alone. */
  codeChallenge?: string | undefined
  /** The sealing key that this link began with: its code and its session are derived with it. */
  keyId: number
}

export const LINK_PREFIX = 'tok_ml_'
const ID_BYTES = 16
const HEAD_BYTES = ID_BYTES + 6 + 1
const FLOWS: readonly Flow[] = ['email', 'sms']

/** 128 random bits. */
export const newLinkId = (world: World): string =>
  LINK_PREFIX + encodeBase64url(world.randomBytes(ID_BYTES))

/** Layout: id (16 bytes), createdAt (6, Unix ms), flow (1), then email, dashboard, locale and challenge in lines. */
function pack(content: LinkContent): Uint8Array<ArrayBuffer> {
  const id = decodeBase64url(content.linkId.slice(LINK_PREFIX.length))!
  const head = new DataView(new ArrayBuffer(7))
  head.setUint16(0, Math.floor(content.createdAtMs / 2 ** 32))
  head.setUint32(2, content.createdAtMs % 2 ** 32)
  head.setUint8(6, FLOWS.indexOf(content.flow))
  const { email, dashboardId, locale, codeChallenge } = content
  const lines = [email, dashboardId, locale, codeChallenge].map((line) => line ?? '')
  const rest = lines.join('\n').replace(/\n+$/, '')
  return concatBytes(id, new Uint8Array(head.buffer), utf8(rest))
}

function unpack({ bytes, keyId }: Opened): LinkContent | null {
  const flow = FLOWS[bytes[HEAD_BYTES - 1] ?? -1]
  if (flow === undefined) return null
  const head = new DataView(bytes.buffer, bytes.byteOffset + ID_BYTES)
  const [email, dashboardId, locale, codeChallenge] = fromUtf8(bytes.subarray(HEAD_BYTES)).split(
    '\n',
  )
  return {
    linkId: LINK_PREFIX + encodeBase64url(bytes.subarray(0, ID_BYTES)),
    createdAtMs: head.getUint16(0) * 2 ** 32 + head.getUint32(2),
    flow,
    email: email || undefined,
    dashboardId: dashboardId || undefined,
    locale: locale || undefined,
    codeChallenge: codeChallenge || undefined,
    keyId,
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

/** The token of a link, `tok_ml_…`. An SMS has no room for more than its head. */
export async function sealLink(seals: Seals, content: LinkContent): Promise<string> {
  const { linkId, createdAtMs, flow, keyId } = content
  const fits =
    flow === 'sms' ? { linkId, createdAtMs, flow, keyId } : { ...content, codeChallenge: undefined }
  return LINK_PREFIX + (await seals.seal('link', pack(fits), keyId))
}

/**
 * Opens the token of a link. What mail programs do to links is forgiven: the whole URL, a trailing dot or
 * bracket, an added query, percent-escapes. @returns null when it was not sealed here: no request was spent.
 */
export async function openLink(seals: Seals, linkToken: string): Promise<LinkContent | null> {
  const token = /tok(?:_|%5f)ml(?:_|%5f)((?:[A-Za-z0-9_-]|%[0-9a-f]{2})+)/i.exec(linkToken)?.[1]
  if (token === undefined) return null
  const sealed = token.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return open(seals, 'link', /^[A-Za-z0-9_-]*/.exec(sealed)![0])
}

/** The handle, which the app that asked gets: the same content and the challenge, for another purpose. */
export const sealHandle = (seals: Seals, content: LinkContent): Promise<string> =>
  seals.seal('handle', pack(content), content.keyId)

export const openHandle = (seals: Seals, handle: string): Promise<LinkContent | null> =>
  open(seals, 'handle', handle)

/** Named by HMAC of the link's id: one link can name only one session. */
export async function sessionIdOf(seals: Seals, link: LinkContent): Promise<string> {
  const bytes = await seals.derive(link.keyId, 'session-id', link.linkId)
  return `ses_${encodeBase64url(bytes.subarray(0, 16))}`
}

/** Six digits, derived and never stored. The bias of 2^64 modulo 10^6 is below 10^-13. */
export async function codeOf(seals: Seals, link: LinkContent): Promise<string> {
  const bytes = await seals.derive(link.keyId, 'code', link.linkId)
  const number = new DataView(bytes.buffer).getBigUint64(0) % 1_000_000n
  return number.toString().padStart(6, '0')
}
