import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { problemsOfMailTexts } from '../../scripts/check/mail-texts.ts'

const problems = (texts: unknown) => problemsOfMailTexts(JSON.stringify(texts))

describe('works', () => {
  it('accepts the file of this repository', () => {
    expect(problemsOfMailTexts(readFileSync('mail-texts.json', 'utf8'))).toEqual([])
  })

  it('accepts texts with their placeholders', () => {
    const link = {
      en: { subject: '{app}: your code is {code}', greeting: 'Hi!', sms: '{code} for {app}' },
      ja: { sms: '{app} の認証コード：{code}' },
    }
    const newDevice = { de: { subject: 'Neues Gerät bei {app}' } }
    expect(problems({ link, newDevice })).toEqual([])
  })

  it('ends with an error that names the file, as npm run check and npm run dev print it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-texts-'))
    try {
      for (const part of ['src', 'scripts', 'packages/verify', 'package.json']) {
        cpSync(part, join(folder, part), { recursive: true })
      }
      symlinkSync(resolve('node_modules'), join(folder, 'node_modules'))
      writeFileSync(join(folder, 'mail-texts.json'), '{"link":{"de":{"sms":"Hallo"}}}')
      const script = join(folder, 'scripts/check/mail-texts.ts')
      const { status, stderr } = spawnSync(process.execPath, ['--no-warnings', script], {
        cwd: folder,
        encoding: 'utf8',
      })
      expect([status, stderr.trim()]).toEqual([1, 'mail-texts.json: link.de.sms must have {code}'])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe('refuses, and names the place', () => {
  it.each([
    ['[]', 'must be an object'],
    ['{', 'is not JSON'],
    ['{"mail":{}}', 'mail is unknown. Known: link, newDevice'],
    ['{"link":{"it":{}}}', 'link.it is unknown. Known: en, de, fr, es, ja'],
    ['{"link":{"de":{"title":"x"}}}', /^link\.de\.title is unknown\. Known: subject, greeting, /],
    ['{"link":{"de":{"gsm":"x"}}}', /^link\.de\.gsm is unknown/],
    ['{"link":{"de":[]}}', 'link.de must be an object'],
    ['{"link":{"de":{"ignore":""}}}', 'link.de.ignore must be text'],
    ['{"link":{"de":{"ignore":1}}}', 'link.de.ignore must be text'],
    ['{"link":{"de":{"ignore":"a\\nb"}}}', 'link.de.ignore must be one line'],
    ['{"link":{"en":{"sms":"Your code"}}}', 'link.en.sms must have {code}'],
    ['{"link":{"en":{"expiry":"Soon"}}}', 'link.en.expiry must have {minutes}'],
    [
      '{"link":{"en":{"intro":"Click {link}"}}}',
      'link.en.intro has the unknown placeholder {link}. Known: {app}',
    ],
    [
      '{"newDevice":{"fr":{"advice":"{app}"}}}',
      'newDevice.fr.advice has the unknown placeholder {app}. Known: none',
    ],
    ['{"link":{"en":{"subject":"{code"}}}', 'link.en.subject has a brace without its pair'],
    [
      '{"link":{"fr":{"sms":"Reçu : {code}"}}}',
      'link.fr.sms has characters that double the SMS: ç',
    ],
    [
      `{"link":{"en":{"subject":"${'x'.repeat(61)}"}}}`,
      'link.en.subject must have at most 60 characters',
    ],
  ])('%s', (json, problem) => {
    const expected = typeof problem === 'string' ? `mail-texts.json: ${problem}` : problem
    const [first, ...more] = problemsOfMailTexts(json)
    expect(more).toEqual([])
    if (typeof expected === 'string') expect(first).toBe(expected)
    else expect(first!.replace('mail-texts.json: ', '')).toMatch(expected)
  })
})
