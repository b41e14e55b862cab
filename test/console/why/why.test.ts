import { describe, expect, it } from 'vitest'
import type { Question } from '../../../src/console/why/answers.ts'
import type { Finding } from '../../../src/console/why/finding.ts'
import { act, approved, newGuest } from '../../support/workers/console-approvals.ts'
import {
  machine,
  send,
  staffedConsole,
  type Console,
  type Headers,
} from '../../support/workers/console.ts'
import { ask, newDevice, signIn } from '../../support/workers/sign-in.ts'
import { signInAgain } from '../../support/workers/tokens.ts'

type Answers = Record<Question, { problem: boolean; sentence: string }>
type Why = { email: string; answers: Answers; findings: (Finding & { sentence: string })[] }

async function why(app: Console, who: Headers, email: string): Promise<Why> {
  const answer = await send(app, 'GET', `/v1/why?email=${encodeURIComponent(email)}`, who)
  expect(answer.status, await answer.clone().text()).toBe(200)
  return answer.json()
}

describe('works', () => {
  it('follows an address from its first ask to its withdrawal, in one round trip each', async () => {
    const { app, admin, adminEmail } = await staffedConsole()
    const email = newGuest()
    expect((await why(app, admin, email)).answers.noMail.sentence).toContain('Not approved')
    await ask(app.auth, email, await newDevice())
    await app.auth.settle()
    const asked = await why(app, admin, email)
    expect(asked.findings).toContainEqual(
      expect.objectContaining({ code: 'not_sent', reason: 'not_approved' }),
    )
    const { etag } = await approved(app, admin, email)
    // The next link is newer, also in whole seconds.
    app.clock.offsetMs += 1000
    expect((await why(app, admin, email)).answers).toMatchObject({
      notApproved: { problem: false, sentence: expect.stringContaining(`by ${adminEmail}`) },
      noMail: { problem: true, sentence: expect.stringContaining('Request a new link') },
    })
    const device = await newDevice()
    const { user } = await signInAgain(app.auth, { id: '', email }, device)
    await signInAgain(app.auth, user, device)
    const signedIn = await why(app, admin, email)
    expect(signedIn.answers).toMatchObject({
      noMail: { problem: false, sentence: expect.stringContaining('It was used') },
      thrownOut: {
        problem: true,
        sentence: expect.stringContaining('same device signed in again'),
      },
    })
    expect(signedIn.findings.filter(({ code }) => code === 'alive')).toHaveLength(1)
    await act(app, admin, 'withdraw', email, etag, { reason: 'Left Acme' })
    const out = await why(app, admin, email)
    expect(out.answers.notApproved.sentence).toMatch(/withdrawn by .* The reason: “Left Acme”\.$/)
    expect(out.findings.filter(({ code }) => code === 'alive')).toEqual([])
    expect(app.lines.at(-1)).toMatchObject({ dynamoRoundTrips: 1, dynamoCalls: 3 })
  })

  it('takes any spelling of an address, also of one that nobody has heard of', async () => {
    const { app, admin } = await staffedConsole()
    const { user } = await signIn(app.auth)
    expect((await why(app, admin, ` ${user.email.toUpperCase()}`)).email).toBe(user.email)
    expect((await why(app, await machine(app, 'people'), newGuest())).findings[0]).toMatchObject({
      code: 'not_approved',
    })
  })
})

describe('refuses', () => {
  it('what is no address, and names that are not known', async () => {
    const { app, admin } = await staffedConsole()
    for (const query of ['', '?email=', '?email=nobody', '?email=a@b.example&all=1']) {
      expect((await send(app, 'GET', `/v1/why${query}`, admin)).status, query).toBe(400)
    }
  })

  it('approvers, who see no sessions', async () => {
    const { app, approver } = await staffedConsole()
    expect((await send(app, 'GET', '/v1/why?email=a@b.example', approver)).status).toBe(403)
  })
})
