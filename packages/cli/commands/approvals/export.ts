import { rename, rm, writeFile } from 'node:fs/promises'
import type { Command } from '../../command.ts'
import { plain } from '../../terminal/plain.ts'
import { STATE } from './list.ts'

export const exportApprovals: Command = {
  name: 'approvals export',
  summary: 'Write all approvals as CSV, which an import accepts',
  more: 'A cell that a spreadsheet would compute begins with a quote, which the import takes away again.',
  args: [{ name: 'WORDS', summary: 'Only those that have them', rest: true }],
  options: {
    state: STATE,
    output: { value: 'FILE', summary: 'Where to. By default to stdout', short: 'o' },
  },
  example: 'latchkey approvals export --output approvals.csv',
  async run(work, { args, text }) {
    const { shell } = work
    const query = { q: args.length === 0 ? undefined : args.join(' '), state: text('state') }
    const answer = await (await work.api()).get<null>('/v1/approvals.csv', { query })
    const file = text('output')
    // The byte order mark, which spreadsheets need: reading the answer as text takes it away.
    const csv = `\uFEFF${answer.text}`
    if (file === undefined) {
      shell.stdout.write(
        shell.stdout.isTTY === true ? plain(answer.text.replaceAll('\r\n', '\n')) : csv,
      )
      return
    }
    // By a second file, so that an export that is stopped does not leave half of one.
    const made = `${file}.${process.pid}.tmp`
    try {
      await writeFile(made, csv, { flag: 'wx', mode: 0o600 })
      await rename(made, file)
    } catch (error) {
      await rm(made, { force: true })
      throw error
    }
    shell.tell(`Written to ${file}.`)
  },
}
