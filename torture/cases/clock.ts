import type { Case } from '../case.ts'
import { json, wantsNonce } from '../faults.ts'
import { DAY, givesGoodToken, things, callsBackEnd, refreshes } from '../moves.ts'
import { THINGS } from '../things.ts'

export const CLOCK: Case[] = [
  {
    name: 'clock-a-day-back',
    what: "The phone's clock jumps a day back after the sign-in. Then the access token expires.",
    must: 'It does not take a token of the future for fresh: it refreshes.',
    state: 'signed_in',
    requests: { ...refreshes(1, 8), [`POST ${THINGS}`]: [1, 2] },
    failedBy: ['trusts a token of the future'],
    async play(run) {
      await run.signIn()
      await run.works({ do: 'advanceClock', seconds: -DAY })
      await run.later(601)
      await givesGoodToken(run)
      await callsBackEnd(run)
    },
  },
  {
    name: 'clock-a-day-ahead',
    what: "The phone's clock is a day ahead during the sign-in, and is set right afterwards.",
    must: 'Its tokens are good all the time.',
    state: 'signed_in',
    requests: { ...refreshes(1, 9) },
    failedBy: ['trusts a token of the future'],
    async play(run) {
      await run.works({ do: 'advanceClock', seconds: DAY })
      await run.signIn()
      await givesGoodToken(run)
      await run.works({ do: 'advanceClock', seconds: -DAY })
      await run.later(601)
      await givesGoodToken(run)
    },
  },
  {
    name: 'clock-that-stood-still',
    what: "The phone's clock stood still for eleven minutes: a token looks fresh and has expired.",
    must: 'After a 401 of the back end it refreshes once and calls again, with the body.',
    state: 'signed_in',
    requests: { ...refreshes(1, 4), [`POST ${THINGS}`]: [2, 2] },
    failedBy: ['gives up after a 401', 'loses the body'],
    async play(run) {
      await run.signIn()
      await run.later(660)
      await run.works({ do: 'advanceClock', seconds: -660 })
      await callsBackEnd(run)
    },
  },
  {
    name: 'back-end-refuses',
    what: 'The back end answers 401 to every token, also to a fresh one.',
    must: 'It refreshes once, gives the app the 401, and stays signed in.',
    state: 'signed_in',
    requests: { ...refreshes(1, 4), [`POST ${THINGS}`]: [2, 2] },
    failedBy: ['forgets the session when refused by anyone', 'gives up after a 401'],
    async play(run) {
      await run.signIn()
      run.wire.strikeAll(`POST ${THINGS}`, json(401, { error: 'no' }))
      const answer = (await run.works(things(run), 'signed_in')) as { status?: number }
      if (answer?.status !== 401) run.wrong('the app must see the 401')
    },
  },
  {
    name: 'bound-clock-wrong',
    what: "The phone's clock is a day ahead, then a day behind, and the session is bound to a key: the server asks for its nonce.",
    must: 'It signs in, refreshes and calls a back end: once more with the nonce, or by the time of the server.',
    state: 'signed_in',
    keys: 'bound',
    requests: { ...refreshes(2, 8), [`POST ${THINGS}`]: [2, 4] },
    failedBy: ['ignores nonces'],
    async play(run) {
      await run.works({ do: 'advanceClock', seconds: DAY })
      await run.signIn()
      await callsBackEnd(run)
      await run.works({ do: 'advanceClock', seconds: -2 * DAY })
      await run.later(601)
      await givesGoodToken(run)
      await callsBackEnd(run)
    },
  },
  {
    name: 'bound-nonce-of-a-back-end',
    what: 'A back end wants a nonce of its own in the proof, and then another one.',
    must: 'It calls again with the nonce and the body, without a refresh.',
    state: 'signed_in',
    keys: 'bound',
    requests: { ...refreshes(0, 0), [`POST ${THINGS}`]: [4, 4] },
    failedBy: ['ignores nonces', 'loses the body'],
    async play(run) {
      await run.signIn()
      for (const nonce of ['nonce-1', 'nonce-2']) {
        run.wire.strike(`POST ${THINGS}`, wantsNonce(nonce))
        await callsBackEnd(run)
      }
    },
  },
]
