import type { Locale } from '../../base/locale.ts'
import { de } from './frame-words/de.ts'
import { en } from './frame-words/en.ts'
import { es } from './frame-words/es.ts'
import { fr } from './frame-words/fr.ts'
import { ja } from './frame-words/ja.ts'

/** A title and what to do. */
export type Notice = readonly [title: string, text: string]

/** What stands around every page, and on the pages of errors. */
export type FrameWords = {
  console: (app: string) => string
  skip: string
  navigation: string
  requests: string
  approvals: string
  people: string
  signOut: string
  role: Record<'admin' | 'approver', string>
  /** A label and what it is about. */
  colon: (label: string, text: string) => string
  /** In front of the title of a page with errors. */
  error: string
  /** The head of the list of errors. */
  problems: string
  goOn: string
  toStart: string
  signIn: string
  forbidden: Notice
  /** On the pages of people, for an approver. */
  whyGuests: string
  notFound: Notice
  badRequest: Notice
  otherOrigin: Notice
  tooLarge: Notice
  tooMany: Notice
  unavailable: Notice
  failed: Notice
  /** `id` names the request in the log. */
  reference: (id: string) => string
}

export const frameWords: Record<Locale, FrameWords> = { en, de, fr, es, ja }
