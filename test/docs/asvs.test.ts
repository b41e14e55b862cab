import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { RECENT_SECONDS as ACCOUNT_SECONDS } from '../../src/account/erase.ts'
import { variables } from '../../src/base/variables.ts'
import { RECENT_SECONDS, SESSION_SECONDS } from '../../src/console/actor.ts'

const text = readFileSync('docs/asvs.md', 'utf8')
const ROW = /^\| (\d+\.\d+\.\d+) \| ([12]) \| (.+?) \| (.+?) \| (.+) \|$/gm
const STATUSES = ['test', 'not applicable', 'deviation']

/**
 * ASVS 5.0.0: section → the level of each of its requirements, in their order. Requirements of level 3 are here too,
 * because they are counted.
 */
const LEVELS: Record<string, string> = {
  '6.1': '122',
  '6.2': '111111112222',
  '6.3': '11223333',
  '6.4': '112233',
  '6.5': '22222333',
  '6.6': '2223',
  '6.7': '33',
  '6.8': '2222',
  '7.1': '222',
  '7.2': '1111',
  '7.3': '22',
  '7.4': '11222',
  '7.5': '223',
  '7.6': '22',
  '9.1': '111',
  '9.2': '1222',
  '10.1': '22',
  '10.2': '223',
  '10.3': '22223',
  '10.4': '1111122222233333',
  '10.5': '22222',
  '10.6': '22',
  '10.7': '222',
}
const wanted = Object.entries(LEVELS).flatMap(([section, levels]) =>
  [...levels].flatMap((level, i) => (level === '3' ? [] : [`${section}.${i + 1} ${level}`])),
)

const rows = [...text.matchAll(ROW)].map(([, id, level, requirement, status, reason]) => ({
  id: id!,
  level: level!,
  requirement: requirement!,
  status: status!,
  reason: reason!,
}))
const testsIn = (reason: string): string[] =>
  [...reason.matchAll(/`(test\/[\w./-]+)`/g)].map(([, file]) => file!)

describe('docs/asvs.md', () => {
  it('has every requirement of levels 1 and 2 once, with its level', () => {
    expect(rows.map(({ id, level }) => `${id} ${level}`)).toEqual(wanted)
  })

  it('gives each requirement one of three statuses, and counts them', () => {
    for (const { id, status } of rows) expect(STATUSES, id).toContain(status)
    expect(text).toContain(`all ${rows.length} requirements`)
    for (const status of STATUSES) {
      const count = rows.filter((row) => row.status === status).length
      expect(text).toContain(`**${status}** (${count})`)
    }
  })

  it('names tests that exist, and gives a reason for everything else', () => {
    for (const { id, status, reason } of rows) {
      const tests = testsIn(reason)
      expect([id, tests.filter((file) => !existsSync(file))]).toEqual([id, []])
      if (status === 'test') expect(tests.length, id).toBeGreaterThan(0)
      else expect(reason.length, id).toBeGreaterThan(10)
    }
  })

  it('names promises that docs/threats.md makes', () => {
    const threats = readFileSync('docs/threats.md', 'utf8')
    const named = rows.flatMap(({ reason }) => reason.match(/\bT\d+\b/g) ?? [])
    expect(named.length).toBeGreaterThan(0)
    expect(named.filter((number) => !threats.includes(`| ${number} |`))).toEqual([])
  })

  it('has the lifetimes of the code', () => {
    const { SESSION_TTL_SECONDS, SESSION_IDLE_SECONDS, LINK_TTL_SECONDS } = variables()
    const days = (seconds: number) => `${seconds / 86_400} days`
    expect(text).toContain(`| ${days(SESSION_TTL_SECONDS.fallback)} (\`SESSION_TTL_SECONDS\`)`)
    expect(text).toContain(`| ${days(SESSION_IDLE_SECONDS.fallback)} (\`SESSION_IDLE_SECONDS\`)`)
    expect(text).toContain(`| ${SESSION_SECONDS / 3600} hours after the sign-in |`)
    expect(text).toContain(`| ${ACCOUNT_SECONDS / 60} minutes after the sign-in |`)
    expect(text).toContain(`| ${RECENT_SECONDS / 60} minutes after the sign-in |`)
    expect(text).toContain(`${LINK_TTL_SECONDS.fallback / 60} minutes by default`)
  })
})
