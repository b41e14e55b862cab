import { EXIT, Failure } from '../exit.ts'
import { Refusal } from './problem.ts'

/** Says of what there is none, when the console only says that there is none. */
export async function orNotFound<T>(work: Promise<T>, message: string): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 404) throw error
    throw new Failure(EXIT.notFound, message)
  }
}
