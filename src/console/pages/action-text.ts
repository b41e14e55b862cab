import type { Locale } from '../../base/locale.ts'
import { approvalWords } from './approvals/words.ts'
import { peopleWords } from './people/words.ts'

/** The text for the action in an audit row. An action that this version does not know is shown as it is. */
export function actionText(locale: Locale, action: string): string {
  const words: Record<string, string> = {
    ...approvalWords[locale].actions,
    ...peopleWords[locale].actions,
  }
  return Object.hasOwn(words, action) ? words[action]! : action
}
