import { outcomeOf } from '../phone.ts'
import { posting } from '../stage.ts'
import { check, counts, has, same, type Threat } from '../threat.ts'

const PHONES = 256
const SCANNERS = [
  'Mozilla/5.0 (compatible; MailScanner/5.5)',
  'BarracudaSentinel (EE)',
  'Mozilla/5.0 (compatible; MSIE 10.0; Windows NT 6.2) SafeLinks',
]

const redeeming = (link: string, codeVerifier: string, deviceId = 'dev_of_a_thief') => ({
  grant_type: 'urn:latchkey:grant-type:link',
  link_token: link,
  code_verifier: codeVerifier,
  device_id: deviceId,
})

/** A link that too many have, or that the wrong one has. */
export const LINK: Threat[] = [
  {
    id: 'phones-256',
    button: `Send ${PHONES} phones at once`,
    what: `${PHONES} devices have the same link, and the verifier too. All of them redeem it in the same moment.`,
    promises: ['T12'],
    async run(play) {
      const email = await play.newGuest()
      await play.step('The phone asks, and the message arrives')
      await play.phone.ask(email)
      const { link } = await play.message()
      const { codeVerifier } = play.phone.pending()!
      await play.step(`${PHONES} devices redeem the link at once`)
      const answers = await play.stage.burst({
        count: PHONES,
        path: '/v1/token',
        body: redeeming(link, codeVerifier),
      })
      const { sessions, links } = await play.rows()
      const opened = answers.filter(({ status }) => status === 200)
      const refused = answers.filter(({ status }) => status === 400)
      const calls = (await play.entries())
        .filter(({ count }) => count > 1)
        .flatMap((one) => one.calls)
      const raced = calls.filter(({ operation }) => operation === 'TransactWriteItems').length
      return [
        check(
          'Every device reaches DynamoDB: nothing in front of it decides',
          raced >= PHONES,
          `${raced} transactions`,
        ),
        same('One device gets a session', 1, opened.length),
        same('All others are refused', PHONES - 1, refused.length),
        same('The tables have one session', opened[0]?.sessionId ?? 'none', idsOf(sessions)),
        same(
          'The link’s row names the device that won',
          opened[0]?.deviceId ?? 'none',
          String(links[0]?.['deviceId']),
        ),
      ]
    },
  },
  {
    id: 'scanner',
    button: 'Let a mail scanner open the link',
    what: 'Mail filters open every link in a message before the person does, with GET and HEAD, and click nothing.',
    promises: ['T10', 'T11'],
    async run(play) {
      const email = await play.newGuest()
      await play.step('The phone asks, and the message arrives')
      await play.phone.ask(email)
      const { link } = await play.message()
      const before = JSON.stringify(await play.rows())
      await play.step('Three scanners open the link, twice each way')
      const { pathname } = new URL(link)
      for (const scanner of SCANNERS) {
        for (const method of ['HEAD', 'GET', 'HEAD', 'GET']) {
          const init = { method, headers: { 'X-User-Agent': scanner } }
          await play.stage.send('mail scanner', pathname, init)
        }
      }
      const after = JSON.stringify(await play.rows())
      const seen = (await play.entries()).filter(({ who }) => who === 'mail scanner')
      const calls = seen.flatMap((one) => [...one.calls, ...one.callsAfter]).length
      const pages = seen.filter((one) => has(one, 200)).length
      await play.step('The person opens the link')
      const outcome = await outcomeOf(play.phone.client.redeemLink(link))
      return [
        same('The scanners see the page', SCANNERS.length * 4, pages),
        same('The Worker calls DynamoDB for none of them', 0, calls),
        same('No row has changed', 'unchanged', before === after ? 'unchanged' : 'changed'),
        same('The link still signs the person in', 'done', outcome),
      ]
    },
  },
  {
    id: 'other-phone',
    button: 'Open the link on another phone',
    what: 'The message was forwarded, or somebody reads the mailbox: the link is on a phone that did not ask for it.',
    promises: ['T61', 'T8', 'T19'],
    async run(play) {
      const { stage, phone, second } = play
      const email = await play.newGuest()
      await play.step('The phone asks, and the message arrives')
      await phone.ask(email)
      const { link } = await play.message()
      await play.step('The other phone opens the link')
      const other = await outcomeOf(second.client.redeemLink(link))
      const token = '/v1/token'
      const madeUp = 'made-up-verifier-'.padEnd(43, 'x')
      await play.step('A thief sends the link with a made-up verifier, and then a forged link')
      const theft = await stage.send('thief', token, posting(redeeming(link, madeUp)))
      const forged = `${link.slice(0, -6)}AAAAAA`
      const forgery = await stage.send('thief', token, posting(redeeming(forged, madeUp)))
      const used = (await play.rows()).links[0]?.['used']
      await play.step('The person opens the link on the phone that asked')
      const owner = await outcomeOf(phone.client.redeemLink(link))
      return [
        same('The other phone’s client sends nothing', 'not_asked', other),
        same('The thief is refused', 400, theft.status),
        check(
          'The answer is the same as for a forged link: it says nothing about the link',
          theft.text === forgery.text && theft.status === forgery.status,
          theft.text === forgery.text ? 'The same answer' : `${theft.text} and ${forgery.text}`,
        ),
        same('The link is not spent', 'false', String(used)),
        same('The phone that asked signs in', 'done', owner),
      ]
    },
  },
  {
    id: 'used-link',
    button: 'Tap a used link after signing out',
    what: 'Somebody finds the message later and taps its link on the same phone, after the person has signed out.',
    promises: ['T14', 'T21'],
    async run(play) {
      const { stage, phone } = play
      const email = await play.newGuest({ bound: false })
      await play.step('The phone signs in')
      await phone.ask(email)
      const { link } = await play.message()
      const { codeVerifier, deviceId } = phone.pending()!
      await phone.client.redeemLink(link)
      const refreshToken = phone.stored()!.refresh_token
      await play.step('The phone signs out')
      const confirmed = await phone.client.signOut()
      await play.step('The same device repeats the sign-in, and then a refresh')
      const again = redeeming(link, codeVerifier, deviceId)
      const tapped = await stage.send('phone', '/v1/token', posting(again))
      const refresh = { grant_type: 'refresh_token', refresh_token: refreshToken }
      const refreshed = await stage.send('phone', '/v1/token', posting(refresh))
      const rows = await play.rows()
      return [
        same('The server confirms the sign-out', 'true', String(confirmed)),
        same('The used link is refused', 400, tapped.status),
        same('The old session JWT is refused', 400, refreshed.status),
        check(
          'The session’s row says that it has ended',
          rows.sessions.length === 1 && rows.sessions[0]?.['revokedAt'] !== undefined,
          `${counts(rows)}, ${String(rows.sessions[0]?.['revokedReason'] ?? 'not ended')}`,
        ),
      ]
    },
  },
]

const idsOf = (rows: { tokenId?: unknown }[]): string =>
  rows.map(({ tokenId }) => String(tokenId)).join(', ') || 'none'
