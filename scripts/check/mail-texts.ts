import { readFileSync } from 'node:fs'
import { words } from '../../src/ask/words.ts'
import { LOCALES, type Locale } from '../../src/base/locale.ts'
import { NOT_GSM } from '../../src/ask/message.ts'
import { PLACEHOLDERS, type MailKind } from '../../src/base/mail-texts.ts'
import { isRecord } from '../../src/base/variable-kinds.ts'
import { newDeviceWords } from '../../src/sign-in/new-device-words.ts'
import { Plain, run } from '../fail.ts'

export const MAIL_TEXTS_FILE = 'mail-texts.json'

const WORDS: Record<MailKind, Record<Locale, object>> = { link: words, newDevice: newDeviceWords }
/** Without these, a person could not use the message, or would not know how long it works. */
const NEEDED: Record<string, string> = { 'link.sms': 'code', 'link.expiry': 'minutes' }
const MAX_LENGTH = 400
const MAX_SUBJECT = 60

/** What is wrong with the company's own texts, each with the place in the file. */
export function problemsOfMailTexts(json: string): string[] {
  const problems: string[] = []
  const say = (place: string, what: string) => problems.push(`${MAIL_TEXTS_FILE}: ${place}${what}`)
  /** The members of an object that are known. */
  const members = (
    value: unknown,
    place: string,
    known: readonly string[],
  ): [string, unknown][] => {
    if (!isRecord(value)) {
      say(place, place === '' ? 'must be an object' : ' must be an object')
      return []
    }
    const dot = place === '' ? '' : '.'
    return Object.entries(value).filter(([name]) => {
      if (known.includes(name)) return true
      say(`${place}${dot}${name}`, ` is unknown. Known: ${known.join(', ')}`)
      return false
    })
  }
  let file: unknown
  try {
    file = JSON.parse(json)
  } catch {
    return [`${MAIL_TEXTS_FILE}: is not JSON`]
  }
  for (const [kind, languages] of members(file, '', Object.keys(WORDS)) as [MailKind, unknown][]) {
    for (const [locale, texts] of members(languages, kind, LOCALES) as [Locale, unknown][]) {
      const ofLatchkey = Object.entries(WORDS[kind][locale])
      const known = ofLatchkey.flatMap(([name, word]) => (typeof word === 'boolean' ? [] : name))
      for (const [member, text] of members(texts, `${kind}.${locale}`, known)) {
        const place = `${kind}.${locale}.${member}`
        for (const what of problemsOfText(kind, locale, member, text)) say(place, what)
      }
    }
  }
  return problems
}

function problemsOfText(kind: MailKind, locale: Locale, member: string, text: unknown): string[] {
  if (typeof text !== 'string' || text.trim() === '') return [' must be text']
  const problems: string[] = []
  if (/\p{Cc}/u.test(text)) problems.push(' must be one line')
  const max = member === 'subject' ? MAX_SUBJECT : MAX_LENGTH
  if ([...text].length > max) problems.push(` must have at most ${max} characters`)
  const names = PLACEHOLDERS[kind][member] ?? []
  const used = [...text.matchAll(/\{([^{}]*)\}/g)].map(([, name]) => name!)
  for (const name of used.filter((name) => !names.includes(name))) {
    const known = names.length === 0 ? 'none' : names.map((one) => `{${one}}`).join(', ')
    problems.push(` has the unknown placeholder {${name}}. Known: ${known}`)
  }
  if (/[{}]/.test(text.replace(/\{[^{}]*\}/g, ''))) problems.push(' has a brace without its pair')
  const needed = NEEDED[`${kind}.${member}`]
  if (needed !== undefined && !used.includes(needed)) problems.push(` must have {${needed}}`)
  if (member === 'sms' && words[locale].gsm) {
    const others = text.replace(/\{[^{}]*\}/g, '').match(NOT_GSM) ?? []
    if (others.length > 0) problems.push(` has characters that double the SMS: ${others.join(' ')}`)
  }
  return problems
}

/** @throws Plain that names each problem. */
export function checkMailTexts(): void {
  const problems = problemsOfMailTexts(
    readFileSync(new URL(`../../${MAIL_TEXTS_FILE}`, import.meta.url), 'utf8'),
  )
  if (problems.length > 0) throw new Plain(problems.join('\n'))
}

if (import.meta.main) await run(checkMailTexts)
