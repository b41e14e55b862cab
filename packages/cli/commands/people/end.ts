import type { Api } from '../../api/api.ts'
import { orNotFound } from '../../api/not-found.ts'
import { segment } from '../../api/path.ts'
import type { Person } from '../../api/types.ts'
import { YES, type Command, type Work } from '../../command.ts'
import { confirm } from '../../terminal/ask.ts'
import { timeText } from '../../terminal/time.ts'
import { REASON, required } from '../approvals/content.ts'
import { show } from '../show.ts'
import { pathOf, PERSON } from './path.ts'

export const endSessions: Command = {
  name: 'people end',
  summary: 'End one session of a person, or all of them with every link',
  more: 'The person may sign in again: to stop that, withdraw the approval. It needs a sign-in of the last 15 minutes.',
  args: [
    PERSON,
    { name: 'SESSION', summary: 'The id of one, ses_…. Without it, all of them', optional: true },
  ],
  options: { ...REASON, ...YES },
  example: 'latchkey people end jane@acme.example --reason "Lost phone"',
  async run(work, input) {
    const [person = '', session] = input.args
    const reason = required(input, 'reason', 'why the sessions end.')
    const api = await work.api()
    const what =
      session === undefined
        ? await whatEnds(work, api, person)
        : `The session ${session} of ${person} will end.`
    await confirm(work.shell, work.yes, what)
    const path = `${pathOf(person)}/sessions`
    const url = session === undefined ? path : `${path}/${segment(session)}`
    const answer = await orNotFound(
      api.send('DELETE', url, { json: { reason } }),
      session === undefined
        ? `There is no person ${person}.`
        : `${person} has no session ${session}.`,
    )
    show(work, answer, () => [
      session === undefined
        ? `Every session of ${person} has ended, and no link works any more.`
        : `The session ${session} has ended.`,
    ])
  },
}

/** Names the sessions, for a person who is asked. */
async function whatEnds({ shell, yes }: Work, api: Api, person: string): Promise<string> {
  const all = `Every session of ${person} will end, and every link that was sent.`
  if (yes || !shell.interactive) return all
  const { body } = await orNotFound(
    api.get<{ person: Person }>(pathOf(person), { query: { limit: 1 } }),
    `There is no person ${person}.`,
  )
  const alive = body.person.sessions.filter((session) => session.alive)
  // Two devices may have one name: the time and the id tell them apart.
  const names = alive.map(
    ({ id, deviceName, deviceId, createdAt }) =>
      `  ${deviceName ?? deviceId}, signed in ${timeText(createdAt)}, ${id}`,
  )
  return [
    all,
    ...(alive.length === 0 ? ['No session is active.'] : [`Active: ${alive.length}`, ...names]),
  ].join('\n')
}
