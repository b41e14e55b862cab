import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeBase64url, utf8 } from '../../src/base/encoding.ts'
import { createSeals, type Seals } from '../../src/crypto/seal.ts'
import {
  codeOf,
  newLinkId,
  openHandle,
  openLink,
  sealHandle,
  sealLink,
  sessionIdOf,
  type LinkContent,
} from '../../src/model/sealed-link.ts'
import { realWorld } from '../../src/base/world.ts'

const newSeals = (): Promise<Seals> =>
  createSeals([{ id: 7, secret: realWorld.randomBytes(32) }], realWorld)

const newLink = (more: Partial<LinkContent> = {}): LinkContent => ({
  linkId: newLinkId(realWorld),
  createdAtMs: 1_795_000_000_123,
  flow: 'email',
  email: 'ada@example.com',
  dashboardId: undefined,
  locale: undefined,
  keyId: 7,
  ...more,
})

const anyLink = fc
  .record({
    createdAtMs: fc.integer({ min: 0, max: 2 ** 48 - 1 }),
    flow: fc.constantFrom('email' as const, 'sms' as const),
    email: fc.option(fc.stringMatching(/^[a-z0-9.+]{1,40}@[a-z]{1,20}\.com$/), { nil: undefined }),
    dashboardId: fc.option(fc.stringMatching(/^[A-Za-z0-9._:-]{1,128}$/), { nil: undefined }),
    locale: fc.option(fc.constantFrom('de-CH', 'ja', 'zh-Hant-TW'), { nil: undefined }),
  })
  .map(newLink)

describe('works', () => {
  it('opens the content that it sealed: all of it in a handle and in a mailed link', async () => {
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

  it('leaves the address out of an SMS, so that link and code fit into one message', async () => {
    const seals = await newSeals()
    const token = await sealLink(seals, newLink({ flow: 'sms' }))
    expect(token.length).toBeLessThanOrEqual(80)
    expect(await openLink(seals, token)).toMatchObject({ flow: 'sms', email: undefined })
  })

  it('T61: opens a link as mail programs and filters leave it', async () => {
    const seals = await newSeals()
    const link = newLink()
    const token = await sealLink(seals, link)
    const spellings = [
      `https://auth.latchkey.test/link/${token}`,
      `HTTPS://AUTH.EXAMPLE.COM/link/${token}`,
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

  it('names one session and one code for a link, the same at every place and time', async () => {
    const ring = [{ id: 7, secret: realWorld.randomBytes(32) }]
    const [here, there] = await Promise.all([
      createSeals(ring, realWorld),
      createSeals([{ id: 8, secret: realWorld.randomBytes(32) }, ...ring], realWorld),
    ])
    const link = newLink()
    const sessionId = await sessionIdOf(here, link)
    expect(sessionId).toMatch(/^ses_[A-Za-z0-9_-]{22}$/)
    expect(await sessionIdOf(there, { ...link, email: undefined, flow: 'sms' })).toBe(sessionId)
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

  it("T1: a link row's own id, which is all that the table holds of a link", async () => {
    const seals = await newSeals()
    expect(await openLink(seals, newLink().linkId)).toBeNull()
  })

  it('a seal of ours around too few bytes, or around a flow that is none', async () => {
    const seals = await newSeals()
    for (const length of [0, 16, 22]) {
      const sealed = await seals.seal('link', new Uint8Array(length))
      expect(await openLink(seals, `tok_ml_${sealed}`)).toBeNull()
    }
    const foreign = new Uint8Array(23).fill(9)
    expect(await openLink(seals, `tok_ml_${await seals.seal('link', foreign)}`)).toBeNull()
  })
})

describe('withstands', () => {
  it('T1: 10,000 links have 10,000 ids of 128 bits, tokens and sessions', async () => {
    const seals = await newSeals()
    const links = Array.from({ length: 10_000 }, () => newLink())
    for (const { linkId } of links) expect(linkId).toMatch(/^tok_ml_[A-Za-z0-9_-]{22}$/)
    expect(new Set(links.map((link) => link.linkId)).size).toBe(10_000)
    const tokens = await Promise.all(links.map((link) => sealLink(seals, link)))
    expect(new Set(tokens).size).toBe(10_000)
    const sessions = await Promise.all(links.map((link) => sessionIdOf(seals, link)))
    expect(new Set(sessions).size).toBe(10_000)
  })

  it('T1: every bit of a link id is random', () => {
    const ids = Array.from({ length: 1000 }, () =>
      decodeBase64url(newLinkId(realWorld).slice('tok_ml_'.length))!,
    )
    for (let bit = 0; bit < 128; bit++) {
      const ones = ids.filter((id) => (id[bit >> 3]! >> (bit & 7)) & 1).length
      // A fair coin is outside of this once in 10^21 times.
      expect(ones, `bit ${bit}`).toBeGreaterThan(350)
      expect(ones, `bit ${bit}`).toBeLessThan(650)
    }
  })

  it('T1: the sealed token shows neither the id nor the address', async () => {
    const seals = await newSeals()
    const link = newLink()
    const bytes = decodeBase64url((await sealLink(seals, link)).slice('tok_ml_'.length))!
    const id = decodeBase64url(link.linkId.slice('tok_ml_'.length))!
    for (const secret of [id, utf8('ada@')]) {
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
