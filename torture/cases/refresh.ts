import type { Case } from '../case.ts'
import {
  changed,
  drip,
  gzip,
  half,
  hang,
  hangAfter,
  json,
  lost,
  notGzip,
  page,
  redirect,
  reset,
  resetAfter,
  twiceAndLost,
} from '../faults.ts'
import { whyBad } from '../proof.ts'
import { NO_ANSWER, type Run } from '../run.ts'
import type { Fault } from '../wire.ts'

const TOKEN = 'POST /v1/token'

/** One ask, one sign-in, and so many refreshes. */
export const refreshes = (least: number, most: number, asks = 1): Case['requests'] => ({
  'POST /v1/links': [asks, asks],
  [TOKEN]: [asks + least, asks + most],
})

const ACCESS_TOKEN = { do: 'accessToken' as const }

/** Signed in, and the access token has expired. */
export async function signedInForLong(run: Run): Promise<void> {
  await run.signIn()
  await run.later(601)
}

/** Refreshes until it works; the session is never gone, and the token that comes is good. */
async function refreshesAtLast(run: Run): Promise<void> {
  const token = await run.insists(ACCESS_TOKEN, 'signed_in')
  if (typeof token !== 'string') return run.wrong('there is no access token')
  const why = await whyBad(run, token)
  if (why !== null) run.wrong(`the access token is not good (${why})`)
  run.oneSession()
}

const struck =
  (...faults: Fault[]) =>
  async (run: Run): Promise<void> => {
    await signedInForLong(run)
    run.wire.strike(TOKEN, ...faults)
    await refreshesAtLast(run)
  }

/** Each of these strikes a whole call, with all its tries: it fails, and the person stays signed in. */
const struckEachTime =
  (...faults: Fault[]) =>
  async (run: Run): Promise<void> => {
    await signedInForLong(run)
    for (const fault of faults) {
      run.wire.strikeAll(TOKEN, fault)
      await run.fails(ACCESS_TOKEN, NO_ANSWER, { state: 'signed_in' })
    }
    run.wire.heal()
    await refreshesAtLast(run)
  }

export const REFRESH: Case[] = [
  {
    name: 'refresh-answer-lost',
    what: 'The server refreshes the session, and the answer is lost: by a closed connection, then by a reset.',
    must: 'The client stays signed in, and has a new token now or at the next call.',
    state: 'signed_in',
    requests: refreshes(3, 6),
    failedBy: ['forgets the session without an answer', 'throws what the network throws'],
    play: struck(lost, resetAfter),
  },
  {
    name: 'refresh-no-connection',
    what: 'Every connection is reset, and then nothing listens at the server.',
    must: 'It says that no answer came, and stays signed in.',
    state: 'signed_in',
    requests: refreshes(2, 9),
    failedBy: ['forgets the session without an answer'],
    async play(run) {
      await struckEachTime(reset)(run)
      await run.later(601)
      await run.wire.close()
      await run.fails(ACCESS_TOKEN, ['offline'], { state: 'signed_in' })
      await run.wire.open()
      await refreshesAtLast(run)
    },
  },
  {
    name: 'refresh-answer-half',
    what: 'The answer to a refresh breaks off in the middle.',
    must: 'It keeps the session that it has, and refreshes again.',
    state: 'signed_in',
    requests: refreshes(2, 5),
    failedBy: ['forgets the session without an answer'],
    play: struck(half),
  },
  {
    name: 'refresh-never-answered',
    what: 'A refresh gets no answer: once before the server had it, and once after.',
    must: 'It gives up at its time limit, and refreshes again.',
    state: 'signed_in',
    requests: refreshes(3, 6),
    timeoutMs: 2500,
    failedBy: ['has no time limit'],
    play: struck(hang, hangAfter),
  },
  {
    name: 'refresh-answer-drips',
    what: 'The answer to a refresh comes byte by byte, ten in a second.',
    must: 'Its time limit is for the whole answer, not for one read.',
    state: 'signed_in',
    requests: refreshes(2, 5),
    timeoutMs: 2500,
    failedBy: ['has a time limit for the head alone'],
    play: struck(drip),
  },
  {
    name: 'refresh-delivered-twice',
    what: 'The network delivers a refresh twice, at once, and the answer is lost.',
    must: 'It refreshes again with the same session JWT.',
    state: 'signed_in',
    requests: refreshes(2, 5),
    failedBy: ['forgets the session without an answer'],
    play: struck(twiceAndLost),
  },
  {
    name: 'refresh-bad-gateway',
    what: 'Proxies answer every refresh with 502, then with 503, then with 504, each with a page.',
    must: 'It says that the server could not answer, and stays signed in.',
    state: 'signed_in',
    requests: refreshes(4, 16),
    failedBy: ['forgets the session when the server fails'],
    play: struckEachTime(page(502), page(503), page(504)),
  },
  {
    name: 'refresh-server-unavailable',
    what: "The Worker itself answers 503, because its database fails, in its own JSON.",
    must: 'It stays signed in, and refreshes when the server is back.',
    state: 'signed_in',
    requests: refreshes(2, 5),
    failedBy: ['forgets the session when the server fails'],
    play: struck(json(503, { error: 'temporarily_unavailable' }, { 'retry-after': '2' })),
  },
  {
    name: 'refresh-refused-by-proxy',
    what: 'Proxies and firewalls refuse every refresh with a page: 401, 403, 404, 407, and 511 as captive portals should.',
    must: 'Only the issuer ends a session, by `invalid_grant`: it stays signed in.',
    state: 'signed_in',
    requests: refreshes(6, 24),
    failedBy: ['forgets the session when refused by anyone'],
    play: struckEachTime(page(401), page(403), page(404), page(407), page(511)),
  },
  {
    name: 'refresh-captive-portal',
    what: 'A captive portal answers every refresh with 200 and its page, then with an empty body, then with JSON of its own.',
    must: 'It keeps the session that it has.',
    state: 'signed_in',
    requests: refreshes(4, 20),
    failedBy: ['believes every 200', 'forgets the session when an answer is not JSON'],
    play: struckEachTime(page(200), page(204), json(200, { login: 'needed' }), json(200, null)),
  },
  {
    name: 'refresh-refusal-in-a-200',
    what: 'A proxy turns every status into 200: the body is that of a refusal.',
    must: 'It does not take that for a refusal of the issuer, and keeps the session.',
    state: 'signed_in',
    requests: refreshes(2, 8),
    failedBy: ['believes every 200'],
    play: struckEachTime(json(200, { error: 'invalid_grant' })),
  },
  {
    name: 'refresh-redirected',
    what: 'A captive portal redirects every refresh to another host: by 302, by 307 and by 308.',
    must: 'The session JWT never goes to the other host, and the session stays.',
    state: 'signed_in',
    requests: refreshes(4, 16),
    failedBy: ['follows redirects'],
    async play(run) {
      const to = run.elsewhere
      await struckEachTime(redirect(302, to), redirect(307, to), redirect(308, to))(run)
    },
  },
  {
    name: 'refresh-compressed',
    what: 'A proxy compresses an answer. Another one says so of an answer that it has not compressed.',
    must: 'It reads the first. The second is no answer: the session stays.',
    state: 'signed_in',
    requests: refreshes(3, 9),
    failedBy: ['forgets the session without an answer'],
    async play(run) {
      await struck(gzip)(run)
      await run.later(601)
      run.wire.strike(TOKEN, notGzip)
      await refreshesAtLast(run)
    },
  },
  {
    name: 'refresh-answer-unknown-members',
    what: 'A server of the future answers a refresh with members that the client does not know, one of them of 300 KB.',
    must: 'It refreshes, and stores no more than it needs.',
    state: 'signed_in',
    requests: refreshes(1, 4),
    failedBy: ['refuses unknown members', 'stores the whole answer'],
    async play(run) {
      await signedInForLong(run)
      const padding = 'x'.repeat(300_000)
      run.wire.strikeAll(
        TOKEN,
        changed('future', (session) => ({ ...session, scope: 'a', padding })),
      )
      await refreshesAtLast(run)
      run.storesLittle()
    },
  },
  {
    name: 'refresh-answer-missing-members',
    what: 'Answers to a refresh lack a member each: the session JWT, the time of the server, the kind of token, the user.',
    must: 'None of these is an answer of the issuer. It keeps the session that it has.',
    state: 'signed_in',
    requests: refreshes(5, 20),
    failedBy: ['believes every 200'],
    play: struckEachTime(
      ...['refresh_token', 'server_time', 'token_type', 'user'].map((member) =>
        changed(`without ${member}`, ({ [member]: _, ...rest }) => rest),
      ),
    ),
  },
  {
    name: 'refresh-answer-of-another',
    what: "A cache gives this client the answer to another person's refresh.",
    must: 'It does not become that person: it keeps its own session.',
    state: 'signed_in',
    requests: refreshes(2, 5),
    failedBy: ['takes the session of another'],
    async play(run) {
      await signedInForLong(run)
      const before = await run.works({ do: 'session' }, 'signed_in')
      const other = changed('of another', (session) => ({
        ...session,
        session_id: 'ses_of_another',
        user: { id: 'usr_of_another', email: 'eve@sigmacomputing.com' },
      }))
      run.wire.strike(TOKEN, other)
      await refreshesAtLast(run)
      const after = await run.works({ do: 'session' }, 'signed_in')
      if (after !== before) run.wrong('the client has the session of another person')
    },
  },
  {
    name: 'refresh-huge-answer',
    what: 'Somebody answers a refresh with 200 and 20 MB of HTML.',
    must: 'It keeps the session that it has.',
    state: 'signed_in',
    requests: refreshes(2, 5),
    failedBy: ['forgets the session when an answer is not JSON'],
    play: struck({
      name: 'huge',
      play: (x) => x.reply({ status: 200, body: `<pre>${'x'.repeat(20_000_000)}` }),
    }),
  },
  {
    name: 'refresh-rate-limited',
    what: 'A refresh is answered 429 with Retry-After in seconds, by a proxy.',
    must: 'It says how long to wait, does not try again at once, and stays signed in.',
    state: 'signed_in',
    requests: refreshes(2, 2),
    failedBy: ['repeats when rate limited', 'hides reason and wait'],
    async play(run) {
      await signedInForLong(run)
      run.wire.strike(TOKEN, page(429, { 'retry-after': '30' }))
      await run.fails(ACCESS_TOKEN, ['rate_limited'], {
        state: 'signed_in',
        retryAfterSeconds: [30, 30],
      })
      await run.works(ACCESS_TOKEN, 'signed_in')
    },
  },
  {
    name: 'refresh-wait-of-an-hour',
    what: 'A refresh is answered 503 with Retry-After of an hour.',
    must: 'It does not wait for an hour: it leaves that to the app.',
    state: 'signed_in',
    requests: refreshes(2, 2),
    failedBy: ['waits as long as it is told'],
    async play(run) {
      await signedInForLong(run)
      run.wire.strike(TOKEN, page(503, { 'retry-after': '3600' }))
      await run.fails(ACCESS_TOKEN, NO_ANSWER, { state: 'signed_in' })
      await run.works(ACCESS_TOKEN, 'signed_in')
    },
  },
  {
    name: 'refresh-ahead-of-time',
    what: 'Half a minute before the access token expires, there is no connection.',
    must: 'It gives the token that is still good.',
    state: 'signed_in',
    requests: refreshes(0, 8),
    failedBy: ['gives no token when a refresh fails'],
    async play(run) {
      await run.signIn()
      await run.later(565)
      run.wire.strikeAll(TOKEN, reset)
      const token = await run.works(ACCESS_TOKEN, 'signed_in')
      if (typeof token !== 'string') run.wrong('there is no access token, and the old one is good')
    },
  },
  {
    name: 'refresh-five-at-once',
    what: 'Five parts of the app want a token at once, and the token has expired.',
    must: 'One refresh serves them all.',
    state: 'signed_in',
    requests: refreshes(1, 1),
    failedBy: ['refreshes for each caller'],
    async play(run) {
      await signedInForLong(run)
      const held = run.hold(TOKEN)
      for (const name of ['a', 'b', 'c', 'd', 'e']) await run.step({ ...ACCESS_TOKEN, background: name })
      await run.until(held.arrived, 'the refresh')
      held.release()
      const tokens = new Set<unknown>()
      for (const name of ['a', 'b', 'c', 'd', 'e']) {
        tokens.add(await run.works({ do: 'join', name }, 'signed_in'))
      }
      if (tokens.size > 1) run.wrong('the callers got different tokens')
    },
  },
  {
    name: 'refresh-two-processes',
    what: 'Two processes of the app, as a widget and the app, refresh the same session at once, time and again.',
    must: 'Neither ends the session of the other.',
    state: 'signed_in',
    requests: refreshes(4, 14),
    failedBy: ['a late refresh overwrites'],
    async play(run) {
      await run.signIn()
      for (const _ of [1, 2, 3]) {
        await run.later(601)
        const held = run.hold(TOKEN)
        await run.step({ ...ACCESS_TOKEN, client: 2, background: 'two' })
        await run.until(held.arrived, 'the refresh of the second process')
        await run.works(ACCESS_TOKEN, 'signed_in')
        await run.later(601)
        await run.works(ACCESS_TOKEN, 'signed_in')
        await run.later(601)
        await run.works(ACCESS_TOKEN, 'signed_in')
        held.release()
        await run.works({ do: 'join', name: 'two' }, 'signed_in')
      }
    },
  },
  {
    name: 'refresh-answered-after-sign-in',
    what: 'A refresh of the old session is on its way when the person signs in anew. Its answer comes late.',
    must: 'The new session stays.',
    state: 'signed_in',
    requests: refreshes(1, 5, 2),
    failedBy: ['a late refresh overwrites'],
    async play(run) {
      await signedInForLong(run)
      await run.works({ do: 'ask', email: run.email })
      const { link } = await run.mail()
      const held = run.hold(TOKEN)
      await run.step({ ...ACCESS_TOKEN, background: 'refresh' })
      await run.until(held.arrived, 'the refresh')
      const fresh = await run.works({ do: 'redeemLink', url: link }, 'signed_in')
      held.release()
      await run.mayFail({ do: 'join', name: 'refresh' }, [], 'signed_in')
      const session = await run.works({ do: 'session' }, 'signed_in')
      if (session !== fresh) run.wrong('the session is not that of the new sign-in')
    },
  },
  {
    name: 'refresh-refused-after-sign-in',
    what: 'A refresh of a session that has ended is on its way when the person signs in anew. The refusal comes late.',
    must: 'The refusal is of the old session: the new one stays.',
    state: 'signed_in',
    requests: refreshes(1, 5, 2),
    failedBy: ['a late refresh overwrites'],
    async play(run) {
      await signedInForLong(run)
      await run.works({ do: 'ask', email: run.email })
      const { link } = await run.mail()
      await run.revoke()
      const held = run.hold(TOKEN)
      await run.step({ ...ACCESS_TOKEN, background: 'refresh' })
      await run.until(held.arrived, 'the refresh')
      await run.works({ do: 'redeemLink', url: link }, 'signed_in')
      held.release()
      await run.mayFail({ do: 'join', name: 'refresh' }, [], 'signed_in')
    },
  },
  {
    name: 'refresh-killed',
    what: 'The app dies at every step of a refresh: before and after each use of the storage.',
    must: 'The app that is started again is signed in, and refreshes.',
    state: 'signed_in',
    requests: refreshes(12, 26),
    failedBy: ['deletes before it stores'],
    async play(run) {
      await run.signIn()
      for (const at of [1, 2, 3, 4, 5, 6]) {
        for (const done of [false, true]) {
          await run.later(601)
          await run.step({ ...ACCESS_TOKEN, dies: { at, done } })
          await run.works(ACCESS_TOKEN, 'signed_in')
        }
      }
      run.oneSession()
    },
  },
  {
    name: 'refresh-killed-unanswered',
    what: 'The app dies while a refresh is on its way: the server has done it, and nobody takes the answer.',
    must: 'The app that is started again is signed in, and refreshes.',
    state: 'signed_in',
    requests: refreshes(2, 5),
    failedBy: ['deletes before it stores'],
    async play(run) {
      await signedInForLong(run)
      const held = run.hold(TOKEN)
      await run.step({ ...ACCESS_TOKEN, background: 'refresh' })
      await run.until(held.arrived, 'the refresh')
      await run.works({ do: 'kill' }, 'signed_in')
      held.release()
      await run.fails({ do: 'join', name: 'refresh' }, ['killed'])
      await refreshesAtLast(run)
    },
  },
  {
    name: 'refresh-storage-full',
    what: 'The storage takes no writes while the session is refreshed, twice. Then the app is started again.',
    must: 'It fails with `storage`, keeps what it has, and never uses a token that it could not store.',
    state: 'signed_in',
    requests: refreshes(3, 12),
    failedBy: ['ignores writes that fail'],
    async play(run) {
      await signedInForLong(run)
      await run.works({ do: 'breakStorage', what: 'writes' })
      await run.fails(ACCESS_TOKEN, ['storage'], { state: 'signed_in' })
      await run.later(601)
      await run.fails(ACCESS_TOKEN, ['storage'], { state: 'signed_in' })
      await run.works({ do: 'mendStorage' })
      await run.works({ do: 'kill' }, 'signed_in')
      await refreshesAtLast(run)
    },
  },
  {
    name: 'refresh-storage-locked',
    what: 'The app runs in the background while the storage cannot be read.',
    must: 'It fails with `storage`, which is not the same as signed out, and sends nothing.',
    state: 'signed_in',
    requests: refreshes(0, 0),
    failedBy: ['takes a locked storage for an empty one'],
    async play(run) {
      await run.signIn()
      await run.works({ do: 'breakStorage', what: 'reads' })
      await run.fails(ACCESS_TOKEN, ['storage'], { state: 'unknown' })
      await run.fails({ do: 'session' }, ['storage'], { state: 'unknown' })
      await run.works({ do: 'mendStorage' }, 'signed_in')
    },
  },
]
