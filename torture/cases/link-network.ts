import type { Case } from '../case.ts'
import {
  changed,
  drip,
  half,
  hangAfter,
  json,
  lost,
  page,
  redirect,
  reset,
  resetAfter,
  twiceAndLost,
} from '../faults.ts'
import { TOKEN, signsIn, askAndGet } from '../moves.ts'
import { NO_ANSWER, type Run } from '../run.ts'
import type { Fault } from '../wire.ts'

/** A sign-in by link that is struck, and that the person repeats while no response comes. */
const struck =
  (...faults: Fault[]) =>
  async (run: Run): Promise<void> => {
    const { link } = await askAndGet(run)
    run.wire.strike(TOKEN, ...faults)
    await run.insists({ do: 'redeemLink', url: link }, 'signed_in')
    run.oneSession()
  }

export const LINK_NETWORK: Case[] = [
  {
    name: 'link-answer-lost',
    what: 'The server opens the session, and the response is lost: by a closed connection, then by a reset.',
    must: 'It sends the same request again, by itself or when the person taps again, and gets the same session.',
    state: 'signed_in',
    requests: signsIn(3, 6),
    failedBy: ['makes a device id each time'],
    play: struck(lost, resetAfter),
  },
  {
    name: 'link-connection-reset',
    what: 'The connection is reset before the server gets the link.',
    must: 'It sends the link again, by itself or when the person taps again.',
    state: 'signed_in',
    requests: signsIn(2, 5),
    failedBy: ['throws what the network throws'],
    play: struck(reset),
  },
  {
    name: 'link-answer-half',
    what: 'The response with the session breaks off in the middle.',
    must: 'It keeps nothing of it, and gets the session when it sends the link again.',
    state: 'signed_in',
    requests: signsIn(2, 5),
    failedBy: ['throws what the network throws', 'makes a device id each time'],
    play: struck(half),
  },
  {
    name: 'link-never-answered',
    what: 'The server opens the session, and the connection stays open without a response.',
    must: 'It gives up at its time limit, and gets the session when it sends the link again.',
    state: 'signed_in',
    requests: signsIn(2, 5),
    timeoutMs: 3000,
    failedBy: ['has no time limit'],
    play: struck(hangAfter),
  },
  {
    name: 'link-answer-drips',
    what: 'The response with the session comes byte by byte, ten in a second.',
    must: 'Its time limit is for the whole response, not for one read.',
    state: 'signed_in',
    requests: signsIn(2, 5),
    timeoutMs: 3000,
    failedBy: ['has a time limit for the head alone'],
    play: struck(drip),
  },
  {
    name: 'link-delivered-twice',
    what: 'The network delivers the request twice, at once, and the response is lost.',
    must: 'It sends the same request again, and there is one session.',
    state: 'signed_in',
    requests: signsIn(2, 5),
    failedBy: ['makes a device id each time'],
    play: struck(twiceAndLost),
  },
  {
    name: 'link-bad-gateway',
    what: 'Proxies answer the link with 502, then with 503, then with 504, however often it is sent.',
    must: 'It keeps what it asked for, and signs in when the server is back.',
    state: 'signed_in',
    requests: signsIn(4, 16),
    failedBy: ['deletes the ask first'],
    async play(run) {
      const { link } = await askAndGet(run)
      for (const status of [502, 503, 504]) {
        run.wire.strikeAll(TOKEN, page(status))
        await run.fails({ do: 'redeemLink', url: link }, NO_ANSWER, { state: 'asked' })
      }
      run.wire.heal()
      await run.works({ do: 'redeemLink', url: link }, 'signed_in')
    },
  },
  {
    name: 'link-captive-portal',
    what: 'A captive portal answers the link with 200: its page, then JSON of its own, then JSON with half of a session.',
    must: 'None of these is a session.',
    state: 'signed_in',
    requests: signsIn(4, 7),
    failedBy: ['believes every 200'],
    play: struck(
      page(200),
      json(200, { login: 'needed' }),
      json(200, { access_token: 'a', refresh_token: 'r', expires_in: 600 }),
    ),
  },
  {
    name: 'link-redirected',
    what: 'A captive portal redirects the link to another host: by 302, by 307 and by 308.',
    must: 'Link and verifier never go to the other host.',
    state: 'signed_in',
    requests: signsIn(4, 7),
    failedBy: ['follows redirects'],
    async play(run) {
      const { elsewhere } = run
      await struck(
        redirect(302, elsewhere),
        redirect(307, elsewhere),
        redirect(308, elsewhere),
      )(run)
    },
  },
  {
    name: 'link-answer-unknown-members',
    what: 'A server of the future answers with members that the client does not know, one of them of 300 KB.',
    must: 'It signs in, and stores no more than it needs.',
    state: 'signed_in',
    requests: signsIn(1, 4),
    failedBy: ['refuses unknown members', 'stores the whole response'],
    async play(run) {
      const { link } = await askAndGet(run)
      run.wire.strikeAll(
        TOKEN,
        changed('future', (session) => ({
          ...session,
          scope: 'a b',
          assurance: { level: 3 },
          padding: 'x'.repeat(300_000),
        })),
      )
      await run.works({ do: 'redeemLink', url: link }, 'signed_in')
      run.storesLittle()
    },
  },
]
