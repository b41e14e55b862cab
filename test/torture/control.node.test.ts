import { readFileSync } from 'node:fs'
import { describe, expect, inject, it } from 'vitest'
import { CASES } from '../../torture/cases/cases.ts'
import { controlOf } from '../support/torture.ts'

const endpoint = inject('tortureEndpoint')
const control = await controlOf(endpoint)
const { kit } = (await (await fetch(endpoint)).json()) as { kit: string }
const readme = readFileSync('torture/README.md', 'utf8')

type Answer = { run: string; baseUrl: string; step: { do: string; email: string } | null }

describe('works', () => {
  it('lists each case as README.md shows one', async () => {
    const { cases } = (await control('GET', '/cases')) as { cases: Record<string, unknown>[] }
    expect(cases).toHaveLength(CASES.length)
    const block = /A \*\*case\*\*:\n\n```json\n([^]+?)```/.exec(readme)![1]!
    const shown = JSON.parse(block) as Record<string, unknown>
    expect(cases.find(({ name }) => name === shown['name'])).toEqual(shown)
  })

  it('gives a run, a step for each outcome, and a verdict at the end', async () => {
    const begun = (await control('POST', '/cases/code-nothing-asked/runs')) as Answer
    expect(begun).toEqual({
      run: expect.stringMatching(/^[0-9a-f]{8}$/),
      case: 'code-nothing-asked',
      baseUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      keys: 'any',
      timeoutMs: 20_000,
      step: { do: 'redeemCode', code: '123456' },
    })
    const { issuer } = (await (
      await fetch(`${begun.baseUrl}/.well-known/oauth-authorization-server`)
    ).json()) as { issuer: string }
    expect(issuer).toBe(begun.baseUrl)
    const report = (outcome: object) => control('POST', `/runs/${begun.run}/outcomes`, outcome)
    expect(await report({ error: 'not_asked', state: 'signed_out' })).toEqual({
      step: { do: 'accessToken' },
    })
    expect(await report({ result: null, state: 'signed_out' })).toEqual({ step: null })
    // This test asked for the metadata, and the case lets a client ask for nothing.
    expect(await control('GET', `/runs/${begun.run}/verdict`)).toEqual({
      pass: false,
      wrong: ['GET /.well-known/oauth-authorization-server was sent, and may not be'],
      requests: [
        { request: 'GET /.well-known/oauth-authorization-server', struck: null, status: 200 },
      ],
    })
  })
})

describe('refuses', () => {
  it('unknown cases, unknown runs, outcomes that are not JSON, and a verdict before the end', async () => {
    const status = async (method: string, path: string, body?: string) =>
      (await fetch(kit + path, { method, ...(body !== undefined && { body }) })).status
    const { run } = (await control('POST', '/cases/code-nothing-asked/runs')) as Answer
    expect(await status('POST', '/cases/no-such-case/runs')).toBe(404)
    expect(await status('GET', '/runs/no-such-run/verdict')).toBe(404)
    expect(await status('GET', `/runs/${run}/verdict`)).toBe(409)
    expect(await status('POST', `/runs/${run}/outcomes`, 'offline')).toBe(400)
    expect(await status('POST', `/runs/${run}/outcomes`, '{}')).toBe(200)
  })
})

describe('README.md', () => {
  const source = readFileSync('torture/protocol.ts', 'utf8')

  it('has every step, and no other', () => {
    const union = source.slice(
      source.indexOf('export type Step'),
      source.indexOf('export type Outcome'),
    )
    const steps = [...union.matchAll(/do: ((?:'\w+'(?: \| )?)+)/g)].flatMap(([, names]) =>
      names!.split(' | ').map((name) => name.replaceAll("'", '')),
    )
    const [, documented = ''] = readme.split('### The steps\n')
    const named = [...documented.matchAll(/^\| `\{"do": "(\w+)"/gm)].map(([, name]) => name!)
    expect(named.toSorted()).toEqual(steps.toSorted())
  })

  it('has every state and every member of an outcome', () => {
    const states = /export type State = (.+)/.exec(source)![1]!.match(/\w+/g)!
    for (const state of states) expect(readme).toContain(`- \`${state}\`:`)
    const outcome = source.slice(source.indexOf('export type Outcome'))
    for (const [, member] of outcome.matchAll(/^ {2}(\w+)\?:/gm)) {
      expect(readme).toContain(`| \`${member}\` |`)
    }
  })
})
