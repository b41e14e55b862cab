import type { Person } from '../../actor.ts'
import type { ConsoleContext } from '../../deps.ts'
import { pageAnswer, type Part } from '../frame.ts'
import type { Html } from '../html.ts'

/** The guard of these pages lets through people only. */
export const personOf = (c: ConsoleContext): Person => c.get('actor') as Person

export const showPage = (
  c: ConsoleContext,
  title: string,
  content: Html,
  {
    status = 200,
    hasErrors = false,
    narrow = false,
    part = 'approvals',
  }: { status?: number; hasErrors?: boolean; narrow?: boolean; part?: Part | undefined } = {},
): Promise<Response> =>
  pageAnswer(c, { title, content, hasErrors, narrow, person: personOf(c), part }, status)
