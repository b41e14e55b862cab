import { examine, type Finding } from '../doctor/finding.ts'
import { examineConsole } from './console.ts'
import { examinePublic } from './public.ts'
import { askForCode, examineSignIn } from './sign-in.ts'

/** What to test besides the public Worker: the console's origin, or an address that asks or signs in. */
export type Wishes = { console?: string; ask?: string; signIn?: string }

/**
 * All findings about a deployment. Without `ask` and `signIn`, it changes nothing.
 * @param readCode asks the person for the code of `signIn`.
 */
export async function examineDeployment(
  origin: string,
  { console: consoleOrigin, ask, signIn }: Wishes,
  readCode: () => Promise<string>,
): Promise<Finding[]> {
  const checks = [
    ...examinePublic(origin),
    ...(consoleOrigin ? examineConsole(consoleOrigin, origin) : []),
  ]
  const found = (await Promise.all(checks)).flat()
  if (ask)
    found.push(...(await examine('ask', async () => [(await askForCode(origin, ask)).finding])))
  if (signIn)
    found.push(...(await examine('sign-in', () => examineSignIn(origin, signIn, readCode))))
  return found
}
