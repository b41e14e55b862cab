import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concatBytes, decodeBase64url, utf8 } from '../../src/base/encoding.ts'
import type { SealKey } from '../../src/base/key-rings.ts'
import { unixMs } from '../../src/base/time.ts'
import { createSeals, type SealPurpose, type Seals } from '../../src/crypto/seal.ts'
import {
  codeOf,
  newLinkId,
  newUserId,
  openHandle,
  openLink,
  sealHandle,
  sealLink,
  sessionIdOf,
  type LinkContent,
} from '../../src/model/sealed-link.ts'
import { realWorld } from '../../src/base/world.ts'

const newKey = (id: number): SealKey => ({ id, secret: realWorld.randomBytes(32), nbf: 0 })
const newSeals = (): Promise<Seals> => createSeals([newKey(7)], realWorld)

const newLink = (more: Partial<LinkContent> = {}): LinkContent => ({
  linkId: newLinkId(realWorld),
  createdAtMs: unixMs(1_795_000_000_123),
  flow: 'email',
  userId: newUserId(realWorld),
  email: 'ada@company.test',
  dashboardId: undefined,
  locale: undefined,
  keyId: 7,
  ...more,
})

const anyLink = fc
  .record({
    createdAtMs: fc.integer({ min: 0, max: 2 ** 48 - 1 }).map(unixMs),
    flow: fc.constantFrom('email' as const, 'sms' as const),
    email: fc.option(fc.stringMatching(/^[a-z0-9.+]{1,40}@[a-z]{1,20}\.com$/), { nil: undefined }),
    dashboardId: fc.option(fc.stringMatching(/^[A-Za-z0-9._:-]{1,128}$/), { nil: undefined }),
    locale: fc.option(fc.constantFrom('de-CH', 'ja', 'zh-Hant-TW'), { nil: undefined }),
  })
  .map((more) => newLink(more))

describe('works', () => {
  it('opens the content that it sealed: all of it in a handle and in an email link', async () => {
    const seals = await newSeals()
    await fc.assert(
      fc.asyncProperty(anyLink, async (link) => {
        expect(await openHandle(seals, await sealHandle(seals, link))).toEqual(link)
        const { linkId, createdAtMs, flow, keyId } = link
        const travels = flow === 'email' ? link : { linkId, createdAtMs, flow, keyId }
        expect(await openLink(seals, await sealLink(seals, link))).toEqual(travels)
      }),
    )
  })

  it('leaves address and user id out of an SMS link, so that link and code fit into one message', async () => {
    const seals = await newSeals()
    const token = await sealLink(seals, newLink({ flow: 'sms' }))
    expect(token.length).toBeLessThanOrEqual(80)
    expect(await openLink(seals, token)).toMatchObject({ flow: 'sms' })
    expect(await openLink(seals, token)).not.toHaveProperty('email')
    expect(await openLink(seals, token)).not.toHaveProperty('userId')
  })

  it('T61: opens a link that mail programs and filters have changed', async () => {
    const seals = await newSeals()
    const link = newLink()
    const token = await sealLink(seals, link)
    const spellings = [
      `https://auth.latchkey.test/link/${token}`,
      `HTTPS://AUTH.LATCHKEY.TEST/link/${token}`,
      `${token}.`,
      `${token}>`,
      `<${token}>`,
      `${token}?utm_source=mail&x=y`,
      `${token}#fragment`,
      `${token}%3E`,
      `${token}%2E`,
      ` ${token}\r\n`,
      token.replaceAll('_', '%5F'),
      token.replaceAll('_', '%5f').replaceAll('-', '%2D'),
      token.replace(/[A-Z]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
    ]
    for (const spelling of spellings) {
      expect(await openLink(seals, spelling), spelling).toEqual(link)
    }
  })

  it('derives one session id and one code from a link, the same everywhere and always', async () => {
    const ring = [newKey(7)]
    const [here, there] = await Promise.all([
      createSeals(ring, realWorld),
      createSeals([newKey(8), ...ring], realWorld),
    ])
    const link = newLink()
    const sessionId = await sessionIdOf(here, link)
    expect(sessionId).toMatch(/^ses_[A-Za-z0-9_-]{22}$/)
    const { linkId, keyId } = link
    expect(await sessionIdOf(there, { linkId, keyId })).toBe(sessionId)
    const code = await codeOf(here, link)
    expect(code).toMatch(/^\d{6}$/)
    expect(await codeOf(there, link)).toBe(code)
  })
})

describe('refuses', () => {
  it('a handle as a link and a link as a handle', async () => {
    const seals = await newSeals()
    const link = newLink()
    expect(await openLink(seals, `tok_ml_${await sealHandle(seals, link)}`)).toBeNull()
    const token = await sealLink(seals, link)
    expect(await openHandle(seals, token)).toBeNull()
    expect(await openHandle(seals, token.slice('tok_ml_'.length))).toBeNull()
  })

  it("T1: a link row's own id, which is all that the table has of a link", async () => {
    const seals = await newSeals()
    expect(await openLink(seals, newLink().linkId)).toBeNull()
  })

  it('a valid seal with too few bytes, or with an unknown flow', async () => {
    const seals = await newSeals()
    for (const length of [0, 16, 22]) {
      const sealed = await seals.seal('sealed-link', new Uint8Array(length))
      expect(await openLink(seals, `tok_ml_${sealed}`)).toBeNull()
    }
    const foreign = new Uint8Array(23).fill(9)
    expect(await openLink(seals, `tok_ml_${await seals.seal('sealed-link', foreign)}`)).toBeNull()
  })

  it('a link and a handle from before 0.1.0, without a user id', async () => {
    const seals = await newSeals()
    const link = newLink()
    const id = decodeBase64url(link.linkId.slice('tok_ml_'.length))!
    const timeAndFlow = new Uint8Array(7)
    const lines = utf8('ada@company.test\n\n\nchallenge')
    const content = concatBytes(id, timeAndFlow, lines)
    const asBefore = (purpose: string) => seals.seal(purpose as SealPurpose, content)
    expect(await openLink(seals, `tok_ml_${await asBefore('link')}`)).toBeNull()
    expect(await openHandle(seals, await asBefore('handle'))).toBeNull()
  })
})

describe('withstands', () => {
  it('T1: 10,000 links: they have 10,000 different ids of 128 bits, tokens and sessions', async () => {
    const seals = await newSeals()
    const links = Array.from({ length: 10_000 }, () => newLink())
    for (const { linkId } of links) expect(linkId).toMatch(/^tok_ml_[A-Za-z0-9_-]{22}$/)
    expect(new Set(links.map((link) => link.linkId)).size).toBe(10_000)
    const tokens = await Promise.all(links.map((link) => sealLink(seals, link)))
    expect(new Set(tokens).size).toBe(10_000)
    const sessions = await Promise.all(links.map((link) => sessionIdOf(seals, link)))
    expect(new Set(sessions).size).toBe(10_000)
  })

  it.each([
    ['link', newLinkId],
    ['user', newUserId],
  ])('T1: statistics on a %s id: every bit is random', (_, newId) => {
    const ids = Array.from({ length: 1000 }, () =>
      decodeBase64url(newId(realWorld).replace(/^[a-z]+_(?:ml_)?/, ''))!,
    )
    for (let bit = 0; bit < 128; bit++) {
      const ones = ids.filter((id) => (id[bit >> 3]! >> (bit & 7)) & 1).length
      // A fair coin is outside of this once in 10^21 times.
      expect(ones, `bit ${bit}`).toBeGreaterThan(350)
      expect(ones, `bit ${bit}`).toBeLessThan(650)
    }
  })

  it('T1: a look at the sealed token: it shows no id, person or address', async () => {
    const seals = await newSeals()
    const link = newLink()
    const bytes = decodeBase64url((await sealLink(seals, link)).slice('tok_ml_'.length))!
    const id = decodeBase64url(link.linkId.slice('tok_ml_'.length))!
    const person = decodeBase64url(link.userId!.slice('usr_'.length))!
    for (const secret of [id, person, utf8('ada@')]) {
      for (let at = 0; at + secret.length <= bytes.length; at++) {
        expect(secret.every((byte, i) => bytes[at + i] === byte)).toBe(false)
      }
    }
  })

  it('any text in place of a token', async () => {
    const seals = await newSeals()
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string().map((text) => `tok_ml_${text}`),
      fc.stringMatching(/^tok_ml_[A-Za-z0-9_%-]{0,200}$/),
    )
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        expect(await openLink(seals, text)).toBeNull()
        expect(await openHandle(seals, text)).toBeNull()
      }),
    )
  })
})
