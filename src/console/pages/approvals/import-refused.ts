import * as z from 'zod/mini'
import { lazily } from '../../../base/lazily.ts'
import type { Locale } from '../../../base/locale.ts'
import { Problem } from '../../../http/problem.ts'
import type { ImportReport } from '../../approvals/import.ts'
import type { LineErrorCode } from '../../approvals/import-line.ts'
import { importWords } from './import-words.ts'
import { approvalWords } from './words.ts'

/** A longer list does not help anyone. */
export const SHOWN_LINES = 200

const RefusedLines = lazily(() =>
  z.array(
    z.object({
      line: z.int(),
      email: z.nullable(z.string()),
      errors: z.array(
        z.object({ column: z.string(), code: z.string(), value: z.optional(z.string()) }),
      ),
    }),
  ),
)

/** A refused line, as the report shows it. */
export type RefusedLine = z.infer<ReturnType<typeof RefusedLines>>[number]

/**
 * The refused lines of the earlier calls, which the form contains, and then those of this call.
 * @param earlier JSON. @throws Problem invalid_request for a form that the console did not make.
 */
export function refusedLines(
  earlier: string | File | undefined,
  report: ImportReport,
): RefusedLine[] {
  const refused = report.lines.filter(({ outcome }) => outcome === 'refused')
  const now = refused.map(({ line, email, errors = [] }) => ({
    line,
    email,
    errors: errors.map(({ column, code, value }) => ({ column, code, value })),
  }))
  return [...readEarlier(earlier), ...now].slice(0, SHOWN_LINES)
}

function readEarlier(json: string | File | undefined): RefusedLine[] {
  if (json === undefined) return []
  try {
    return RefusedLines().parse(JSON.parse(json as string))
  } catch {
    throw new Problem('invalid_request')
  }
}

/** Why a line was refused, in the reader's words. @param maxDays the longest time of an approver. */
export function lineErrorText(
  locale: Locale,
  { column, code, value }: RefusedLine['errors'][number],
  maxDays: number,
): string {
  const { errors, refusals, tooLong } = approvalWords[locale]
  const { lineErrors } = importWords[locale]
  const of = <T extends object>(words: T, name: string) =>
    Object.hasOwn(words, name) ? words[name as keyof T] : undefined
  if (code === ('too_long' satisfies LineErrorCode)) return tooLong(maxDays)
  const said: string | undefined = of(lineErrors, code) ?? of(refusals, code)
  // For `invalid` and `missing`, the form's field for this column has the words.
  const field = said ?? of(errors, column === 'expiresAt' ? 'until' : column) ?? column
  return value ? `${field} (${value})` : field
}
