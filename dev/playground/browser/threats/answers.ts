import { posting } from '../stage.ts'
import { check, has, isToken, same, signIn, type Threat } from '../threat.ts'

/** Answers that are lost on the way: to the phone, or from DynamoDB to the Worker. */
export const ANSWERS: Threat[] = [
  {
    id: 'lost-sign-in',
    button: 'Lose the answer of the sign-in',
    what: 'The phone enters a tunnel: DynamoDB has written the session, but the answer never arrives.',
    promises: ['T13'],
    async run(play) {
      const { phone, stage } = play
      const email = await play.newGuest()
      await play.step('The phone asks, and the message arrives')
      await phone.ask(email)
      const { link } = await play.message()
      const asked = phone.pending()!
      await play.step('The phone redeems the link. The answer is lost, and the phone tries again')
      await stage.set({ lose: 1 })
      const session = await phone.client.redeemLink(link)
      await play.step('Another device tries the same link, even with the right verifier')
      const other = await stage.send(
        'other device',
        '/v1/token',
        posting({
          grant_type: 'urn:latchkey:grant-type:link',
          link_token: link,
          code_verifier: asked.codeVerifier,
          device_id: 'dev_another_device',
        }),
      )
      const rows = await play.rows()
      const [lost, again] = (await play.entries()).filter((one) => isToken(one) && one.session)
      return [
        check(
          'The first answer is lost after the write',
          lost?.lost === true && has(lost, 200),
          lost?.lost ? `Lost: HTTP 200 with ${lost.session?.id}` : 'No answer was lost',
        ),
        same(
          'The repeated request gets the same session',
          lost?.session?.id ?? 'none',
          again?.session?.id ?? 'none',
        ),
        same('The phone has that session', lost?.session?.id ?? 'none', session.id),
        same(
          'The tables have one session',
          `1: ${session.id}`,
          `${rows.sessions.length}: ${rows.sessions.map(({ tokenId }) => String(tokenId)).join(', ')}`,
        ),
        same('Another device is refused', 400, other.status),
      ]
    },
  },
  {
    id: 'lost-refresh',
    button: 'Lose the answer of a refresh',
    what: 'The phone refreshes its tokens, and the answer is lost. Its old token is now one generation behind.',
    promises: ['T43', 'T23'],
    async run(play) {
      const { phone, stage } = play
      const email = await play.newGuest({ bound: false })
      await play.step('The phone signs in')
      await signIn(play, phone, email)
      const before = (await play.rows()).sessions[0]?.['generation']
      await play.step('The phone refreshes. The answer is lost, and the phone tries again')
      await stage.set({ lose: 1 })
      const alive = await phone.refresh()
      const rows = await play.rows()
      const [, lost, again] = (await play.entries()).filter((one) => isToken(one) && one.session)
      return [
        check(
          'The first answer is lost after the write',
          lost?.lost === true,
          lost?.lost ? 'Lost: HTTP 200 with new tokens' : 'No answer was lost',
        ),
        check(
          'The repeated request gets the same session JWT, although the old one was sent',
          again !== undefined && lost?.session?.refreshHash === again.session?.refreshHash,
          lost?.session?.refreshHash === again?.session?.refreshHash ? 'The same' : 'Another one',
        ),
        same(
          'The row moved one generation, not two',
          Number(before) + 1,
          Number(rows.sessions[0]?.['generation']),
        ),
        check(
          'Nobody took it for a copied session',
          alive && rows.sessions[0]?.['revokedAt'] === undefined,
          alive ? 'The phone is signed in' : 'The phone was signed out',
        ),
      ]
    },
  },
  {
    id: 'lost-by-dynamodb',
    button: 'Lose DynamoDB’s answer',
    what: 'The connection between the Worker and DynamoDB breaks just after the commit. The Worker cannot know if its transaction was written.',
    promises: ['T43', 'T46'],
    async run(play) {
      const { phone, stage } = play
      const email = await play.newGuest()
      await play.step('The phone asks, and the message arrives')
      await phone.ask(email)
      const { link } = await play.message()
      await play.step('The phone redeems the link. The Worker loses the answer of its transaction')
      await stage.set({ rules: [{ operation: 'TransactWriteItems', fault: 'cut', times: 1 }] })
      const session = await phone.client.redeemLink(link)
      await stage.set({ rules: [] })
      const rows = await play.rows()
      const tries = (await play.entries())
        .filter(isToken)
        .flatMap(({ calls }) => calls)
        .filter(({ operation }) => operation === 'TransactWriteItems')
      const tokens = new Set(tries.map(({ clientRequestToken }) => clientRequestToken))
      return [
        check(
          'The connection was cut after the commit',
          tries.some(({ fault }) => fault === 'cut'),
          `${tries.length} tries: ${tries.map(({ fault }) => fault ?? 'answered').join(', ')}`,
        ),
        check(
          'Every try has the same ClientRequestToken',
          tries.length > 1 && tokens.size === 1 && !tokens.has(undefined),
          `${tries.length} tries, ${tokens.size} token`,
        ),
        same(
          'There is one session, and the phone has it',
          `1: ${session.id}`,
          `${rows.sessions.length}: ${rows.sessions.map(({ tokenId }) => String(tokenId)).join(', ')}`,
        ),
      ]
    },
  },
]
