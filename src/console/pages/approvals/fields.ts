import type { Locale } from '../../../base/locale.ts'
import { addSeconds, type UnixSeconds } from '../../../base/time.ts'
import { describedBy, idOf, input, saidOf, textarea, type Errors, type Typed } from '../form.ts'
import { html, type Content, type Html } from '../html.ts'
import { dateValue, dayText } from '../when.ts'
import { lengthsFor, type EndLimits } from './parse.ts'
import { approvalWords } from './words.ts'

const DAY = 86_400

/** Company, reason, notes and phone number. @param end the fields for the end. They come before the fields that few people use. */
export function contentFields(
  locale: Locale,
  form: string,
  typed: Typed,
  errors: Errors,
  end: Content = null,
): Html {
  const say = approvalWords[locale]
  const field = (name: 'company' | 'reason' | 'notes' | 'phoneNumber') => ({
    form,
    name,
    label: name === 'reason' ? say.fields.reason : say.optional(say.fields[name]),
    hint: name === 'company' ? undefined : say.hints[name],
    typed,
    errors,
  })
  return html`${input(field('company'), html` maxlength="200" autocomplete="off"`)}
  ${input(field('reason'), html` maxlength="500" required autocomplete="off"`)} ${end}
  ${textarea(field('notes'), html` maxlength="2000" rows="4"`)}
  ${input(field('phoneNumber'), html` type="tel" maxlength="40" autocomplete="off"`)}`
}

/**
 * The choices for the end of an approval. @param keep the choice that does not change the end; undefined for a new approval.
 */
export function endFields(
  locale: Locale,
  form: string,
  typed: Typed,
  errors: Errors,
  { now, maxSeconds, keep }: EndLimits & { keep?: UnixSeconds | null | undefined },
): Html {
  const say = approvalWords[locale]
  const hint = maxSeconds === null ? undefined : say.atMost(maxSeconds / DAY)
  const field = { form, name: 'end', label: say.fields.end, hint, typed, errors }
  const chosen = typed['end'] ?? (keep === undefined ? '30' : 'keep')
  const isSooner = (at: UnixSeconds) => keep !== undefined && (keep === null || at < keep)
  const choice = (value: string, label: Content, more: Content = null, first = false) => {
    // The link of an error leads to the first choice.
    const id = first ? idOf(form, 'end') : `${idOf(form, 'end')}-${value}`
    return html`<div class="choice">
      <input
        type="radio"
        id="${id}"
        name="end"
        value="${value}"
        ${chosen === value && html` checked`}
      />
      <label for="${id}">${label}</label>${more}
    </div>`
  }
  const lengths = lengthsFor({ maxSeconds }).map((days, i) => {
    const at = addSeconds(now, days * DAY)
    const soft = html` <span class="soft"
      >· ${dayText(at, locale)}${isSooner(at) && html` · ${say.sooner}`}</span
    >`
    return choice(
      String(days),
      html`${say.forDays(days)}${soft}`,
      null,
      keep === undefined && i === 0,
    )
  })
  const max = maxSeconds !== null && html` max="${dateValue(addSeconds(now, maxSeconds))}"`
  const day = html`<input
    class="short"
    type="date"
    name="until"
    value="${typed['until']}"
    min="${dateValue(now)}"
    ${max}
    aria-label="${say.until}"
    aria-describedby="${idOf(form, 'end')}-until-hint"
    data-chooses="${idOf(form, 'end')}-until"
  />`
  const was =
    keep === undefined
      ? null
      : html`${say.keepEnd}
          <span class="soft">· ${keep === null ? say.noEnd : dayText(keep, locale)}</span>`
  return html`<fieldset class="field" ${describedBy(field)}>
    <legend>${field.label}</legend>
    ${saidOf(field)} ${was !== null && choice('keep', was, null, true)} ${lengths}
    ${choice('until', say.until, day)}
    <p class="hint" id="${idOf(form, 'end')}-until-hint">${say.hints.until}</p>
    ${maxSeconds === null && choice('none', say.noEnd)}
  </fieldset>`
}
