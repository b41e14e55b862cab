import type { Case } from '../case.ts'
import { LINKS, TOKEN, signsIn, askAndGet } from '../moves.ts'

export const LINK_APP: Case[] = [
  {
    name: 'link-double-tap',
    what: 'The link is delivered twice at once, as by a start of the app and an event.',
    must: 'Both calls give the same session.',
    state: 'signed_in',
    requests: signsIn(1, 4),
    failedBy: ['forgets which link it used'],
    async play(run) {
      const { link } = await askAndGet(run)
      const held = run.hold(TOKEN)
      await run.step({ do: 'redeemLink', url: link, background: 'first' })
      await run.until(held.arrived, 'the link')
      await run.step({ do: 'redeemLink', url: link, background: 'second' })
      held.release()
      const first = await run.works({ do: 'join', name: 'first' })
      const second = await run.works({ do: 'join', name: 'second' }, 'signed_in')
      if (first !== second) run.wrong('the two calls give different sessions')
    },
  },
  {
    name: 'link-tapped-again',
    what: 'The person taps the link that has signed in once more: at once, after a refresh, and after a restart.',
    must: 'It answers with the session that is open, without a request.',
    state: 'signed_in',
    requests: signsIn(2, 5),
    failedBy: ['forgets which link it used'],
    async play(run) {
      const { link } = await askAndGet(run)
      const first = await run.works({ do: 'redeemLink', url: link }, 'signed_in')
      const again = async () => {
        const session = await run.works({ do: 'redeemLink', url: link }, 'signed_in')
        if (session !== first) run.wrong('the second tap gives another session')
      }
      await again()
      await run.later(600)
      await run.insists({ do: 'accessToken' }, 'signed_in')
      await run.works({ do: 'kill' }, 'signed_in')
      await again()
    },
  },
  {
    name: 'link-killed',
    what: 'The app dies at every step of a sign-in: before and after each use of the storage. Then the link is tapped again.',
    must: 'The second tap signs in, and each link opens one session.',
    state: 'signed_in',
    requests: { [LINKS]: [12, 12], [TOKEN]: [12, 26] },
    failedBy: ['deletes the ask first'],
    async play(run) {
      for (const at of [1, 2, 3, 4, 5, 6]) {
        for (const done of [false, true]) {
          run.email = `x${run.email}`
          await run.works({ do: 'ask', email: run.email })
          const { link } = await run.mail()
          await run.step({ do: 'redeemLink', url: link, dies: { at, done } })
          await run.works({ do: 'redeemLink', url: link }, 'signed_in')
        }
      }
      run.oneSession()
    },
  },
  {
    name: 'link-killed-unanswered',
    what: 'The app dies while the link is on its way: the server has opened the session, and nobody takes the response.',
    must: 'The next tap gets the same session.',
    state: 'signed_in',
    requests: signsIn(2, 5),
    failedBy: ['deletes the ask first'],
    async play(run) {
      const { link } = await askAndGet(run)
      const held = run.hold(TOKEN)
      await run.step({ do: 'redeemLink', url: link, background: 'tap' })
      await run.until(held.arrived, 'the link')
      await run.works({ do: 'kill' }, 'asked')
      held.release()
      await run.fails({ do: 'join', name: 'tap' }, ['killed'])
      await run.works({ do: 'redeemLink', url: link }, 'signed_in')
      run.oneSession()
    },
  },
  {
    name: 'link-storage-full',
    what: 'The session cannot be stored: the storage takes no writes.',
    must: 'It fails with `storage` and does not say that anybody is signed in. The next tap signs in.',
    state: 'signed_in',
    requests: signsIn(2, 5),
    failedBy: ['ignores writes that fail', 'deletes the ask first'],
    async play(run) {
      const { link } = await askAndGet(run)
      await run.works({ do: 'breakStorage', what: 'writes' })
      await run.fails({ do: 'redeemLink', url: link }, ['storage'])
      await run.works({ do: 'mendStorage' }, 'asked')
      await run.works({ do: 'redeemLink', url: link }, 'signed_in')
      await run.works({ do: 'kill' }, 'signed_in')
    },
  },
  {
    name: 'link-storage-locked',
    what: 'The link is tapped while the storage cannot be read, as before the first unlock.',
    must: 'It fails with `storage`: it cannot know whether it asked. The next tap signs in.',
    state: 'signed_in',
    requests: signsIn(1, 4),
    failedBy: ['takes a locked storage for an empty one'],
    async play(run) {
      const { link } = await askAndGet(run)
      await run.works({ do: 'breakStorage', what: 'reads' })
      await run.fails({ do: 'redeemLink', url: link }, ['storage'], { state: 'unknown' })
      await run.works({ do: 'mendStorage' }, 'asked')
      await run.works({ do: 'redeemLink', url: link }, 'signed_in')
    },
  },
]
