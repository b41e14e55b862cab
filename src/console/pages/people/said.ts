import type { Locale } from '../../../base/locale.ts'
import type { Text } from '../../why/text.ts'
import { html, type Html } from '../html.ts'
import { moment } from '../when.ts'

/** A sentence on a page, with its times shown like all other times. */
export const said = (locale: Locale, text: Text): Html =>
  typeof text === 'string'
    ? html`${text}`
    : html`${text.map((part) => (typeof part === 'string' ? part : moment(part.at, locale)))}`
