import type { Locale } from '../../base/locale.ts'
import { approvalWords } from './approvals/words.ts'
import { peopleWords } from './people/words.ts'

/** What an audit row says was done. One of another version is named as it stands there. */
export function actionText(locale: Locale, action: string): string {
  const words: Record<string, string> = {
    ...approvalWords[locale].actions,
    ...peopleWords[locale].actions,
  }
  return Object.hasOwn(words, action) ? words[action]! : action
}
