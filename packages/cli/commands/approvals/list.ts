import { PAGING, readPages } from '../../api/pages.ts'
import type { Approval } from '../../api/types.ts'
import type { Command, Option } from '../../command.ts'
import { table } from '../../terminal/table.ts'
import { dayText } from '../../terminal/time.ts'
import { show } from '../show.ts'
import { STATE_STYLES } from './read.ts'

type Page = { approvals: Approval[]; total: number; nextCursor?: string }

export const STATE: Option = {
  value: 'STATE',
  summary: 'Only those in this state; active includes ending',
  choices: ['active', 'ending', 'ended', 'withdrawn'],
}

export const list: Command = {
  name: 'approvals list',
  summary: 'List approvals',
  more: 'WORDS are looked for in the address, the company, the reason and who approved.',
  args: [{ name: 'WORDS', summary: 'What to look for', rest: true }],
  options: {
    state: STATE,
    sort: {
      value: 'BY',
      summary: 'Order by',
      choices: ['email', 'approvedAt', 'expiresAt', 'company'],
    },
    order: { value: 'ORDER', summary: 'Ascending or descending', choices: ['asc', 'desc'] },
    ...PAGING,
  },
  example: 'latchkey approvals list acme --state ending --sort expiresAt',
  async run(work, { args, text, given }) {
    const paging = { limit: text('limit'), all: given('all'), cursor: text('cursor') }
    const query = {
      q: args.length === 0 ? undefined : args.join(' '),
      state: text('state'),
      sort: text('sort'),
      order: text('order'),
    }
    const answer = await readPages<Page>(work, '/v1/approvals', 'approvals', paging, query)
    show(work, answer, ({ approvals }) => (approvals.length === 0 ? [] : rows(approvals)))
    const { approvals, total, nextCursor } = answer.body
    if (work.json) return
    if (total === 0) work.shell.tell('No approval matches.')
    if (nextCursor !== undefined) {
      work.shell.tell(`${approvals.length} of ${total}. --all lists all of them.`)
    }

    function rows(approvals: readonly Approval[]): string[] {
      return table<Approval>(
        [
          { title: 'ADDRESS', of: ({ email }) => email, least: 16 },
          { title: 'STATE', of: ({ state }) => state, style: ({ state }) => STATE_STYLES[state] },
          {
            title: 'ENDS',
            of: ({ expiresAt }) => (expiresAt === null ? 'never' : dayText(expiresAt)),
          },
          { title: 'COMPANY', of: ({ company }) => company ?? '', least: 10 },
          { title: 'APPROVED BY', of: ({ approvedBy }) => approvedBy ?? '', least: 10 },
        ],
        approvals,
        work.shell,
      )
    }
  },
}
