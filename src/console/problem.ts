import { Problem, type ProblemOptions } from '../http/problem.ts'

/** The problems that only the console has. The problems of both Workers are in http/problem.ts. */
const CONSOLE_PROBLEMS = {
  forbidden: [403, 'You are not allowed to do this'],
  already_approved: [409, 'The address is already approved'],
  already_decided: [409, 'This request has already been decided'],
  not_withdrawn: [409, 'The approval is not withdrawn'],
  shut_out: [409, 'The withdrawn approval blocks a company address and cannot be deleted'],
  own_person: [403, 'You cannot do this to your own account here'],
  withdrawn: [409, 'The approval is withdrawn. Restore it first'],
  changed_meanwhile: [412, 'The approval has changed since you read it'],
  precondition_required: [428, 'Send If-Match with the ETag that you read'],
} as const satisfies Record<string, readonly [number, string]>

export type ConsoleProblemCode = keyof typeof CONSOLE_PROBLEMS
export const CONSOLE_PROBLEM_CODES = Object.keys(CONSOLE_PROBLEMS) as ConsoleProblemCode[]

export const consoleProblem = (code: ConsoleProblemCode, options: ProblemOptions = {}): Problem =>
  new Problem(code, options, CONSOLE_PROBLEMS[code])
