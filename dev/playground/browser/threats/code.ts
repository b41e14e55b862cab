import { outcomeOf } from '../phone.ts'
import { check, same, type Threat } from '../threat.ts'

const TRIES = 5

/** Guessing the six digits. */
export const CODE: Threat[] = [
  {
    id: 'wrong-codes',
    button: 'Enter a wrong code five times',
    what: 'Somebody with the phone in hand guesses the six digits. There are only a million of them.',
    promises: ['T17'],
    async run(play) {
      const { phone } = play
      const email = await play.newGuest()
      await play.step('The phone asks, and the message arrives')
      await phone.ask(email)
      const { link, code } = await play.message()
      await play.step(`${TRIES} wrong codes`)
      const outcomes = []
      for (let n = 1; n <= TRIES; n++) {
        const wrong = String((Number(code) + n) % 1_000_000).padStart(6, '0')
        outcomes.push(await outcomeOf(phone.client.redeemCode(wrong)))
      }
      const counted = (await play.rows()).links[0]?.['attempts']
      await play.step('The right code, as the sixth try')
      const sixth = await outcomeOf(phone.client.redeemCode(code))
      const rows = await play.rows()
      await play.step('The person opens the link instead')
      const byLink = await outcomeOf(phone.client.redeemLink(link))
      return [
        check(
          'Every wrong code is refused, without a reason',
          outcomes.every((outcome) => outcome === 'invalid_grant'),
          outcomes.join(', '),
        ),
        same('The link’s row has counted each try', TRIES, Number(counted)),
        same('After that, even the right code is refused', 'invalid_grant', sixth),
        same('No session was opened', 0, rows.sessions.length),
        same('The link itself still works', 'done', byLink),
      ]
    },
  },
]
