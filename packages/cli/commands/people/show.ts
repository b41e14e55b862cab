import { orNotFound } from '../../api/not-found.ts'
import { PAGING, readPages } from '../../api/pages.ts'
import type { Budget, Person, PersonEvent, Session } from '../../api/types.ts'
import type { Command, Work } from '../../command.ts'
import { fields, table } from '../../terminal/table.ts'
import { dayText, endText, timeText } from '../../terminal/time.ts'
import { show } from '../show.ts'
import { detailOf } from './event.ts'
import { pathOf, PERSON } from './path.ts'

type Page = { person: Person; events: PersonEvent[]; nextCursor?: string }

export const showPerson: Command = {
  name: 'people show',
  summary: 'Show a person: approval, sessions, and what happened',
  args: [PERSON],
  options: PAGING,
  example: 'latchkey people show jane@acme.example',
  async run(work, { args, text, given }) {
    const paging = { limit: text('limit'), all: given('all'), cursor: text('cursor') }
    const answer = await orNotFound(
      readPages<Page>(work, pathOf(args[0]!), 'events', paging),
      `Nothing was found for ${args[0]}.`,
    )
    const { paint } = work.shell
    show(work, answer, ({ person, events }) => [
      ...personFields(work, person),
      ...titled('Sessions', sessionTable(work, person.sessions)),
      ...titled('What happened', eventTable(work, events)),
    ])
    if (!work.json && answer.body.nextCursor !== undefined) {
      work.shell.tell('There is more: --all shows all of it.')
    }

    function titled(title: string, lines: readonly string[]): string[] {
      return ['', paint('bold', title), ...(lines.length === 0 ? ['None.'] : lines)]
    }
  },
}

function personFields({ shell: { paint } }: Work, person: Person): string[] {
  const { standing, approval, request, budgets, mailRefused } = person
  const may = standing.approved ? paint('green', 'yes') : paint('red', 'no')
  return fields(
    [
      ['address', person.email],
      ['user id', person.userId],
      ['may sign in', `${may}, ${STANDING[standing.why] ?? standing.why}`],
      [
        'approval',
        approval &&
          `${approval.state}, ends ${endText(approval.expiresAt)}${named(approval.company)}`,
      ],
      [
        'request',
        request && `waits since ${timeText(request.firstAskedAt)}, from ${request.ipAddress}`,
      ],
      ['first asked', person.firstAskedAt === null ? 'never' : timeText(person.firstAskedAt)],
      ['has signed in', person.hasSignedIn ? 'yes' : 'never'],
      ['messages', budgetText(budgets.messages, 'this hour')],
      ['code tries', budgetText(budgets.codes, 'today')],
      [
        'no emails',
        mailRefused &&
          `since ${timeText(mailRefused.at)}: ${REFUSED[mailRefused.why] ?? mailRefused.why}`,
      ],
    ],
    paint,
  )
}

const REFUSED: Record<string, string> = {
  bounce: 'the mailbox refused one',
  complaint: 'the person marked one as spam',
  suppressed: 'SES has the address on its suppression list',
}

const STANDING: Record<string, string> = {
  company: 'as an address of the company',
  approval: 'by an approval',
  none: 'nobody has approved the address',
  ended: 'the approval has ended',
  withdrawn: 'the approval was withdrawn',
}

const named = (company: string | null): string => (company === null ? '' : ` (${company})`)

const budgetText = ({ left, size, nextAt }: Budget, when: string): string =>
  `${left} of ${size} left ${when}${nextAt === null ? '' : `, the next one at ${timeText(nextAt)}`}`

const sessionTable = ({ shell }: Work, sessions: readonly Session[]): string[] =>
  sessions.length === 0
    ? []
    : table<Session>(
        [
          {
            title: 'STATE',
            of: ({ alive, end }) =>
              alive ? 'active' : (end?.reason ?? 'ended').replaceAll('_', ' '),
            style: ({ alive }) => (alive ? 'green' : 'dim'),
            least: 10,
          },
          { title: 'SIGNED IN', of: ({ createdAt }) => dayText(createdAt) },
          {
            title: 'ENDS, ENDED',
            of: ({ end, endsAt }) => dayText(end?.at ?? endsAt),
          },
          { title: 'ID', of: ({ id }) => id },
          { title: 'DEVICE', of: ({ deviceName, deviceId }) => deviceName ?? deviceId, least: 8 },
        ],
        sessions,
        shell,
      )

const eventTable = ({ shell }: Work, events: readonly PersonEvent[]): string[] =>
  events.length === 0
    ? []
    : table<PersonEvent>(
        [
          { title: 'WHEN (UTC)', of: ({ at }) => shortTime(at) },
          { title: 'WHAT', of: ({ kind }) => kind },
          { title: 'MORE', of: detailOf, least: 20 },
        ],
        events,
        shell,
      )

const shortTime = (seconds: number): string => timeText(seconds).replace(' UTC', '')
