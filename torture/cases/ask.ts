import type { Case } from '../case.ts'
import { page } from '../faults.ts'
import { LINKS, signsIn, tapNewest } from '../moves.ts'
import { NO_ANSWER, type Run } from '../run.ts'

const ONE_ASK = signsIn(1, 4)
const TWO_ASKS = signsIn(1, 4, 2)

const ask = (run: Run) => ({ do: 'ask' as const, email: run.email })

export const ASK: Case[] = [
  {
    name: 'ask-twice-first-link',
    what: 'The person asks, waits, asks again, and then taps the link of the first message.',
    must: 'That link signs in too.',
    state: 'signed_in',
    requests: TWO_ASKS,
    failedBy: ['makes a verifier for each ask'],
    async play(run) {
      await run.works(ask(run), 'asked')
      const { link } = await run.mail()
      await run.later(61)
      await run.works(ask(run), 'asked')
      await run.works({ do: 'redeemLink', url: link }, 'signed_in')
    },
  },
  {
    name: 'ask-another-address',
    what: 'The person mistypes the address, asks, and asks again with the right one.',
    must: 'The link of the right address signs in.',
    state: 'signed_in',
    requests: TWO_ASKS,
    failedBy: ['keeps the first address'],
    async play(run) {
      await run.works({ do: 'ask', email: `typo-${run.email}` }, 'asked')
      await run.signIn()
    },
  },
  {
    name: 'ask-resent',
    what: 'The message does not come, and the person has it sent again. The first resend gets a page of a proxy.',
    must: 'It resends once for each press, and both messages sign in.',
    state: 'signed_in',
    requests: { [LINKS]: [1, 1], 'POST /v1/links/resend': [2, 2], 'POST /v1/token': [1, 4] },
    failedBy: ['repeats ask', 'believes every 200'],
    async play(run) {
      await run.works(ask(run), 'asked')
      await run.mail()
      await run.later(61)
      run.wire.strike('POST /v1/links/resend', page(200))
      await run.fails({ do: 'resend' }, NO_ANSWER, { state: 'asked' })
      await run.works({ do: 'resend' }, 'asked')
      await tapNewest(run)
    },
  },
  {
    name: 'ask-killed',
    what: 'The app dies at every step of an ask: before and after each use of the storage.',
    must: 'When a message came, its link signs in, by the app that was started again.',
    state: 'signed_in',
    requests: { [LINKS]: [1, 17], 'POST /v1/token': [1, 17] },
    failedBy: ['stores the verifier after the response'],
    async play(run) {
      // The first asks also make the device id, so the steps are not the same the second time.
      for (const at of [1, 2, 3, 4, 5, 6, 3, 4]) {
        for (const done of [false, true]) {
          // Another person each time: messages have a budget.
          run.email = `x${run.email}`
          const { email } = run
          const before = run.wire.log.length
          await run.step({ do: 'ask', email, dies: { at, done } })
          if (run.wire.log.length === before) continue
          const { link } = await run.mail()
          await run.works({ do: 'redeemLink', url: link }, 'signed_in')
        }
      }
      run.email = `x${run.email}`
      await run.signIn()
    },
  },
  {
    name: 'ask-killed-unanswered',
    what: 'The app dies while its ask is on its way, and is started by the link of the message.',
    must: 'The link signs in.',
    state: 'signed_in',
    requests: ONE_ASK,
    failedBy: ['stores the verifier after the response'],
    async play(run) {
      const held = run.hold(LINKS)
      await run.step({ ...ask(run), background: 'ask' })
      await run.until(held.arrived, 'the ask')
      await run.works({ do: 'kill' }, 'asked')
      held.release()
      await tapNewest(run)
    },
  },
  {
    name: 'ask-storage-full',
    what: 'The storage takes no writes while the person asks.',
    must: 'It fails with `storage` before it sends anything: a message whose verifier is not stored is of no use.',
    state: 'signed_in',
    requests: ONE_ASK,
    failedBy: ['stores the verifier after the response', 'ignores writes that fail'],
    async play(run) {
      await run.works({ do: 'breakStorage', what: 'writes' })
      await run.fails(ask(run), ['storage'])
      await run.works({ do: 'mendStorage' })
      await run.signIn()
    },
  },
]
