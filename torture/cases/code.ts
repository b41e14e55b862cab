import type { Case } from '../case.ts'
import { json, lost, page, reset } from '../faults.ts'
import { LINKS, TOKEN, signsIn, askAndGet } from '../moves.ts'
import { NO_ANSWER, type Run } from '../run.ts'
import type { Fault } from '../wire.ts'

/** Every request for tokens beyond these is the client's own idea. */
const requests = (tokens: number): Case['requests'] => signsIn(tokens, tokens)

const wrongOf = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0')

/** The person enters the right code, which is struck, and presses again. */
const struck =
  (errors: string[], ...faults: Fault[]) =>
  async (run: Run): Promise<void> => {
    const { code } = await askAndGet(run)
    run.wire.strike(TOKEN, ...faults)
    for (const _ of faults) await run.fails({ do: 'redeemCode', code }, errors, { state: 'asked' })
    await run.works({ do: 'redeemCode', code }, 'signed_in')
    run.oneSession()
  }

export const CODE: Case[] = [
  {
    name: 'code-wrong',
    what: 'The person types a wrong code, and then the right one.',
    must: 'The refusal leaves what was asked for, and one entry is one request: the server counts the tries.',
    state: 'signed_in',
    requests: requests(2),
    failedBy: ['forgets the ask when refused', 'repeats what was refused'],
    async play(run) {
      const { code } = await askAndGet(run)
      await run.fails({ do: 'redeemCode', code: wrongOf(code) }, ['invalid_grant'], {
        state: 'asked',
      })
      await run.works({ do: 'redeemCode', code }, 'signed_in')
    },
  },
  {
    name: 'code-answer-lost',
    what: 'The server takes the code, and the response is lost.',
    must: 'It does not send the code again by itself. When the person presses again, it gets the same session.',
    state: 'signed_in',
    requests: requests(2),
    failedBy: ['repeats codes', 'deletes the ask first'],
    play: struck(NO_ANSWER, lost),
  },
  {
    name: 'code-wrong-answer-lost',
    what: 'The person types a wrong code on a bad network: the server counts the try, and the response is lost.',
    must: 'One try is counted, so that four are left.',
    state: 'signed_in',
    requests: requests(3),
    failedBy: ['repeats codes'],
    async play(run) {
      const { code } = await askAndGet(run)
      run.wire.strike(TOKEN, lost)
      await run.fails({ do: 'redeemCode', code: wrongOf(code) }, NO_ANSWER, { state: 'asked' })
      await run.fails({ do: 'redeemCode', code: wrongOf(code) }, ['invalid_grant'], {
        state: 'asked',
      })
      await run.works({ do: 'redeemCode', code }, 'signed_in')
    },
  },
  {
    name: 'code-no-server',
    what: 'The connection is reset, then proxies answer 502 and 503, then a captive portal answers 200 with a page.',
    must: 'It sends the code once for each press, and keeps what was asked for.',
    state: 'signed_in',
    requests: requests(5),
    failedBy: ['repeats codes', 'believes every 200'],
    play: struck(NO_ANSWER, reset, page(502), page(503, { 'retry-after': '1' }), page(200)),
  },
  {
    name: 'code-rate-limited',
    what: 'The server limits the tries from this network: 429 with Retry-After.',
    must: 'It says how long to wait, and does not try again by itself.',
    state: 'signed_in',
    requests: requests(2),
    failedBy: ['repeats when rate limited', 'hides reason and wait'],
    async play(run) {
      const { code } = await askAndGet(run)
      run.wire.strike(
        TOKEN,
        json(429, { error: 'temporarily_unavailable' }, { 'retry-after': '3' }),
      )
      await run.fails({ do: 'redeemCode', code }, ['rate_limited'], {
        state: 'asked',
        retryAfterSeconds: [3, 3],
      })
      await run.works({ do: 'redeemCode', code }, 'signed_in')
    },
  },
  {
    name: 'code-too-many-tries',
    what: 'The person types five wrong codes. The sixth is right, and comes too late.',
    must: 'Each entry is one request. The link still signs in.',
    state: 'signed_in',
    requests: requests(7),
    failedBy: ['repeats what was refused', 'forgets the ask when refused'],
    async play(run) {
      const { link, code } = await askAndGet(run)
      for (let tried = 0; tried < 5; tried++) {
        await run.fails({ do: 'redeemCode', code: wrongOf(code) }, ['invalid_grant'], {
          state: 'asked',
        })
      }
      await run.fails({ do: 'redeemCode', code }, ['invalid_grant'], { state: 'asked' })
      await run.works({ do: 'redeemLink', url: link }, 'signed_in')
    },
  },
  {
    name: 'code-as-people-type-it',
    what: 'The code is pasted with spaces, a dash and a line break.',
    must: 'It sends the six digits.',
    state: 'signed_in',
    requests: requests(1),
    failedBy: ['sends codes as typed'],
    async play(run) {
      const { code } = await askAndGet(run)
      const typed = ` ${code.slice(0, 3)}-${code.slice(3)}\n`
      await run.works({ do: 'redeemCode', code: typed }, 'signed_in')
    },
  },
  {
    name: 'code-without-handle',
    what: 'The response to the ask was lost, and the person types the code of the message.',
    must: 'It fails with `not_asked` and sends nothing: a code needs the handle. The link signs in.',
    state: 'signed_in',
    requests: requests(1),
    failedBy: ['sends codes without a handle'],
    async play(run) {
      run.wire.strike(LINKS, lost)
      await run.fails({ do: 'ask', email: run.email }, NO_ANSWER, { state: 'asked' })
      const { link, code } = await run.mail()
      await run.fails({ do: 'redeemCode', code }, ['not_asked'], { state: 'asked' })
      await run.works({ do: 'redeemLink', url: link }, 'signed_in')
    },
  },
  {
    name: 'code-then-link',
    what: 'The person signs in with the code, and then taps the link of the same message.',
    must: 'The session stays, whatever it says of the link.',
    state: 'signed_in',
    requests: requests(1),
    failedBy: ['signs out when a link is refused'],
    async play(run) {
      const { link, code } = await askAndGet(run)
      await run.works({ do: 'redeemCode', code }, 'signed_in')
      await run.mayFail(
        { do: 'redeemLink', url: link },
        ['not_asked', 'invalid_grant'],
        'signed_in',
      )
    },
  },
  {
    name: 'code-nothing-asked',
    what: 'A code is entered where nothing was asked for.',
    must: 'It fails with `not_asked`, and sends nothing.',
    state: 'signed_out',
    requests: {},
    failedBy: ['sends codes without a handle'],
    async play(run) {
      await run.fails({ do: 'redeemCode', code: '123456' }, ['not_asked'], { state: 'signed_out' })
    },
  },
]
