import { orNotFound } from '../../api/not-found.ts'
import { YES, type Command } from '../../command.ts'
import { confirm } from '../../terminal/ask.ts'
import { REASON, required } from '../approvals/content.ts'
import { show } from '../show.ts'
import { pathOf, PERSON } from './path.ts'

export const erase: Command = {
  name: 'people erase',
  summary: 'Erase a person: identity, sessions, links, request',
  more: 'The reason is kept after the erasure: write the number of a ticket, and no name. It needs a sign-in of the last 15 minutes. If you are not sure that it finished, run it again: it continues with what is left.',
  args: [PERSON],
  options: {
    ...REASON,
    approval: { summary: 'The approval goes too, and its history is made anonymous' },
    ...YES,
  },
  example: 'latchkey people erase jane@acme.example --reason "Ticket 4711" --approval',
  async run(work, input) {
    const [person = ''] = input.args
    const reason = required(input, 'reason', 'why the person is erased; name no person in it.')
    const approval = input.given('approval')
    const api = await work.api()
    const what = `${person} will be erased${approval ? ', with the approval' : ''}. This cannot be undone.`
    await confirm(work.shell, work.yes, what, person)
    const answer = await orNotFound(
      api.send('DELETE', pathOf(person), { json: { reason, approval } }),
      `There is no person ${person}.`,
    )
    show(work, answer, () => [
      'Erased: nobody is signed in as this person any more. The rows are being deleted.',
    ])
  },
}
