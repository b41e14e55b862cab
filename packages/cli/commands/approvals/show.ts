import { orNotFound } from '../../api/not-found.ts'
import type { ApprovalWithHistory, Approval, Change } from '../../api/types.ts'
import { ADDRESS, type Command } from '../../command.ts'
import type { Paint } from '../../terminal/paint.ts'
import { fields, table } from '../../terminal/table.ts'
import { endText, timeText } from '../../terminal/time.ts'
import { show } from '../show.ts'
import { pathOf, STATE_STYLES } from './read.ts'

export const showApproval: Command = {
  name: 'approvals show',
  summary: 'Show one approval and its history',
  args: [ADDRESS],
  options: {},
  example: 'latchkey approvals show jane@acme.example',
  async run(work, { args }) {
    const { paint } = work.shell
    const api = await work.api()
    const answer = await orNotFound(
      api.get<ApprovalWithHistory>(pathOf(args[0]!)),
      `There is no approval of ${args[0]}.`,
    )
    show(work, answer, ({ approval, history }) => [
      ...approvalFields(approval, paint),
      ...(history.length === 0 ? [] : ['', paint('bold', 'History'), ...historyTable(history)]),
    ])

    function historyTable(history: readonly Change[]): string[] {
      return table<Change>(
        [
          { title: 'WHEN (UTC)', of: ({ at }) => timeText(at).replace(' UTC', '') },
          { title: 'WHAT', of: ({ action }) => action.replace(/^approval_/, '') },
          { title: 'BY', of: ({ by }) => by, least: 12 },
          { title: 'WHY', of: ({ reason }) => reason ?? '', least: 12 },
        ],
        history,
        work.shell,
      )
    }
  },
}

export const approvalFields = (approval: Approval, paint: Paint): string[] =>
  fields(
    [
      ['address', approval.email],
      ['state', paint(STATE_STYLES[approval.state], approval.state)],
      ['ends', endText(approval.expiresAt)],
      ['company', approval.company],
      ['reason', approval.reason],
      ['notes', approval.notes],
      ['phone', approval.phoneNumber],
      ['approved', byText(approval.approvedBy, approval.approvedAt)],
      ['withdrawn', byText(approval.withdrawnBy, approval.withdrawnAt)],
      ['because', approval.withdrawnReason],
    ],
    paint,
  )

function byText(by: string | null, at: number | null): string | null {
  const parts = [...(at === null ? [] : [timeText(at)]), ...(by === null ? [] : [`by ${by}`])]
  return parts.length === 0 ? null : parts.join(' ')
}
