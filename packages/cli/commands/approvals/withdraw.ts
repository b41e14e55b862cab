import type { Approval } from '../../api/types.ts'
import { ADDRESS, END, YES, type Command } from '../../command.ts'
import { EXIT, Failure } from '../../exit.ts'
import { confirm } from '../../terminal/ask.ts'
import { endOf, endText } from '../../terminal/time.ts'
import { show } from '../show.ts'
import { REASON, sayEnd } from './content.ts'
import { findApproval, pathOf, readApproval, unlessChanged } from './read.ts'

type Changed = { approval: Approval }

export const withdraw: Command = {
  name: 'approvals withdraw',
  summary: 'Withdraw an approval, or block an address of the company',
  more: 'Sessions of the address end at their next use. It needs a sign-in of the last 15 minutes.',
  args: [ADDRESS],
  options: { ...REASON, ...YES },
  example: 'latchkey approvals withdraw jane@acme.example --reason "Left the company"',
  async run(work, { args, text }) {
    const email = args[0]!
    const api = await work.api()
    const approval = (await findApproval(api, email))?.approval
    if (approval?.state === 'withdrawn') {
      throw new Failure(EXIT.conflict, `The approval of ${approval.email} is withdrawn already.`)
    }
    const what =
      approval === undefined
        ? `${email} has no approval. If it is an address of the company, it will be blocked, and its sessions end.`
        : `The approval of ${nameOf(approval)} will be withdrawn, and its sessions end.`
    await confirm(work.shell, work.yes, what)
    const condition: Record<string, string> =
      approval === undefined ? { 'If-None-Match': '*' } : { 'If-Match': approval.etag }
    const json = { reason: text('reason') || null }
    await unlessChanged(api, email, async () => {
      const path = `${pathOf(email)}/withdraw`
      const answer = await api.send<Changed>('POST', path, { json, headers: condition })
      show(work, answer, (body) => [`Withdrawn: ${body.approval.email} may not sign in any more.`])
    })
  },
}

const nameOf = ({ email, company }: Approval): string =>
  company === null ? email : `${email} (${company})`

export const restore: Command = {
  name: 'approvals restore',
  summary: 'Undo a withdrawal',
  args: [ADDRESS],
  options: END,
  example: 'latchkey approvals restore jane@acme.example --days 30',
  async run(work, { args, text }) {
    const now = Math.floor(work.shell.now() / 1000)
    const expiresAt = endOf({ until: text('until'), days: text('days') }, now)
    const api = await work.api()
    const { email, etag } = await readApproval(api, args[0]!)
    await unlessChanged(api, email, async () => {
      const answer = await api.send<Changed>('POST', `${pathOf(email)}/restore`, {
        json: expiresAt === undefined ? {} : { expiresAt },
        headers: { 'If-Match': etag },
      })
      show(work, answer, ({ approval }) => [sayEnd(approval, endText)])
    })
  },
}
