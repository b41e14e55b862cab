import { normaliseEmail } from '../../../base/email-address.ts'
import { EndBody } from '../../people/schema.ts'
import { namedBy } from '../../people/named.ts'
import type { Parsed, Typed } from '../form.ts'
import type { PeopleWords } from './people-words.ts'

/** Parses the reason with the API's schema, and the user id that the form's page showed. */
export function parseEnd(
  typed: Typed,
  say: PeopleWords,
): Parsed<{ reason: string; userId: string | undefined }> {
  const body = EndBody().safeParse({ reason: (typed['reason'] ?? '').trim() })
  if (!body.success) return { ok: false, errors: { reason: say.badReason } }
  const { userId } = namedBy(typed['userId'] ?? '') ?? {}
  return { ok: true, value: { reason: body.data.reason, userId } }
}

/** To erase a person, the administrator types the address again. */
export function parseErase(
  typed: Typed,
  email: string,
  say: PeopleWords,
): Parsed<{ reason: string; userId: string | undefined; approval: boolean }> {
  const end = parseEnd(typed, say)
  const again = normaliseEmail((typed['again'] ?? '').trim()) === email
  const errors = {
    ...(end.ok ? {} : end.errors),
    ...(again ? {} : { again: say.confirmErase.notAgain }),
  }
  if (!end.ok || !again) return { ok: false, errors }
  return { ok: true, value: { ...end.value, approval: typed['approval'] === 'yes' } }
}
