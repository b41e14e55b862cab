import { asBrowser, newAdmin, startConsole, type Headers } from '../console.ts'
import { signIn, type Tokens } from '../sign-in.ts'
import { patientWorld } from '../rows.ts'

/** An administrator who has signed in. Only one case at a time has them. */
export type Admin = { email: string; tokens: Tokens; headers: Headers; giveBack: () => void }

/** Ending other people's access needs a sign-in of the last 15 minutes (src/console/actor.ts). */
const FRESH_MS = 5 * 60_000

const free: (Omit<Admin, 'giveBack'> & { since: number })[] = []

/** To sign in costs more than most cases do, so the same administrator serves one case after the other. */
export async function takeAdmin(): Promise<Admin> {
  let admin = free.pop()
  if (admin === undefined || Date.now() - admin.since > FRESH_MS) {
    const email = newAdmin()
    const since = Date.now()
    const app = await startConsole({ admins: [email] }, { auth: { world: patientWorld } })
    const tokens = await signIn(app.auth, undefined, email)
    admin = { email, tokens, headers: await asBrowser(app, tokens), since }
    await app.auth.forgetCalls()
  }
  const { email, tokens, headers } = admin
  const taken = admin
  return { email, tokens, headers, giveBack: () => void free.push(taken) }
}
