import type { Locale } from '../../../base/locale.ts'
import type { FileErrorCode } from '../../approvals/import-line.ts'

/** What the pages of an import say. */
import { de } from './import-words/de.ts'
import { en } from './import-words/en.ts'
import { es } from './import-words/es.ts'
import { fr } from './import-words/fr.ts'
import { ja } from './import-words/ja.ts'
export type ImportWords = {
  title: string
  export: string
  lead: string
  file: string
  fileHint: string
  noFile: string
  notText: string
  check: string
  /** Nothing is done yet. */
  checked: string
  /** So many lines are done, and more follow. */
  under: (line: number) => string
  done: string
  counts: Record<'created' | 'changed' | 'unchanged' | 'refused', string>
  /** Carries out so many changes. */
  run: (count: number) => string
  goOn: string
  nothing: string
  refused: string
  line: string
  address: string
  why: string
  more: (count: number) => string
  signInAgain: string
  /** The heading above the lines that would change something, or did. */
  changes: string
  example: string
  another: string
  /** Why a line was refused, where the words of an approval's form do not say it. */
  lineErrors: Record<'cells' | 'repeated' | 'withdrawal' | 'changed' | 'not_recent', string>
  /** What is wrong with the file. */
  fileErrors: Record<FileErrorCode, (at: number | string) => string>
}

export const importWords: Record<Locale, ImportWords> = { en, de, fr, es, ja }
