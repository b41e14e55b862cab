import { segment } from '../../api/path.ts'
import type { Approval } from '../../api/types.ts'
import { ADDRESS, END, type Command } from '../../command.ts'
import { usage } from '../../exit.ts'
import { daysOf, endOf, endText } from '../../terminal/time.ts'
import { CONTENT, contentOf, REASON, required, sayEnd } from '../approvals/content.ts'
import { show } from '../show.ts'

const pathOf = (email: string, decision: string): string =>
  `/v1/requests/${segment(email)}/${decision}`

export const approveRequest: Command = {
  name: 'requests approve',
  summary: 'Approve an access request. A link is sent at once',
  args: [ADDRESS],
  options: { ...END, ...REASON, ...CONTENT },
  example: 'latchkey requests approve jane@acme.example --days 30 --reason "Trial"',
  async run(work, input) {
    const { args, text } = input
    const days = text('days')
    const until = endOf({ until: text('until'), days }, 0)
    if (until === undefined) throw usage('--until or --days is missing: when the approval ends.')
    const reason = required(input, 'reason', 'why the person is approved.')
    // The console counts the days, by its own clock.
    const end = days === undefined ? { expiresAt: until } : { days: daysOf(days) }
    const json = { ...contentOf(input), reason, ...end }
    const api = await work.api()
    const answer = await api.send<{ approval: Approval | null; linkSent: boolean }>(
      'POST',
      pathOf(args[0]!, 'approve'),
      { json },
    )
    show(work, answer, ({ approval, linkSent }) => [
      approval === null ? `${args[0]} may sign in.` : sayEnd(approval, endText),
      linkSent
        ? 'A link is on its way to the device that asked last.'
        : 'No link was sent. The person must request one.',
    ])
  },
}

export const declineRequest: Command = {
  name: 'requests decline',
  summary: 'Decline an access request. The person is not told',
  args: [ADDRESS],
  options: REASON,
  example: 'latchkey requests decline jane@acme.example --reason "Unknown to sales"',
  async run(work, input) {
    const reason = required(input, 'reason', 'why the request is declined.')
    const api = await work.api()
    const path = pathOf(input.args[0]!, 'decline')
    const answer = await api.send('POST', path, { json: { reason } })
    show(work, answer, () => [`Declined. ${input.args[0]} will not appear again for 14 days.`])
  },
}
