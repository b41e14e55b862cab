import type { Me } from '../api/types.ts'
import type { Command } from '../command.ts'
import { readConsole } from '../session/place.ts'
import { fields } from '../terminal/table.ts'
import { timeText } from '../terminal/time.ts'
import { show } from './show.ts'

export const whoami: Command = {
  name: 'whoami',
  summary: 'Show who you are to the console',
  args: [],
  options: {},
  example: 'latchkey whoami',
  async run(work) {
    const { console, folder } = await work.place()
    const me = await (await work.api()).get<Me>('/v1/me')
    if (me.body.kind === 'machine') {
      const { name, scopes } = me.body
      const lines = [
        ['machine', name],
        ['scopes', scopes.join(' ')],
        ['console', console],
      ] as const
      return show(work, me, () => fields(lines, work.shell.paint))
    }
    const { email, role, signedInAt, signInAgainAt, recentUntil } = me.body
    const issuer = (await readConsole(folder))?.issuer ?? null
    const recent = recentUntil * 1000 > work.shell.now()
    show(work, me, () =>
      fields(
        [
          ['address', email],
          ['role', role],
          ['console', console],
          ['issuer', issuer],
          ['signed in', timeText(signedInAt)],
          ['sign in again', timeText(signInAgainAt)],
          [
            'ending access',
            recent ? `until ${timeText(recentUntil)}` : 'needs a new sign-in: latchkey login',
          ],
        ],
        work.shell.paint,
      ),
    )
  },
}
