/** An error for the person who runs a script: only its message is printed, without a stack. */
export class Plain extends Error {}

/**
 * Runs a script. Of a `Plain` error it prints the message, of any other error the stack too. Both exit with
 * 1.
 */
export async function run(main: () => Promise<void> | void): Promise<void> {
  try {
    await main()
  } catch (error) {
    console.error(error instanceof Plain ? error.message : error)
    process.exitCode = 1
  }
}
