import { PAGING, readPages } from '../../api/pages.ts'
import type { AccessRequest } from '../../api/types.ts'
import type { Command } from '../../command.ts'
import { table } from '../../terminal/table.ts'
import { timeText } from '../../terminal/time.ts'
import { show } from '../show.ts'

type Page = { requests: AccessRequest[]; total: number; nextCursor?: string }

export const listRequests: Command = {
  name: 'requests list',
  summary: 'List the access requests, the oldest first',
  args: [],
  options: PAGING,
  example: 'latchkey requests list',
  async run(work, { text, given }) {
    const paging = { limit: text('limit'), all: given('all'), cursor: text('cursor') }
    const answer = await readPages<Page>(work, '/v1/requests', 'requests', paging)
    show(work, answer, ({ requests }) => (requests.length === 0 ? [] : rows(requests)))
    const { requests, total, nextCursor } = answer.body
    if (work.json) return
    if (total === 0) work.shell.tell('No requests are waiting.')
    if (nextCursor !== undefined) {
      work.shell.tell(`${requests.length} of ${total}. --all lists all of them.`)
    }

    function rows(requests: readonly AccessRequest[]): string[] {
      return table<AccessRequest>(
        [
          { title: 'ADDRESS', of: ({ email }) => email, least: 16 },
          {
            title: 'ASKED (UTC)',
            of: ({ askedAt }) => timeText(askedAt).replace(' UTC', ''),
          },
          { title: 'TIMES', of: ({ asks }) => String(asks) },
          { title: 'APPROVED', of: ({ approved }) => (approved ? 'already' : 'no') },
          { title: 'DEVICE', of: ({ deviceName }) => deviceName ?? '', least: 10 },
          { title: 'FROM', of: ({ ipAddress }) => ipAddress, least: 10 },
        ],
        requests,
        work.shell,
      )
    }
  },
}
