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
  stolen,
  twiceAndLost,
  type Held,
} from '../faults.ts'
import { askElsewhere, signInElsewhere } from '../other-device.ts'
import { NO_ANSWER, type Run } from '../run.ts'

const TOKEN = 'POST /v1/token'
const LINKS = 'POST /v1/links'

const requests = (least: number, most: number, asks = 1): Case['requests'] => ({
  [LINKS]: [asks, asks],
  [TOKEN]: [least, most],
})

async function askAndGet(run: Run): Promise<{ link: string; code: string }> {
  await run.works({ do: 'ask', email: run.email }, 'asked')
  return run.mail()
}

/** A sign-in by link that is struck, and that the person repeats while no answer comes. */
const struck =
  (...faults: Parameters<Run['wire']['strike']>[1][]) =>
  async (run: Run): Promise<void> => {
    const { link } = await askAndGet(run)
    run.wire.strike(TOKEN, ...faults)
    await run.insists({ do: 'redeemLink', url: link }, 'signed_in')
    run.oneSession()
  }

export const SIGN_IN: Case[] = [
  {
    name: 'link-answer-lost',
    what: 'The server opens the session, and the answer is lost: by a closed connection, then by a reset.',
    must: 'It sends the same request again, by itself or when the person taps again, and gets the same session.',
    state: 'signed_in',
    requests: requests(3, 6),
    failedBy: ['makes a device id each time'],
    play: struck(lost, resetAfter),
  },
  {
    name: 'link-connection-reset',
    what: 'The connection is reset before the server gets the link.',
    must: 'It sends the link again, by itself or when the person taps again.',
    state: 'signed_in',
    requests: requests(2, 5),
    failedBy: ['throws what the network throws'],
    play: struck(reset),
  },
  {
    name: 'link-answer-half',
    what: 'The answer with the session breaks off in the middle.',
    must: 'It keeps nothing of it, and gets the session when it sends the link again.',
    state: 'signed_in',
    requests: requests(2, 5),
    failedBy: ['throws what the network throws', 'makes a device id each time'],
    play: struck(half),
  },
  {
    name: 'link-never-answered',
    what: 'The server opens the session, and the connection stays open without an answer.',
    must: 'It gives up at its time limit, and gets the session when it sends the link again.',
    state: 'signed_in',
    requests: requests(2, 5),
    timeoutMs: 2500,
    failedBy: ['has no time limit'],
    play: struck(hangAfter),
  },
  {
    name: 'link-answer-drips',
    what: 'The answer with the session comes byte by byte, ten in a second.',
    must: 'Its time limit is for the whole answer, not for one read.',
    state: 'signed_in',
    requests: requests(2, 5),
    timeoutMs: 2500,
    failedBy: ['has a time limit for the head alone'],
    play: struck(drip),
  },
  {
    name: 'link-delivered-twice',
    what: 'The network delivers the request twice, at once, and the answer is lost.',
    must: 'It sends the same request again, and there is one session.',
    state: 'signed_in',
    requests: requests(2, 5),
    failedBy: ['makes a device id each time'],
    play: struck(twiceAndLost),
  },
  {
    name: 'link-bad-gateway',
    what: 'Proxies answer the link with 502, then with 503, then with 504, however often it is sent.',
    must: 'It keeps what it asked for, and signs in when the server is back.',
    state: 'signed_in',
    requests: requests(4, 16),
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
    requests: requests(4, 7),
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
    requests: requests(4, 7),
    failedBy: ['follows redirects'],
    async play(run) {
      const { elsewhere } = run
      await struck(redirect(302, elsewhere), redirect(307, elsewhere), redirect(308, elsewhere))(run)
    },
  },
  {
    name: 'link-answer-unknown-members',
    what: 'A server of the future answers with members that the client does not know, one of them of 300 KB.',
    must: 'It signs in, and stores no more than it needs.',
    state: 'signed_in',
    requests: requests(1, 4),
    failedBy: ['refuses unknown members', 'stores the whole answer'],
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
  {
    name: 'link-double-tap',
    what: 'The link is delivered twice at once, as by a start of the app and an event.',
    must: 'Both calls give the same session.',
    state: 'signed_in',
    requests: requests(1, 4),
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
    requests: requests(2, 5),
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
    name: 'link-as-mail-programs-make-it',
    what: 'The link arrives in the scheme of the app, percent-encoded, and with what mail programs append.',
    must: 'It finds the token in it.',
    state: 'signed_in',
    requests: requests(1, 4),
    failedBy: ['takes the link only as it was sent'],
    async play(run) {
      const { link } = await askAndGet(run)
      const token = link.slice(link.indexOf('tok_ml_')).replaceAll('_', '%5F')
      await run.works(
        { do: 'redeemLink', url: `latchkey://link/${token}?utm_source=mail#x` },
        'signed_in',
      )
    },
  },
  {
    name: 'link-not-a-link',
    what: 'The app is opened by a URL that is no link of ours.',
    must: 'It fails, sends nothing, and what was asked for stays.',
    state: 'signed_in',
    requests: requests(1, 4),
    failedBy: ['sends every URL as a link'],
    async play(run) {
      const { link } = await askAndGet(run)
      await run.fails(
        { do: 'redeemLink', url: 'https://shop.example/offers?id=7' },
        ['invalid_request', 'not_asked'],
        { state: 'asked' },
      )
      await run.works({ do: 'redeemLink', url: link }, 'signed_in')
    },
  },
  {
    name: 'link-of-another-device',
    what: 'The person asked on another device, and taps that link here, where nothing was asked for.',
    must: 'It says `not_asked`, and sends nothing.',
    state: 'signed_out',
    requests: {},
    failedBy: ['sends a link without having asked'],
    async play(run) {
      await askElsewhere(run)
      const { link } = await run.mail()
      await run.fails({ do: 'redeemLink', url: link }, ['not_asked'], { state: 'signed_out' })
    },
  },
  {
    name: 'link-of-another-device-while-asking',
    what: 'The person asked here and on another device, and taps the link of the other one here.',
    must: 'The refusal leaves what was asked for here: its own link signs in.',
    state: 'signed_in',
    requests: requests(1, 3),
    failedBy: ['forgets the ask when refused', 'repeats what was refused'],
    async play(run) {
      const { link } = await askAndGet(run)
      await run.later(61)
      await askElsewhere(run)
      const other = await run.mail()
      await run.fails({ do: 'redeemLink', url: other.link }, ['invalid_grant', 'not_asked'], {
        state: 'asked',
      })
      await run.works({ do: 'redeemLink', url: link }, 'signed_in')
    },
  },
  {
    name: 'link-used',
    what: 'Another device used the link, with the verifier: somebody copied both.',
    must: 'It says that the link was used. A new ask signs in.',
    state: 'signed_in',
    requests: { [LINKS]: [2, 2], [TOKEN]: [4, 7] },
    failedBy: ['hides reason and wait', 'believes every 200'],
    async play(run) {
      const { link } = await askAndGet(run)
      run.wire.strike(TOKEN, stolen, page(200))
      for (let tried = 0; tried < 2 && run.tokenRequests() < 3; tried++) {
        await run.mayFail({ do: 'redeemLink', url: link }, [...NO_ANSWER, 'invalid_grant'])
      }
      await run.fails({ do: 'redeemLink', url: link }, ['invalid_grant'], { reason: 'used' })
      await run.later(61)
      await run.signIn()
    },
  },
  {
    name: 'link-expired',
    what: 'The link is tapped after its time.',
    must: 'It says that the link has expired, after one request. A new ask signs in.',
    state: 'signed_in',
    requests: { [LINKS]: [2, 2], [TOKEN]: [2, 5] },
    failedBy: ['hides reason and wait'],
    async play(run) {
      const { link } = await askAndGet(run)
      await run.later(901)
      await run.fails({ do: 'redeemLink', url: link }, ['invalid_grant'], { reason: 'expired' })
      await run.signIn()
    },
  },
  {
    name: 'link-superseded',
    what: 'After the ask, the person signs in on another device. Then the older link is tapped here.',
    must: 'It says that the link is superseded. A new ask signs in.',
    state: 'signed_in',
    requests: { [LINKS]: [2, 2], [TOKEN]: [2, 5] },
    failedBy: ['hides reason and wait'],
    async play(run) {
      const { link } = await askAndGet(run)
      await run.later(61)
      await signInElsewhere(run)
      await run.fails({ do: 'redeemLink', url: link }, ['invalid_grant'], {
        reason: 'superseded',
        state: 'asked',
      })
      await run.later(61)
      await run.signIn()
    },
  },
  {
    name: 'link-second-after-first',
    what: 'The person asked twice, signs in with one link, and taps the other one.',
    must: 'The session stays, whatever it says of the other link.',
    state: 'signed_in',
    requests: { [LINKS]: [2, 2], [TOKEN]: [1, 5] },
    failedBy: ['signs out when a link is refused'],
    async play(run) {
      const first = await askAndGet(run)
      await run.later(61)
      const second = await askAndGet(run)
      await run.works({ do: 'redeemLink', url: second.link }, 'signed_in')
      await run.mayFail({ do: 'redeemLink', url: first.link }, ['not_asked', 'invalid_grant'], 'signed_in')
    },
  },
  {
    name: 'link-wrong-clock',
    what: "The phone's clock jumps a day ahead after the ask, by the network's time or by hand.",
    must: 'Only the server decides whether the link has expired: it signs in.',
    state: 'signed_in',
    requests: requests(1, 4),
    failedBy: ['judges links by its own clock'],
    async play(run) {
      const { link } = await askAndGet(run)
      await run.works({ do: 'advanceClock', seconds: 86_400 })
      await run.works({ do: 'redeemLink', url: link }, 'signed_in')
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
    what: 'The app dies while the link is on its way: the server has opened the session, and nobody takes the answer.',
    must: 'The next tap gets the same session.',
    state: 'signed_in',
    requests: requests(2, 5),
    failedBy: ['deletes the ask first'],
    async play(run) {
      const { link } = await askAndGet(run)
      const held: Held = run.hold(TOKEN)
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
    requests: requests(2, 5),
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
    requests: requests(1, 4),
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
