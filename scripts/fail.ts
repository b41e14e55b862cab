/** An error for the person who runs a script: only its message is printed, without a stack. */
export class Plain extends Error {}

/**
 * Runs a script. For a `Plain` error it prints only the message, for any other error also the stack. The exit code is
 * 1 in both cases.
 */
export async function run(main: () => Promise<void> | void): Promise<void> {
  try {
    await main()
  } catch (error) {
    console.error(error instanceof Plain ? error.message : error)
    process.exitCode = 1
  }
}
