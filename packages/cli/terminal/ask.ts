import { createInterface } from 'node:readline'
import { EXIT, Failure, usage } from '../exit.ts'
import { plain } from './plain.ts'
import type { Shell } from './shell.ts'

/** Asks the person for a line. @throws Failure when they end it, by Ctrl-C or Ctrl-D. */
export function ask(shell: Shell, question: string): Promise<string> {
  const { stdin, stderr, signal } = shell
  return new Promise((resolve, reject) => {
    const lines = createInterface({
      input: stdin,
      output: stderr,
      terminal: stderr.isTTY === true,
      historySize: 0,
    })
    const end = (failure: Failure): void => {
      reject(failure)
      lines.close()
    }
    const interrupt = () => end(new Failure(EXIT.interrupted, 'Interrupted. Nothing was done.'))
    if (signal.aborted) return interrupt()
    signal.addEventListener('abort', interrupt, { once: true })
    // In its raw mode, the terminal gives Ctrl-C to the reader of lines, and sends no signal.
    lines.once('SIGINT', () => {
      stderr.write('\n')
      interrupt()
    })
    lines.once('close', () => {
      signal.removeEventListener('abort', interrupt)
      end(new Failure(EXIT.interrupted, 'No answer came. Nothing was done.'))
    })
    lines.question(plain(question), (answer) => {
      resolve(answer.trim())
      lines.close()
    })
  })
}

/**
 * Lets the person confirm what ends somebody's access. Without a terminal, --yes stands for the answer.
 * @param what a sentence that names what will end.
 * @param expected what the person must type. By default, y.
 */
export async function confirm(
  shell: Shell,
  yes: boolean,
  what: string,
  expected?: string,
): Promise<void> {
  if (yes) return
  if (!shell.interactive) {
    throw usage(
      `${what}\nThere is no terminal to confirm it on. Add --yes to confirm it in advance.`,
    )
  }
  shell.tell(what)
  const question = expected === undefined ? 'Go on? [y/N] ' : `Type ${expected} to go on: `
  const answer = await ask(shell, question)
  const agreed = expected === undefined ? /^y(es)?$/i.test(answer) : answer === expected
  if (!agreed) throw new Failure(EXIT.refused, 'Nothing was done.')
}
