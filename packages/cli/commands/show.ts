import type { Answer } from '../api/api.ts'
import type { Work } from '../command.ts'
import { safeJson } from '../terminal/plain.ts'

/** Prints an answer: as JSON, or as lines for a person. */
export function show<Body>(
  { shell, json }: Work,
  answer: Pick<Answer<Body>, 'body' | 'json'>,
  lines: (body: Body) => string[],
): void {
  if (json) return shell.print(safeJson(answer.json))
  const all = lines(answer.body)
  if (all.length > 0) shell.print(...all)
}
