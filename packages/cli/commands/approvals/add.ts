import type { Approval } from '../../api/types.ts'
import { ADDRESS, END, type Command } from '../../command.ts'
import { usage } from '../../exit.ts'
import { endOf, endText } from '../../terminal/time.ts'
import { show } from '../show.ts'
import { CONTENT, contentOf, REASON, required, sayEnd } from './content.ts'

export const add: Command = {
  name: 'approvals add',
  summary: 'Approve an address',
  args: [ADDRESS],
  options: { ...END, ...REASON, ...CONTENT },
  example: 'latchkey approvals add jane@acme.example --days 30 --reason "Trial" --company "Acme"',
  async run(work, input) {
    const { args, text } = input
    const now = Math.floor(work.shell.now() / 1000)
    const expiresAt = endOf({ until: text('until'), days: text('days') }, now)
    if (expiresAt === undefined)
      throw usage('--until or --days is missing: when the approval ends.')
    const reason = required(input, 'reason', 'why the person is approved.')
    const json = { email: args[0], ...contentOf(input), reason, expiresAt }
    const api = await work.api()
    const answer = await api.send<{ approval: Approval }>('POST', '/v1/approvals', { json })
    show(work, answer, ({ approval }) => [sayEnd(approval, endText)])
  },
}
