import { orNotFound } from '../../api/not-found.ts'
import type { Command } from '../../command.ts'
import { REASON, required } from '../approvals/content.ts'
import { show } from '../show.ts'
import { pathOf, PERSON } from './path.ts'

export const allowMail: Command = {
  name: 'people allow-mail',
  summary: 'Send emails again to a person whose mailbox refused one',
  more: 'If SES has the address on its suppression list, remove it there too.',
  args: [PERSON],
  options: REASON,
  example: 'latchkey people allow-mail jane@acme.example --reason "The mailbox works again"',
  async run(work, input) {
    const [person = ''] = input.args
    const reason = required(input, 'reason', 'why emails are sent again.')
    const api = await work.api()
    const answer = await orNotFound(
      api.send('DELETE', `${pathOf(person)}/mail-refusal`, { json: { reason } }),
      `There is no person ${person}.`,
    )
    show(work, answer, () => [`Emails are sent to ${person}.`])
  },
}
