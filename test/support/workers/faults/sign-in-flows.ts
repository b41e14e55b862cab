import { expect } from 'vitest'
import { approve } from '../approvals.ts'
import { messagesTo, newEmail, type Latchkey } from '../latchkey.ts'
import { linksOf, sessionsOf } from '../rows.ts'
import {
  askForLink,
  expectTokens,
  newDevice,
  redeem,
  redeemCode,
  tokenOf,
  ask,
  type AskedLink,
  type Device,
} from '../sign-in.ts'
import { jsonOf, newProofKey, proveToken } from '../tokens.ts'
import { newNumber } from './ask-flows.ts'
import type { Flow } from './flow.ts'
import {
  expectAlive,
  expectBoundAlive,
  expectOneSessionPerUsedLink,
  expectSameSessionAgain,
} from './invariants.ts'
import type { Stage } from './stage.ts'

type Asked = AskedLink & { device: Device }

async function asked({ auth }: Stage, email = newEmail()): Promise<Asked> {
  const device = await newDevice()
  return { ...(await askForLink(auth, device, email)), device }
}

/** A link that an SMS brought: its address and its user id are not in it. */
async function askedBySms(stage: Stage): Promise<Asked> {
  const { auth } = stage
  const [email, number, device] = [stage.newGuest(), newNumber(), await newDevice()]
  await approve(auth, email, { phoneNumber: number })
  const answer = await ask(auth, email, device, { channel: 'sms' })
  const { handle } = await jsonOf<{ handle: string }>(answer)
  await stage.settle()
  const [sms] = await messagesTo(number)
  return { email, handle, device, linkToken: tokenOf(sms!.link), code: sms!.code, link: sms!.link }
}

/** One session is open, the one that was confirmed, and the device gets it again. */
const signingIn = (
  name: string,
  prepare: (stage: Stage) => Promise<Asked>,
  send: (app: Latchkey, one: Asked) => Promise<Response>,
): Flow => ({
  name,
  worker: 'public',
  async prepare(stage) {
    const { auth } = stage
    const one = await prepare(stage)
    return {
      send: () => send(auth, one),
      done: [200],
      async holds({ answer }) {
        const tokens = await expectTokens(answer)
        const { sessions } = await expectOneSessionPerUsedLink(auth, one.email)
        expect(sessions).toHaveLength(1)
        await expectSameSessionAgain(auth, one.linkToken, one.device, tokens)
        const stranger = { ...(await newDevice()), deviceId: one.device.deviceId }
        expect((await redeem(auth, one.linkToken, stranger)).status).toBe(400)
        await expectAlive(auth, tokens)
        await expectOneSessionPerUsedLink(auth, one.email)
      },
    }
  },
})

/** Nothing is opened, and the link is still good for the device that asked. */
const refused = (
  name: string,
  send: (app: Latchkey, one: Asked) => Promise<Response>,
  more: (app: Latchkey, one: Asked, tries: number) => Promise<void> = async () => {},
): Flow => ({
  name,
  worker: 'public',
  async prepare(stage) {
    const { auth } = stage
    const one = await asked(stage)
    return {
      send: () => send(auth, one),
      done: [400],
      async holds({ unanswered }) {
        expect(await sessionsOf(auth, one.email)).toEqual([])
        await more(auth, one, 1 + unanswered)
        const tokens = await expectTokens(await redeem(auth, one.linkToken, one.device))
        await expectOneSessionPerUsedLink(auth, one.email)
        await expectAlive(auth, tokens)
      },
    }
  },
})

const byLink = (app: Latchkey, one: Asked) => redeem(app, one.linkToken, one.device)
const byCode = (app: Latchkey, one: Asked) => redeemCode(app, one, one.code, one.device)

export const SIGN_IN_FLOWS: Flow[] = [
  signingIn('redeem a link', asked, byLink),
  signingIn('redeem a link again', asUsed, byLink),
  signingIn('redeem an SMS link', askedBySms, byLink),
  signingIn('redeem an SMS link with its handle', askedBySms, (app, one) =>
    redeem(app, one.linkToken, one.device, { handle: one.handle }),
  ),
  signingIn('redeem a code', asked, byCode),
  signingIn('redeem a code again', asUsed, byCode),
  {
    name: 'redeem a link with a key',
    worker: 'public',
    async prepare(stage) {
      const { auth } = stage
      const [one, key] = [await asked(stage), await newProofKey()]
      const proof = () => proveToken(auth, key)
      return {
        send: async () => redeem(auth, one.linkToken, one.device, {}, { DPoP: await proof() }),
        done: [200],
        async holds({ answer }) {
          const tokens = await expectTokens(answer)
          expect(tokens.token_type).toBe('DPoP')
          await expectOneSessionPerUsedLink(auth, one.email)
          const headers = { DPoP: await proof() }
          await expectSameSessionAgain(auth, one.linkToken, one.device, tokens, headers)
          await expectBoundAlive(auth, tokens, proof)
        },
      }
    },
  },
  refused('redeem a link of another device', async (app, one) =>
    redeem(app, one.linkToken, await newDevice()),
  ),
  refused(
    'redeem a wrong code',
    (app, one) => redeemCode(app, one, one.code === '000000' ? '000001' : '000000', one.device),
    // Counted before it is compared, and once for each request.
    async (app, { email }, tries) => {
      const [link] = await linksOf(app, email)
      expect(link!.attempts).toBeGreaterThan(0)
      expect(link!.attempts).toBeLessThanOrEqual(tries)
    },
  ),
]

/** The device has used its link, and did not hear of it. */
async function asUsed(stage: Stage): Promise<Asked> {
  const one = await asked(stage)
  await expectTokens(await byLink(stage.auth, one))
  return one
}

/** A person signs in: asks, takes the link or the code out of the inbox, and redeems it. */
const journey = (name: string, finish: typeof byLink): Flow => ({
  name,
  worker: 'public',
  async prepare(stage) {
    const { auth } = stage
    const [email, device] = [newEmail(), await newDevice()]
    let got: Asked | undefined
    return {
      mayTakeLong: true,
      async send() {
        if (got === undefined) {
          const answer = await ask(auth, email, device)
          if (answer.status !== 202) return answer
          const { handle } = await jsonOf<{ handle: string }>(answer.clone())
          await stage.settle()
          const [mail] = (await messagesTo(email)).filter(({ link }) => link !== null)
          // No message came. The person asks again.
          if (mail === undefined) return new Response(null, { status: 429, headers: WAIT })
          const { link, code } = mail
          got = { email, device, handle, link, linkToken: tokenOf(link), code }
        }
        return finish(auth, got)
      },
      done: [200],
      async holds({ answer, overcome }) {
        const tokens = await expectTokens(answer)
        const { links, sessions } = await expectOneSessionPerUsedLink(auth, email)
        expect(sessions).toHaveLength(1)
        if (overcome) expect(links).toHaveLength(1)
        await expectSameSessionAgain(auth, got!.linkToken, device, tokens)
        await expectAlive(auth, tokens)
      },
    }
  },
})

const WAIT = { 'Retry-After': '61' }

/** Every two faults of these strike together. */
export const JOURNEYS: Flow[] = [
  journey('sign in by link', byLink),
  journey('sign in by code', byCode),
]
