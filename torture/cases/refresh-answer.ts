import type { Case } from '../case.ts'
import { changed, drip, gzip, half, json, lost, notGzip, page, resetAfter } from '../faults.ts'
import {
  TOKEN,
  refreshes,
  signedInForLong,
  givesGoodToken,
  refreshStruck,
  refreshStruckEachTime,
} from '../moves.ts'

export const REFRESH_ANSWER: Case[] = [
  {
    name: 'refresh-answer-lost',
    what: 'The server refreshes the session, and the response is lost: by a closed connection, then by a reset.',
    must: 'The client stays signed in, and has a new token now or at the next call.',
    state: 'signed_in',
    requests: refreshes(3, 6),
    failedBy: ['forgets the session without a response', 'throws what the network throws'],
    play: refreshStruck(lost, resetAfter),
  },
  {
    name: 'refresh-answer-half',
    what: 'The response to a refresh breaks off in the middle.',
    must: 'It keeps the session that it has, and refreshes again.',
    state: 'signed_in',
    requests: refreshes(2, 5),
    failedBy: ['forgets the session without a response'],
    play: refreshStruck(half),
  },
  {
    name: 'refresh-answer-drips',
    what: 'The response to a refresh comes byte by byte, ten in a second.',
    must: 'Its time limit is for the whole response, not for one read.',
    state: 'signed_in',
    requests: refreshes(2, 5),
    timeoutMs: 3000,
    failedBy: ['has a time limit for the head alone'],
    play: refreshStruck(drip),
  },
  {
    name: 'refresh-captive-portal',
    what: 'A captive portal answers every refresh with 200 and its page, then with an empty body, then with JSON of its own.',
    must: 'It keeps the session that it has.',
    state: 'signed_in',
    requests: refreshes(4, 20),
    failedBy: ['believes every 200', 'forgets the session when a response is not JSON'],
    play: refreshStruckEachTime(
      page(200),
      page(204),
      json(200, { login: 'needed' }),
      json(200, null),
    ),
  },
  {
    name: 'refresh-refusal-in-a-200',
    what: 'A proxy turns every status into 200: the body is that of a refusal.',
    must: 'It does not take that for a refusal of the issuer, and keeps the session.',
    state: 'signed_in',
    requests: refreshes(2, 8),
    failedBy: ['believes every 200'],
    play: refreshStruckEachTime(json(200, { error: 'invalid_grant' })),
  },
  {
    name: 'refresh-compressed',
    what: 'A proxy compresses a response. Another one says so of a response that it has not compressed.',
    must: 'It reads the first. The second is no response: the session stays.',
    state: 'signed_in',
    requests: refreshes(3, 9),
    failedBy: ['forgets the session without a response'],
    async play(run) {
      await refreshStruck(gzip)(run)
      await run.later(601)
      run.wire.strike(TOKEN, notGzip)
      await givesGoodToken(run)
    },
  },
  {
    name: 'refresh-answer-unknown-members',
    what: 'A server of the future answers a refresh with members that the client does not know, one of them of 300 KB.',
    must: 'It refreshes, and stores no more than it needs.',
    state: 'signed_in',
    requests: refreshes(1, 4),
    failedBy: ['refuses unknown members', 'stores the whole response'],
    async play(run) {
      await signedInForLong(run)
      const padding = 'x'.repeat(300_000)
      run.wire.strikeAll(
        TOKEN,
        changed('future', (session) => ({ ...session, scope: 'a', padding })),
      )
      await givesGoodToken(run)
      run.storesLittle()
    },
  },
  {
    name: 'refresh-answer-missing-members',
    what: 'Responses to a refresh lack a member each: the session JWT, the time of the server, the kind of token, the user.',
    must: 'None of these is a response of the issuer. It keeps the session that it has.',
    state: 'signed_in',
    requests: refreshes(5, 20),
    failedBy: ['believes every 200'],
    play: refreshStruckEachTime(
      ...['refresh_token', 'server_time', 'token_type', 'user'].map((member) =>
        changed(`without ${member}`, (session) => ({ ...session, [member]: undefined })),
      ),
    ),
  },
  {
    name: 'refresh-answer-of-another',
    what: "A cache gives this client the response to another person's refresh.",
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
      await givesGoodToken(run)
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
    failedBy: ['forgets the session when a response is not JSON'],
    play: refreshStruck({
      name: 'huge',
      play: (x) => x.reply({ status: 200, body: `<pre>${'x'.repeat(20_000_000)}` }),
    }),
  },
]
