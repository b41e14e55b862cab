import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { schemas } from '../../scripts/openapi/schemas.ts'
import { devWorld } from '../e2e/world.ts'

const readme = readFileSync('README.md', 'utf8')
const MARK = /<!-- run by test\/docs\/readme\.test\.ts -->\n\n```sh\n([^]*?)```/g
const blocks = [...readme.matchAll(MARK)].map((match) => match[1]!)

/** Whether an answer has the members that openapi.json says, and no other. */
function expectShape(name: string, answer: Record<string, unknown>): void {
  const { properties, required } = schemas[name] as { properties: object; required: string[] }
  const members = Object.keys(answer)
  expect([name, members.filter((member) => !(member in properties))]).toEqual([name, []])
  expect([name, required.filter((member) => !members.includes(member))]).toEqual([name, []])
}

describe('its sign-in with curl', () => {
  it('runs as it says, from asking to a verified token', async () => {
    expect(blocks.length).toBeGreaterThan(3)
    const world = await devWorld()
    const PORT = new URL(world.issuer).port
    const INBOX_PORT = new URL(world.inbox).port
    const { stdout, stderr, status } = spawnSync('bash', ['-euo', 'pipefail'], {
      env: { ...process.env, PORT, INBOX_PORT },
      input: blocks.join('\n'),
      encoding: 'utf8',
    })
    expect(stderr).toBe('')
    expect(status).toBe(0)

    const lines = stdout.split('\n').filter((line) => line !== '')
    const answers = lines
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    const [asked, opened, again, thief, byCode, refreshed, listed, refused] = answers
    expect(asked).toMatchObject({ handle: expect.any(String), expiresIn: 900, resendAfter: 60 })
    expect(opened).toMatchObject({ token_type: 'Bearer', expires_in: 600 })
    expect(lines.filter((line) => line.startsWith('verified: usr_'))).toHaveLength(1)
    expect(again).toMatchObject({ session_id: opened!['session_id'] })
    expect(thief).toEqual({ error: 'invalid_grant', error_description: expect.any(String) })
    expect(byCode).toMatchObject({ user: { email: expect.stringMatching(/^grace/) } })
    expect(refreshed).toMatchObject({ session_id: opened!['session_id'] })
    expect(listed!['sessions']).toHaveLength(1)
    expect(refused).toMatchObject({ type: 'urn:latchkey:problem:unauthorized', status: 401 })
    expect(answers).toHaveLength(8)

    expectShape('LinkAsked', asked!)
    for (const answer of [opened!, again!, byCode!, refreshed!]) expectShape('TokenAnswer', answer)
    expectShape('OAuthError', thief!)
    expectShape('SessionList', listed!)
    const [{ current, ...session }] = listed!['sessions'] as [Record<string, unknown>]
    expect(current).toBe(true)
    expectShape('Session', session)
    expectShape('Problem', refused!)
  })
})
