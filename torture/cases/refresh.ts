import type { Case } from '../case.ts'
import { hang, hangAfter, json, page, redirect, reset, twiceAndLost } from '../faults.ts'
import {
  TOKEN,
  ACCESS_TOKEN,
  refreshes,
  signedInForLong,
  givesGoodToken,
  refreshStruck,
  refreshStruckEachTime,
} from '../moves.ts'
import { NO_ANSWER } from '../run.ts'

export const REFRESH: Case[] = [
  {
    name: 'refresh-no-connection',
    what: 'Every connection is reset, and then nothing listens at the server.',
    must: 'It says that no response came, and stays signed in.',
    state: 'signed_in',
    requests: refreshes(2, 9),
    failedBy: ['forgets the session without a response'],
    async play(run) {
      await refreshStruckEachTime(reset)(run)
      await run.later(601)
      await run.wire.close()
      await run.fails(ACCESS_TOKEN, ['offline'], { state: 'signed_in' })
      await run.wire.open()
      await givesGoodToken(run)
    },
  },
  {
    name: 'refresh-never-answered',
    what: 'A refresh gets no response: once before the server had it, and once after.',
    must: 'It gives up at its time limit, and refreshes again.',
    state: 'signed_in',
    requests: refreshes(3, 6),
    timeoutMs: 3000,
    failedBy: ['has no time limit'],
    play: refreshStruck(hang, hangAfter),
  },
  {
    name: 'refresh-delivered-twice',
    what: 'The network delivers a refresh twice, at once, and the response is lost.',
    must: 'It refreshes again with the same session JWT.',
    state: 'signed_in',
    requests: refreshes(2, 5),
    failedBy: ['forgets the session without a response'],
    play: refreshStruck(twiceAndLost),
  },
  {
    name: 'refresh-bad-gateway',
    what: 'Proxies answer every refresh with 502, then with 503, then with 504, each with a page.',
    must: 'It says that the server could not answer, and stays signed in.',
    state: 'signed_in',
    requests: refreshes(4, 16),
    failedBy: ['forgets the session when the server fails'],
    play: refreshStruckEachTime(page(502), page(503), page(504)),
  },
  {
    name: 'refresh-server-unavailable',
    what: 'The Worker itself answers 503, because its database fails, in its own JSON.',
    must: 'It stays signed in, and refreshes when the server is back.',
    state: 'signed_in',
    requests: refreshes(2, 5),
    failedBy: ['forgets the session when the server fails'],
    play: refreshStruck(json(503, { error: 'temporarily_unavailable' }, { 'retry-after': '2' })),
  },
  {
    name: 'refresh-refused-by-proxy',
    what: 'Proxies and firewalls refuse every refresh with a page: 401, 403, 404, 407, and 511 as captive portals should.',
    must: 'Only the issuer ends a session, by `invalid_grant`: it stays signed in.',
    state: 'signed_in',
    requests: refreshes(6, 24),
    failedBy: ['forgets the session when refused by anyone'],
    play: refreshStruckEachTime(page(401), page(403), page(404), page(407), page(511)),
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
      await refreshStruckEachTime(redirect(302, to), redirect(307, to), redirect(308, to))(run)
    },
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
]
