import type { ChangeRefusal } from '../../model/approval-rules.ts'
import { COLUMNS, type Column } from './columns.ts'

/** Why an import refuses a line. `invalid`: the cell is not what its column needs. */
export type LineErrorCode =
  ChangeRefusal | 'cells' | 'repeated' | 'withdrawal' | 'missing' | 'invalid' | 'changed'

/** `column` is empty if the error is about the whole line. `detail` is English, for the API. */
export type LineError = {
  column: Column | ''
  code: LineErrorCode
  detail: string
  /** The beginning of a cell that is `invalid`, as it was read. */
  value?: string
}

/** What a line of the file did, or would do in a dry run. */
export type ImportedLine = {
  line: number
  email: string | null
  outcome: 'created' | 'changed' | 'unchanged' | 'refused'
  errors?: LineError[]
}

/** Why an import refuses a file. No line was imported. */
export type FileErrorCode =
  | 'open_quote'
  | 'text_after_quote'
  | 'unknown_column'
  | 'repeated_column'
  | 'no_email_column'
  | 'too_many_lines'

/** `at` is the number of the line, or the name of the column; its number if it has no name. */
export type FileError = { code: FileErrorCode; at: number | string }

/** @param maxDays the longest time for which an approver may approve. */
export function ruleError(code: ChangeRefusal | 'changed', maxDays: number): LineError {
  const end = ['too_long', 'past_end'].includes(code)
  const column = end ? 'expiresAt' : code === 'phone_number' ? 'phoneNumber' : 'email'
  return {
    column,
    code,
    detail: code === 'too_long' ? `must be within ${maxDays} days` : RULES[code],
  }
}

const RULES: Record<Exclude<ChangeRefusal, 'too_long'> | 'changed', string> = {
  absent: 'has no approval',
  already_approved: 'is already approved',
  withdrawn: 'is withdrawn: restore it first',
  not_withdrawn: 'is not withdrawn',
  own_address: 'is your own address',
  not_yours: 'may only be changed by its approver or an administrator',
  company_address: 'is a company address, which needs no approval',
  phone_number: 'may be set only when an address is first approved, except by administrators',
  past_end: 'must be in the future',
  not_recent: 'would end earlier or get another phone number: sign in again first',
  changed: 'has changed in the meantime: import the file again',
}

/** The sentence about a file, for the API. */
export const fileDetail = ({ code, at }: FileError): string => FILE[code](at)

const FILE: Record<FileErrorCode, (at: number | string) => string> = {
  open_quote: (line) => `Line ${line}: a quote is not closed.`,
  text_after_quote: (line) => `Line ${line}: there is text after a closing quote.`,
  unknown_column: (n) => `The column ${n} of the first line is not one of ${COLUMNS.join(', ')}.`,
  repeated_column: (name) => `The first line names ${name} twice.`,
  no_email_column: () => 'The first line must name the columns and include email.',
  too_many_lines: (max) => `The file has more than ${max} lines. Import it in parts.`,
}
