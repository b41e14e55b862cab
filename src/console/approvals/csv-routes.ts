import * as z from 'zod/mini'
import { lazily } from '../../base/lazily.ts'
import { toSeconds } from '../../base/time.ts'
import { Problem } from '../../http/problem.ts'
import { readQuery, readTextOf } from '../../http/read.ts'
import { answer, json } from '../../http/scope.ts'
import { requireLiveActor } from '../actor.ts'
import { consoleDepsOf } from '../deps.ts'
import { guardedRoutes } from '../guards.ts'
import { cellsOf, COLUMNS } from './columns.ts'
import { csvLine, toCell } from './csv.ts'
import { fileDetail } from './import-line.ts'
import { importApprovals } from './import.ts'
import { filterApprovals, readApprovals } from './list.ts'
import { ExportQuery } from './schema.ts'

export const exportRoutes = guardedRoutes('approvals:read')
export const importRoutes = guardedRoutes('approvals:write')

export const IMPORT_PATH = '/v1/approvals/import'
/** Enough for ten thousand lines of 400 bytes. */
export const MAX_IMPORT_BYTES = 4 * 1024 * 1024

const ImportQuery = lazily(() =>
  z.strictObject({
    dryRun: z._default(z.enum(['true', 'false']), 'false'),
    fromLine: z.optional(
      z.string().check(z.regex(/^[1-9]\d{0,6}$/, { error: 'must be the number of a line' })),
    ),
  }),
)

/**
 * Exports every approval as CSV (RFC 4180), in the format that an import accepts. The file begins with a byte order
 * mark, because spreadsheets otherwise do not read it as UTF-8.
 */
exportRoutes.get('/v1/approvals.csv', async (c) => {
  const deps = consoleDepsOf(c)
  const filter = readQuery(c, ExportQuery())
  const [all] = await Promise.all([readApprovals(deps), requireLiveActor(c)])
  const now = toSeconds(deps.world.now())
  const lines = filterApprovals(deps, all, filter)
    .toSorted((a, b) => (a.email < b.email ? -1 : 1))
    .map((row) => {
      const cells = cellsOf(row, now)
      return csvLine(COLUMNS.map((column) => toCell(cells[column])))
    })
  return answer(c.get('scope'), `\uFEFF${csvLine(COLUMNS)}${lines.join('')}`, 200, {
    'Content-Type': 'text/csv; charset=utf-8; header=present',
    'Content-Disposition': 'attachment; filename="approvals.csv"',
  })
})

/**
 * Imports a CSV file. The number of changes per call is limited; the report says at which line the next call
 * continues.
 */
importRoutes.post(IMPORT_PATH, async (c) => {
  const { dryRun, fromLine } = readQuery(c, ImportQuery())
  const text = await readTextOf(c, 'text/csv', MAX_IMPORT_BYTES)
  await requireLiveActor(c)
  const imported = await importApprovals(consoleDepsOf(c), c.get('actor'), text, {
    dryRun: dryRun === 'true',
    fromLine: Number(fromLine ?? 1),
  })
  if (!imported.ok) throw new Problem('invalid_request', { detail: fileDetail(imported.error) })
  return json(c, imported.report)
})
