const NAME_LENGTH = 40

/** @returns one line without control, invisible and bidi characters, cut to 40 characters. */
export function singleLine(value: string): string {
  // Most names are printable ASCII. For them the isolate does not need to compile `\p{…}`, which is slow.
  const plain = /^[!-~]+(?: [!-~]+)*$/.test(value)
  const line = plain
    ? value
    : value
        .replace(/[\p{Cf}\p{Cs}]/gu, '')
        .replace(/[\s\p{Cc}]+/gu, ' ')
        .trim()
  const characters = [...line]
  return characters.length > NAME_LENGTH
    ? `${characters.slice(0, NAME_LENGTH - 1).join('')}…`
    : line
}

/**
 * Matches text that mail apps may take for a phone number or a code: six digits or more, with up to four other
 * characters between two of them, and no Latin letter next to them except an extension (`x1`, `ext. 1`), as in
 * libphonenumber's matcher, which also reads the Japanese long vowel mark as a dash. This is a function, because an
 * isolate should not compile `\p{…}` before it needs it.
 */
const numbers = () =>
  /(?<![\p{Script=Latin}\p{N}])\p{Nd}(?:(?:[^\p{L}\p{N}]|ー){0,4}\p{Nd}){5,}(?!\p{N}|(?!(?:e?xt(?:ensi[oó])?n?|xx?|int|anexo)[^\p{L}\p{N}]*\p{N})\p{Script=Latin})/giu
/** As in `Tab 10 (2024)`. */
const MODEL_AND_YEAR = /^\d{1,2} \(20\d\d$/

/**
 * A caller may choose any device name, so this removes what a mail app would turn into a link. NFKC replaces
 * look-alikes such as U+FF0E (full-width full stop). A dot inside a word becomes a middle dot (`evil.com` →
 * `evil·com`, `Android 14.1` → `Android 14·1`). Of other punctuation, only `' ’ ( ) , + & - _` stays, so `://`, `@`
 * and the ideographic full stop are removed. Digits that may be a phone number or a code become an ellipsis. Model
 * numbers such as `2201116SG` stay.
 */
export function deviceLabel(value: string): string {
  if (value === '') return ''
  const name = singleLine(value.normalize('NFKC'))
    .replace(/\.(?=\S)/g, '·')
    .replace(/[^\p{L}\p{M}\p{N}'’(),+&_·.…-]+/gu, ' ')
    .replace(numbers(), (number) => (MODEL_AND_YEAR.test(number) ? number : '…'))
  return /[\p{L}\p{N}]/u.test(name) ? name.trim() : ''
}
