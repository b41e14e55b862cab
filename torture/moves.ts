import type { Case } from './case.ts'
import { whyBad } from './proof.ts'
import { NO_ANSWER, type Run } from './run.ts'
import { THINGS } from './things.ts'
import type { Fault } from './wire.ts'

export const LINKS = 'POST /v1/links'
export const TOKEN = 'POST /v1/token'
export const ACCESS_TOKEN = { do: 'accessToken' as const }
export const DAY = 86_400

/** The requests of so many asks, and of sign-ins and refreshes together. */
export const signsIn = (least: number, most: number, asks = 1): Case['requests'] => ({
  [LINKS]: [asks, asks],
  [TOKEN]: [least, most],
})

/** As many asks as sign-ins, and so many refreshes. */
export const refreshes = (least: number, most: number, asks = 1): Case['requests'] =>
  signsIn(asks + least, asks + most, asks)

export async function askAndGet(run: Run): Promise<{ link: string; code: string }> {
  await run.works({ do: 'ask', email: run.email }, 'asked')
  return run.mail()
}

export async function tapNewest(run: Run): Promise<void> {
  const { link } = await run.mail()
  await run.works({ do: 'redeemLink', url: link }, 'signed_in')
}

/** Signed in, and the access token has expired. */
export async function signedInForLong(run: Run): Promise<void> {
  await run.signIn()
  await run.later(601)
}

/** A token comes in the end, and it is a good one. The session is never gone. */
export async function givesGoodToken(run: Run): Promise<void> {
  const token = await run.insists(ACCESS_TOKEN, 'signed_in')
  const why = typeof token === 'string' ? await whyBad(run, token) : 'there is none'
  if (why !== null) run.wrong(`the access token is not good (${why})`)
}

export async function isSignedOut(run: Run): Promise<void> {
  const token = await run.works(ACCESS_TOKEN, 'signed_out')
  if (token !== null) run.wrong('the session has ended, and there is still an access token')
}

/** A refresh that is struck so often, and then works. */
export const refreshStruck =
  (...faults: Fault[]) =>
  async (run: Run): Promise<void> => {
    await signedInForLong(run)
    run.wire.strike(TOKEN, ...faults)
    await givesGoodToken(run)
    run.oneSession()
  }

/** Each of these strikes a whole call, with all its tries: it fails, and the person stays signed in. */
export const refreshStruckEachTime =
  (...faults: Fault[]) =>
  async (run: Run): Promise<void> => {
    await signedInForLong(run)
    for (const fault of faults) {
      run.wire.strikeAll(TOKEN, fault)
      await run.fails(ACCESS_TOKEN, NO_ANSWER, { state: 'signed_in' })
    }
    run.wire.heal()
    await givesGoodToken(run)
    run.oneSession()
  }

export const things = (run: Run) => ({
  do: 'fetch' as const,
  url: run.wire.baseUrl + THINGS,
  method: 'POST',
  body: '{"name":"a thing"}',
})

/** A call of the app's own back end, which must arrive whole. */
export async function callsBackEnd(run: Run): Promise<void> {
  const answer = (await run.works(things(run), 'signed_in')) as { status?: number; body?: string }
  const { status, body } = answer ?? {}
  if (status !== 200) run.wrong(`the back end must answer 200, and answers ${status}`)
  else if (body !== things(run).body) run.wrong('the back end did not get the body')
}
