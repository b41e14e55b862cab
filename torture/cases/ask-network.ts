import type { Case } from '../case.ts'
import { changed, half, hang, json, lost, page, redirect, reset } from '../faults.ts'
import { LINKS, signsIn, tapNewest } from '../moves.ts'
import { NO_ANSWER, type Run } from '../run.ts'

const ONE_ASK = signsIn(1, 4)
const TWO_ASKS = signsIn(1, 4, 2)

const ask = (run: Run) => ({ do: 'ask' as const, email: run.email })

/** The ask fails, and the person presses again. */
async function failsOnce(run: Run): Promise<void> {
  await run.fails(ask(run), NO_ANSWER)
  await run.signIn()
}

export const ASK_NETWORK: Case[] = [
  {
    name: 'ask-answer-lost',
    what: 'The client asks for a link. The server sends the message, and the response is lost.',
    must: 'It says that no response came, sends nothing again by itself, and the link of the message signs in.',
    state: 'signed_in',
    requests: ONE_ASK,
    failedBy: ['repeats ask', 'stores the verifier after the response'],
    async play(run) {
      run.wire.strike(LINKS, lost)
      await run.fails(ask(run), NO_ANSWER, { state: 'asked' })
      await tapNewest(run)
    },
  },
  {
    name: 'ask-answer-half',
    what: 'The response to an ask breaks off in the middle.',
    must: 'As for a lost response: one request, and the link of the message signs in.',
    state: 'signed_in',
    requests: ONE_ASK,
    failedBy: ['repeats ask', 'throws what the network throws'],
    async play(run) {
      run.wire.strike(LINKS, half)
      await run.fails(ask(run), NO_ANSWER, { state: 'asked' })
      await tapNewest(run)
    },
  },
  {
    name: 'ask-never-answered',
    what: 'An ask gets no response, and the connection stays open.',
    must: 'It gives up at its time limit, and the next ask works.',
    state: 'signed_in',
    requests: TWO_ASKS,
    timeoutMs: 3000,
    failedBy: ['has no time limit'],
    async play(run) {
      run.wire.strike(LINKS, hang)
      await failsOnce(run)
    },
  },
  {
    name: 'ask-connection-reset',
    what: 'The connection is reset before the server gets the ask.',
    must: 'It says that no response came, and does not ask again by itself.',
    state: 'signed_in',
    requests: TWO_ASKS,
    failedBy: ['repeats ask'],
    async play(run) {
      run.wire.strike(LINKS, reset)
      await failsOnce(run)
    },
  },
  {
    name: 'ask-port-refused',
    what: 'Nothing listens at the server: the connection is refused.',
    must: 'It says that no response came. When the server is back, the next ask works.',
    state: 'signed_in',
    requests: ONE_ASK,
    failedBy: ['throws what the network throws'],
    async play(run) {
      await run.wire.close()
      await run.fails(ask(run), ['offline'])
      await run.wire.open()
      await run.signIn()
    },
  },
  {
    name: 'ask-bad-gateway',
    what: 'Proxies in front of the server answer 502, 503 and 504, each with a page.',
    must: 'It says that the server could not answer, once for each ask.',
    state: 'signed_in',
    requests: { [LINKS]: [4, 4], 'POST /v1/token': [1, 4] },
    failedBy: ['repeats ask'],
    async play(run) {
      run.wire.strike(LINKS, page(502), page(503, { 'retry-after': '1' }), page(504))
      await run.fails(ask(run), NO_ANSWER)
      await run.fails(ask(run), NO_ANSWER)
      await failsOnce(run)
    },
  },
  {
    name: 'ask-captive-portal',
    what: 'A captive portal answers 200 with its own page, and then with JSON of its own.',
    must: 'It does not take that for a response of the issuer, and the next ask works.',
    state: 'signed_in',
    requests: { [LINKS]: [3, 3], 'POST /v1/token': [1, 4] },
    failedBy: ['believes every 200'],
    async play(run) {
      run.wire.strike(LINKS, page(200), json(200, { status: 'login required' }))
      await run.fails(ask(run), NO_ANSWER)
      await failsOnce(run)
    },
  },
  {
    name: 'ask-redirected',
    what: 'A captive portal redirects the ask to a page on another host, by 302 and then by 307, which keeps the body.',
    must: 'It sends nothing of the ask to the other host.',
    state: 'signed_in',
    requests: { [LINKS]: [3, 3], 'POST /v1/token': [1, 4] },
    failedBy: ['follows redirects'],
    async play(run) {
      run.wire.strike(LINKS, redirect(302, run.elsewhere), redirect(307, run.elsewhere))
      await run.fails(ask(run), NO_ANSWER)
      await failsOnce(run)
    },
  },
  {
    name: 'ask-answer-unknown-members',
    what: 'A server of the future answers an ask with members that the client does not know.',
    must: 'It leaves them alone.',
    state: 'signed_in',
    requests: ONE_ASK,
    failedBy: ['refuses unknown members'],
    async play(run) {
      run.wire.strike(
        LINKS,
        changed('future', (sent) => ({
          ...sent,
          channels: ['email', 'fax'],
          nested: { a: [null] },
        })),
      )
      await run.signIn()
    },
  },
  {
    name: 'ask-answer-missing-members',
    what: 'A response to an ask has a handle and nothing else.',
    must: 'It does not take that for a response of the issuer. The link of the message signs in.',
    state: 'signed_in',
    requests: ONE_ASK,
    failedBy: ['believes every 200'],
    async play(run) {
      run.wire.strike(
        LINKS,
        changed('missing', ({ handle }) => ({ handle })),
      )
      await run.fails(ask(run), NO_ANSWER)
      await tapNewest(run)
    },
  },
  {
    name: 'ask-rate-limited',
    what: 'The person presses twice within a minute: the real budget of messages refuses the second ask.',
    must: 'It says how long to wait. The link of the first ask signs in.',
    state: 'signed_in',
    requests: TWO_ASKS,
    failedBy: ['makes a verifier for each ask', 'hides reason and wait'],
    async play(run) {
      await run.works(ask(run), 'asked')
      await run.fails(ask(run), ['rate_limited'], { state: 'asked', retryAfterSeconds: [1, 60] })
      await tapNewest(run)
    },
  },
  {
    name: 'ask-rate-limited-by-date',
    what: 'A proxy answers 429, and says in Retry-After a date, as RFC 9110 lets it.',
    must: 'It says how long to wait, in seconds.',
    state: 'signed_in',
    requests: TWO_ASKS,
    failedBy: ['reads no date'],
    async play(run) {
      const date = new Date(Date.now() + 40_000).toUTCString()
      run.wire.strike(LINKS, page(429, { 'retry-after': date, date: new Date().toUTCString() }))
      await run.fails(ask(run), ['rate_limited'], { retryAfterSeconds: [30, 41] })
      await run.signIn()
    },
  },
]
