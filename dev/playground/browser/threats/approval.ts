import { outcomeOf } from '../phone.ts'
import { posting } from '../stage.ts'
import { check, same, signIn, type Threat } from '../threat.ts'

/** A person who may no longer sign in. */
export const APPROVAL: Threat[] = [
  {
    id: 'withdraw',
    button: 'Withdraw the approval now',
    what: 'A person must lose access at once. They have two phones that are signed in, and a third message that nobody has opened.',
    promises: ['T21', 'T85'],
    async run(play) {
      const { phone, second, stage } = play
      const email = await play.newGuest({ bound: false })
      await play.step('Both phones sign in, and the second one asks again')
      await signIn(play, phone, email)
      await stage.minuteLater(email)
      await signIn(play, second, email)
      const refreshTokens = [phone, second].map((one) => one.stored()!.refresh_token)
      await stage.minuteLater(email)
      await second.ask(email)
      const { link } = await play.message()
      await play.step('The console withdraws the approval. Then everyone tries')
      await stage.decide('withdraw', email)
      const unopened = await outcomeOf(second.client.redeemLink(link))
      const alive = [await phone.refresh(), await second.refresh()]
      const marks = await play.rows()
      await play.step('The console restores the approval. Then everyone tries again')
      await stage.decide('restore', email)
      const revived = []
      for (const refresh_token of refreshTokens) {
        const grant = { grant_type: 'refresh_token', refresh_token }
        revived.push((await stage.send('phone', '/v1/token', posting(grant))).status)
      }
      const late = await outcomeOf(second.client.redeemLink(link))
      const { audits, approval } = await play.rows()
      const audited = audits.map(({ action }) => String(action))
      return [
        check(
          'The next use of each session is refused',
          alive.every((is) => !is),
          `${alive.filter(Boolean).length} of 2 phones are still signed in`,
        ),
        same('The unopened link is refused', 'invalid_grant, not_approved', unopened),
        check(
          'The rows have the marks: the approval is withdrawn, and every session has ended',
          typeof marks.approval?.['revokedAt'] === 'number' &&
            typeof marks.address?.['sessionsNotBefore'] === 'number',
          `revokedAt ${String(marks.approval?.['revokedAt'])}, sessionsNotBefore ${String(marks.address?.['sessionsNotBefore'])}`,
        ),
        check(
          'Restoring the approval revives no session and no link',
          revived.every((status) => status === 400) && late.startsWith('invalid_grant'),
          `Sessions: HTTP ${revived.join(' and ')}. Link: ${late}. Approval: ${approval?.['revokedAt'] == null ? 'restored' : 'withdrawn'}`,
        ),
        check(
          'Each decision has its audit row',
          ['approval_created', 'approval_withdrawn', 'approval_restored'].every((action) =>
            audited.includes(action),
          ),
          audited.join(', '),
        ),
      ]
    },
  },
]
