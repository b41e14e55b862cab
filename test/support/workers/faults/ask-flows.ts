import { expect } from 'vitest'
import { approve } from '../approvals.ts'
import { askToBeLetIn, forgetRequests, newNetwork, requestRow } from '../console-requests.ts'
import { messagesTo, newEmail, type Latchkey } from '../latchkey.ts'
import { addressOf, linksOf, putRow } from '../rows.ts'
import {
  ask,
  askForLink,
  expectTokens,
  newDevice,
  postJson,
  redeem,
  tokenOf,
  type Device,
} from '../sign-in.ts'
import { forgetSends, jsonOf, linesOf, signInAgain } from '../tokens.ts'
import { expectAlive, expectOneSessionPerUsedLink, expectSameSessionAgain } from './invariants.ts'
import type { End, Flow } from './flow.ts'
import type { Stage } from './stage.ts'

/** How many messages the address has taken from its budget, of the last five. */
async function takesOf(app: Latchkey, email: string): Promise<number> {
  const row = (await addressOf(app, email)) ?? {}
  return [1, 2, 3, 4, 5].filter((n) => Number((row as Record<string, unknown>)[`sentAt${n}`]) > 0)
    .length
}

/** The messages with a link: others may tell a person about a new device. */
const linksTo = async (to: string) => (await messagesTo(to)).filter(({ link }) => link !== null)

/**
 * Every message was taken from the budget, and has a row. If the faults kept the message away, the person asks again a
 * minute later. The link works, and opens one session.
 */
async function expectMessage(
  stage: Stage,
  { overcome }: End,
  to: { email: string; device: Device; number?: string; again: () => Promise<Response> },
): Promise<void> {
  const { auth } = stage
  const { email, device } = to
  const read = () => linksTo(to.number ?? email)
  const [takes, links, sent] = [
    await takesOf(auth, email),
    await linksOf(auth, email),
    await read(),
  ]
  expect(links.length, 'one link for one take').toBeLessThanOrEqual(takes)
  const codes = new Set(sent.map(({ code }) => code))
  expect(codes.size, 'every message has a row').toBeLessThanOrEqual(links.length)
  expect(sent.length, 'one message for one take').toBeLessThanOrEqual(
    takes + stage.unheardMessages(),
  )
  if (overcome) expect([takes, links.length, codes.size]).toEqual([1, 1, 1])
  if (sent.length === 0) {
    stage.clock.offsetMs += 61_000
    expect((await to.again()).status).toBe(202)
    await stage.settle()
    sent.push(...(await read()))
  }
  const linkToken = tokenOf(sent[0]!.link)
  const tokens = await expectTokens(await redeem(auth, linkToken, device))
  await expectSameSessionAgain(auth, linkToken, device, tokens)
  await expectOneSessionPerUsedLink(auth, email)
  await expectAlive(auth, tokens)
}

/** Nothing was sent, whatever was asked how often. */
async function expectNothingSent({ auth }: Stage, { overcome }: End, email: string): Promise<void> {
  expect(await messagesTo(email)).toEqual([])
  const [takes, links] = [await takesOf(auth, email), await linksOf(auth, email)]
  expect(links.length).toBeLessThanOrEqual(takes)
  if (overcome) expect([takes, links.length]).toEqual([1, 1])
}

export const newNumber = (): string =>
  `+1415${String(crypto.getRandomValues(new Uint32Array(1))[0]! % 10_000_000).padStart(7, '0')}`

const asking = (
  name: string,
  who: (stage: Stage) => Promise<{ email: string; number?: string }>,
): Flow => ({
  name,
  worker: 'public',
  async prepare(stage) {
    const { auth } = stage
    const [{ email, number }, device] = await Promise.all([who(stage), newDevice()])
    const more = number === undefined ? {} : { channel: 'sms', phoneNumber: number }
    const send = () => ask(auth, email, device, more)
    return {
      send,
      done: [202],
      holds: (end) =>
        expectMessage(stage, end, {
          email,
          device,
          again: send,
          ...(number === undefined ? {} : { number }),
        }),
    }
  },
})

/** A person with more devices than the row of an address keeps. */
async function manyDevices(stage: Stage) {
  const { auth } = stage
  const { user } = await signInAgain(auth, { id: '', email: newEmail() })
  const row = (await addressOf(auth, user.email))!
  const devices = Object.fromEntries(
    Array.from({ length: 52 }, (_, i) => [`device${i}`, Date.now() - 1_000_000 - i]),
  )
  await putRow(auth, { ...row, devices: { ...row.devices, ...devices } })
  await forgetSends(auth, user.email)
  return { auth, email: user.email }
}

export const ASK_FLOWS: Flow[] = [
  asking('ask by email', async () => ({ email: newEmail() })),
  asking('ask by SMS', async ({ auth, newGuest }) => {
    const [email, number] = [newGuest(), newNumber()]
    await approve(auth, email, { phoneNumber: number })
    return { email, number }
  }),
  {
    name: 'ask with a +tag',
    worker: 'public',
    async prepare({ auth, newGuest }) {
      const [mailbox, device] = [newGuest(), await newDevice()]
      const email = mailbox.replace('@', '+tag@')
      const send = () => ask(auth, email, device)
      return {
        send,
        done: [202],
        async holds({ overcome }) {
          const takes = await takesOf(auth, mailbox)
          expect((await linksOf(auth, email)).length).toBeLessThanOrEqual(takes)
          if (overcome) expect([takes, (await linksOf(auth, email)).length]).toEqual([1, 1])
          expect(await takesOf(auth, email)).toBe(0)
          expect(await messagesTo(email)).toEqual([])
        },
      }
    },
  },
  {
    name: 'ask for an unknown address',
    worker: 'public',
    async prepare(stage) {
      const [email, device] = [stage.newGuest(), await newDevice()]
      return {
        send: () => ask(stage.auth, email, device),
        done: [202],
        holds: (end) => expectNothingSent(stage, end, email),
      }
    },
  },
  {
    name: 'ask to be let in',
    worker: 'public',
    env: { ACCESS_REQUESTS: 'on' },
    async prepare(stage) {
      const { auth } = stage
      const [email, device] = [stage.newGuest(), await newDevice()]
      const headers = newNetwork()
      const { codeChallenge } = device
      // All tests share the budget of all.
      await forgetRequests(auth)
      return {
        send: () => postJson(auth, '/v1/links', { email, codeChallenge }, headers),
        done: [202],
        async holds(end) {
          await expectNothingSent(stage, end, email)
          const [row, takes] = [await requestRow(auth, email), await takesOf(auth, email)]
          expect(row?.asks ?? 0).toBeLessThanOrEqual(takes)
          const isOverBudget = linesOf(auth, 'access_requested').some(
            ({ reason }) => reason === 'over_budget',
          )
          if (end.overcome && !isOverBudget) expect(row?.asks).toBe(1)
        },
      }
    },
  },
  {
    name: 'ask again to be let in',
    worker: 'public',
    env: { ACCESS_REQUESTS: 'on' },
    async prepare(stage) {
      const { auth } = stage
      const email = stage.newGuest()
      await forgetRequests(auth)
      await askToBeLetIn(auth, email)
      await forgetSends(auth, email)
      const { codeChallenge } = await newDevice()
      const waits = (await requestRow(auth, email)) !== undefined
      return {
        send: () => postJson(auth, '/v1/links', { email, codeChallenge }, newNetwork()),
        done: [202],
        async holds({ overcome, unanswered }) {
          const row = await requestRow(auth, email)
          if (!waits) return
          expect(row!.asks).toBeLessThanOrEqual(2 + unanswered)
          if (overcome) expect(row!.asks).toBe(2)
        },
      }
    },
  },
  {
    name: 'ask with too many devices',
    worker: 'public',
    async prepare(stage) {
      const { auth, email } = await manyDevices(stage)
      const device = await newDevice()
      const before = (await linksOf(auth, email)).length
      return {
        send: () => ask(auth, email, device),
        done: [202],
        async holds({ overcome }) {
          const [takes, links] = [await takesOf(auth, email), await linksOf(auth, email)]
          expect(links.length - before).toBeLessThanOrEqual(takes)
          const count = Object.keys((await addressOf(auth, email))!.devices!).length
          expect(count).toBeLessThanOrEqual(overcome ? 50 : 54)
        },
      }
    },
  },
  ...(['email', 'SMS'] as const).map((channel): Flow => ({
    name: `resend by ${channel}`,
    worker: 'public',
    async prepare(stage) {
      const { auth } = stage
      const device = await newDevice()
      const email = channel === 'SMS' ? stage.newGuest() : newEmail()
      const number = newNumber()
      if (channel === 'SMS') await approve(auth, email, { phoneNumber: number })
      const more = channel === 'SMS' ? { channel: 'sms' } : {}
      const { handle } = await jsonOf<{ handle: string }>(await ask(auth, email, device, more))
      await stage.settle()
      const to = channel === 'SMS' ? number : email
      const first = (await linksTo(to)).length
      stage.clock.offsetMs += 61_000
      const send = () => postJson(auth, '/v1/links/resend', { handle })
      return {
        send,
        done: [202],
        async holds({ overcome }) {
          const sent = await linksTo(to)
          const takes = await takesOf(auth, email)
          expect(sent.length).toBeLessThanOrEqual(takes + stage.unheardMessages())
          if (overcome) expect(takes).toBe(2)
          if (overcome) expect(sent.length).toBeGreaterThan(first)
          // Every message has the same code, and the link is still good.
          expect(new Set(sent.map(({ code }) => code)).size).toBe(1)
          expect(await linksOf(auth, email)).toHaveLength(1)
          const tokens = await expectTokens(await redeem(auth, tokenOf(sent[0]!.link), device))
          await expectOneSessionPerUsedLink(auth, email)
          await expectAlive(auth, tokens)
        },
      }
    },
  })),
  {
    name: 'open the page behind a link',
    worker: 'public',
    async prepare({ auth }) {
      const device = await newDevice()
      const { linkToken } = await askForLink(auth, device)
      return {
        send: () => auth.fetch(`/link/${linkToken}`),
        done: [200],
        holds: async () => void (await expectTokens(await redeem(auth, linkToken, device))),
      }
    },
  },
]
