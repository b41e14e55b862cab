/** What the process ends with. They are documented in docs/cli.md, and scripts depend on them. */
export const EXIT = {
  ok: 0,
  /** The console refused it, or it failed. */
  refused: 1,
  /** An argument is wrong. Nothing was sent, or the console named the argument. */
  usage: 2,
  /** Nobody is signed in, or the sign-in is too old for this. */
  signIn: 3,
  notFound: 4,
  /** Somebody else changed it, or it is in another state. */
  conflict: 5,
  /** No answer, or the console cannot answer now: the same command may succeed later (EX_TEMPFAIL of sysexits.h). */
  unavailable: 75,
  /** Ctrl-C: 128 and the number of SIGINT. */
  interrupted: 130,
} as const

export type Exit = (typeof EXIT)[keyof typeof EXIT]

/** Ends the command with a message for the person, and this exit code. */
export class Failure extends Error {
  readonly exit: Exit

  constructor(exit: Exit, message: string) {
    super(message)
    this.name = 'Failure'
    this.exit = exit
  }
}

export const usage = (message: string): Failure => new Failure(EXIT.usage, message)
