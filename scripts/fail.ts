/** An error whose message is all that its reader needs: printed as one line, without a stack. */
export class Plain extends Error {}

/** Runs a script. A `Plain` error is printed as one line, anything else whole; both exit with 1. */
export async function run(main: () => Promise<void> | void): Promise<void> {
  try {
    await main()
  } catch (error) {
    console.error(error instanceof Plain ? error.message : error)
    process.exitCode = 1
  }
}
