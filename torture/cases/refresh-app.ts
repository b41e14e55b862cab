import type { Case } from '../case.ts'
import { TOKEN, ACCESS_TOKEN, refreshes, signedInForLong, givesGoodToken } from '../moves.ts'

export const REFRESH_APP: Case[] = [
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
      for (const name of ['a', 'b', 'c', 'd', 'e'])
        await run.step({ ...ACCESS_TOKEN, background: name })
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
    what: 'A refresh of the old session is on its way when the person signs in anew. Its response comes late.',
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
    what: 'The app dies while a refresh is on its way: the server has done it, and nobody takes the response.',
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
      await givesGoodToken(run)
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
      await givesGoodToken(run)
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
