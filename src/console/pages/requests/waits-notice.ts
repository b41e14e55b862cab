import type { Locale } from '../../../base/locale.ts'
import type { AccessRequestRow } from '../../../model/access-request.ts'
import { html, type Content } from '../html.ts'
import { cardPath } from './path.ts'
import { requestWords } from './words.ts'

/** A notice on the other pages of an address: a device is waiting, with a link to the request. */
export const waitsNotice = (
  locale: Locale,
  request: AccessRequestRow | undefined,
  approved: boolean,
): Content => {
  const say = requestWords[locale]
  return (
    request !== undefined &&
    html`<p class="notice">
      ${approved ? say.waitsForLink : say.waitsForDecision}
      <a href="${cardPath(request)}">${approved ? say.sendLink : say.decide}</a>
    </p>`
  )
}
