import { Problem } from '../../../http/problem.ts'
import { requireLiveActor } from '../../actor.ts'
import { importApprovals, type ImportReport } from '../../approvals/import.ts'
import { MAX_IMPORT_BYTES } from '../../approvals/csv-routes.ts'
import { consoleDepsOf, type ConsoleContext } from '../../deps.ts'
import { guardedRoutes } from '../../guards.ts'
import { formEntries, type Errors } from '../form.ts'
import { localeOf } from '../frame.ts'
import type { Html } from '../html.ts'
import { importForm, importReport } from './import-markup.ts'
import { refusedLines } from './import-refused.ts'
import { importWords } from './import-words.ts'
import { showPage } from './show-page.ts'

export const importPages = guardedRoutes('approver', 'page')

export const IMPORT_PAGE = '/approvals/import'
/** The file, the refused lines of earlier calls, and the space for the rest of the form. */
export const MAX_IMPORT_FORM_BYTES = MAX_IMPORT_BYTES + 128 * 1024

importPages.get(IMPORT_PAGE, async (c) => {
  await requireLiveActor(c)
  return showForm(c, {})
})

/** Checking a file changes nothing. The report contains the text of the file, and its form imports that text. */
importPages.post(IMPORT_PAGE, async (c) => {
  const say = importWords[localeOf(c)]
  const sent = new Map(await formEntries(c))
  await requireLiveActor(c)
  const fromLine = numberOf(sent.get('fromLine'))
  const dryRun = fromLine === 0
  const given = sent.get(dryRun ? 'file' : 'text')
  const isEmpty = typeof given === 'string' ? dryRun && given === '' : given?.size === 0
  if (given === undefined || isEmpty) {
    return showForm(c, { file: say.noFile }, 400)
  }
  const text = typeof given === 'string' ? given : await utf8Text(given)
  if (text === null) return showForm(c, { file: say.notText }, 400)
  const options = { dryRun, fromLine: Math.max(1, fromLine) }
  const imported = await importApprovals(consoleDepsOf(c), c.get('actor'), text, options)
  if (!imported.ok) {
    const { code, at } = imported.error
    return showForm(c, { file: say.fileErrors[code](at) }, 400)
  }
  const { report } = imported
  const counts = { ...report.counts }
  for (const name of Object.keys(counts) as (keyof ImportReport['counts'])[]) {
    counts[name] += numberOf(sent.get(name))
  }
  const refused = refusedLines(sent.get('lines'), report)
  const { APPROVER_MAX_DAYS } = consoleDepsOf(c).config
  return show(c, importReport(localeOf(c), report, counts, refused, text, APPROVER_MAX_DAYS))
})

async function utf8Text(file: File): Promise<string | null> {
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
    return decoder.decode(await file.arrayBuffer())
  } catch {
    return null
  }
}

function numberOf(value: string | File | undefined): number {
  if (value === undefined) return 0
  if (typeof value !== 'string' || !/^\d{1,7}$/.test(value)) throw new Problem('invalid_request')
  return Number(value)
}

const showForm = (c: ConsoleContext, errors: Errors, status = 200) =>
  show(c, importForm(localeOf(c), errors), status)

const show = (c: ConsoleContext, content: Html, status = 200) =>
  showPage(c, importWords[localeOf(c)].title, content, {
    status,
    hasErrors: status >= 400,
    narrow: true,
  })
