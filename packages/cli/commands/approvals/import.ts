import { readFile } from 'node:fs/promises'
import type { Api } from '../../api/api.ts'
import type { Command, Work } from '../../command.ts'
import { EXIT, Failure } from '../../exit.ts'
import { safeJson } from '../../terminal/plain.ts'
import type { Input } from '../../terminal/shell.ts'
import { table } from '../../terminal/table.ts'

type Line = {
  line: number
  email: string | null
  outcome: keyof Counts
  errors?: { column: string; detail: string }[]
}
type Counts = Record<'created' | 'changed' | 'unchanged' | 'refused', number>
type Report = { dryRun: boolean; lines: Line[]; counts: Counts; nextLine?: number }

export const importApprovals: Command = {
  name: 'approvals import',
  summary: 'Approve and change by a CSV file',
  more: 'Each line is done as a whole or not at all. When an import is stopped, import the file again: what is done already changes nothing. It ends with 1 when a line was refused.',
  args: [{ name: 'FILE', summary: 'The CSV file, or - for stdin' }],
  options: { 'dry-run': { summary: 'Only say what would happen' } },
  example: 'latchkey approvals import guests.csv --dry-run',
  async run(work, { args, given }) {
    const csv = await readCsv(work, args[0]!)
    const dryRun = given('dry-run')
    const { body, json } = await importAll(work, await work.api(), csv, dryRun)
    if (work.json) work.shell.print(safeJson(json))
    else work.shell.print(...reportOf(work, body))
    const { refused } = body.counts
    if (refused > 0) {
      throw new Failure(
        EXIT.refused,
        refused === 1 ? '1 line is refused.' : `${refused} lines are refused.`,
      )
    }
  },
}

/** Sends the file again and again, each time from the line at which the last call stopped. */
async function importAll(
  { shell }: Work,
  api: Api,
  csv: Uint8Array<ArrayBuffer>,
  dryRun: boolean,
): Promise<{ body: Report; json: Report }> {
  let body: Report | undefined
  let json: Report | undefined
  for (let fromLine: number | undefined; ;) {
    const query = { dryRun: dryRun ? 'true' : undefined, fromLine }
    try {
      const request = { csv, query }
      const answer = await api.repeat<Report>('POST', '/v1/approvals/import', request)
      body = joined(body, answer.body)
      json = joined(json, answer.json as Report)
    } catch (error) {
      if (!(error instanceof Failure) || fromLine === undefined) throw error
      throw new Failure(
        error.exit,
        `${error.message}\nThe lines before line ${fromLine} are done. Import the file again: it goes on from there.`,
      )
    }
    const { nextLine } = json
    if (nextLine === undefined) return { body, json }
    // A report that does not get further would go on for ever.
    if (nextLine <= (fromLine ?? 0)) throw new Failure(EXIT.refused, 'The import does not go on.')
    fromLine = nextLine
    const done = body.counts.created + body.counts.changed
    shell.tell(`${done} imported, going on with line ${nextLine} …`)
  }
}

function joined(before: Report | undefined, next: Report): Report {
  if (before === undefined) return next
  const counts = { ...next.counts }
  for (const outcome of Object.keys(counts) as (keyof Counts)[]) {
    counts[outcome] += before.counts[outcome]
  }
  return { ...next, lines: [...before.lines, ...next.lines], counts }
}

function reportOf({ shell }: Work, { dryRun, lines, counts }: Report): string[] {
  const refused = lines.filter(({ outcome }) => outcome === 'refused')
  const told = `${counts.created} new, ${counts.changed} changed, ${counts.unchanged} as they were, ${counts.refused} refused.`
  return [
    ...(refused.length === 0 ? [] : [...tableOf(refused), '']),
    dryRun ? `Nothing has changed. It would be: ${told}` : told,
  ]

  function tableOf(refused: readonly Line[]): string[] {
    return table<Line>(
      [
        { title: 'LINE', of: ({ line }) => String(line) },
        { title: 'ADDRESS', of: ({ email }) => email ?? '', least: 16 },
        {
          title: 'WHY IT IS REFUSED',
          of: ({ errors = [] }) =>
            errors.map(({ column, detail }) => `${column} ${detail}`.trim()).join('; '),
          least: 20,
        },
      ],
      refused,
      shell,
    )
  }
}

async function readCsv({ shell }: Work, path: string): Promise<Uint8Array<ArrayBuffer>> {
  if (path === '-') return new Uint8Array(await readAll(shell.stdin))
  try {
    return new Uint8Array(await readFile(path))
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw new Failure(EXIT.usage, code === 'ENOENT' ? `There is no file ${path}.` : message)
  }
}

async function readAll(stdin: Input): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stdin) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}
