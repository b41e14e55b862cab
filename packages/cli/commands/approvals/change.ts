import type { Api } from '../../api/api.ts'
import type { Approval } from '../../api/types.ts'
import { ADDRESS, END, YES, type Command, type Work } from '../../command.ts'
import { EXIT, Failure, usage } from '../../exit.ts'
import { confirm } from '../../terminal/ask.ts'
import { endOf, endText } from '../../terminal/time.ts'
import { show } from '../show.ts'
import { CONTENT, contentOf, REASON, sayEnd } from './content.ts'
import { pathOf, readApproval, unlessChanged } from './read.ts'

type Changed = { approval: Approval }

export const change: Command = {
  name: 'approvals change',
  summary: 'Change an approval: its end, company, reason, notes or phone number',
  more: "An empty value takes one away: --notes ''",
  args: [ADDRESS],
  options: { ...END, ...REASON, ...CONTENT, ...YES },
  example: 'latchkey approvals change jane@acme.example --company "Acme Inc."',
  async run(work, input) {
    const { args, text } = input
    const now = Math.floor(work.shell.now() / 1000)
    const expiresAt = endOf({ until: text('until'), days: text('days') }, now)
    const json = {
      ...contentOf(input),
      ...(text('reason') === undefined ? {} : { reason: text('reason') }),
      ...(expiresAt === undefined ? {} : { expiresAt }),
    }
    if (Object.keys(json).length === 0) throw usage('What to change? Give --until, --company, …')
    const api = await work.api()
    const approval = await readApproval(api, args[0]!)
    if (expiresAt !== undefined && isSooner(expiresAt, approval.expiresAt)) {
      const what = `${approval.email} may sign in ${approval.expiresAt === null ? 'without an end' : `until ${endText(approval.expiresAt)}`}. This will end sooner, on ${endText(expiresAt)}.`
      await confirm(work.shell, work.yes, what)
    }
    await patch(work, api, approval, json, (after) => [`Changed. ${sayEnd(after, endText)}`])
  },
}

export const extend: Command = {
  name: 'approvals extend',
  summary: 'Extend an approval',
  args: [ADDRESS],
  options: {
    until: END['until']!,
    days: { value: 'N', summary: 'Days to add to its end, or to now if it has already ended' },
  },
  example: 'latchkey approvals extend jane@acme.example --days 30',
  async run(work, { args, text }) {
    const now = Math.floor(work.shell.now() / 1000)
    const given = { until: text('until'), days: text('days') }
    // So that a wrong option is found before the console is asked.
    if (endOf(given, now) === undefined) throw usage('--until or --days is missing.')
    const api = await work.api()
    const approval = await readApproval(api, args[0]!)
    if (approval.expiresAt === null) {
      throw new Failure(EXIT.conflict, `The approval of ${approval.email} already has no end.`)
    }
    const expiresAt = endOf(given, Math.max(now, approval.expiresAt))!
    if (expiresAt === approval.expiresAt || isSooner(expiresAt, approval.expiresAt)) {
      throw usage(
        `The new end must be later than the current one, ${endText(approval.expiresAt)}. To end it sooner, use: latchkey approvals change`,
      )
    }
    await patch(work, api, approval, { expiresAt }, (after) => [sayEnd(after, endText)])
  },
}

const isSooner = (after: number | null, before: number | null): boolean =>
  after !== null && (before === null || after < before)

const patch = (
  work: Work,
  api: Api,
  { email, etag }: Approval,
  json: object,
  say: (approval: Approval) => string[],
): Promise<void> =>
  unlessChanged(api, email, async () => {
    const request = { json, headers: { 'If-Match': etag } }
    const answer = await api.send<Changed>('PATCH', pathOf(email), request)
    show(work, answer, ({ approval }) => say(approval))
  })
