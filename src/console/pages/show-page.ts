import type { Person } from '../actor.ts'
import type { ConsoleContext } from '../deps.ts'
import { pageAnswer, type Part } from './frame.ts'
import type { Html } from './html.ts'

/** The guard of these pages accepts only people, not machines. */
export const personOf = (c: ConsoleContext): Person => c.get('actor') as Person

/** Shows the pages of one part of the menu. */
export const showPageOf =
  (part: Part) =>
  (
    c: ConsoleContext,
    title: string,
    content: Html,
    { status = 200, hasErrors = false, narrow = false } = {},
  ): Promise<Response> =>
    pageAnswer(c, { title, content, hasErrors, narrow, person: personOf(c), part }, status)
