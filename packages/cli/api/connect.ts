import { EXIT, Failure, type Exit } from '../exit.ts'
import type { Machine } from '../terminal/shell.ts'
import { VERSION } from '../version.ts'

/** An import of 250 changes takes the longest: some seconds. */
const TIMEOUT_MS = 60_000

/** No answer came, or only a part of one. Whether the request was carried out is not known. */
export class NoAnswer extends Failure {
  readonly url: string

  constructor(exit: Exit, message: string, url: string) {
    super(exit, message)
    this.url = url
  }
}

/** `fetch` with a deadline, and ended by Ctrl-C. @throws NoAnswer */
export async function connect(
  machine: Machine,
  input: string | Request,
  init: RequestInit = {},
): Promise<Response> {
  const request = new Request(input, init)
  request.headers.set('User-Agent', `latchkey-cli/${VERSION}`)
  const ends = [machine.signal, request.signal, AbortSignal.timeout(TIMEOUT_MS)]
  try {
    return await machine.fetch(request, { signal: AbortSignal.any(ends) })
  } catch (error) {
    throw noAnswer(machine, request.url, error)
  }
}

/** The body of an answer, which may break off as well. @throws NoAnswer */
export async function bodyOf(machine: Machine, response: Response, url: string): Promise<string> {
  try {
    return await response.text()
  } catch (error) {
    throw noAnswer(machine, url, error)
  }
}

const noAnswer = ({ signal }: Machine, url: string, error: unknown): NoAnswer =>
  signal.aborted
    ? new NoAnswer(EXIT.interrupted, 'Interrupted.', url)
    : new NoAnswer(
        EXIT.unavailable,
        `${new URL(url).origin} does not respond (${causeOf(error)}).`,
        url,
      )

function causeOf(error: unknown): string {
  const { name, message, cause } = error as Error & { cause?: NodeJS.ErrnoException }
  if (name === 'TimeoutError') return `${TIMEOUT_MS / 1000} seconds without a response`
  return cause?.code ?? cause?.message ?? message
}
