import type { Locale } from '../../src/base/locale.ts'
import type { Notice } from '../words.ts'
import { de } from './words/de.ts'
import { en } from './words/en.ts'
import { es } from './words/es.ts'
import { fr } from './words/fr.ts'
import { ja } from './words/ja.ts'

/** The texts of the account page, as plain text. */
export interface AccountWords {
  title: (app: string) => string
  lead: string
  email: string
  send: string
  /** Before the list of what a deletion deletes. */
  deletes: string
  deleted: readonly string[]
  /** What stays, and for how long. */
  keeps: string
  code: Notice
  digits: string
  signIn: string
  resend: string
  other: string
  sent: string
  signedIn: string
  download: string
  remove: string
  signOut: string
  signOutOthers: string
  /** The title of the confirmation. */
  sure: string
  /** The button that deletes. */
  confirm: string
  back: string
  /** The sign-in is too old to delete anything. */
  stale: Notice
  again: string
  done: Notice
  busy: string
  downloaded: string
  /** After all other devices were signed out. */
  others: string
  wrong: string
  ended: string
  /** `%t` is a number of minutes with its unit. */
  wait: string
  /** The service requires a bot check, which this page cannot show. */
  app: string
  failed: string
  noScript: string
}

export const accountWords: Record<Locale, AccountWords> = { en, de, fr, es, ja }
