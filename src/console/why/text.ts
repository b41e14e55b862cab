import type { UnixSeconds } from '../../base/time.ts'

/** A sentence. Whoever shows it writes its moments: a program gets UTC, a page shows them as all its times. */
export type Text = string | readonly (string | Moment)[]
type Moment = { at: UnixSeconds }

export const moment = (at: UnixSeconds): Text => [{ at }]

/** Puts texts and numbers into a sentence. */
export const text = (strings: TemplateStringsArray, ...values: (Text | number)[]): Text =>
  strings.flatMap((string, i) => {
    const value = values[i - 1] ?? ''
    return [...(typeof value === 'object' ? value : [String(value)]), string]
  })

/** Who did something, for a person to read: a user id tells them nothing. */
export const nameOf = (by: string | null): string | null => (by?.startsWith('usr_') ? null : by)

/** `2026-10-20 14:05 UTC`. */
export const timeText = (at: UnixSeconds): string =>
  `${new Date(at * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`

export const plain = (said: Text): string =>
  typeof said === 'string'
    ? said
    : said.map((part) => (typeof part === 'string' ? part : timeText(part.at))).join('')
