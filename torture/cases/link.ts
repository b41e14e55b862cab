import type { Case } from '../case.ts'
import { page, stolen } from '../faults.ts'
import { LINKS, TOKEN, signsIn, askAndGet } from '../moves.ts'
import { askElsewhere, signInElsewhere } from '../other-device.ts'
import { NO_ANSWER } from '../run.ts'

export const LINK: Case[] = [
  {
    name: 'link-as-mail-programs-make-it',
    what: 'The link arrives in the scheme of the app, percent-encoded, and with what mail programs append.',
    must: 'It finds the token in it.',
    state: 'signed_in',
    requests: signsIn(1, 4),
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
    requests: signsIn(1, 4),
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
    requests: signsIn(1, 3),
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
      await run.mayFail(
        { do: 'redeemLink', url: first.link },
        ['not_asked', 'invalid_grant'],
        'signed_in',
      )
    },
  },
  {
    name: 'link-wrong-clock',
    what: "The phone's clock jumps a day ahead after the ask, by the network's time or by hand.",
    must: 'Only the server decides whether the link has expired: it signs in.',
    state: 'signed_in',
    requests: signsIn(1, 4),
    failedBy: ['judges links by its own clock'],
    async play(run) {
      const { link } = await askAndGet(run)
      await run.works({ do: 'advanceClock', seconds: 86_400 })
      await run.works({ do: 'redeemLink', url: link }, 'signed_in')
    },
  },
]
