import { Problem, type ProblemOptions } from '../http/problem.ts'

/** The refusals that only the console has. Those of both Workers are in http/problem.ts. */
const CONSOLE_PROBLEMS = {
  stale_session: [401, 'The sign-in is too long ago for this. Sign in again'],
  forbidden: [403, 'You are not allowed to do this'],
  already_approved: [409, 'The address is approved already'],
  already_decided: [409, 'Somebody has decided this request already'],
  not_withdrawn: [409, 'The approval is not withdrawn'],
  shut_out: [409, 'The withdrawn approval keeps a company address out, and must stay'],
  own_person: [403, 'Nobody may do this to themselves here'],
  withdrawn: [409, 'The approval is withdrawn. Restore it first'],
  changed_meanwhile: [412, 'The approval has changed since it was read'],
  precondition_required: [428, 'Send If-Match with the ETag that was read'],
} as const satisfies Record<string, readonly [number, string]>

export type ConsoleProblemCode = keyof typeof CONSOLE_PROBLEMS
export const CONSOLE_PROBLEM_CODES = Object.keys(CONSOLE_PROBLEMS) as ConsoleProblemCode[]

export const consoleProblem = (code: ConsoleProblemCode, options: ProblemOptions = {}): Problem =>
  new Problem(code, options, CONSOLE_PROBLEMS[code])
