import type { Approval } from '../../api/types.ts'
import type { Input, Option } from '../../command.ts'
import { usage } from '../../exit.ts'

export const REASON: Readonly<Record<string, Option>> = {
  reason: { value: 'TEXT', summary: 'Why. The history keeps it' },
}

export const CONTENT: Readonly<Record<string, Option>> = {
  company: { value: 'NAME', summary: 'The company of the person' },
  notes: { value: 'TEXT', summary: 'Notes' },
  phone: { value: 'NUMBER', summary: 'The one number that an SMS may go to: +14155551234' },
}

type Content = Partial<Record<'company' | 'notes' | 'phoneNumber', string | null>>

/** The members that the options name. An empty text takes a member away. */
export function contentOf({ text }: Input): Content {
  const given = { company: text('company'), notes: text('notes'), phoneNumber: text('phone') }
  return Object.fromEntries(
    Object.entries(given)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, value === '' ? null : value]),
  )
}

/** @throws Failure when the option is not there or empty. */
export function required({ text }: Input, option: string, why: string): string {
  const value = text(option)
  if (value !== undefined && value !== '') return value
  throw usage(`--${option} is missing: ${why}`)
}

/** What was changed, in a sentence. */
export const sayEnd = ({ email, expiresAt }: Approval, endText: (end: number | null) => string) =>
  expiresAt === null
    ? `${email} may sign in, without an end.`
    : `${email} may sign in until ${endText(expiresAt)}.`
