import type { Locale } from '../../../base/locale.ts'
import type { RequestWords } from './request-words.ts'
import { de } from './words/de.ts'
import { en } from './words/en.ts'
import { es } from './words/es.ts'
import { fr } from './words/fr.ts'
import { ja } from './words/ja.ts'

export const requestWords: Record<Locale, RequestWords> = { en, de, fr, es, ja }
